"""How a simple command ends: what the shell's own commands do, and which others can fail."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from selfcheck.subjects.shell.commands import FAILED, INTEGER, SPECIAL, decided, succeeds, unwrapped
from selfcheck.subjects.shell.frames import Called, Checked, Replaced, Shell, trapped
from selfcheck.subjects.shell.loops import Loop
from selfcheck.subjects.shell.machine import Going, Machine
from selfcheck.subjects.shell.reader import ASSIGNED, parse
from selfcheck.subjects.shell.state import EXIT, NEXT, OK, At, Flow, Signal, State, Step
from selfcheck.subjects.shell.syntax import Command, Condition, Place, Script
from selfcheck.subjects.shell.values import NAME, may_be_unset, reads, substitutions, value, with_value

SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
OPTIONS = {"e": "errexit", "u": "nounset"}
DEEPEST = 50
"""How many functions may be called within each other: one may call itself."""


def begin(machine: Machine, node: Command | Condition, at: At) -> Step:
    """A simple command or a condition: its substitutions, its input, its variables, then itself; a phase each."""
    if not at.phase:
        at = at._replace(frame=machine.on(Checked(at.frame, at.tested)), phase="substituted")
        if substitutions(node):
            return _substitution(machine, _Substituted(at.frame, node, 0, at.state, at.tested), at.state)
        at = at._replace(state=at.state, phase="plain")
    own = _Own(machine, node, (), at)
    if at.phase in ("plain", "substituted") and reads(node):
        ends = isinstance(node, Command) and node.words and node.words[0].text in SPECIAL and not machine.bash
        closed = machine.give(EXIT if ends else NEXT, replace(at.state, status=FAILED), at.frame)
        return machine.ask(("input", id(node)), node, at.frame, at._replace(phase=f"{at.phase} opened"), closed)
    if not at.phase.endswith("set") and may_be_unset(node, at.state):
        unset = machine.give(EXIT, replace(at.state, status=FAILED), at.frame)
        return machine.ask(("unset", id(node)), node, at.frame, at._replace(phase=f"{at.phase} set"), unset)
    if isinstance(node, Condition):
        return own.condition()
    if not node.words:
        return own.assigned(OK if at.phase.startswith("plain") else at.state.status)
    return own.run(tuple(value(word, at.state) for word in node.words))


class _Substituted(Going, frozen=True, eq=False):
    """The commands within the words of another, one after the other, each in a shell of its own."""

    node: Command | Condition
    index: int
    outer: State
    tested: bool

    def _went(self, machine: Machine, signal: Signal, state: State) -> Step:
        if state.trap:
            return trapped(machine, state, self)
        return _substitution(machine, self, replace(self.outer, status=state.status))


def _substitution(machine: Machine, done: _Substituted, state: State) -> Step:
    inner = substitutions(done.node)
    if done.index == len(inner):
        assert done.below is not None
        return At(done.node, state, done.below, done.tested, phase="substituted")
    following = machine.on(_Substituted(done.below, done.node, done.index + 1, state, done.tested))
    within = replace(state, trap="", errexit=state.errexit and not machine.bash)
    return machine.run(inner[done.index], within, following, tested=False)


class _Own(Struct, frozen=True, eq=False):
    """One command at the moment that it is run, and its words, None for one that nobody knows."""

    machine: Machine
    node: Command | Condition
    words: tuple[str | None, ...]
    at: At

    def run(self, words: tuple[str | None, ...]) -> Step:
        """A function, a shell within, a command of the shell's own, or any other."""
        name, rest, replaced = unwrapped(words)
        at = self.at
        if replaced and name is None:
            return self._end(OK)
        if replaced:
            at = at._replace(frame=self.machine.on(Replaced(at.frame)))
        own = _Own(self.machine, self.node, rest, at)
        if name is not None and name in dict(at.state.functions):
            return own.called(dict(at.state.functions)[name])
        if name is not None and name.rpartition("/")[2] in SHELLS:
            return own.shell()
        if name in COMMANDS:
            return COMMANDS[name](own)
        return own._end(OK) if succeeds((name, *rest)) else own.either()

    def called(self, number: int) -> Step:
        """A function."""
        if sum(isinstance(frame, Called) for frame in self.at.frame.around()) > DEEPEST:
            return self.either()
        body = self.machine.functions[number].body
        frame = self.machine.on(Called(self.at.frame))
        return self.machine.run(body, self.at.state, frame, tested=self.at.tested)

    def either(self, state: State | None = None) -> Step:
        """It may end well, and it may fail."""
        state = self.at.state if state is None else state
        yes, no = (self.machine.end(status, state, self.at.frame) for status in (OK, FAILED))
        return self.machine.ask(("status", id(self.node)), self.node, self.at.frame, yes, no)

    def assigned(self, status: str) -> Step:
        """Assignments alone."""
        state = self.at.state
        for each in self.node.assignments if isinstance(self.node, Command) else ():
            known = value(each.value, state) if each.value is not None else None
            state = with_value(self.machine.names, state, each.name, known)
        return self.machine.end(status, state, self.at.frame)

    def condition(self) -> Step:
        """`[[ … ]]` and `(( … ))`."""
        assert isinstance(self.node, Condition)
        if not self.node.words:
            return self.either(self._forgetting(NAME.findall(self.node.source)))
        return self._decided(tuple(value(word, self.at.state) for word in self.node.words))

    def false(self) -> Step:
        """`false`."""
        return self._end("1")

    def test(self) -> Step:
        """`test`."""
        return self._decided(self.words)

    def bracket(self) -> Step:
        """`[`."""
        return self._decided(self.words[:-1]) if self.words[-1:] == ("]",) else self._end("2")

    def exit(self) -> Step:
        """`exit`."""
        return self._leave(Flow.EXIT)

    def return_(self) -> Step:
        """`return`; bash, where there is nothing to return from, complains and goes on."""
        if self.machine.bash and not any(isinstance(frame, Called) for frame in self.at.frame.around()):
            return self._end(FAILED)
        return self._leave(Flow.RETURN)

    def break_(self) -> Step:
        """`break`."""
        return self._leave_loop(Flow.BREAK)

    def continue_(self) -> Step:
        """`continue`."""
        return self._leave_loop(Flow.CONTINUE)

    def set(self) -> Step:
        """`set`."""
        return self.machine.end(OK, options(self.at.state, self.words), self.at.frame)

    def declare(self) -> Step:
        """`export`, `local` and the like: assignments whose status is 0."""
        assert isinstance(self.node, Command)
        state = self.at.state
        for word, known in zip(self.node.words[1:], self.words, strict=False):
            found = ASSIGNED.match(word.source)
            if found is not None:
                text = known[found.end() :] if known is not None and not (found[2] or found[3]) else None
                state = with_value(self.machine.names, state, found[1], text)
        return self.machine.end(OK, state, self.at.frame)

    def forgets(self) -> Step:
        """`read`, `getopts`, `let`: variables have other values afterwards."""
        return self.either(self._forgetting([name for word in self.words for name in NAME.findall(word or "")]))

    def unset(self) -> Step:
        """`unset`."""
        names = [word for word in self.words if word is not None]
        return self.machine.end(OK, self._forgetting(names), self.at.frame)

    def source(self) -> Step:
        """`.`: whatever stands there."""
        return self.either(replace(self.at.state, values=()))

    def evaluated(self) -> Step:
        """`eval`: the same shell goes on with a text."""
        if None in self.words:
            return self.source()
        script = self._parsed(" ".join(word for word in self.words if word is not None))
        if _is_beyond(script):
            return self.source()
        if script.faults:
            return self.machine.give(EXIT, replace(self.at.state, status=FAILED), self.at.frame)
        return self.machine.run(script.body, self.at.state, self.at.frame, tested=self.at.tested)

    def shell(self) -> Step:
        """`sh -c 'text'`: a shell of its own."""
        flags: list[str | None] = []
        waiting = iter(self.words)
        for word in waiting:
            if word is None or word[:1] not in ("-", "+"):
                return self.either()
            flags.append(word.replace("c", "") if word[1:2] != "-" else None)
            flags += [next(waiting, None)] if word[1:].endswith("o") else []
            if "c" in word and word[1:2] != "-":
                break
        text = next(waiting, None)
        if text is None:
            return self.either()
        script = self._parsed(text)
        if script.faults:
            return self.either() if _is_beyond(script) else self._end("2")
        frame = self.machine.on(Shell(self.at.frame, self.at.state))
        return self.machine.run(script.body, options(State(), [each for each in flags if each]), frame, tested=False)

    def trap(self) -> Step:
        """`trap`: only what runs at the end is kept."""
        action, *signals = self.words if len(self.words) > 1 else ("-", *self.words)
        state = self.at.state
        if "EXIT" in signals or "0" in signals:
            left = action in (None, "-") or bool(parse(action or "").faults)
            state = replace(state, trap="" if left else action or "")
        return self.machine.end(OK, state, self.at.frame)

    def _end(self, status: str) -> Step:
        return self.machine.end(status, self.at.state, self.at.frame)

    def _decided(self, words: tuple[str | None, ...]) -> Step:
        known = decided(words)
        return self.either() if known is None else self._end(OK if known else "1")

    def _leave(self, flow: Flow) -> Step:
        state = self.at.state
        status = self.words[0] if self.words else state.status
        if status is not None:
            status = str(int(status) % 256) if INTEGER.fullmatch(status) else FAILED
            return self.machine.give(Signal(flow), replace(state, status=status), self.at.frame)
        yes, no = (self.machine.give(Signal(flow), replace(state, status=each), self.at.frame) for each in (OK, FAILED))
        return self.machine.ask(("status", id(self.node)), self.node, self.at.frame, yes, no)

    def _leave_loop(self, flow: Flow) -> Step:
        """Outside a loop they do nothing."""
        if not any(isinstance(frame, Loop) for frame in self.at.frame.around()):
            return self._end(OK)
        level = self.words[0] if self.words else None
        levels = max(int(level), 1) if level is not None and level.isdecimal() else 1
        return self.machine.give(Signal(flow, levels), replace(self.at.state, status=OK), self.at.frame)

    def _forgetting(self, names: Sequence[str]) -> State:
        state = self.at.state
        for name in names:
            state = with_value(self.machine.names, state, name, None)
        return state

    def _parsed(self, text: str) -> Script:
        word = next((each for each in self.node.words if each.text == text), self.node.words[-1])
        begin = Place(word.at.line, word.at.column + (word.source[:1] in "'\""))
        return self.machine.parsed.setdefault((text, begin), parse(text, bash=self.machine.bash, begin=begin))


def _is_beyond(script: Script) -> bool:
    return any(fault.beyond for fault in script.faults)


def options(state: State, words: Sequence[str | None]) -> State:
    """The state after `set` with these words."""
    waiting = iter(words)
    for word in waiting:
        if word is None or word in ("--", "-") or word[:1] not in ("-", "+"):
            break
        for letter in word[1:]:
            name = next(waiting, None) if letter == "o" else OPTIONS.get(letter)
            if name in ("errexit", "pipefail", "nounset"):
                state = replace(state, **{name: word[0] == "-"})
    return state


COMMANDS: dict[str | None, Callable[[_Own], Step]] = {
    "[": _Own.bracket,
    "test": _Own.test,
    "false": _Own.false,
    "exit": _Own.exit,
    "return": _Own.return_,
    "break": _Own.break_,
    "continue": _Own.continue_,
    "set": _Own.set,
    **dict.fromkeys(("export", "readonly", "local", "declare", "typeset"), _Own.declare),
    **dict.fromkeys(("read", "getopts", "let", "mapfile", "readarray"), _Own.forgets),
    "unset": _Own.unset,
    **dict.fromkeys((".", "source"), _Own.source),
    "eval": _Own.evaluated,
    "trap": _Own.trap,
}
