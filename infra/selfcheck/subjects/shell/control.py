"""How compound commands go on: what runs next, by the status of what was run (POSIX, 2.9; `set -e` as in 2.14)."""

from functools import singledispatch

from msgspec.structs import replace

from selfcheck.subjects.shell import running
from selfcheck.subjects.shell.commands import FAILED
from selfcheck.subjects.shell.frames import Checked, Shell, trapped
from selfcheck.subjects.shell.loops import for_, while_
from selfcheck.subjects.shell.machine import Going, Machine
from selfcheck.subjects.shell.state import NEXT, OK, At, Signal, State, Step
from selfcheck.subjects.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Condition,
    For,
    Function,
    Group,
    If,
    Node,
    Not,
    Pipeline,
    Sequence,
    While,
)
from selfcheck.subjects.shell.values import reads, value


def begin(machine: Machine, at: At) -> Step:
    """The first step of a node; before it its input must be there."""
    node = at.node
    if isinstance(node, Command | Condition):
        return running.begin(machine, node, at)
    if node is not None and not at.phase and reads(node):
        closed = machine.end(FAILED, at.state, machine.on(Checked(at.frame, at.tested)))
        return machine.ask(("input", id(node)), node, at.frame, at._replace(phase="opened"), closed)
    assert node is not None
    return _start(node, machine, at)


@singledispatch
def _start(node: Node, machine: Machine, at: At) -> Step:
    raise AssertionError(node, machine, at)


@_start.register
def _(node: AndOr, machine: Machine, at: At) -> Step:
    return machine.run(node.left, at.state, machine.on(_Right(at.frame, node, at.tested)), tested=True)


@_start.register
def _(node: Not, machine: Machine, at: At) -> Step:
    """For bash a `set -e` behind the `!` counts there: it looks at the option before (execute_cmd.c)."""
    tested = at.tested or at.state.errexit or not machine.bash
    return machine.run(node.body, at.state, machine.on(_Negated(at.frame)), tested=tested)


@_start.register
def _(node: Background, machine: Machine, at: At) -> Step:
    frame = machine.on(_Behind(at.frame, at.state))
    return machine.run(node.body, replace(at.state, trap=""), frame, tested=at.tested)


@_start.register
def _(node: If, machine: Machine, at: At) -> Step:
    return machine.run(node.condition, at.state, machine.on(_Branch(at.frame, node, at.tested)), tested=True)


@_start.register
def _(node: While, machine: Machine, at: At) -> Step:
    return while_(machine, node, at)


@_start.register
def _(node: For, machine: Machine, at: At) -> Step:
    return for_(machine, node, at)


@_start.register
def _(node: Sequence, machine: Machine, at: At) -> Step:
    return _item(machine, _Items(at.frame, node, 0, at.tested), at.state)


class _Items(Going, frozen=True, eq=False):
    """A list: after each item the next one."""

    node: Sequence
    index: int
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if signal != NEXT:
            return self.passed(machine, signal, state)
        return _item(machine, self, state)


def _item(machine: Machine, items: _Items, state: State) -> Step:
    """The item that is next, or the end with the last one's status."""
    node, index = items.node, items.index
    if index == len(node.items):
        return items.passed(machine, NEXT, state if index else replace(state, status=OK))
    following = machine.on(_Items(items.below, node, index + 1, items.tested))
    return machine.run(node.items[index], state, following, tested=items.tested)


class _Right(Going, frozen=True, eq=False):
    """`&&` and `||`: the right side runs by the status of the left."""

    node: AndOr
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if signal != NEXT or (state.status == OK) != (self.node.operator == "&&"):
            return self.passed(machine, signal, state)
        assert self.below is not None
        return machine.run(self.node.right, state, self.below, tested=self.tested)


class _Negated(Going, frozen=True, eq=False):
    """`!`."""

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if signal == NEXT:
            state = replace(state, status="1" if state.status == OK else OK)
        return self.passed(machine, signal, state)


class _Piped(Going, frozen=True, eq=False):
    """A pipeline: each part is a shell of its own, and without `pipefail` only the last one's status is kept."""

    node: Pipeline
    index: int
    outer: State
    worst: str
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if state.trap:
            return trapped(machine, state, self)
        worst = state.status if self.outer.pipefail and state.status != OK else self.worst
        if self.index == len(self.node.parts):
            return self.passed(machine, NEXT, replace(self.outer, status=state.status if state.status != OK else worst))
        following = machine.on(_Piped(self.below, self.node, self.index + 1, self.outer, worst, self.tested))
        return machine.run(self.node.parts[self.index], replace(self.outer, trap=""), following, tested=self.tested)


@_start.register
def _(node: Pipeline, machine: Machine, at: At) -> Step:
    below = machine.on(Checked(at.frame, at.tested))
    frame = machine.on(_Piped(below, node, 1, at.state, OK, at.tested))
    return machine.run(node.parts[0], replace(at.state, trap=""), frame, tested=at.tested)


class _Behind(Going, frozen=True, eq=False):
    """`&`: nobody waits."""

    outer: State

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if state.trap:
            return trapped(machine, state, self)
        return self.passed(machine, NEXT, replace(self.outer, status=OK))


@_start.register
def _(node: Group, machine: Machine, at: At) -> Step:
    if not node.subshell:
        return machine.run(node.body, at.state, at.frame, tested=at.tested)
    frame = machine.on(Shell(machine.on(Checked(at.frame, at.tested)), at.state))
    return machine.run(node.body, replace(at.state, trap=""), frame, tested=at.tested)


class _Branch(Going, frozen=True, eq=False):
    """`if`: the branch by the status of the condition."""

    node: If
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if signal != NEXT:
            return self.passed(machine, signal, state)
        chosen = self.node.then if state.status == OK else self.node.otherwise
        if chosen is None:
            return self.passed(machine, NEXT, replace(state, status=OK))
        assert self.below is not None
        return machine.run(chosen, state, self.below, tested=self.tested)


@_start.register
def _(node: Case, machine: Machine, at: At) -> Step:
    """The first arm that matches; the phase is the number of the one to be looked at."""
    index = int(at.phase) if at.phase.isdecimal() else 0
    if index == len(node.arms):
        return machine.end(OK, at.state, at.frame)
    arm = node.arms[index]
    chosen = machine.run(arm.body, at.state, at.frame, tested=at.tested)
    other = at._replace(phase=str(index + 1))
    known = value(node.word, at.state)
    found = [
        True if each.source == "*" else _matches(known, None if each.expands_files else each.text)
        for each in arm.patterns
    ]
    if True in found:
        return chosen
    if None not in found:
        return other
    return machine.ask(("arm", id(node), index), node, at.frame, chosen, other)


def _matches(known: str | None, pattern: str | None) -> bool | None:
    if known is None or pattern is None:
        return None
    if known == FAILED:
        return False if pattern == OK else None
    return known == pattern


@_start.register
def _(node: Function, machine: Machine, at: At) -> Step:
    others = (each for each in at.state.functions if each[0] != node.name)
    functions = tuple(sorted((*others, (node.name, machine.function(node)))))
    return machine.end(OK, replace(at.state, functions=functions), at.frame)
