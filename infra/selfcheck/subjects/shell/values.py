"""The values of words and variables, as far as they are known before a script runs."""

import re
from collections.abc import Collection, Iterator

from msgspec.structs import replace

from selfcheck.subjects.shell.commands import FAILED
from selfcheck.subjects.shell.state import State
from selfcheck.subjects.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Condition,
    Expansion,
    For,
    Function,
    Group,
    If,
    Literal,
    Node,
    Not,
    Part,
    Pipeline,
    Sequence,
    Substitution,
    Variable,
    While,
    Word,
)

NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
NAMED = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)


def value(word: Word, state: State) -> str | None:
    """What a word expands to, None where nobody knows."""
    if word.expands_files:
        return None
    found = [_part(part, state) for part in word.parts]
    if None in found:
        return None
    text = "".join(each for each in found if each is not None)
    return None if FAILED in text and text != FAILED else text


def _part(part: Part, state: State) -> str | None:
    match part:
        case Literal():
            return part.text
        case Variable("?"):
            return state.status
        case Variable():
            return dict(state.values).get(part.name)
        case _:
            return None


def with_value(names: Collection[str], state: State, name: str, known: str | None) -> State:
    """The state in which a variable has a value; it is kept only where it is read somewhere."""
    others = tuple(each for each in state.values if each[0] != name)
    if known is None or name not in names:
        return replace(state, values=others)
    return replace(state, values=tuple(sorted((*others, (name, known)))))


def expanded(node: Node) -> Iterator[Word]:
    """The words of a node itself that the shell expands."""
    match node:
        case Command():
            yield from node.expanded
        case Condition():
            yield from node.words
        case For():
            yield from node.words or ()
        case Case():
            yield node.word
        case _:
            pass
    for redirect in node.redirects:
        yield redirect.target


def parts(words: tuple[Word, ...]) -> Iterator[Part]:
    """All parts of words, and what is within them."""
    waiting: list[Part] = [part for word in reversed(words) for part in reversed(word.parts)]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Expansion):
            waiting += reversed(part.parts)


def substitutions(node: Node) -> tuple[Sequence, ...]:
    """The commands within the words of a node, in order."""
    return tuple(part.body for part in parts(tuple(expanded(node))) if isinstance(part, Substitution))


def nodes(root: Node) -> Iterator[Node]:
    """A node and all within it, in order, those in substitutions included."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed((*substitutions(node), *_inner(node)))


def _inner(node: Node) -> tuple[Node, ...]:
    """The nodes right within another."""
    match node:
        case Sequence():
            return node.items
        case Pipeline():
            return node.parts
        case AndOr():
            return node.left, node.right
        case If():
            return node.condition, node.then, *([node.otherwise] if node.otherwise else [])
        case While():
            return node.condition, node.body
        case Case():
            return tuple(arm.body for arm in node.arms)
        case Not() | Background() | Group() | For() | Function():
            return (node.body,)
        case _:
            return ()


def read_names(root: Node) -> frozenset[str]:
    """The variables that are read somewhere."""
    found: set[str] = set()
    for node in nodes(root):
        for part in parts(tuple(expanded(node))):
            if isinstance(part, Variable):
                found.add(part.name)
            elif isinstance(part, Expansion):
                found.update(part.names)
            elif isinstance(part, Literal):  # what `eval`, `trap` or `sh -c` may run
                found.update(NAMED.findall(part.text))
    return frozenset(found)


def reads(node: Node) -> bool:
    """Whether a redirect fails where a file is not there. What is written is nobody's promise."""
    inputs = (each.target.text or "" for each in node.redirects if each.operator in ("<", "<>"))
    return any(not target.startswith("/dev/") for target in inputs)


def may_be_unset(node: Node, state: State) -> bool:
    """Whether the shell may end here for want of a value: `${x:?}`, and after `set -u` any variable."""
    found = list(parts(tuple(expanded(node))))
    if any(isinstance(part, Expansion) and part.required for part in found):
        return True
    known = dict(state.values)
    named = [part.name for part in found if isinstance(part, Variable) and part.name not in known]
    return state.nounset and any(name[0].isalnum() or name[0] == "_" for name in named)
