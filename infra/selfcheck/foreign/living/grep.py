"""What a call of grep looks for and where, as a pattern and paths."""

import posixpath
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from selfcheck.foreign.living.regex import translated
from selfcheck.patterns import Pattern
from selfcheck.subjects.shell import Command
from selfcheck.trees import Tree

PROGRAMS = {"grep": "G", "egrep": "E", "fgrep": "F"}
KINDS = frozenset("GEFP")
QUIET = frozenset("qsnlHhoaI")
"""What changes what is written, and not the exit status."""
VALUES = frozenset("mABC")
"""What takes a value that does not change the exit status."""
LONG = {
    "--quiet": "q",
    "--silent": "q",
    "--recursive": "r",
    "--ignore-case": "i",
    "--extended-regexp": "E",
    "--fixed-strings": "F",
    "--perl-regexp": "P",
    "--word-regexp": "w",
    "--line-regexp": "x",
    "--files-with-matches": "l",
    "--line-number": "n",
}
INCLUDE = "--include="
PLAIN = re.compile(r"[\w@%+,=~./-]+")
GLOB = re.compile(r"[\w@%+,=~./*?-]+")


class Search(Struct, frozen=True):
    """A pattern, the paths that it is looked for in, and whether these may be more than one file."""

    pattern: str
    paths: tuple[str, ...]
    several: bool
    said: tuple[str, ...] = ()


class _Call:
    """The options and operands of one call."""

    def __init__(self, kind: str) -> None:
        self.flags = {kind}
        self.patterns: list[str] = []
        self.include: list[str] = []
        self.operands: list[str] = []


def search(command: Command, tree: Tree) -> Search | None:
    """What a command looks for, if it is a grep whose every option has a counterpart; else None."""
    words = [word.text if word.text is not None else _glob(word.source) for word in command.words]
    if not words or None in words or words[0] not in PROGRAMS:
        return None
    call = _read([word for word in words[1:] if word is not None], PROGRAMS[words[0]])
    if call is None:
        return None
    try:
        pattern = _pattern(call)
    except ValueError:
        return None
    found = Pattern(pattern).found("")
    return None if found else _where(call, pattern, tree)


def _glob(source: str) -> str | None:
    return source if GLOB.fullmatch(source) else None


def _read(words: Sequence[str], kind: str) -> _Call | None:
    call = _Call(kind)
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            call.operands += waiting
        elif not word.startswith("-") or word == "-":
            call.operands.append(word)
        elif not (_long(call, word) if word.startswith("--") else _letters(call, word[1:], waiting)):
            return None
    if not call.patterns:
        call.patterns, call.operands = call.operands[:1], call.operands[1:]
    return call if call.patterns and "-" not in call.operands else None


def _long(call: _Call, word: str) -> bool:
    """Whether an option of this name is known."""
    if word.startswith(INCLUDE):
        call.include.append(word.removeprefix(INCLUDE))
        return GLOB.fullmatch(call.include[-1]) is not None
    if word in LONG:
        call.flags.add(LONG[word])
    return word in LONG or word.partition("=")[0] in ("--color", "--colour")


def _letters(call: _Call, letters: str, waiting: Iterator[str]) -> bool:
    """Whether every one of these options is known; the value of one may be the next word."""
    rest = iter(letters)
    for letter in rest:
        if letter == "e" or letter in VALUES:
            value = "".join(rest) or next(waiting, None)
            if value is None:
                return False
            call.patterns += [value] * (letter == "e")
        elif letter in KINDS or letter in "riRwx":
            call.flags.add(letter.replace("R", "r"))
        elif letter not in QUIET:
            return False
    return True


def _pattern(call: _Call) -> str:
    """The pattern as RE2 reads it.

    Raises:
        ValueError: it has no counterpart.
    """
    lines = [line for pattern in call.patterns for line in pattern.split("\n")]
    if "F" in call.flags:
        made = [re.escape(line) for line in lines]
    elif "P" in call.flags:
        made = lines
    else:
        made = [translated(line, extended="E" in call.flags) for line in lines]
    whole = "|".join(made)
    if "w" in call.flags:
        whole = rf"\b(?:{whole})\b"
    if "x" in call.flags:
        whole = f"^(?:{whole})$"
    whole = f"(?i){whole}" if "i" in call.flags else whole
    return Pattern(whole).text


def _where(call: _Call, pattern: str, tree: Tree) -> Search | None:
    recursive = "r" in call.flags
    operands = call.operands or (["."] if recursive else [])
    paths: list[str] = []
    said: list[str] = []
    several = recursive or len(operands) != 1
    for operand in operands:
        path = posixpath.normpath(operand)
        if not GLOB.fullmatch(operand) or path.startswith(("/", "..", "~")):
            return None
        folder = path == "." or any(each.startswith(f"{path}/") for each in tree.kinds)
        several = several or folder or not PLAIN.fullmatch(operand)
        if folder and not recursive:
            said.append(f"mended: without -r, grep never looked into the folder {operand}")
        paths += _below(path, call.include) if folder else [path]
    return Search(pattern, tuple(paths), several, tuple(said)) if paths else None


def _below(folder: str, include: Sequence[str]) -> list[str]:
    inside = "" if folder == "." else f"{folder}/"
    return [f"{inside}**/{each}" for each in include] or [f"{inside}**"]
