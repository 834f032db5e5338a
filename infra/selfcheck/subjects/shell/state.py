"""What an abstract shell knows at one moment, what it asks, and how it ends."""

from collections.abc import Hashable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import astuple

from selfcheck.subjects.shell.syntax import Node

OK = "0"


class Flow(StrEnum):
    """How a command is left."""

    NEXT = "next"
    EXIT = "exit"
    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


class Signal(NamedTuple):
    """How a command is left, and how many loops at once."""

    flow: Flow
    levels: int = 1


NEXT = Signal(Flow.NEXT)
EXIT = Signal(Flow.EXIT)


class State(Struct, frozen=True):
    """The options of a shell, its last status, and the variables whose value is known."""

    errexit: bool = False
    pipefail: bool = False
    nounset: bool = False
    status: str = OK
    values: tuple[tuple[str, str], ...] = ()
    functions: tuple[tuple[str, int], ...] = ()
    """With each name the number of its definition."""
    trap: str = ""
    """What runs at the end."""


class Frame(Struct, frozen=True, eq=False):
    """What goes on once a command is left. The machine keeps one of equal ones, so that they compare by identity."""

    below: "Frame | None"

    def key(self) -> Hashable:
        """What makes it equal to another; nodes and frames by their identity."""
        return type(self), *(id(each) if isinstance(each, Node | Frame) else each for each in astuple(self))

    def around(self) -> Iterator["Frame"]:
        """This frame and those below it."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.below


class At(NamedTuple):
    """One moment: a node to be run from a phase on, or without a node the signal that the frame gets."""

    node: Node | None
    state: State
    frame: Frame
    tested: bool = False
    """Whether somebody looks at the status, so that `set -e` does not."""
    signal: Signal = NEXT
    phase: str = ""

    def key(self) -> Hashable:
        """What makes it equal to another."""
        return id(self.node), self.state, id(self.frame), self.tested, self.signal, self.phase


class Leaf(NamedTuple):
    """An end."""

    label: Hashable


class Ask(NamedTuple):
    """A question, and where it goes on for a yes and for a no."""

    key: Hashable
    yes: At
    no: At


class End(NamedTuple):
    """How a part of a script is left, and the state then."""

    signal: Signal
    state: State


NEVER = Leaf("never")
"""A loop that does not end."""


Step = At | Ask | Leaf
