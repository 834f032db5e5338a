"""Calls that are handed a secret, and schemas that declare variables: by the names that libraries give them."""

import re
from collections.abc import Iterator

from selfcheck.subjects.settings.names import Consequence, consequence
from selfcheck.subjects.settings.program import Call, Expr, Fields, Literal, Member, Name, last, text
from selfcheck.subjects.settings.reads import VARIABLE, Read

CONFIGURED = ("config", "settings", "conf", "cfg", "app_config", "configuration")
"""What an object is called whose items are settings."""

_upper = re.compile(r"[A-Z][A-Z0-9_]+")
_jwt = re.compile(r"(?i).*(?:jwt|jose|jsonwebtoken|jws).*")
_SECOND = {"encode", "decode", "sign", "verify", "createHmac", "get_unverified_claims", "signAsync", "verifyAsync"}
_FIRST = {
    "URLSafeTimedSerializer",
    "URLSafeSerializer",
    "TimestampSigner",
    "Signer",
    "Fernet",
    "cookieParser",
    "TimedJSONWebSignatureSerializer",
}
_SESSIONS = {
    "session",
    "cookieSession",
    "SessionMiddleware",
    "expressJwt",
    "expressjwt",
    "register",
    "registerAsync",
    "super",
} | {
    "JwtStrategy",
    "jwt",
    "add_middleware",
    "Middleware",
    "AuthJWT",
    "JWTStrategy",
    "NextAuth",
    "betterAuth",
    "JwtModule",
    "JWTAuthentication",
    "jwtVerify",
    "fastifyJwt",
    "fastifySession",
    "LoginManager",
}
_SESSION_NAMES = ("secret", "secretOrKey", "key", "keys", "secretOrPrivateKey")
_CONNECTING = {
    "connect",
    "create_engine",
    "Redis",
    "StrictRedis",
    "MongoClient",
    "Connection",
    "create_pool",
    "ConnectionPool",
} | {
    "createConnection",
    "createPool",
    "Sequelize",
    "Pool",
    "createClient",
    "Client",
    "DataSource",
    "forRoot",
    "create_async_engine",
    "from_url",
    "Minio",
    "connect_async",
    "SMTP",
    "login",
    "Elasticsearch",
    "Driver",
    "driver",
}
_SETTING = {"from_mapping", "update", "configure", "from_dict", "setdefault"}
_OPTIONS = {"option", "add_argument", "Option"}


def arguments(call: Call) -> Iterator[tuple[str, Expr, int]]:
    """What a call is handed under the name of a secret: name, value, line."""
    name = last(call.of)
    yield from _placed(call, name)
    for given, value in call.named:
        if given in _SESSION_NAMES and name in _SESSIONS:
            yield "secret", value, call.line
        elif _is_handed(name, given) and _is_plain(value):
            yield given, value, value.line
    for fields in call.args if name in _SETTING else ():
        if isinstance(fields, Fields):
            yield from ((key, value, line) for key, value, line in fields.entries if _upper.fullmatch(key))
    if name in _OPTIONS:
        yield from _option(call)


def mapped(fields: Fields) -> Iterator[Read]:
    """The variables that a schema declares with a default: `JWT_SECRET: z.string().default("x")`, `{env: "X", default: "x"}`."""
    found = {key: (value, line) for key, value, line in fields.entries}
    if "env" in found and "default" in found and (variable := text(found["env"][0])):
        yield Read(variable, found["default"][0], required=False, line=found["default"][1])
    for key, value, line in fields.entries:
        if not _upper.fullmatch(key) or not isinstance(value, Call):
            continue
        default = _declared(value)
        if default is not None:
            yield Read(key, default, required=False, line=line)
        elif _is_schema(value):
            yield Read(key, None, required=True, line=line)


def _declared(value: Call) -> Expr | None:
    """The default within a chain such as `z.string().min(8).default("x")`, or of envalid's `str({default: "x"})`."""
    given = dict(value.named).get("default")
    if given is not None and VARIABLE.fullmatch(last(value.of)):
        return given
    call: Expr = value
    while isinstance(call, Call):
        if last(call.of) in ("default", "prefault", "catch") and call.args:
            return call.args[0]
        call = call.of.of if isinstance(call.of, Member) else Literal(None, call.line)
    return None


def _is_schema(value: Call) -> bool:
    call: Expr = value
    while isinstance(call, Call):
        if isinstance(call.of, Name):
            return call.of.path[0] in ("z", "zod", "Joi", "joi", "yup", "v") and last(value.of) != "optional"
        call = call.of.of if isinstance(call.of, Member) else Literal(None, call.line)
    return False


def _is_handed(name: str, given: str) -> bool:
    about = consequence(given)
    if name in _SETTING or name == "dict":
        return about is not None and _upper.fullmatch(given) is not None
    if name in _CONNECTING:
        return about is not None
    return about is Consequence.KEY and len(given) > len("secret")


def _placed(call: Call, name: str) -> Iterator[tuple[str, Expr, int]]:
    """Keys that libraries take by their place."""
    base = call.of.path[-2] if isinstance(call.of, Name) and len(call.of.path) > 1 else ""
    is_jwt = _jwt.fullmatch(base) is not None or name == "createHmac"
    if name in _SECOND and is_jwt and len(call.args) > 1 and _is_plain(call.args[1]):
        yield "jwt_secret", call.args[1], call.line
    if name in _FIRST and call.args and _is_plain(call.args[0]):
        yield "secret_key", call.args[0], call.line
    if name in _CONNECTING and call.args and _is_plain(call.args[0]):
        yield "url", call.args[0], call.line


def _is_plain(value: Expr) -> bool:
    """Whether it is told here: one that has a secret's name is told where that gets its value."""
    return not (isinstance(value, Name | Member) and consequence(last(value)) is not None)


def _option(call: Call) -> Iterator[tuple[str, Expr, int]]:
    """The default of an option of a command line."""
    flag = next((found for each in call.args if (found := text(each)) and found.startswith("--")), None)
    default = dict(call.named).get("default")
    if flag and default is not None:
        yield flag.strip("-").replace("-", "_"), default, call.line
