"""Why a script cannot fail, and whose status is lost: the place, the construct, and what to write instead."""

from collections.abc import Hashable, Iterator
from enum import StrEnum
from functools import cached_property
from itertools import chain

from msgspec import Struct

from selfcheck.subjects.shell.control import begin
from selfcheck.subjects.shell.frames import Part, Top
from selfcheck.subjects.shell.machine import Machine, TooInvolved, Within
from selfcheck.subjects.shell.state import OK, End, Frame, State
from selfcheck.subjects.shell.syntax import (
    AndOr,
    Background,
    Case,
    Command,
    Condition,
    For,
    If,
    Node,
    Not,
    Pipeline,
    Place,
    Script,
    Sequence,
    While,
)
from selfcheck.subjects.shell.values import nodes, read_names


class Kind(StrEnum):
    """What loses a status."""

    OR = "or"
    """`command || true`, `|| echo …`, `|| exit 0`: what follows `||` always succeeds."""
    LAST = "last"
    """The last command always succeeds."""
    EXIT = "exit"
    """`exit 0`, whatever came before."""
    SEQUENCE = "sequence"
    """Another command follows, whose status counts instead."""
    ERREXIT = "errexit"
    """`set +e` before."""
    TESTED = "tested"
    """`set -e` does nothing here: within a condition, before `||` and `&&`, behind `!`."""
    PIPELINE = "pipeline"
    """Only the last command of a pipeline counts."""
    IF = "if"
    """An `if`, and none of its branches fails."""
    CASE = "case"
    """A `case`, and none of its arms fails."""
    LOOP = "loop"
    """The last round of a loop counts, or none."""
    BACKGROUND = "background"
    """`command &`: nobody waits for it."""
    SUBSTITUTION = "substitution"
    """`$(command)` as a word of another command, whose status counts instead."""
    TRAP = "trap"
    """`trap 'exit 0' EXIT`."""
    UNREACHED = "unreached"
    """It never runs."""
    NOTHING = "nothing"
    """There is no command in it that could fail."""


INSTEAD = {
    Kind.OR: "let it fail: take away what follows `||`, or end it with `exit 1`",
    Kind.LAST: "put what must hold last, or join the commands with `&&`",
    Kind.EXIT: "take `exit 0` away, or join the commands with `&&`",
    Kind.SEQUENCE: "join the commands with `&&`, or begin with `set -e`",
    Kind.ERREXIT: "take `set +e` away",
    Kind.TESTED: "write `command || exit 1`, and `if command; then exit 1; fi` for `! command`",
    Kind.PIPELINE: "put what must hold last, or write the output to a file first",
    Kind.IF: "end the branch that must not be taken with `exit 1`",
    Kind.CASE: "end the arm that must not be taken with `exit 1`",
    Kind.LOOP: "write `|| exit 1` behind the command in the loop",
    Kind.BACKGROUND: "take the `&` away; `>/dev/null 2>&1` for bash's `&>/dev/null`",
    Kind.SUBSTITUTION: "assign the output first: `output=$(command) || exit 1`",
    Kind.TRAP: "take `exit` out of the trap",
    Kind.UNREACHED: "take away what stands before it, or what it stands in",
    Kind.NOTHING: "write a command whose exit status tells whether the promise is kept",
}


class Reason(Struct, frozen=True, order=True):
    """One construct that loses a status: where, which, and whose."""

    line: int
    column: int
    kind: Kind
    lost: str
    """The command whose status is lost, as it is written; empty for `Kind.NOTHING`."""

    @property
    def instead(self) -> str:
        """What to write instead."""
        return INSTEAD[self.kind]


class Outcome(Struct, frozen=True):
    """What a script can come to. Of one that no shell could read, or that is too involved, both ends are possible."""

    can_pass: bool
    can_fail: bool
    lost: tuple[Reason, ...] = ()
    """Each construct that loses a status, in order."""


def outcome(script: Script, *, errexit: bool = False, pipefail: bool = False) -> Outcome:
    """What a script comes to, begun with `set -e` or `set -o pipefail` or without."""
    if script.faults:
        return Outcome(can_pass=True, can_fail=True)
    try:
        return _Judge(script, State(errexit=errexit, pipefail=pipefail)).outcome()
    except TooInvolved:
        return Outcome(can_pass=True, can_fail=True)


class _Judge:
    """One script, begun in one state."""

    def __init__(self, script: Script, state: State) -> None:
        self._script = script
        self._state = state
        self._names = read_names(script.body)
        self._parts: dict[Hashable, int] = {}
        self._machine = self._new()
        self._tree = self._whole(self._machine, script.body)
        self._begun = frozenset(self._machine.begun)
        self._machine.rest()

    def outcome(self) -> Outcome:
        """What it comes to."""
        labels = self._machine.trees.labels(self._tree)
        reasons = sorted(set(self._reasons()))
        if False not in labels and not reasons:
            at = self._script.body.at
            reasons = [Reason(at.line, at.column, Kind.NOTHING, "")]
        return Outcome(can_pass=True in labels, can_fail=False in labels, lost=tuple(reasons))

    def _reasons(self) -> Iterator[Reason]:
        """Of a script in which there are too many, those that are found first.

        Raises:
            TooInvolved: there is one, and none is found.
        """
        found = False
        try:
            for reason in chain(self._lost(), self._unreached()):
                found = True
                yield reason
        except TooInvolved:
            if not found:
                raise

    def _new(self, *left_out: Node) -> Machine:
        return Machine(self._script, self._names, begin, left_out)

    def _whole(self, machine: Machine, body: Node) -> int:
        return machine.tree(machine.run(body, self._state, machine.on(Top(None)), tested=False))

    def _part(self, within: Within) -> int:
        """What a node comes to that began so."""
        start = self._machine.run(within.node, within.state, self._machine.on(Part(None)), tested=within.tested)
        if start.key() not in self._parts:
            self._parts[start.key()] = self._machine.tree(start)
        return self._parts[start.key()]

    def _lost(self) -> Iterator[Reason]:
        kept = self._machine.trees.keys(self._tree)
        asked = list(self._machine.asked.items())
        questions = {id(node) for key, (node, _) in asked if _is_status(key)}
        for key, (node, frames) in asked:
            if _is_status(key) and key not in kept:
                reason, holder = self._reason(key, node, frames[0])
                if reason.kind is not Kind.SUBSTITUTION or id(holder) not in questions:  # else its output counts
                    yield reason

    def _unreached(self) -> Iterator[Reason]:
        """Commands that never run, though they could fail."""
        scripts = [self._script, *self._machine.parsed.values()]
        for node in (each for script in scripts for each in nodes(script.body)):
            if isinstance(node, Command | Condition) and id(node) not in self._begun and self._can_fail(node):
                yield Reason(node.at.line, node.at.column, Kind.UNREACHED, node.source)

    def _can_fail(self, node: Node) -> bool:
        machine = self._new()
        return False in machine.trees.labels(self._whole(machine, node))

    def _reason(self, key: Hashable, node: Node, innermost: Frame) -> tuple[Reason, Node]:
        """The innermost construct in which the question is gone, or else in which nothing fails any more."""
        around = [frame for frame in innermost.around() if isinstance(frame, Within)]
        trees = [self._part(within) for within in around]
        gone = [i for i, tree in enumerate(trees) if key not in self._machine.trees.keys(tree)]
        quiet = [i for i, tree in enumerate(trees) if self._always_succeeds(tree)]
        for i in (gone or quiet)[:1]:
            kind, at = self._named(key, node, around[i].node, around[max(i - 1, 0)])
            return Reason(at.line, at.column, kind, node.source), around[i].node
        trap = self._trap()
        return Reason(trap.at.line, trap.at.column, Kind.TRAP, node.source), trap

    def _always_succeeds(self, tree: int) -> bool:
        ends = (label for label in self._machine.trees.labels(tree) if isinstance(label, End))
        return all(end.state.status == OK for end in ends)

    def _named(self, key: Hashable, node: Node, holder: Node, below: Within) -> tuple[Kind, Place]:
        match holder:
            case AndOr():
                return Kind.OR, holder.right.at
            case Pipeline():
                return Kind.PIPELINE, node.at
            case If():
                return Kind.IF, holder.at
            case Case():
                return Kind.CASE, holder.at
            case While() | For():
                return Kind.LOOP, holder.at
            case Background():
                return Kind.BACKGROUND, holder.at
            case Sequence():
                return self._in_sequence(key, holder, below)
            case _:
                return Kind.SUBSTITUTION, node.at

    def _in_sequence(self, key: Hashable, holder: Sequence, below: Within) -> tuple[Kind, Place]:
        off = self._switching_off(key)
        if off is not None:
            return Kind.ERREXIT, off.at
        if below.state.errexit and (below.tested or isinstance(below.node, Not)):
            return Kind.TESTED, below.node.at
        last = holder.items[-1]
        if isinstance(last, Command) and last is not below.node:
            within = self._machine.on(Within(None, last, below.state, below.tested))
            if self._always_succeeds(self._part(within)):
                leaves = bool(last.words) and last.words[0].text in ("exit", "return")
                return (Kind.EXIT if leaves else Kind.LAST), last.at
        return Kind.SEQUENCE, below.node.at

    def _switching_off(self, key: Hashable) -> Node | None:
        """The `set +e` without which the status would not be lost."""
        for node in self._commands("set"):
            if any(word.source.startswith("+") and "e" in word.source for word in node.words):
                machine = self._new(node)
                if key in machine.trees.keys(self._whole(machine, self._script.body)):
                    return node
        return None

    def _trap(self) -> Node:
        """The last command that sets a trap; if there were none, the whole."""
        return next(reversed(self._commands("trap")), self._script.body)

    def _commands(self, name: str) -> list[Command]:
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str | None, list[Command]]:
        found: dict[str | None, list[Command]] = {}
        for node in nodes(self._script.body):
            if isinstance(node, Command) and node.words:
                found.setdefault(node.words[0].text, []).append(node)
        return found


def _is_status(key: Hashable) -> bool:
    """Whether a question is about a command, and not how often a loop goes round."""
    return isinstance(key, tuple) and key[0] in ("status", "input")
