"""The `html` format: one file that needs nothing else, readable without scripts, with search and filters where they run."""

import base64
import hashlib
import re
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from selfcheck.formats.html.page import page
from selfcheck.model import Report

# Control characters, those that reorder text, and what no HTML may hold: lone surrogates and noncharacters.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)

PIECES = re.compile(r"(?<=[/.])(?=\w)")


def render(report: Report, **_options: object) -> str:
    """The report as one HTML document."""
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    hashes = {name: _hash(_read(name)) for name in ("page.css", "page.js")}
    return environment.get_template("page.html").render(
        page=page(report), hashes=hashes, counted=_counted, pieces=_pieces
    )


def _read(name: str) -> str:
    """A file of this package; none of them holds a word of the judged repository."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The only style or script that the page may run, as a content security policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _clean(value: object) -> object:
    """Every value on its way into the page: what it would hide, reorder or break is shown instead.

    What a macro of the page has made is markup and has gone through here already.
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return UNSAFE.sub(lambda found: ascii(found[0])[1:-1], value.replace("\r\n", "\n"))


def _counted(number: int, what: str, several: str | None = None) -> str:
    """`1 guardrail`, `2,000 guardrails`."""
    return f"{number:,} {what if number == 1 else several or what + 's'}"


def _pieces(name: str) -> list[str]:
    """A path or a module's name in pieces between which a line may end."""
    return [each for each in PIECES.split(name) if each]
