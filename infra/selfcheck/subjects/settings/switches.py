"""What a program or a file opens or closes: debugging, hosts, origins, cookies, and what Django checks for deployment."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

from selfcheck.subjects.settings.classes import is_for_development
from selfcheck.subjects.settings.defaults import Source
from selfcheck.subjects.settings.model import Setting, Switch
from selfcheck.subjects.settings.names import listed
from selfcheck.subjects.settings.program import Assign, Call, Define, Expr, Item, Many, Name, Program, last, text
from selfcheck.subjects.settings.reads import read, reads
from selfcheck.subjects.settings.truth import STAGE, UNKNOWN
from selfcheck.subjects.settings.walking import Line, every

DEBUG, HOSTS, ORIGINS, ALL_ORIGINS, CREDENTIALS, CORS = (
    "debug",
    "hosts",
    "cors-origins",
    "cors-all-origins",
    "cors-credentials",
    "cors",
)
ON, OFF, ANY, UNKNOWN_STATE = "on", "off", "any", "unknown"
DJANGO = listed(
    "SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_CONTENT_TYPE_NOSNIFF"
    " X_FRAME_OPTIONS MIDDLEWARE SESSION_COOKIE_HTTPONLY SECURE_REFERRER_POLICY REMEMBER_COOKIE_SECURE"
    " SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_PROXY_SSL_HEADER"
)
_FLASKS = listed("SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY REMEMBER_COOKIE_SECURE")
"""Those that Flask has too."""
_NAMES = (
    (re.compile(r"(?:flask_|app_|django_|fastapi_|enable_)?debug(?:_mode)?"), DEBUG),
    (re.compile(r"(?:django_)?(?:allowed|trusted)_hosts?"), HOSTS),
    (re.compile(r"(?:cors_allow_all_origins|cors_origin_allow_all|cors_allow_all)"), ALL_ORIGINS),
    (
        re.compile(
            r"(?:backend_|app_|http_)?cors_(?:allow(?:ed)?_)?origins?(?:_list)?|allow(?:ed)?_(?:cors_)?origins?"
        ),
        ORIGINS,
    ),
    (re.compile(r"cors_(?:allow|supports)_credentials|cors_credentials"), CREDENTIALS),
)
_listed = re.compile(r"[\s,;\[\]\"']+")


def identity(name: str) -> str | None:
    """What a switch of this name is called everywhere."""
    if name in DJANGO:
        return name
    lower = name.lower()
    return next((found for pattern, found in _NAMES if pattern.fullmatch(lower)), None)


def of_program(walked: Sequence[Line], where: Source) -> Iterator[Switch]:
    """The switches of a program, as they stand where no variable of the environment is set."""
    truth = where.truth()
    for line in walked:
        around = line.around
        for each in _of(line, where):
            is_development = is_for_development(around) or any(
                truth.holds(test) is (not holds) for test, holds in around.conditions
            )
            yield Switch(
                id=each.id, line=each.line, state=each.state, variable=each.variable, development=is_development
            )


def of_entry(setting: Setting, found: str | None) -> Iterator[Switch]:
    """The switch that an entry of a file is."""
    known = identity(setting.name) or identity(setting.variable)
    if known is not None and found is not None:
        yield Switch(id=known, line=setting.line, state=_of_text(known, found), variable=setting.variable)


def is_django(program: Program) -> bool:
    """Whether a module is one of Django's settings."""
    names = {last(stmt.target) for stmt in program.body if isinstance(stmt, Assign)}
    return (
        bool(names & {"INSTALLED_APPS", "ROOT_URLCONF", "WSGI_APPLICATION", "DJANGO_SETTINGS"})
        or len(names & DJANGO - _FLASKS) > 1
    )


def _of(line: Line, where: Source) -> Iterator[Switch]:
    stmt = line.stmt
    if isinstance(stmt, Assign) and stmt.value is not None:
        known = identity(last(stmt.target))
        in_function = bool(line.around.scopes) and isinstance(line.around.scopes[-1], Define)
        if known is not None and (isinstance(stmt.target, Item) or not in_function) and not _adds(known, stmt.value):
            yield _switch(known, stmt.value, stmt.line, where)
    for inner in line.inner:
        if isinstance(inner, Call):
            yield from _called(inner, where)


def _adds(known: str, value: Expr) -> bool:
    """Whether a list of middleware is one that stood there before, and more."""
    return known == "MIDDLEWARE" and any(isinstance(each, Name) and last(each) == known for each in every(value))


def _called(call: Call, where: Source) -> Iterator[Switch]:
    name, named = last(call.of), dict(call.named)
    classes = {last(each) for each in call.args}
    if name in ("CORSMiddleware", "CORS", "cors", "enableCors", "fastifyCors") or classes & {
        "CORSMiddleware",
        "cors",
        "fastifyCors",
    }:
        yield from _cors(call, named, where)
    if name in ("FastAPI", "Flask", "Starlette", "Litestar", "Quart") and "debug" in named:
        yield _switch(DEBUG, named["debug"], call.line, where)
    if name == "TrustedHostMiddleware" or "TrustedHostMiddleware" in classes:
        yield from (_switch(HOSTS, named[key], call.line, where) for key in ("allowed_hosts",) if key in named)


def _cors(call: Call, named: dict[str, Expr], where: Source) -> Iterator[Switch]:
    """One switch for origins and credentials together: `any+credentials`, `any`, `NAME+credentials`, …"""
    credentials = next(
        (named[key] for key in ("allow_credentials", "supports_credentials", "credentials") if key in named), None
    )
    origins = next((named[key] for key in ("allow_origins", "origins", "origin") if key in named), None)
    regex = text(named.get("allow_origin_regex"))
    state = UNKNOWN_STATE
    if origins is not None:
        value = where.truth(staged=False).value(origins)
        state = _of_value(ORIGINS, value) if value is not UNKNOWN else f"named {last(origins)}"
        if value is True:
            state = ANY
    if regex in (".*", "https?://.*", "https://.*", "http.*"):
        state = ANY
    allowed = credentials is not None and where.truth(staged=False).value(credentials)
    yield Switch(id=CORS, line=call.line, state=f"{state}+credentials" if allowed is True else state)


def _switch(known: str, value: Expr, line: int, where: Source) -> Switch:
    variable = next((each.variable for each in reads(value, where.aliases) if each.environment), "")
    if known == "MIDDLEWARE":
        return Switch(id=known, line=line, state=" ".join(_strings(value)))
    found = where.truth(staged=False).value(_unwrapped(value, where))
    state = UNKNOWN_STATE if found is UNKNOWN or found is STAGE else _of_value(known, found)
    return Switch(id=known, line=line, state=state, variable=variable)


def _unwrapped(value: Expr, where: Source) -> Expr:
    """What `cast=Csv()` and its like leave of a default, and what `Field(default=…)` holds."""
    if isinstance(value, Call) and last(value.of) in ("Field", "field") and read(value, where.aliases) is None:
        named = dict(value.named)
        return named.get("default") or (value.args[0] if value.args else value)
    return value


def _strings(value: Expr) -> Iterator[str]:
    for each in every(value):
        if isinstance(each, Many):
            yield from (found for part in each.parts if (found := text(part)) is not None)


def _of_value(known: str, found: Any) -> str:
    if known in (HOSTS, ORIGINS):
        if isinstance(found, str):
            return _of_text(known, found)
        several = cast("list[object]", found) if isinstance(found, list) else []
        return ANY if any(str(each).strip() == "*" for each in several) else "some" if several else "none"
    if isinstance(found, bool):
        return ON if found else OFF
    if isinstance(found, str):
        return _of_text(known, found)
    if found is None:
        return OFF
    return str(found)[:40] if isinstance(found, int | float) else UNKNOWN_STATE


def _of_text(known: str, found: str) -> str:
    plain = found.strip().lower()
    if known in (HOSTS, ORIGINS):
        several = [each for each in _listed.split(plain) if each]
        return ANY if "*" in several else "some" if several else "none"
    if plain in ("1", "true", "yes", "on", "t", "y"):
        return ON
    if plain in ("0", "false", "no", "off", "", "none", "f", "n"):
        return OFF
    return plain[:40] if plain.isalnum() else UNKNOWN_STATE
