"""The grammar of a shell: lists, pipelines and simple commands (POSIX, Shell Command Language, 2.9 and 2.10).

What bash adds is read as well. Where the two read the same text differently, `bash` decides: for any other shell
`a &> f` is `a &` and then `> f`, and `((` begins two shells.
"""

import re

from selfcheck.subjects.shell.compound import OPENING, Compound
from selfcheck.subjects.shell.syntax import (
    AndOr,
    Assignment,
    Background,
    Command,
    Condition,
    Fault,
    Literal,
    Node,
    Not,
    Pipeline,
    Place,
    Redirect,
    Script,
    Sequence,
    Word,
)
from selfcheck.subjects.shell.tokens import CLOSING
from selfcheck.subjects.shell.words import Broken

ASSIGNED = re.compile(r"([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=", re.ASCII)
NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
TIME = re.compile(r"time(?:[ \t]+-p)?[ \t]+(?=[({!\w./])")
START = Place(1, 1)
LARGEST = 100_000
"""How many characters are read; a script of that length is a program."""


def parse(text: str, *, bash: bool = False, begin: Place = START) -> Script:
    """A line or a whole script as a shell reads it; `bash` where that is the shell that runs it, else /bin/sh."""
    reader = _Reader(text[: LARGEST + 1], begin, bash=bash)
    try:
        if len(text) > LARGEST:
            reader.refuse(f"is longer than {LARGEST:,} characters", 0, beyond=True)
        return Script(text, reader.script(), (), bash)
    except Broken as broken:
        place = reader.place(min(broken.offset, len(text)))
        fault = Fault(place.line, place.column, str(broken), broken.beyond)
        return Script(text, Sequence(at=begin, source="", items=()), (fault,), bash)


class _Reader(Compound):
    def script(self) -> Sequence:
        body = self.commands()
        if self.i < len(self.text):
            self.refuse(f"an unexpected {self.shown()}")
        return body

    def within(self, text: str, begin: Place) -> Sequence:
        reader = _Reader(text, begin, self.depth + 1, bash=self.bash)
        try:
            return reader.script()
        except Broken as broken:
            self.refuse(f"within backquotes: {broken}", beyond=broken.beyond)

    def commands(self) -> Sequence:
        begin = self.here()
        self.deeper()
        items: list[Node] = []
        while True:
            self.breaks()
            if self.ended():
                break
            items.append(self._and_or())
            if not self._separated(items):
                break
        self.depth -= 1
        return Sequence(at=self.place(begin), source=self.since(begin), items=tuple(items))

    def _and_or(self) -> Node:
        begin = self.here()
        node: Node = self._pipeline()
        rest: list[tuple[str, Node]] = []
        while (operator := next((each for each in ("&&", "||") if self.comes(each)), None)) is not None:
            self.breaks()
            rest.append((operator, self._pipeline()))
        at, source = self.place(begin), self.since(begin)
        for operator, right in rest:
            node = AndOr(at=at, source=source, left=node, operator=operator, right=right)
        return node

    def _separated(self, items: list[Node]) -> bool:
        """Whether something may follow; what goes to the background is wrapped."""
        self.blanks()
        if self.at("&") and not self.at("&&"):
            self.i += 1
            node = items[-1]
            items[-1] = Background(at=node.at, source=f"{node.source} &", body=node)
            return True
        if self.at(";") and not self.at(";;") and not self.at(";&"):
            self.i += 1
            return True
        return self.at("\n")

    def _pipeline(self) -> Node:
        begin = self.here()
        negations = 0
        while self.reserved() == "!":
            self.i += 1
            negations += 1
        self.blanks()
        timed = TIME.match(self.text, self.i) if self.bash else None
        if timed is not None:
            self.i = timed.end()
        start = self.here()
        parts = [self.command()]
        while self._piped():
            self.breaks()
            parts.append(self.command())
        one: Node = parts[0]
        if len(parts) > 1:
            one = Pipeline(at=self.place(start), source=self.since(start), parts=tuple(parts))
        for _ in range(negations):
            one = Not(at=self.place(begin), source=self.since(begin), body=one)
        return one

    def _piped(self) -> bool:
        self.blanks()
        return not self.at("||") and (self.comes("|&") or self.comes("|"))

    def command(self) -> Node:
        begin = self.here()
        if self.bash and self.at("(("):
            if self.arithmetic(2) is not None:
                return Condition(at=self.place(begin), redirects=self.redirects(), source=self.since(begin))
            self.i = begin
        if self.comes("("):
            return self.group(begin, self.filled(")"), apart=True)
        reserved = self.reserved()
        if reserved in CLOSING or reserved == "!":
            self.refuse(f"an unexpected `{reserved}`")
        if reserved not in OPENING:
            return self._simple(begin)
        self.i += len(reserved)
        return self.compound(reserved, begin)

    def _simple(self, begin: int) -> Node:
        words: list[Word] = []
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        while True:
            redirect = self.redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            word = self.word()
            if word is None:
                break
            assignment = self._assignment(word)
            if assignment is not None and not words:
                assignments.append(assignment)
                continue
            words.append(word)
            if len(words) == 1 and not assignments and not redirects and self.comes("("):
                if not self.comes(")") or not NAME.fullmatch(word.source):
                    self.refuse("an unexpected `(`")
                return self.defined(begin, word.source)
        if not (words or assignments or redirects):
            self.refuse(f"a command was expected, not {self.shown()}")
        return Command(
            at=self.place(begin),
            source=self.since(begin),
            words=tuple(words),
            assignments=tuple(assignments),
            redirects=tuple(redirects),
        )

    def _assignment(self, word: Word) -> Assignment | None:
        """The assignment that a word is, also an array's as an argument of `declare`, which is read to its end."""
        first = word.parts[0]
        if not isinstance(first, Literal) or first.quoted:
            return None
        found = ASSIGNED.match(first.text)
        if found is None:
            return None
        if self.at("(") and word.source == found[0]:
            self.i += 1
            values = self.several(lines=True)
            if not self.comes(")"):
                self.refuse("a parenthesis that nothing closes")
            return Assignment(found[1], None, values)
        rest = first.text[found.end() :]
        parts = (Literal(rest, quoted=False), *word.parts[1:]) if rest else word.parts[1:]
        value = Word(word.source[found.end() :], parts, word.at)
        return Assignment(found[1], None if found[2] or found[3] else value, (value,))
