"""The hash of a line is GitHub's: upstream's own vectors, and a second implementation that reads unit by unit."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from selfcheck.formats.sarif.linehash import LineHashes

LOREM = "Lorem ipsum dolor sit amet.\n" * 10
GREETING = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]
# What github/codeql-action expects of its own hash, in `src/fingerprints.test.ts` and in `src/testdata`.
VECTORS = [
    ("", ["c129715d7a2bc9a3:1"]),
    (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
    (
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
        [
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ],
    ),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETING),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", GREETING),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETING),
    (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETING),
    (
        LOREM,
        [
            *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
]
# Pieces that the hash treats in a way of its own, in any order.
contents = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b"\t", b"a", b"b" * 99, b"\xff", b"\xed\xa0\x80", b"\0"])
    | st.sampled_from(["\u20ac", "\U0001f600", "\uffff", "\ufeff"]).map(str.encode)
    | st.binary(max_size=5),
    max_size=30,
).map(b"".join)


def rolled(content: bytes) -> list[str]:
    """The hash of every line, by one pass over a rolling window, as the runner of the upload does it."""
    raw = content.decode("utf-8", "replace").encode("utf-16-le")
    units = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
    window, starts, met = [0] * 100, [0] * 100, dict[int, int]()
    found: dict[int, str] = {}
    value, index, line, start, after_cr = 0, 0, 0, True, False

    def flush() -> None:
        if starts[index]:
            met[value] = met.get(value, 0) + 1
            found[starts[index]] = f"{value:x}:{met[value]}"
            starts[index] = 0

    for unit in [*units, 0xFFFF, *[None] * 100]:
        if unit in (32, 9) or (after_cr and unit == 10):
            after_cr = False
            continue
        after_cr = unit == 13
        now = 10 if after_cr else unit or 0
        flush()
        if start and unit is not None:
            line += 1
            starts[index] = line
        start = now == 10
        value = (value * 37 + now - window[index] * 37**100) % 2**64
        window[index] = now
        index = (index + 1) % 100
    return [found[number] for number in sorted(found)]


def hashes(content: bytes) -> list[str]:
    """The hash of every line, up to the first that there is not."""
    lines = LineHashes(content)
    found: list[str] = []
    while (one := lines.of(len(found) + 1)) is not None:
        found.append(one)
    return found


@pytest.mark.parametrize(("text", "expected"), VECTORS)
def test_the_hashes_are_those_that_github_expects(text: str, expected: list[str]) -> None:
    assert hashes(text.encode()) == expected


@pytest.mark.parametrize(("text", "expected"), VECTORS)
def test_the_second_implementation_gives_what_github_expects(text: str, expected: list[str]) -> None:
    assert rolled(text.encode()) == expected


@given(contents)
@example("\U0001f600 \U0001f600\nb".encode() * 40)
@example(b"\r \n")
def test_the_hashes_are_those_of_the_second_implementation(content: bytes) -> None:
    assert hashes(content) == rolled(content)


@pytest.mark.parametrize("line", [-1, 0, 3])
def test_a_line_that_is_not_there_has_no_hash(line: int) -> None:
    assert LineHashes(b"a\n").of(line) is None
