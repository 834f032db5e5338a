"""From the bytes of a working tree to those that git would store: git's built-in conversions, never a filter program.

The rules are those of gitattributes(5) and of `convert_to_git` in git's convert.c.
"""

import codecs
import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from selfcheck.errors import Unreadable

ATTRIBUTES = ("text", "crlf", "eol", "ident", "working-tree-encoding")
IDENT = re.compile(rb"\$Id:[^$\n]*\$")
CONTROL = bytes(set(range(32)) - {0, 8, 9, 10, 12, 13, 27} | {127})
# What git's names for an encoding with and without its byte order mark are for Python's codecs.
ENCODINGS = {"utf-16": "utf-16", "utf-32": "utf-32", "utf-16le-bom": "utf-16", "utf-16be-bom": "utf-16"}


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

    @property
    def changes_nothing(self) -> bool:
        """Whether the stored bytes are those of the file, whatever they are."""
        return self == NOTHING


NOTHING = Conversion()


def conversion(attributes: Mapping[str, str], autocrlf: str) -> Conversion:
    """What the attributes of a path and `core.autocrlf` ask for."""
    encoding = attributes.get("working-tree-encoding")
    named = encoding if encoding not in (None, "set", "unset", "") else None
    utf8 = named is not None and named.lower() in ("utf-8", "utf8")
    ident = attributes.get("ident") == "set"
    return Conversion(_lines(attributes, autocrlf), ident, None if utf8 else named)


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
    text = attributes.get("text", attributes.get("crlf"))
    if text == "unset":
        return Lines.KEPT
    if text == "auto":
        return Lines.AUTO
    if text in ("set", "input") or attributes.get("eol") in ("lf", "crlf"):
        return Lines.TEXT
    return Lines.AUTO if autocrlf.lower() in ("true", "input", "yes", "on", "1") else Lines.KEPT


def _as_utf8(content: bytes, encoding: str) -> bytes:
    try:
        codec = ENCODINGS.get(encoding.lower(), encoding)
        return codecs.lookup(codec).decode(content)[0].encode("utf-8")
    except (LookupError, UnicodeError, TypeError, AttributeError) as error:
        raise Unreadable(f"is not in its working-tree-encoding {encoding}: {error}") from None
