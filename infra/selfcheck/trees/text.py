"""From bytes to text: a byte order mark, a declared coding (PEP 263, which Emacs and Vim share), else UTF-8."""

import codecs
import re

from selfcheck.errors import Unreadable

SNIFFED = 8000
"""How many bytes decide whether a file is binary: as many as git looks at."""

# UTF-32 first: its little-endian mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# https://peps.python.org/pep-0263/; the second form is that of XML, CSS (`@charset`) and HTML (`charset=`).
DECLARED = re.compile(rb"coding[:=][ \t]*([-\w.]+)|(?:\bencoding=|@charset[ \t]+|\bcharset=)[\"']?([-\w.]+)")


def is_binary(content: bytes) -> bool:
    """Git's rule, a NUL among the first bytes, except where a byte order mark says that it is text."""
    return b"\0" in content[:SNIFFED] and _marked(content) is None


def decode(content: bytes) -> str:
    """The text of a file that is not binary.

    Raises:
        Unreadable: the bytes are not in the coding that the file declares, or in UTF-8 where it declares none.

    """
    declared = _marked(content) or "utf-8"
    try:
        return content.decode(declared)
    except UnicodeDecodeError as error:
        coding = _declared(content)
        if coding is None or declared != "utf-8":
            raise Unreadable(f"not {declared.upper()} at byte {error.start}, and no other coding is declared") from None
        return _decode_declared(content, coding)


def _decode_declared(content: bytes, coding: str) -> str:
    try:
        text = content.decode(coding)
        text.encode("utf-8")  # a coding that spells out code points can give half of a surrogate pair
        return text
    except LookupError:
        raise Unreadable(f"declares an unknown coding, {coding!r}") from None
    except (UnicodeError, ValueError) as error:
        raise Unreadable(f"is not in the coding it declares: {error}") from None


def _marked(content: bytes) -> str | None:
    return next((coding for mark, coding in MARKS if content.startswith(mark)), None)


def _declared(content: bytes) -> str | None:
    """The coding named in the first two lines, if it is one that turns bytes into text."""
    found = DECLARED.search(b"\n".join(content[:2000].split(b"\n", 2)[:2]))
    return (found[1] or found[2]).decode("ascii", "replace") if found else None
