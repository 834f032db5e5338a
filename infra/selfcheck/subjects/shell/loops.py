"""How loops go round: as often as is written, or else not at all, once and twice."""

from abc import abstractmethod

from msgspec.structs import replace

from selfcheck.subjects.shell.machine import Going, Machine
from selfcheck.subjects.shell.state import NEVER, NEXT, OK, At, Flow, Frame, Signal, State, Step
from selfcheck.subjects.shell.syntax import For, While
from selfcheck.subjects.shell.values import with_value

ROUNDS = 2
"""How often a loop goes round where nobody knows how often."""


class Loop(Going, frozen=True, eq=False):
    """A loop, for `break` and `continue`, which may mean one further out."""

    @abstractmethod
    def again(self, machine: Machine, state: State) -> Step:
        """The next round."""

    def broken(self, machine: Machine, signal: Signal, state: State) -> Step:
        """By a signal that is not the end of a command."""
        if signal.flow not in (Flow.BREAK, Flow.CONTINUE):
            return self.passed(machine, signal, state)
        if signal.levels > 1:
            return self.passed(machine, Signal(signal.flow, signal.levels - 1), state)
        if signal.flow is Flow.BREAK:
            return self.passed(machine, NEXT, state)
        return self.again(machine, state)


class _Asked(Loop, frozen=True, eq=False):
    """The condition of a loop: how many rounds there were, and the last one's status."""

    node: While
    rounds: int
    last: str
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if signal != NEXT:
            return self.broken(machine, signal, state)
        if (state.status == OK) == self.node.until:
            return self.passed(machine, NEXT, replace(state, status=self.last))
        if self.rounds >= ROUNDS:
            return NEVER
        frame = machine.on(_Round(self.below, self.node, self.rounds + 1, self.tested))
        return machine.run(self.node.body, state, frame, tested=self.tested)

    def again(self, machine: Machine, state: State) -> Step:
        return (
            NEVER
            if self.rounds >= ROUNDS
            else _asked(machine, self.below, self.node, self.rounds + 1, state, self.tested)
        )


class _Round(Loop, frozen=True, eq=False):
    """A round of a loop."""

    node: While
    rounds: int
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return self.again(machine, state) if signal == NEXT else self.broken(machine, signal, state)

    def again(self, machine: Machine, state: State) -> Step:
        return _asked(machine, self.below, self.node, self.rounds, state, self.tested)


def while_(machine: Machine, node: While, at: At) -> Step:
    """`while` and `until`."""
    return _condition(machine, _Asked(at.frame, node, 0, OK, at.tested), at.state)


def _asked(machine: Machine, below: Frame | None, node: While, rounds: int, state: State, tested: bool) -> Step:
    return _condition(machine, _Asked(below, node, rounds, state.status, tested), state)


def _condition(machine: Machine, asked: _Asked, state: State) -> Step:
    return machine.run(asked.node.condition, state, machine.on(asked), tested=True)


class _Words(Loop, frozen=True, eq=False):
    """A round of `for`: the number of the next word."""

    node: For
    index: int
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return self.again(machine, state) if signal == NEXT else self.broken(machine, signal, state)

    def again(self, machine: Machine, state: State) -> Step:
        return _word(machine, self, state)


def for_(machine: Machine, node: For, at: At) -> Step:
    """`for` and `select`."""
    return _word(machine, _Words(at.frame, node, 0, at.tested), at.state)


def _word(machine: Machine, words: _Words, state: State) -> Step:
    """The round of the next word, if there is or may be one."""
    node, index = words.node, words.index
    texts = [None if word.expands_files else word.text for word in node.words or ()]
    known = node.words is not None and None not in texts
    finished = words.passed(machine, NEXT, state if index else replace(state, status=OK))
    if index >= (min(len(texts), ROUNDS + 1) if known else ROUNDS):
        return finished
    following = machine.on(_Words(words.below, node, index + 1, words.tested))
    within = with_value(machine.names, state, node.name, texts[index] if known else None)
    going = machine.run(node.body, within, following, tested=words.tested)
    return going if known else machine.ask(("round", id(node)), node, following, going, finished)
