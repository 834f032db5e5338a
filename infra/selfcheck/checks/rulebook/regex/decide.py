r"""From an expression's tree to an automaton, and what that says: is it found in every text, in none, or in some.

A match may begin anywhere in a text. What `^`, `$` and `\b` ask for depends on the characters before and after, so an
automaton's state here is what was read of the expression together with the kind of the last character; the kind of
the next one is guessed (for none: a match is reachable or it is not) or given (for all: every text is followed).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from msgspec import Struct

from selfcheck.checks.rulebook.regex.syntax import (
    LAST,
    WORD,
    Chars,
    Either,
    Node,
    Place,
    Ranges,
    Repeat,
    Together,
    Undecided,
    Where,
    parse,
)

LARGEST = 20_000
"""How many states the automaton may have; RE2's own limit on repetition is 1,000 times."""
FOLLOWED = 2_000
"""How many sets of states are followed until nobody knows whether all texts are matched."""


class Reach(Enum):
    """In which texts an expression is found."""

    EVERY = "every"
    NONE = "none"
    SOME = "some"
    UNDECIDED = "undecided"


class Side(Enum):
    """What stands at one side of a place in a text."""

    EDGE = "edge"
    NEWLINE = "newline"
    WORD = "word"
    OTHER = "other"


SIDES = tuple(Side)


class _Step(Struct, frozen=True):
    """From one state to another: over one of these characters, at such a place, or just so."""

    to: int
    chars: Ranges | None = None
    where: Where | None = None


def reach(pattern: str) -> Reach:
    """In which texts an expression that RE2 accepts is found; `^` and `$` stand at every line."""
    try:
        automaton = _Automaton(parse(pattern))
        if not automaton.matches_some():
            return Reach.NONE
        return Reach.EVERY if automaton.matches_all() else Reach.SOME
    except Undecided:
        return Reach.UNDECIDED


class _Automaton:
    """Thompson's construction; a match begins in `start` and is there in `end`."""

    def __init__(self, node: Node) -> None:
        self._steps: list[list[_Step]] = [[]]
        self.start = 0
        self.end = self._build(node, self.start)

    def matches_some(self) -> bool:
        """Whether a match is reachable in any text at all."""
        waiting = [(self.start, before, after) for before in SIDES for after in SIDES]
        seen = set(waiting)
        while waiting:
            state, before, after = waiting.pop()
            if state == self.end:
                return True
            for each in self._after(state, before, after):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return False

    def matches_all(self) -> bool:
        """Whether every text holds a match.

        Raises:
            Undecided: too much would have to be followed.
        """
        letters = _letters(step.chars for steps in self._steps for step in steps if step.chars)
        waiting: list[tuple[frozenset[int], Side]] = [(frozenset(), Side.EDGE)]
        seen = set(waiting)
        while waiting:
            states, before = waiting.pop()
            if not self._is_there(states, before, Side.EDGE):
                return False
            for letter in letters:
                side = _side(letter)
                closed = self._closed({*states, self.start}, before, side)
                after = frozenset(step.to for state in closed for step in self._over(state, letter)), side
                if self.end not in closed and after not in seen:
                    seen.add(after)
                    waiting.append(after)
            if len(seen) > FOLLOWED:
                raise Undecided("has too many states")
        return True

    def _is_there(self, states: Iterable[int], before: Side, after: Side) -> bool:
        return self.end in self._closed({*states, self.start}, before, after)

    def _closed(self, states: set[int], before: Side, after: Side) -> set[int]:
        """All states that are reached without a character."""
        waiting = [*states]
        while waiting:
            for step in self._steps[waiting.pop()]:
                if step.chars is None and step.to not in states and _holds(step.where, before, after):
                    states.add(step.to)
                    waiting.append(step.to)
        return states

    def _over(self, state: int, letter: int) -> Iterator[_Step]:
        return (step for step in self._steps[state] if step.chars is not None and _has(step.chars, letter))

    def _after(self, state: int, before: Side, after: Side) -> Iterator[tuple[int, Side, Side]]:
        """Where it can go with a next character of this kind; which kind comes after that is anybody's guess."""
        for step in self._steps[state]:
            if step.chars is None:
                if _holds(step.where, before, after):
                    yield step.to, before, after
            elif after in _sides(step.chars):
                yield from ((step.to, after, then) for then in SIDES)

    def _build(self, node: Node, begin: int) -> int:
        """Add what reads a node from a state on; the state that it ends in."""
        match node:
            case Chars(ranges):
                return self._step(begin, chars=ranges)
            case Place(where):
                return self._step(begin, where=where)
            case Together(parts):
                for part in parts:
                    begin = self._build(part, begin)
                return begin
            case Either(branches):
                return self._joined([self._build(branch, self._step(begin)) for branch in branches])
            case Repeat(inner, least, most):
                return self._repeated(inner, least, most, begin)

    def _repeated(self, inner: Node, least: int, most: int | None, begin: int) -> int:
        for _ in range(least):
            begin = self._build(inner, begin)
        if most is None:
            around = self._step(begin)
            self._steps[self._build(inner, around)].append(_Step(around))
            return self._step(around)
        ends = [begin]
        for _ in range(most - least):
            ends.append(self._build(inner, ends[-1]))
        return self._joined(ends)

    def _joined(self, ends: Sequence[int]) -> int:
        joined = self._new()
        for end in ends:
            self._steps[end].append(_Step(joined))
        return joined

    def _step(self, begin: int, chars: Ranges | None = None, where: Where | None = None) -> int:
        to = self._new()
        self._steps[begin].append(_Step(to, chars, where))
        return to

    def _new(self) -> int:
        if len(self._steps) > LARGEST:
            raise Undecided("has too many states")
        self._steps.append([])
        return len(self._steps) - 1


def _holds(where: Where | None, before: Side, after: Side) -> bool:
    match where:
        case None:
            return True
        case Where.LINE_START:
            return before in (Side.EDGE, Side.NEWLINE)
        case Where.LINE_END:
            return after in (Side.EDGE, Side.NEWLINE)
        case Where.TEXT_START:
            return before is Side.EDGE
        case Where.TEXT_END:
            return after is Side.EDGE
        case Where.BOUNDARY:
            return (before is Side.WORD) != (after is Side.WORD)
        case Where.NO_BOUNDARY:
            return (before is Side.WORD) == (after is Side.WORD)


def _letters(several: Iterable[Ranges]) -> list[int]:
    """One character for each group that no class and no place tells apart."""
    bounds = {0}
    for ranges in (*several, WORD, ((10, 10),)):
        for first, last in ranges:
            bounds |= {first, last + 1}
    return sorted(bounds - {LAST + 1})


def _side(letter: int) -> Side:
    if letter == 10:
        return Side.NEWLINE
    return Side.WORD if _has(WORD, letter) else Side.OTHER


def _has(ranges: Ranges, letter: int) -> bool:
    place = bisect_right(ranges, (letter, LAST)) - 1
    return place >= 0 and letter <= ranges[place][1]


def _sides(ranges: Ranges) -> set[Side]:
    """The kinds of characters that are among these."""
    bounds = _letters([ranges])
    return {_side(letter) for letter in bounds if _has(ranges, letter)}
