"""What a script comes to, for each way in which its commands may end: an abstract shell.

A command whose status depends on what it finds is a question: the machine goes on with both answers. What the whole
comes to is a decision tree, reduced: a question both of whose answers come to the same is not asked. So a script cannot
fail exactly if its tree is the one leaf 0, and a command whose question is gone has a status that is lost.
"""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from selfcheck.subjects.shell.state import NEXT, OK, Ask, At, Frame, Leaf, Signal, State, Step
from selfcheck.subjects.shell.syntax import Function, Node, Script
from selfcheck.subjects.shell.trees import Trees

MOST = 60_000
"""How many steps are taken before a script is too involved, and as many again to tell of whose status is lost."""
DEAR = 8
"""A step on which so many variables are known costs as much as two."""
SEEN = 3
"""In how many frames the same question is kept; more would tell the same."""


class TooInvolved(Exception):
    """The script has more ways to end than are looked at."""


class Going(Frame, frozen=True, eq=False):
    """A frame, and how it goes on."""

    def left(self, machine: "Machine", signal: Signal, state: State) -> Step:
        """What is within was left by a signal, with this state."""
        return self._went(machine, signal, state)

    @abstractmethod
    def _went(self, machine: "Machine", signal: Signal, state: State) -> Step: ...

    def passed(self, machine: "Machine", signal: Signal, state: State) -> At:
        """The frame below decides."""
        assert isinstance(self.below, Going)
        return machine.give(signal, state, self.below)


class Within(Going, frozen=True, eq=False):
    """A node is being run: which, and the state that it began in."""

    node: Node
    state: State
    tested: bool

    def _went(self, machine: "Machine", signal: Signal, state: State) -> Step:
        return self.passed(machine, signal, state)


F = TypeVar("F", bound=Frame)


class Machine:
    """An abstract shell for one script."""

    def __init__(
        self,
        script: Script,
        names: Iterable[str],
        begin: Callable[["Machine", At], Step],
        left_out: Iterable[Node] = (),
    ) -> None:
        self.bash = script.bash
        self.names = frozenset(names)
        """The variables that are read somewhere, and so are kept."""
        self.trees = Trees()
        self.functions: list[Function] = []
        self.parsed: dict[Hashable, Script] = {}
        """Scripts within literal texts, as of `eval`."""
        self.asked: dict[Hashable, tuple[Node, list[Frame]]] = {}
        """Each question with its node, and with some of the frames that it was asked in."""
        self.begun: set[int] = set()
        """The nodes that were run, by identity."""
        self._left_out = frozenset(map(id, left_out))
        self._begin = begin
        self._frames: dict[Hashable, Frame] = {}
        self._steps = 0

    def rest(self) -> None:
        """Begin to count anew."""
        self._steps = 0

    def on(self, frame: F) -> F:
        """The one frame that is equal to this."""
        found = self._frames.setdefault(frame.key(), frame)
        assert isinstance(found, type(frame))
        return found

    def give(self, signal: Signal, state: State, frame: Frame) -> At:
        """Leave a command."""
        return At(None, state, frame, signal=signal)

    def end(self, status: str, state: State, frame: Frame) -> At:
        """Leave a command with a status."""
        return self.give(NEXT, replace(state, status=status), frame)

    def run(self, node: Node, state: State, frame: Frame, *, tested: bool) -> At:
        """Run a node within a frame."""
        return At(node, state, self.on(Within(frame, node, state, tested)), tested)

    def ask(self, key: Hashable, node: Node, frame: Frame, yes: At, no: At) -> Ask:
        """Go on with both."""
        _, frames = self.asked.setdefault(key, (node, []))
        if len(frames) < SEEN:
            frames.append(frame)
        return Ask(key, yes, no)

    def function(self, node: Function) -> int:
        """The number of a definition."""
        number = next((i for i, each in enumerate(self.functions) if each is node), len(self.functions))
        if number == len(self.functions):
            self.functions.append(node)
        return number

    def tree(self, start: At) -> int:
        """What a moment comes to. Depth first, and without recursion: a script may be long."""
        done: dict[Hashable, int] = {}
        first, result = self._advanced(start)
        if isinstance(result, Leaf):
            return self.trees.leaf(result.label)
        waiting = [(first, result)]
        while waiting:
            key, ask = waiting[-1]
            answers: list[int] = []
            for at in (ask.yes, ask.no):
                found, result = self._advanced(at)
                if isinstance(result, Leaf):
                    answers.append(self.trees.leaf(result.label))
                elif found in done:
                    answers.append(done[found])
                else:
                    waiting.append((found, result))
                    break
            if len(answers) == 2:
                done[key] = self.trees.asked(ask.key, *answers)
                waiting.pop()
        return done[first]

    def _advanced(self, at: At) -> tuple[Hashable, Ask | Leaf]:
        """Go on to the next question or end; with the moment at which it comes up."""
        while True:
            self._steps += 1 + len(at.state.values) // DEAR
            if self._steps > MOST:
                raise TooInvolved
            step = self._step(at)
            if not isinstance(step, At):
                return at.key(), step
            at = step

    def _step(self, at: At) -> Step:
        if at.node is None:
            assert isinstance(at.frame, Going)
            return at.frame.left(self, at.signal, at.state)
        self.begun.add(id(at.node))
        if id(at.node) in self._left_out:
            return self.end(OK, at.state, at.frame)
        return self._begin(self, at)
