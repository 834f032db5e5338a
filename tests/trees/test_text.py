"""Text is read by its byte order mark, by UTF-8, or by the coding it declares; else it is unreadable, never guessed."""

import codecs

import pytest

from selfcheck.errors import Unreadable
from selfcheck.trees import Memory
from selfcheck.trees.text import SNIFFED, decode, is_binary

LATIN = "# -*- coding: latin-1 -*-\nname = 'é'\n"
XML = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>é</a>\n'
CSS = '@charset "iso-8859-15";\na::before { content: "€" }\n'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(b"", "", id="empty"),
        pytest.param("é €".encode(), "é €", id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + "é".encode(), "é", id="UTF-8 with a mark"),
        pytest.param(codecs.BOM_UTF16_LE + "é\n".encode("utf-16-le"), "é\n", id="UTF-16, little-endian"),
        pytest.param(codecs.BOM_UTF16_BE + "é\n".encode("utf-16-be"), "é\n", id="UTF-16, big-endian"),
        pytest.param(codecs.BOM_UTF32_LE + "é\n".encode("utf-32-le"), "é\n", id="UTF-32, little-endian"),
        pytest.param(codecs.BOM_UTF32_BE + "é\n".encode("utf-32-be"), "é\n", id="UTF-32, big-endian"),
        pytest.param(LATIN.encode("latin-1"), LATIN, id="PEP 263"),
        pytest.param(b"#!/usr/bin/python\n" + LATIN.encode("latin-1"), f"#!/usr/bin/python\n{LATIN}", id="in line 2"),
        pytest.param(
            "# vim: set fileencoding=cp1252 :\n€".encode("cp1252"), "# vim: set fileencoding=cp1252 :\n€", id="Vim"
        ),
        pytest.param(XML.encode("latin-1"), XML, id="XML"),
        pytest.param(CSS.encode("iso-8859-15"), CSS, id="CSS"),
        pytest.param(b'<meta charset="latin-1">\xe9', '<meta charset="latin-1">é', id="HTML"),
        pytest.param("# coding: koi8-r\nюж".encode("koi8-r"), "# coding: koi8-r\nюж", id="KOI8-R"),
        pytest.param(LATIN.encode(), LATIN, id="UTF-8 though another is declared"),
    ],
)
def test_a_text_is_decoded(content: bytes, text: str) -> None:
    assert decode(content) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"name = '\xe9'\n", "not UTF-8 at byte 8, and no other coding is declared", id="undeclared"),
        pytest.param(
            b"\n\n# coding: latin-1\n\xe9", "not UTF-8 at byte 20, and no other coding is declared", id="in line 3"
        ),
        pytest.param(b"# coding: no-such\n\xe9", "declares an unknown coding, 'no-such'", id="unknown"),
        pytest.param(b"# coding: rot13\n\xe9", "declares an unknown coding, 'rot13'", id="rot13 turns text into text"),
        pytest.param(b"# coding: zip\n\xe9", "declares an unknown coding, 'zip'", id="zip turns bytes into bytes"),
        pytest.param(b"# coding: hex\n\xe9", "declares an unknown coding, 'hex'", id="hex"),
        pytest.param(
            b"# coding: utf-8\n\xe9",
            "is not in the coding it declares: 'utf-8' codec can't decode byte 0xe9 in position 16: unexpected end of data",
            id="declared and wrong",
        ),
        pytest.param(
            b"# coding: ascii\n\xe9",
            "is not in the coding it declares: 'ascii' codec can't decode byte 0xe9 in position 16: ordinal not in range(128)",
            id="too small a coding",
        ),
        pytest.param(
            b"# coding: raw_unicode_escape\n\\ud800\xe9",
            "is not in the coding it declares: 'utf-8' codec can't encode character '\\ud800' in position 29: surrogates not allowed",
            id="half of a pair",
        ),
        pytest.param(
            codecs.BOM_UTF8 + b"# coding: latin-1\n\xe9",
            "not UTF-8-SIG at byte 18, and no other coding is declared",
            id="a mark decides",
        ),
        pytest.param(
            codecs.BOM_UTF16_LE + b"a\0b",
            "not UTF-16 at byte 4, and no other coding is declared",
            id="half a character",
        ),
    ],
)
def test_a_text_in_no_known_coding_is_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as raised:
        decode(content)

    assert str(raised.value) == reason


@pytest.mark.parametrize(
    ("content", "binary"),
    [
        (b"", False),
        (b"text", False),
        (b"a\0b", True),
        (b"\x89PNG\r\n\x1a\n\0", True),
        (b"a" * (SNIFFED - 1) + b"\0", True),
        (b"a" * SNIFFED + b"\0", False),
        (codecs.BOM_UTF16_LE + b"a\0", False),
        (codecs.BOM_UTF16_BE + b"\0a", False),
        (codecs.BOM_UTF32_BE + b"\0\0\0a", False),
        (b"\xe9\xff", False),
    ],
)
def test_binary_is_what_git_says_unless_a_mark_says_text(content: bytes, binary: bool) -> None:
    assert is_binary(content) is binary


def test_a_binary_file_has_no_text_and_no_lines() -> None:
    file = Memory({"a": b"\0\n\xff"}).files()[0]

    assert (file.text, file.lines) == (None, ())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a\n", ("a",)),
        ("a\n\n", ("a", "")),
        ("\n", ("",)),
        ("a\r\nb\r\n", ("a", "b")),
        ("a\x0cb\x0bc\x85d\u2028e\n", ("a\x0cb\x0bc\x85d\u2028e",)),
    ],
)
def test_lines_are_those_that_an_editor_numbers(text: str, lines: tuple[str, ...]) -> None:
    assert Memory({"a": text.encode()}).files()[0].lines == lines


def test_a_declared_coding_is_no_way_to_run_or_open_anything() -> None:
    for name in ("os", "../../etc/passwd", "encodings.zlib_codec", "__init__", "aliases", "antigravity", "undefined"):
        with pytest.raises(Unreadable):
            decode(f"# coding: {name}\n".encode() + b"\xe9")
