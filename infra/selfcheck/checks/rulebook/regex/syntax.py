"""RE2's syntax read into a tree: as far as an automaton over characters can stand for it."""

import re
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
"""Code points from the first to the second, both included; sorted, apart from each other."""


class Undecided(Exception):
    """The expression has something that an automaton over characters cannot stand for, or not exactly."""


class Where(Enum):
    """A place in a text that a match may ask for."""

    LINE_START = "^"
    LINE_END = "$"
    TEXT_START = r"\A"
    TEXT_END = r"\z"
    BOUNDARY = r"\b"
    NO_BOUNDARY = r"\B"


class Chars(Struct, frozen=True):
    """One character of these."""

    ranges: Ranges


class Place(Struct, frozen=True):
    """No character, at such a place."""

    where: Where


class Together(Struct, frozen=True):
    """One after the other."""

    parts: "tuple[Node, ...]"


class Either(Struct, frozen=True):
    """One of several."""

    branches: "tuple[Node, ...]"


class Repeat(Struct, frozen=True):
    """At least and at most so many times; None is any number."""

    node: "Node"
    least: int
    most: int | None


Node = Chars | Place | Together | Either | Repeat

DIGIT: Ranges = ((48, 57),)
SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
CLASSES = {"d": DIGIT, "s": SPACE, "w": WORD}
# https://github.com/google/re2/wiki/Syntax
NAMED: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
ESCAPED = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
PLACES = {"A": Where.TEXT_START, "z": Where.TEXT_END, "b": Where.BOUNDARY, "B": Where.NO_BOUNDARY}
COUNTED = re.compile(r"\{(\d+)(,(\d*))?\}")
GROUP = re.compile(r"\(\?(?:P?<[^>]*>|(?P<on>[imsU]*)(?:-(?P<off>[imsU]+))?(?P<end>[:)]))")
CODE = re.compile(r"x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{2})|([0-7]{1,3})")
NAME = re.compile(r"\[:(\^?)([a-z]+):\]")


def parse(pattern: str) -> Node:
    """The tree of an expression that RE2 accepts; `^` and `$` stand at every line, as in `Pattern`.

    Raises:
        Undecided: it has a Unicode class, a single byte, or a case to be ignored of other letters than ASCII's.
    """
    try:
        return _Reader(pattern).whole()
    except (IndexError, KeyError, RecursionError) as error:
        raise Undecided("is written in a way that is not read here") from error


def union(*several: Ranges) -> Ranges:
    """All that is in any of them."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(each for ranges in several for each in ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def negated(ranges: Ranges) -> Ranges:
    """All that is not in them."""
    found: list[tuple[int, int]] = []
    begin = 0
    for first, last in ranges:
        if begin < first:
            found.append((begin, first - 1))
        begin = last + 1
    return (*found, (begin, LAST)) if begin <= LAST else tuple(found)


class _Reader:
    """A place in the pattern, and the flags that hold there."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._flags = frozenset("m")

    def whole(self) -> Node:
        found = self._choice()
        if self._at < len(self._text):
            raise Undecided("has a bracket that closes nothing")
        return found

    def _choice(self) -> Node:
        around = self._flags
        branches = [self._sequence()]
        while self._takes("|"):
            branches.append(self._sequence())
        self._flags = around
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            part = self._part()
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else Together(tuple(parts))

    def _repeated(self, node: Node) -> Node:
        while self._at < len(self._text):
            if self._text[self._at] in "*+?":
                sign = self._next()
                node = Repeat(node, int(sign == "+"), 1 if sign == "?" else None)
            elif counted := COUNTED.match(self._text, self._at):
                self._at = counted.end()
                least = int(counted[1])
                node = Repeat(node, least, least if counted[2] is None else int(counted[3]) if counted[3] else None)
            else:
                break
            self._takes("?")
        return node

    def _part(self) -> Node | None:
        """One thing that may be repeated; None where only flags are set."""
        if self._text.startswith("(", self._at):
            return self._group()
        character = self._next()
        match character:
            case "[":
                return Chars(self._set())
            case ".":
                return Chars(((0, LAST),) if "s" in self._flags else negated(((10, 10),)))
            case "^":
                return Place(Where.LINE_START if "m" in self._flags else Where.TEXT_START)
            case "$":
                return Place(Where.LINE_END if "m" in self._flags else Where.TEXT_END)
            case "\\":
                return self._escape()
            case _:
                return Chars(self._folded(_one(ord(character))))

    def _group(self) -> Node | None:
        opened = GROUP.match(self._text, self._at)
        around = self._flags
        self._at = opened.end() if opened else self._at + 1
        if opened and opened["end"]:
            self._flags = (self._flags | frozenset(opened["on"])) - frozenset(opened["off"] or "")
            if opened["end"] == ")":
                return None
        inner = self._choice()
        self._flags = around
        if not self._takes(")"):
            raise Undecided("has a bracket that is never closed")
        return inner

    def _escape(self) -> Node:
        kind = self._text[self._at]
        if kind in PLACES:
            self._at += 1
            return Place(PLACES[kind])
        if kind == "Q":
            text, _, _ = self._text[self._at + 1 :].partition("\\E")
            self._at = min(self._at + 1 + len(text) + 2, len(self._text))
            return Together(tuple(Chars(self._folded(_one(ord(each)))) for each in text))
        return Chars(self._class() or self._folded(_one(self._code())))

    def _class(self) -> Ranges | None:
        """The class that an escape stands for, its backslash read, if it stands for one."""
        kind = self._text[self._at]
        if kind.lower() not in CLASSES:
            return None
        self._at += 1
        ranges = self._folded(CLASSES[kind.lower()])
        return ranges if kind.islower() else negated(ranges)

    def _code(self) -> int:
        """The character that an escape stands for, its backslash read."""
        if code := CODE.match(self._text, self._at):
            self._at = code.end()
            return int(code[1] or code[2], 16) if code[3] is None else int(code[3], 8)
        kind = self._next()
        if kind in ESCAPED:
            return ESCAPED[kind]
        if kind.isascii() and kind.isalnum():
            raise Undecided(rf"has a \{kind}")
        return ord(kind)

    def _set(self) -> Ranges:
        """The characters between brackets, the first of which is read."""
        isnt = self._takes("^")
        found = union(*self._members())
        return negated(found) if isnt else found

    def _members(self) -> Iterator[Ranges]:
        first = True
        while first or not self._text.startswith("]", self._at):
            first = False
            if name := NAME.match(self._text, self._at):
                self._at = name.end()
                ranges = self._folded(NAMED[name[2]])
                yield negated(ranges) if name[1] else ranges
            else:
                yield self._member()
        self._at += 1

    def _member(self) -> Ranges:
        """A class by its escape, a range, or one character."""
        escaped = self._takes("\\")
        if escaped and (found := self._class()):
            return found
        begin = self._code() if escaped else ord(self._next())
        follows = self._text[self._at : self._at + 2]
        if follows[:1] != "-" or follows == "-]":
            return self._folded(_one(begin))
        self._at += 1
        return self._folded(((begin, self._code() if self._takes("\\") else ord(self._next())),))

    def _folded(self, ranges: Ranges) -> Ranges:
        """With the other case of each letter, where case is ignored."""
        if "i" not in self._flags:
            return ranges
        if any(last > 127 and (first, last) != (0, LAST) for first, last in ranges):
            raise Undecided("ignores the case of other letters than ASCII's")
        return union(ranges, *(_other_case(first, last) for first, last in ranges))

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _takes(self, character: str) -> bool:
        taken = self._text.startswith(character, self._at)
        self._at += taken
        return taken


def _one(code: int) -> Ranges:
    return ((code, code),)


def _other_case(first: int, last: int) -> Ranges:
    letters = [chr(code) for code in range(first, min(last, 127) + 1) if chr(code).isalpha()]
    found = [ord(letter.swapcase()) for letter in letters]
    # The two letters beyond ASCII that are an ASCII letter in another case: the Kelvin sign and the long s.
    found += [0x212A] * any(letter in "kK" for letter in letters) + [0x17F] * any(letter in "sS" for letter in letters)
    return union(*(_one(code) for code in found))
