"""Unified diffs as edits: what `git diff` and `diff -u` write, read strictly, since a line passed over proves nothing."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from selfcheck.errors import Unreadable
from selfcheck.trees.edits import Edit, EditMissed, Hunk, Patch
from selfcheck.trees.names import shown
from selfcheck.trees.tree import Tree

LARGEST = 5_000_000
NOWHERE = "/dev/null"
GIT = "diff --git "
HEADER = re.compile(rf"{GIT}|--- ")
HUNK = re.compile(r"@@ -\d{1,9}(?:,\d{1,9})? \+\d{1,9}(?:,\d{1,9})? @@")
STRAY = re.compile(r"[+\- @\\]")
"""How a line of a hunk begins."""
MEANT = re.compile(r"\+\+\+ |--- |-- ?$|\\ No newline at end of file")
"""Lines that begin like that and stand outside a hunk; the third is what a mail has before its signature."""
MOVES = re.compile(r"(rename|copy) (?:from|to) ")
MODES = re.compile(r"(?:old|new) mode ")
KINDS = {"120000": "a symbolic link", "160000": "a submodule"}
"""What git's modes stand for that no edit makes."""
PREFIXES = (("a", "b"), ("i", "w"), ("c", "w"), ("c", "i"), ("o", "w"), ("1", "2"))
"""What git writes before the names of both sides (diff.mnemonicPrefix); the first pair wherever nothing else is set."""
ESCAPES = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)|[^\\]", re.DOTALL)


def edits_of(tree: Tree, path: str) -> tuple[Edit, ...]:
    """The edits of a diff that stands in a tree, one for each file that it names.

    Raises:
        EditMissed: there is no such file, it is no diff, or it says what no edit can do.
    """
    file = tree.file(path)
    if file is None:
        raise EditMissed(f"{path}: there is no such diff")
    try:
        content = file.bytes
    except Unreadable as error:
        raise EditMissed(f"{path}: {error}") from error
    if len(content) > LARGEST:
        raise EditMissed(f"{path}: is larger than {LARGEST:,} bytes")
    # One character a byte: a diff is in the codings of the files that it names.
    return tuple(_edits(content.decode("latin-1"), path))


def _edits(text: str, diff: str) -> Iterator[Edit]:
    found = _parsed(text, diff)
    _require_whole(text.split("\n"), found, diff)
    if not found:
        raise EditMissed(f"{diff}: is no unified diff")
    for each in found:
        place = f"{diff}:{each.diff_line_no}"
        _require_possible(each, place)
        path, makes, takes = _path(each, place), each.source_file == NOWHERE, each.target_file == NOWHERE
        if not (each or makes or takes):
            raise EditMissed(f"{place}: changes nothing in {path}")
        hunks = tuple(_hunk(hunk) for hunk in each)
        yield Patch(path=path, hunks=hunks, diff=diff, makes=makes, takes=takes)


def _parsed(text: str, diff: str) -> Sequence[Any]:
    # Only a rulebook that has a `patch` needs it.
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    try:
        return PatchSet(StringIO(text))
    except UnidiffParseError as error:
        raise EditMissed(f"{diff}: is no unified diff: {str(error).splitlines()[0][:100]}") from None
    except ValueError:
        raise EditMissed(f"{diff}: is no unified diff: a number in it is out of bounds") from None


def _require_whole(lines: Sequence[str], found: Iterable[Any], diff: str) -> None:
    """No line that looks like one of a hunk stands outside of them: the parser takes those for words about a file."""
    within = {line.diff_line_no for file in found for hunk in file for line in hunk}
    begun = False
    for number, line in enumerate(lines, start=1):
        begun = begun or HEADER.match(line) is not None
        if not begun or number in within:
            continue
        if moves := MOVES.match(line):
            raise EditMissed(f"{diff}:{number}: a {moves[1]} is no edit; make the diff with --no-renames")
        if MODES.match(line):
            raise EditMissed(f"{diff}:{number}: a change of a file's mode is no edit")
        if STRAY.match(line) and not (MEANT.match(line) or HUNK.match(line)):
            raise EditMissed(
                f"{diff}:{number}: belongs to no hunk; the counts of the hunk before it, or its own, are wrong"
            )


def _require_possible(file: Any, place: str) -> None:
    if file.is_binary_file:
        raise EditMissed(f"{place}: a binary file cannot be patched")
    for mode in (file.source_mode, file.target_mode):
        if mode in KINDS:
            raise EditMissed(f"{place}: {KINDS[mode]} cannot be patched")


def _path(file: Any, place: str) -> str:
    """The path that both sides of a file name, without what git writes before it."""
    old, new = (_name(each, place) for each in _written(file))
    has_prefixes = any(_has(old, before) and _has(new, after) for before, after in PREFIXES)
    inner = old[2:] if has_prefixes and old[2:] == new[2:] else old
    if inner == old != new:
        raise EditMissed(f"{place}: a rename is no edit, and the sides have different names")
    if not inner or inner.startswith("/") or "\0" in inner or posixpath.normpath(inner) != inner or inner == ".":
        raise EditMissed(f"{place}: names no path below the root")
    if inner.partition("/")[0] == "..":
        raise EditMissed(f"{place}: names a path out of the root")
    return inner


def _has(name: str, prefix: str) -> bool:
    return name.startswith(f"{prefix}/")


def _written(file: Any) -> tuple[str, str]:
    """Both names; that of a side on which the file is not stands in git's header only, else it is made up from the other."""
    old, new = str(file.source_file).removesuffix("\r"), str(file.target_file).removesuffix("\r")
    header = str(file.patch_info[0]).rstrip("\r\n") if file.patch_info else ""
    both = header.removeprefix(GIT)
    if old == NOWHERE:
        return (both[: -len(new) - 1] if header.startswith(GIT) else re.sub('^("?)b/', r"\1a/", new)), new
    if new == NOWHERE:
        return old, (both[len(old) + 1 :] if header.startswith(GIT) else re.sub('^("?)a/', r"\1b/", old))
    return old, new


def _name(written: str, place: str) -> str:
    r"""A name as a tree has it; git quotes one with odd bytes, `"a/\303\251.py"` for `a/é.py`."""
    if not written.startswith('"'):
        return shown(written.encode("latin-1"))
    inner = written[1:-1]
    found = list(ESCAPE.finditer(inner))
    try:
        if len(written) < 2 or written[-1] != '"' or "".join(each[0] for each in found) != inner:
            raise ValueError
        return shown(bytes(map(_byte, found)))
    except (KeyError, ValueError):
        raise EditMissed(f"{place}: the name of the file is not quoted as git does") from None


def _byte(found: re.Match[str]) -> int:
    escaped = found[1]
    if escaped is None:
        return ord(found[0])
    return int(escaped, 8) if escaped[0] in "01234567" else ESCAPES[escaped]


def _hunk(found: Any) -> Hunk:
    """The lines of both sides; the end of one is taken off where the line after it in the diff says that it has none."""
    old: list[bytes] = []
    new: list[bytes] = []
    last: tuple[list[bytes], ...] = ()
    first = 0
    for line in found:
        first = first or line.diff_line_no or 0
        if line.line_type == "\\":
            for side in last:
                side[-1] = side[-1].removesuffix(b"\n")
        elif line.diff_line_no is not None:  # else it is an empty one after the hunk
            last = tuple(side for side, others in ((old, "+"), (new, "-")) if line.line_type != others)
            for side in last:
                side.append(line.value.encode("latin-1"))
    begin = found.source_start - (found.source_length > 0)
    return Hunk(begin, tuple(old), tuple(new), first - 1)
