"""What stands between the words of a shell: blanks, comments, line ends, here-documents, redirects, reserved words."""

import re
from typing import NamedTuple

from selfcheck.subjects.shell.syntax import Place, Redirect, Word
from selfcheck.subjects.shell.words import Words

BLANKS = re.compile(r"(?:[ \t]|\\\n)*")
RESERVED = re.compile(r"(?:[a-z]+|[{}!]|\[\[)(?=[\s;&|<>()]|\\\n|\Z)")
CLOSING = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
REDIRECT = re.compile(r"(\d*|\{[A-Za-z_]\w*\})(<<<|<<-|<<|<&|<>|>>|>&|>\||<(?!\()|>(?!\())", re.ASCII)
BOTH = re.compile(r"(&>>|&>)")


class _Here(NamedTuple):
    """A here-document, whose text begins after the next line's end."""

    delimiter: str
    stripped: bool


class Tokens(Words):
    """A text, and the signs in it."""

    def __init__(self, text: str, begin: Place, depth: int = 0, *, bash: bool) -> None:
        super().__init__(text, begin, depth)
        self.bash = bash
        self._heres: list[_Here] = []
        self._end = 0
        self._after_blanks = 0

    def blanks(self) -> None:
        """Go over blanks, joined lines and a comment."""
        if self.i > self._after_blanks:
            self._end = self.i
        found = BLANKS.match(self.text, self.i)
        self.i = found.end() if found else self.i
        if self.at("#") and (self.i == 0 or self.text[self.i - 1] in " \t\n;&|()<>"):
            end = self.text.find("\n", self.i)
            self.i = end if end >= 0 else len(self.text)
        self._after_blanks = self.i

    def breaks(self) -> None:
        """Go over blanks, comments and line ends, and over the here-documents that begin there."""
        self.blanks()
        while self.at("\n"):
            self.i += 1
            for here in self._heres:
                self._skip(here)
            self._heres.clear()
            self.blanks()

    def here(self) -> int:
        """Where the next word or sign begins."""
        self.blanks()
        return self.i

    def since(self, begin: int) -> str:
        """As it is written, without the blanks and comments behind it."""
        return self.text[begin : self._end if self.i == self._after_blanks else self.i].strip()

    def comes(self, sign: str) -> bool:
        """Whether a sign comes next; it is then read."""
        self.blanks()
        if not self.at(sign):
            return False
        self.i += len(sign)
        return True

    def reserved(self) -> str:
        """The word that may be a reserved one; empty where none comes next."""
        self.blanks()
        found = RESERVED.match(self.text, self.i)
        return found[0] if found else ""

    def expect(self, reserved: str) -> None:
        """Go over a reserved word."""
        if self.reserved() != reserved:
            self.refuse(f"`{reserved}` was expected, not {self.shown()}")
        self.i += len(reserved)

    def ended(self) -> bool:
        """Whether a list of commands ends here."""
        return self.i >= len(self.text) or self.at(")") or self.at(";;") or self.at(";&") or self.reserved() in CLOSING

    def shown(self) -> str:
        """What comes next, for a message."""
        if self.i >= len(self.text):
            return "the end"
        word = re.compile(r"\n|[^\s;&|<>()]+|[;&|<>()]+").match(self.text, self.i)
        return "the line's end" if word is None or word[0] == "\n" else f"`{word[0][:40]}`"

    def named(self, message: str) -> str:
        """A word without quotes and expansions."""
        self.blanks()
        word = self.word()
        if word is None or word.text != word.source:
            self.refuse(message)
        return word.source

    def several(self, *, lines: bool = False) -> tuple[Word, ...]:
        """Words up to something else, on one line or on several."""
        words: list[Word] = []
        while True:
            (self.breaks if lines else self.blanks)()
            word = self.word()
            if word is None:
                return tuple(words)
            words.append(word)

    def redirects(self) -> tuple[Redirect, ...]:
        """All redirects from here on."""
        found: list[Redirect] = []
        while (redirect := self.redirect()) is not None:
            found.append(redirect)
        return tuple(found)

    def redirect(self) -> Redirect | None:
        """The redirect that comes next."""
        self.blanks()
        found = REDIRECT.match(self.text, self.i)
        descriptor, operator = (found[1], found[2]) if found else ("", "")
        if found is None and self.bash:
            found = BOTH.match(self.text, self.i)
            operator = found[1] if found else ""
        if found is None:
            return None
        self.i = found.end()
        self.blanks()
        target = self.word()
        if target is None:
            self.refuse(f"`{operator}` leads nowhere")
        if operator in ("<<", "<<-"):
            self._heres.append(_Here(_unquoted(target), operator == "<<-"))
        return Redirect(operator, descriptor, target)

    def _skip(self, here: _Here) -> None:
        while self.i < len(self.text):
            end = self.text.find("\n", self.i)
            line = self.text[self.i : end if end >= 0 else len(self.text)]
            self.i = end + 1 if end >= 0 else len(self.text)
            if (line.lstrip("\t") if here.stripped else line) == here.delimiter:
                return


def _unquoted(word: Word) -> str:
    """A here-document's delimiter: the word without its quotes, never expanded."""
    return re.sub(r"""['"\\]""", "", word.source) if word.text is None else word.text
