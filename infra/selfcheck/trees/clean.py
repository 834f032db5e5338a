"""From the bytes of a working tree to those that git would store: git's built-in conversions, never a filter program.

The rules are those of gitattributes(5) and of `convert_to_git` in git's convert.c.
"""

import codecs
import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from selfcheck.errors import Unreadable

ATTRIBUTES = ("text", "crlf", "eol", "ident", "working-tree-encoding", "filter")
IDENT = re.compile(rb"\$Id:[^$\n]*\$")
CONTROL = bytes(set(range(32)) - {0, 8, 9, 10, 12, 13, 27} | {127})
MARKS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
MARKS_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# Git refuses a content without a byte order mark that it needs, and one with a mark where the name says it all.
MARKED = {"16": MARKS_16, "32": MARKS_32}
UNMARKED = {"16le": MARKS_16, "16be": MARKS_16, "32le": MARKS_32, "32be": MARKS_32}
CODECS = {"16le-bom": "utf-16"}
"""The encodings that git knows and Python calls otherwise, by what stands after `utf-`."""


KNOWN = ("set", "unset", "auto", "input")
"""The values of `text` and `crlf`."""


class Lines(Enum):
    """How carriage returns at line ends are taken out: never, always, or where the content looks like text."""

    KEPT = "kept"
    TEXT = "text"
    AUTO = "auto"


class Conversion(NamedTuple):
    """What git does to a file when it stores it."""

    lines: Lines = Lines.KEPT
    ident: bool = False
    encoding: str | None = None
    filtered: bool = False
    """A program would convert it, which is not run: what git stores is not what stands on disk."""

    @property
    def changes_nothing(self) -> bool:
        """Whether the stored bytes are those of the file, whatever they are."""
        return self == NOTHING


NOTHING = Conversion()


def conversion(attributes: Mapping[str, str], autocrlf: str) -> Conversion:
    """What the attributes of a path and `core.autocrlf` ask for."""
    encoding = attributes.get("working-tree-encoding")
    named = encoding if encoding not in (None, "set", "unset", "") else None
    utf8 = named is not None and _utf(named) == "8"
    ident = attributes.get("ident") == "set"
    filtered = attributes.get("filter", "unset") not in ("set", "unset")
    return Conversion(_lines(attributes, autocrlf), ident, None if utf8 else named, filtered)


def stored(content: bytes, asked: Conversion, *, carriage_returns_stored: bool) -> bytes:
    """The bytes that git would store for a file.

    `carriage_returns_stored` says that what is stored now has CR LF line ends, which `auto` then leaves alone.

    Raises:
        Unreadable: the content is not in the encoding that its attributes name.
    """
    if asked.encoding is not None and content:
        content = _as_utf8(content, asked.encoding)
    match asked.lines:
        case Lines.TEXT:
            content = content.replace(b"\r\n", b"\n")
        case Lines.AUTO if not carriage_returns_stored and b"\r\n" in content and not looks_binary(content):
            content = content.replace(b"\r", b"")
        case _:
            pass
    return IDENT.sub(b"$Id$", content) if asked.ident else content


def looks_binary(content: bytes) -> bool:
    """Git's guess for `auto`: a NUL, a lone CR, or more than one control character to 128 others."""
    if b"\0" in content or content.count(b"\r") != content.count(b"\r\n"):
        return True
    plain = content.removesuffix(b"\x1a")
    control = len(plain) - len(plain.translate(None, CONTROL))
    ends = content.count(b"\r") + content.count(b"\n")
    return (len(plain) - ends - control) >> 7 < control


def _lines(attributes: Mapping[str, str], autocrlf: str) -> Lines:
    # A value that git does not know is none; `crlf` is what `text` was called before.
    text = next((value for name in ("text", "crlf") if (value := attributes.get(name)) in KNOWN), None)
    if text == "unset":
        return Lines.KEPT
    if text == "auto":
        return Lines.AUTO
    if text in ("set", "input") or attributes.get("eol") in ("lf", "crlf"):
        return Lines.TEXT
    return Lines.AUTO if autocrlf.lower() in ("true", "input", "yes", "on", "1") else Lines.KEPT


def _as_utf8(content: bytes, encoding: str) -> bytes:
    utf = _utf(encoding)
    if (utf in MARKED and not content.startswith(MARKED[utf])) or content.startswith(UNMARKED.get(utf, ())):
        which = "without" if utf in MARKED else "with"
        raise Unreadable(f"is not in its working-tree-encoding {encoding}: {which} a byte order mark")
    try:
        return codecs.lookup(CODECS.get(utf, encoding)).decode(content)[0].encode("utf-8")
    except (LookupError, UnicodeError, TypeError, AttributeError) as error:
        raise Unreadable(f"is not in its working-tree-encoding {encoding}: {error}") from None


def _utf(encoding: str) -> str:
    """What stands after `utf` in the name of an encoding, which git takes with and without a dash; else nothing."""
    lower = encoding.lower()
    return lower.removeprefix("utf").removeprefix("-") if lower.startswith("utf") else ""
