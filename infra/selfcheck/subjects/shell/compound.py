"""Compound commands (POSIX, Shell Command Language, 2.9.4), with what bash adds."""

from abc import abstractmethod

from selfcheck.subjects.shell.syntax import (
    Arm,
    Case,
    Condition,
    For,
    Function,
    Group,
    If,
    Literal,
    Node,
    Sequence,
    While,
    Word,
)
from selfcheck.subjects.shell.tokens import Tokens

OPENING = frozenset(("{", "if", "while", "until", "for", "select", "case", "function", "[["))


class Compound(Tokens):
    """A text, and the compound commands in it."""

    @abstractmethod
    def command(self) -> Node:
        """The command that begins here."""

    def compound(self, reserved: str, begin: int) -> Node:
        """The compound command that a reserved word has begun."""
        match reserved:
            case "{":
                return self.group(begin, self.filled("}"), apart=False)
            case "if":
                return self._if(begin)
            case "while" | "until":
                return self._while(begin, until=reserved == "until")
            case "case":
                return self._case(begin)
            case "[[":
                return self._test(begin)
            case "function":
                return self._function(begin)
            case _:
                return self._for(begin)

    def group(self, begin: int, body: Sequence, *, apart: bool) -> Group:
        """What stood in braces or parentheses."""
        at, redirects = self.place(begin), self.redirects()
        return Group(at=at, source=self.since(begin), redirects=redirects, body=body, subshell=apart)

    def filled(self, *closing: str, keep: bool = False) -> Sequence:
        """Commands, at least one, up to what closes them."""
        begin = self.i
        body = self.commands()
        if not body.items and self.i < len(self.text):
            self.refuse(f"a command was expected, not {self.shown()}")
        closes = self.at(")") if closing == (")",) else self.reserved() in closing
        if not closes:
            expected = " or ".join(f"`{each}`" for each in closing)
            self.refuse(f"{expected} was expected, not {self.shown()}", begin)
        if not keep:
            self.i += len(self.reserved()) or 1
        return body

    def defined(self, begin: int, name: str) -> Function:
        """A function, whose body comes next."""
        self.breaks()
        self.deeper()
        body = self.command()
        self.depth -= 1
        return Function(at=self.place(begin), source=self.since(begin), name=name, body=body)

    def _if(self, begin: int) -> If:
        branches: list[tuple[int, Sequence, Sequence]] = []
        closing, start = "elif", begin
        while closing == "elif":
            condition = self.filled("then")
            branches.append((start, condition, self.filled("elif", "else", "fi", keep=True)))
            closing, start = self.reserved(), self.here()
            self.i += len(closing)
        otherwise: Sequence | If | None = self.filled("fi") if closing == "else" else None
        redirects = self.redirects()
        source = self.since(begin)
        for start, condition, then in reversed(branches):
            of = redirects if start == begin else ()
            at = self.place(start)
            otherwise = If(at=at, source=source, redirects=of, condition=condition, then=then, otherwise=otherwise)
        assert isinstance(otherwise, If)
        return otherwise

    def _while(self, begin: int, *, until: bool) -> While:
        condition = self.filled("do")
        body = self.filled("done")
        at, redirects = self.place(begin), self.redirects()
        source = self.since(begin)
        return While(at=at, source=source, redirects=redirects, condition=condition, body=body, until=until)

    def _for(self, begin: int) -> For:
        name, words = "", None
        self.blanks()
        if self.at("(("):
            if self.arithmetic(2) is None:
                self.refuse("a parenthesis that nothing closes")
        else:
            name = self.named("`for` without the name of a variable")
            self.breaks()
            if self.reserved() == "in":
                self.i += 2
                words = self.several()
        self.comes(";")
        self.breaks()
        self.expect("do")
        body = self.filled("done")
        at, redirects = self.place(begin), self.redirects()
        return For(at=at, source=self.since(begin), redirects=redirects, name=name, words=words, body=body)

    def _case(self, begin: int) -> Case:
        self.blanks()
        word = self.word()
        if word is None:
            self.refuse("`case` without a word")
        self.breaks()
        self.expect("in")
        self.breaks()
        arms: list[Arm] = []
        while self.reserved() != "esac":
            arms.append(self._arm())
            self.breaks()
            if not arms[-1].ending:
                break
        self.expect("esac")
        at, redirects = self.place(begin), self.redirects()
        return Case(at=at, source=self.since(begin), redirects=redirects, word=word, arms=tuple(arms))

    def _arm(self) -> Arm:
        self.comes("(")
        patterns: list[Word] = []
        while not patterns or self.comes("|"):
            self.blanks()
            pattern = self.word()
            if pattern is None:
                self.refuse(f"a pattern of `case` was expected, not {self.shown()}")
            patterns.append(pattern)
        if not self.comes(")"):
            self.refuse(f"`)` was expected after a pattern, not {self.shown()}")
        body = self.commands()
        ending = next((each for each in (";;&", ";;", ";&") if self.comes(each)), "")
        return Arm(tuple(patterns), body, ending)

    def _function(self, begin: int) -> Function:
        name = self.named("`function` without a name")
        if self.comes("(") and not self.comes(")"):
            self.refuse("`()` was expected")
        return self.defined(begin, name)

    def _test(self, begin: int) -> Condition:
        words: list[Word] = []
        while True:
            self.breaks()
            if self.i >= len(self.text):
                self.refuse("a `[[` that nothing closes", begin)
            word = self.word() or self._sign()
            if word.source == "]]":
                break
            words.append(word)
        at, redirects = self.place(begin), self.redirects()
        return Condition(at=at, source=self.since(begin), redirects=redirects, words=tuple(words))

    def _sign(self) -> Word:
        """One of the signs that mean something else outside of `[[`."""
        self.i += 1
        sign = self.text[self.i - 1]
        return Word(sign, (Literal(sign, quoted=False),), self.place(self.i - 1))
