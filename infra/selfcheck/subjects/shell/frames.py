"""What goes on around shells and functions, and at the end of a script."""

from msgspec.structs import replace

from selfcheck.subjects.shell.machine import Going, Machine
from selfcheck.subjects.shell.reader import parse
from selfcheck.subjects.shell.state import EXIT, NEXT, OK, End, Flow, Frame, Leaf, Signal, State, Step


class Checked(Going, frozen=True, eq=False):
    """`set -e`: a command that fails ends the shell, unless somebody looks at its status (POSIX, 2.14, set)."""

    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        ends = signal == NEXT and state.status != OK and state.errexit and not self.tested
        return self.passed(machine, EXIT if ends else signal, state)


class Shell(Going, frozen=True, eq=False):
    """A shell of its own, out of which only the status comes."""

    outer: State

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if state.trap:
            return trapped(machine, state, self)
        return self.passed(machine, NEXT, replace(self.outer, status=state.status))


class Called(Going, frozen=True, eq=False):
    """A function."""

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return self.passed(machine, NEXT if signal.flow is Flow.RETURN else signal, state)


class Replaced(Going, frozen=True, eq=False):
    """`exec command`: nothing comes after it."""

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return self.passed(machine, EXIT if signal == NEXT else signal, state)


class Trapped(Going, frozen=True, eq=False):
    """The commands of `trap … EXIT`: the status stays, unless they exit with another."""

    status: str

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        status = state.status if signal == EXIT else self.status
        return self.passed(machine, EXIT, replace(state, status=status, trap=""))


class Top(Going, frozen=True, eq=False):
    """A whole script: at its ends stands whether the status is 0."""

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return trapped(machine, state, self) if state.trap else Leaf(state.status == OK)


class Part(Going, frozen=True, eq=False):
    """A part of a script: at its ends stand the signal and the state."""

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        return Leaf(End(signal, state))


def trapped(machine: Machine, state: State, frame: Frame) -> Step:
    """Run what was set to run at the end of this shell."""
    script = machine.parsed.setdefault(state.trap, parse(state.trap, bash=machine.bash))
    within = machine.on(Trapped(frame, state.status))
    return machine.run(script.body, replace(state, trap=""), within, tested=False)
