"""What a shell reads in a line or a script: words, commands, and what holds them together."""

from collections.abc import Iterator

from msgspec import Struct


class Place(Struct, frozen=True, order=True):
    """Where something begins, counting from 1."""

    line: int
    column: int


class Literal(Struct, frozen=True):
    """Text that stands for itself; unquoted, its wildcards are still the shell's."""

    text: str
    quoted: bool


class Variable(Struct, frozen=True):
    """`$name` or `${name}`, and the special ones: `?`, `@`, `1`."""

    name: str


class Expansion(Struct, frozen=True):
    """Any other expansion, and what is expanded within; `required` ends the shell where there is no value (`${x:?}`)."""

    source: str
    parts: tuple["Part", ...] = ()
    names: tuple[str, ...] = ()
    required: bool = False


class Substitution(Struct, frozen=True):
    """Commands whose output takes their place: `$(…)`, backquotes, `<(…)`."""

    body: "Sequence"


Part = Literal | Variable | Expansion | Substitution


class Word(Struct, frozen=True):
    """One word, as it is written and by its parts."""

    source: str
    parts: tuple[Part, ...]
    at: Place

    @property
    def text(self) -> str | None:
        """The word without its quotes; None where it expands to something that is not written here."""
        if self.expands_files or not all(isinstance(part, Literal) for part in self.parts):
            return None
        return "".join(part.text for part in self.parts if isinstance(part, Literal))

    @property
    def expands_files(self) -> bool:
        """Whether the shell puts the names of files, a home folder or several words in its place."""
        first = self.parts[0] if self.parts else None
        if isinstance(first, Literal) and not first.quoted and first.text.startswith("~"):
            return True
        bare = "\0".join(part.text for part in self.parts if isinstance(part, Literal) and not part.quoted)
        braces = "{" in bare and "}" in bare and ("," in bare or ".." in bare)
        return braces or (bare != "[" and any(each in bare for each in "*?["))


class Redirect(Struct, frozen=True):
    """`2>&1`, `< file`, `<<EOF`: the operator, the descriptor before it, the word behind it."""

    operator: str
    descriptor: str
    target: Word


class Assignment(Struct, frozen=True):
    """`name=value`; None for an array, and for what is added with `+=`."""

    name: str
    value: Word | None
    words: tuple[Word, ...] = ()
    """The words that are expanded for it."""


class Node(Struct, frozen=True, kw_only=True):
    """Whatever has an exit status: where it begins, as it is written, and where its input and output go."""

    at: Place
    source: str
    redirects: tuple[Redirect, ...] = ()


class Command(Node, frozen=True, kw_only=True):
    """A simple command; without words it only assigns or redirects."""

    words: tuple[Word, ...] = ()
    assignments: tuple[Assignment, ...] = ()

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The words as the program gets them; None where one of them is only known when it runs."""
        found = [word.text for word in self.words]
        return None if None in found else tuple(text for text in found if text is not None)

    @property
    def expanded(self) -> Iterator[Word]:
        """All words of it that the shell expands."""
        yield from self.words
        for assignment in self.assignments:
            yield from assignment.words


class Condition(Node, frozen=True, kw_only=True):
    """`[[ … ]]`, or the arithmetic `(( … ))`, which has no words."""

    words: tuple[Word, ...] = ()


class Pipeline(Node, frozen=True, kw_only=True):
    """Two or more commands, each of whose output is the next one's input."""

    parts: tuple[Node, ...]


class Not(Node, frozen=True, kw_only=True):
    """`! pipeline`."""

    body: Node


class AndOr(Node, frozen=True, kw_only=True):
    """`left && right`, `left || right`."""

    left: Node
    operator: str
    right: Node


class Background(Node, frozen=True, kw_only=True):
    """`body &`."""

    body: Node


class Sequence(Node, frozen=True, kw_only=True):
    """One after the other."""

    items: tuple[Node, ...]


class Group(Node, frozen=True, kw_only=True):
    """`{ … }`, or with a shell of its own `( … )`."""

    body: Sequence
    subshell: bool


class If(Node, frozen=True, kw_only=True):
    """`if`, with `elif` as an `If` of its own in `otherwise`."""

    condition: Sequence
    then: Sequence
    otherwise: "Sequence | If | None"


class While(Node, frozen=True, kw_only=True):
    """`while` and `until`."""

    condition: Sequence
    body: Sequence
    until: bool


class For(Node, frozen=True, kw_only=True):
    """`for name in words`, `select`; without words over the arguments, and `for ((…))`, which has no name."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence


class Arm(Struct, frozen=True):
    """The patterns of a `case`, and what runs where one of them matches; `ending` is `;;`, `;&` or `;;&`."""

    patterns: tuple[Word, ...]
    body: Sequence
    ending: str


class Case(Node, frozen=True, kw_only=True):
    """`case word in …`."""

    word: Word
    arms: tuple[Arm, ...]


class Function(Node, frozen=True, kw_only=True):
    """The definition of a function."""

    name: str
    body: Node


class Fault(Struct, frozen=True, order=True):
    """What no shell could read, or with `beyond` what is not read here though a shell might."""

    line: int
    column: int
    message: str
    beyond: bool = False


class Script(Struct, frozen=True):
    """A whole text; with a fault its body is empty, since a shell ends there with a status of its own."""

    text: str
    body: Sequence
    faults: tuple[Fault, ...] = ()
    bash: bool = False
