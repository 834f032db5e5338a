"""Words of a shell: quotes, escapes, expansions, and the commands within them (POSIX, Shell Command Language, 2.2-2.6)."""

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from itertools import accumulate
from typing import NoReturn

from selfcheck.subjects.shell.syntax import Expansion, Literal, Part, Place, Sequence, Substitution, Variable, Word

DEEPEST = 60
"""How deep commands and quotes may stand within each other."""
SPECIAL = frozenset("\\'\"$`")
ENDS = frozenset(" \t\n;&|<>()")
"""What ends a word where it is not quoted."""
NAMED = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII)
BRACED = re.compile(r"([#!]?)([A-Za-z_]\w*|\d+|[@*#?$!-])(\[[^\]]*\])?", re.ASCII)
NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Broken(Exception):
    """What no shell could read, with its offset; or a limit of this reader."""

    def __init__(self, offset: int, message: str, *, beyond: bool = False) -> None:
        super().__init__(message)
        self.offset = offset
        self.beyond = beyond


class Words(ABC):
    """A text, and how far it is read."""

    def __init__(self, text: str, begin: Place, depth: int = 0) -> None:
        self.text = text
        self.i: int = 0
        self.depth: int = depth
        self._no_arithmetic: set[int] = set()
        self._begin = begin
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    @abstractmethod
    def commands(self) -> Sequence:
        """The commands from here to what closes them."""

    @abstractmethod
    def within(self, text: str, begin: Place) -> Sequence:
        """The commands of a text of its own, as in backquotes."""

    def place(self, offset: int) -> Place:
        """Where an offset is."""
        line = bisect_right(self._lines, offset)
        column = offset - self._lines[line - 1] + 1
        return Place(self._begin.line + line - 1, column + (self._begin.column - 1 if line == 1 else 0))

    def refuse(self, message: str, offset: int | None = None, *, beyond: bool = False) -> NoReturn:
        """Give up.

        Raises:
            Broken: always.
        """
        raise Broken(self.i if offset is None else offset, message, beyond=beyond)

    def at(self, text: str) -> bool:
        """Whether this comes next."""
        return self.text.startswith(text, self.i)

    def word(self) -> Word | None:
        """The word that begins here, None where none does."""
        begin = self.i
        parts: list[Part] = []
        bare: list[str] = []
        while self.i < len(self.text):
            character = self.text[self.i]
            found: tuple[Part, ...] | None = None
            if self.at("<(") or self.at(">("):
                found = (self._substitution(2),)
            elif character in ENDS:
                break
            else:
                found = self._special(character)
            if found is None:
                bare.append(character)
                self.i += 1
            elif found:
                parts += _literal(bare, quoted=False)
                parts += found
        parts += _literal(bare, quoted=False)
        return Word(self.text[begin : self.i], tuple(parts), self.place(begin)) if parts else None

    def _special(self, character: str) -> tuple[Part, ...] | None:
        """The parts that this character begins, and none for a line that goes on; None for a character like others."""
        if character not in SPECIAL:
            return None
        self.deeper()
        found = self._begun(character)
        self.depth -= 1
        return found

    def _begun(self, character: str) -> tuple[Part, ...]:
        match character:
            case "\\":
                return self._escaped()
            case "'":
                return (self._single(),)
            case '"':
                return self._double()
            case "$":
                return (self._dollar(),)
            case _:
                return (self._backquoted(),)

    def _escaped(self) -> tuple[Part, ...]:
        taken = self.text[self.i + 1 : self.i + 2]
        self.i += 2
        return () if taken == "\n" else (Literal(taken or "\\", quoted=True),)

    def _single(self) -> Literal:
        begin = self.i + 1
        end = self.text.find("'", begin)
        if end < 0:
            self.refuse("a single quote that nothing closes")
        self.i = end + 1
        return Literal(self.text[begin:end], quoted=True)

    def _double(self) -> tuple[Part, ...]:
        begin = self.i
        self.i += 1
        return tuple(self._until('"', begin)) or (Literal("", quoted=True),)

    def _until(self, closing: str, begin: int) -> list[Part]:
        """The parts up to a quote or a brace, which is read as well; within double quotes most is literal."""
        quoted = closing == '"'
        parts: list[Part] = []
        bare: list[str] = []
        while not self.at(closing):
            character = self.text[self.i : self.i + 1]
            if not character:
                self.refuse(f"a {'double quote' if quoted else '`${`'} that nothing closes", begin)
            escapes = character == "\\" and self.text[self.i + 1 : self.i + 2] in '$`"\\\n'
            dollar = character == "$" and self.text[self.i + 1 : self.i + 2] in ("'", '"')
            plain = quoted and ((character in "\\'" and not escapes) or character == '"' or dollar)
            found = None if plain else self._special(character)
            if found is None:
                bare.append(character)
                self.i += 1
            else:
                parts += (*_literal(bare, quoted=True), *found)
        self.i += len(closing)
        return [*parts, *_literal(bare, quoted=True)]

    def _dollar(self) -> Part:
        begin = self.i
        if self.at("$(("):
            found = self.arithmetic(3)
            if found is not None:
                return found
            self.i = begin
        if self.at("$("):
            return self._substitution(2)
        if self.at("${"):
            return self._braced()
        if self.at("$'") or self.at('$"'):
            return self._ansi()
        name = NAMED.match(self.text, begin + 1)
        if name is None:
            self.i += 1
            return Literal("$", quoted=True)
        self.i = name.end()
        return Variable(name[0])

    def _substitution(self, opening: int) -> Substitution:
        begin = self.i
        self.i += opening
        body = self.commands()
        if not self.at(")"):
            self.refuse(
                "a parenthesis that nothing closes" if self.i >= len(self.text) else "an unexpected word", begin
            )
        self.i += 1
        return Substitution(body)

    def _braced(self) -> Part:
        begin = self.i
        self.i += 2
        found = BRACED.match(self.text, self.i)
        if found is not None:
            self.i = found.end()
            if self.at("}") and not found[1] and not found[3]:
                self.i += 1
                return Variable(found[2])
        operator = self.text[self.i : self.i + 2].removeprefix(":")
        parts = self._until("}", begin)
        names = (found[2],) if found else ()
        required = operator.startswith("?")
        return Expansion(self.text[begin : self.i], tuple(parts), names, required)

    def _ansi(self) -> Part:
        begin = self.i
        self.i += 1
        if self.at('"'):
            self._double()
            return Expansion(self.text[begin : self.i])
        found = re.compile(r"'(?:[^'\\]|\\.)*'", re.DOTALL).match(self.text, self.i)
        if found is None:
            self.refuse("a single quote that nothing closes")
        self.i = found.end()
        return Expansion(self.text[begin : self.i])

    def deeper(self) -> None:
        """Go one level down; whoever does comes up again."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse("is nested too deeply to be read", beyond=True)

    def arithmetic(self, opening: int) -> Expansion | None:
        """What stands between `((` and `))`; None where the parentheses are those of two shells."""
        begin = self.i
        if begin in self._no_arithmetic:
            return None
        self._no_arithmetic.add(begin)
        self.i += opening
        depth, level = 0, self.depth
        parts: list[Part] = []
        while self.i < len(self.text):
            if depth == 0 and self.at("))"):
                self.i += 2
                self._no_arithmetic.discard(begin)
                source = self.text[begin : self.i]
                return Expansion(source, tuple(parts), tuple(NAME.findall(source)))
            character = self.text[self.i]
            if depth == 0 and character == ")":
                return None
            depth += (character == "(") - (character == ")")
            try:
                found = self._special(character)
            except Broken:
                self.depth = level
                return None
            if found is None:
                self.i += 1
            else:
                parts += found
        return None

    def _backquoted(self) -> Substitution:
        begin = self.i
        found = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL).match(self.text, begin)
        if found is None:
            self.refuse("a backquote that nothing closes")
        self.i = found.end()
        return Substitution(self.within(re.sub(r"\\([\\`$])", r"\1", found[1]), self.place(begin + 1)))


def _literal(bare: list[str], *, quoted: bool) -> tuple[Literal, ...]:
    """The characters gathered so far as one part; there are none afterwards."""
    found = (Literal("".join(bare), quoted),) if bare else ()
    bare.clear()
    return found
