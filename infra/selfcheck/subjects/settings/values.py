"""What the text of a default is like: told by its form, and never kept where it may be a secret."""

import re
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from selfcheck.subjects.settings.names import Consequence, listed, words


class Kind(StrEnum):
    """Where a value comes from when nobody sets it."""

    LITERAL = "literal"
    EMPTY = "empty"
    NONE = "none"
    """Nothing: it is absent, and the code finds out."""
    REQUIRED = "required"
    """Nothing starts without it."""
    RANDOM = "random"
    STORED = "stored"
    """Read from a file, or made once and stored there."""
    NAMED = "named"
    """The value of a name from another module."""
    OTHER = "other"
    """The value of another secret."""
    UNKNOWN = "unknown"


class Shape(StrEnum):
    """What a literal looks like."""

    PLACEHOLDER = "placeholder"
    """It says that it is to be replaced, which nobody has to do."""
    WEAK = "weak"
    """A word that everybody tries first."""
    OPAQUE = "opaque"
    """Anything else that could be a secret."""
    ADDRESS = "address"
    """A URL with a password in it."""
    PUBLIC = "public"
    """Made to be seen by everybody."""
    PLAIN = "plain"
    """No secret: a switch, a number, a path, a template, an address without a password, the name of something."""


class Length(StrEnum):
    """How long a text is, roughly: the exact length of a secret is nobody's business."""

    SHORT = "under 8 characters"
    MEDIUM = "8 to 31 characters"
    LONG = "32 characters or more"


class Value(Struct, frozen=True, array_like=True):
    """A default without its text. `shown` is the text where it cannot be a secret."""

    kind: Kind
    shape: Shape | None = None
    length: Length | None = None
    shown: str | None = None
    module: str = ""
    name: str = ""
    """Of a value from another module: the module, and the name there; of another secret: its name."""

    @property
    def is_literal(self) -> bool:
        """Whether it is written where it is used."""
        return self.kind is Kind.LITERAL


LONGEST_SHOWN = 60
_PLACEHOLDER = re.compile(
    r"change.?(?:me|this|it|in|before|on|to|for)|changeit|replace|place.?holder|example|sample|dummy|fake|todo|fixme|"
    r"fill.?(?:me.?)?in|your.|my.?secret|my.?super|xxx|\*\*\*|insecure|unsafe|not.?(?:a.?|so.?|very.?)?secret|temporary|"
    r"for.?dev|for.?test|development|generate|rotate.?me|set.?me|set.?this|default|supersecret|super.?secret|very.?secret|"
    r"secret.?key|(?:dev|test|local|some|jwt|session).?(?:secret|key)|keyboard.cat|__unset__|unset|secret.?(?:dev|here)|"
    r"(?:key|token|password|secret).?here|only.?for|never.?use|do.?not.?use",
    re.IGNORECASE,
)
_WEAK = listed(
    "secret password passwd pass admin administrator root postgres postgresql mysql mariadb mongo redis rabbitmq minio"
    " minioadmin guest test testing tester 123456 1234567 12345678 123456789 1234567890 1234 12345 qwerty qwerty123 letmein"
    " password1 password123 passw0rd p@ssw0rd p@ssword admin123 admin1234 root123 test123 s3cr3t s3cret secret123 user"
    " username demo dev local app api token key abc abc123 abcdef foobar foo bar hello welcome iloveyou monkey dragon master"
    " toor changeit hunter2 super dbpass dbpassword pwd mypassword mysecretpassword"
)
_PLAIN = re.compile(
    r"(?:true|false|yes|no|on|off|none|null|nil|undefined|n/a|-)|urn:.*"
    r"|[+-]?[0-9]+(?:\.[0-9]+)?(?:\s?(?:%|ms|s|sec|m|min|h|d|w|k|kb|mb|gb|days?|hours?|minutes?|seconds?))?"
    r"|[0-9]+\s?/\s?(?:\w+)"
    r"|(?:HS|RS|ES|PS)(?:256|384|512)|EdDSA|bcrypt|argon2(?:id)?|scrypt|pbkdf2\w*|sha(?:1|256|512)|aes-\d+-\w+"
    r"|X-[A-Za-z-]+|Authorization|Bearer|Basic|Token|(?:access|refresh|id|bearer|csrf|auth)[_-]?token|token|jwt|cookie"
    r"|(?:ascii|utf-?8|base64|hex)",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\{\{.*\}\}|\$\{[^}:]*\}|<[^<>]*>|%\(\w+\)s|\$\([^)]*\)|\$\w+|@\w+@|\[[^\]]*\]|\{[\w.]*\}|!\w+ .*|__\w+__|%\w+%",
    re.DOTALL,
)
_PATH = re.compile(
    r"(?:~|\.{1,2})?/[\w./-]*|[\w./-]+\.(?:pem|key|crt|json|ya?ml|txt|env|ini|toml|py|js|ts|html)|file:.*"
)
_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_DOTTED = re.compile(r"[a-z]\w*(?:[.:][A-Za-z]\w*)+")
_PUBLIC = re.compile(
    r"pk_(?:live|test)_\w+|phc_\w+|[123]x0{10,}\w*|G-[A-Z0-9]{8,}|UA-\d+-\d+|6Le?IxAc\w*|pub[-_]\w+|https://[0-9a-f]{32}@.*"
)
_URL = re.compile(r"[A-Za-z][\w+.-]*://")


def shape(text: str, about: Consequence | None = None) -> Shape:
    """What a text looks like, as the default of a secret of this kind."""
    plain = text.strip()
    if _URL.match(plain):
        return Shape.PUBLIC if _PUBLIC.fullmatch(plain) else Shape.ADDRESS if password_in(plain) else Shape.PLAIN
    if about is Consequence.ADDRESS:
        return Shape.ADDRESS if _keyed_password(plain) else Shape.PLAIN
    lower = plain.lower()
    if lower in _WEAK and not (lower in ("token", "key") and about is Consequence.CREDENTIAL):
        return Shape.WEAK
    is_own = about in (Consequence.KEY, Consequence.PASSWORD, Consequence.ADMIN)
    if plain.isdigit() and len(plain) >= 4 and is_own:
        return Shape.WEAK
    if (
        _is_said(plain, about)
        or (len(plain) < 3 and not is_own)
        or _PLAIN.fullmatch(plain)
        or _TEMPLATE.fullmatch(plain)
    ):
        return Shape.PLAIN
    if _PUBLIC.fullmatch(plain):
        return Shape.PUBLIC
    if _PLACEHOLDER.search(plain[:200]) or (is_own and len(set(plain)) < 3):
        return Shape.PLACEHOLDER
    return Shape.PLAIN if _names_something(plain) else Shape.OPAQUE


def _is_said(plain: str, about: Consequence | None) -> bool:
    """Whether a text is a picture, or short, or words, which no token is: a size, a message, the name of a sort of token."""
    is_token = about is Consequence.CREDENTIAL and _PLACEHOLDER.search(plain[:200]) is None
    is_picture = not any(each.isascii() or each.isalnum() for each in plain)
    return is_picture or (is_token and (" " in plain or len(plain) < 8 or (len(plain) < 12 and plain.isalpha())))


def password_in(url: str) -> str | None:
    """The password of a URL that holds one, written out."""
    try:
        found = urlsplit(url.strip()).password
    except ValueError:
        return None
    password = unquote(found or "")
    return password if password and not _TEMPLATE.fullmatch(password) and "\0" not in password else None


def like_its_name(text: str, name: str) -> bool:
    """Whether a text only repeats the words of its name: `CONF_PASSWORD = "password"` is a key of a mapping."""
    said = words(text)
    return bool(said) and not any(each.isdigit() for each in said) and set(said) <= set(words(name))


def literal(text: str, about: Consequence | None) -> Value:
    """A literal without its text, unless it cannot be a secret."""
    if not text.strip():
        return Value(Kind.EMPTY)
    looks = shape(text, about)
    is_harmless = looks is Shape.PLAIN or (about is None and looks in (Shape.WEAK, Shape.PLACEHOLDER))
    shown = text if is_harmless and len(text) <= LONGEST_SHOWN else None
    return Value(Kind.LITERAL, looks, _length(text), shown)


def _length(text: str) -> Length:
    return Length.SHORT if len(text) < 8 else Length.MEDIUM if len(text) < 32 else Length.LONG


def _keyed_password(text: str) -> bool:
    """Whether a connection string such as `Server=db;Password=x` holds one."""
    found = re.search(r"(?i)(?:^|[;\s])(?:password|pwd|accountkey)\s*=\s*([^;\s]+)", text[:2000])
    return found is not None and not _TEMPLATE.fullmatch(found[1])


def _names_something(text: str) -> bool:
    """Whether a text is a path, the name of a variable, a dotted name, or a sentence."""
    if "\n" in text:
        return "PRIVATE KEY" not in text
    spaced = text.count(" ")
    return (
        spaced >= 3
        or (spaced >= 1 and text.rstrip()[-1:] in ".:?!…")
        or _PATH.fullmatch(text) is not None
        or _IDENTIFIER.fullmatch(text) is not None
        or (_DOTTED.fullmatch(text) is not None and not any(each.isdigit() for each in text))
        or len(set(text)) < 3
    )
