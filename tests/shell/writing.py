"""Small scripts made up at random, whose commands `p1`, `p2` … end as one wishes, and what a real shell makes of them."""

import itertools
import random
import shlex
import subprocess
from collections.abc import Iterable

from msgspec import Struct

ATOMS = (
    "true",
    "false",
    "echo x",
    ":",
    "exit 0",
    "exit 1",
    "exit",
    "exit $r",
    "[ $? -eq 0 ]",
    "[ $? -ne 0 ]",
    "[ $r = 0 ]",
    "r=0",
    "r=1",
    "r=$?",
    "set -e",
    "set +e",
    "return 0",
    "return 1",
)
AROUND = (
    "( {})",
    "{{ {}; }}",
    "if {}; then {}; fi",
    "if {}; then {}; else {}; fi",
    "x=$( {})",
    "echo $( {})",
    "case $r in 0) {};; *) {};; esac",
)
"""What stands around lists of commands."""
USAGE = 2
"""The status of a shell that could not go on, with `2` for what it complains of."""


class Written(Struct, frozen=True):
    """A script, and the variables that say how each of its commands ends: one for each round of the loops around it."""

    text: str
    probes: tuple[str, ...]

    @property
    def endings(self) -> list[tuple[str, ...]]:
        """All the ways in which its commands may end."""
        return list(itertools.product("01", repeat=len(self.probes)))


class Writer:
    """Makes up scripts."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._loops: list[str] = []
        self._functions = 0
        self._quoted = False
        self._probes: list[str] = []
        self._count = 0

    def script(self) -> Written:
        """A script of one to six commands that can end either way."""
        while True:
            self._probes.clear()
            self._count = self._functions = 0
            text = f"r=0\n{self._list(3)}"
            if 1 <= len(self._probes) <= 6 and len(text) < 400:
                return Written(text, tuple(self._probes))

    def _probe(self) -> str:
        self._count += 1
        rounds = itertools.product("12", repeat=len(self._loops))
        self._probes += [f"B{self._count}_{''.join(each)}" for each in rounds]
        return f"p{self._count} {''.join(f'${loop}' for loop in self._loops)}".rstrip()

    def _atom(self) -> str:
        return self._probe() if self._chance.random() < 0.5 else self._chance.choice(ATOMS)

    def _list(self, depth: int) -> str:
        several = self._chance.choice((1, 1, 2, 2, 3))
        return self._chance.choice(("; ", "\n")).join(self._and_or(depth) for _ in range(several))

    def _and_or(self, depth: int) -> str:
        if depth == 0:
            return self._atom()
        match self._chance.randrange(12):
            case 0:
                return f"{self._command(depth - 1)} && {self._command(depth - 1)}"
            case 1 | 2:
                return f"{self._command(depth - 1)} || {self._command(depth - 1)}"
            case 3:
                return f"! {self._command(depth - 1)}"
            case 4:
                return f"{self._command(depth - 1)} | {self._command(depth - 1)}"
            case _:
                return self._command(depth)

    def _command(self, depth: int) -> str:
        if depth == 0 or self._chance.random() < 0.2:
            return self._atom()
        if self._chance.random() < 0.5:
            written = self._chance.choice(AROUND)
            return written.format(*(self._list(depth - 1) for _ in range(written.count("{}"))))
        return self._chance.choice((self._loop, self._while, self._function, self._behind, self._trap, self._eval))(
            depth - 1
        )

    def _while(self, below: int) -> str:  # what dash makes of a `return` in the condition is its own
        return f"while {self._list(below).replace('return', 'exit')}; do {self._list(below)}; break; done"

    def _function(self, below: int) -> str:
        self._functions += 1
        name = f"f{self._functions}"
        return f"{{ {name}() {{ {self._list(below)}; }}; {name}; }}"

    def _behind(self, below: int) -> str:
        return f"{{ {self._command(below)} & }}"

    def _trap(self, _: int) -> str:
        return self._atom() if self._quoted else f"trap '{self._atom().replace('return', 'exit')}' EXIT"

    def _eval(self, below: int) -> str:
        if self._quoted:
            return self._atom()
        self._quoted = True
        text = self._list(below)
        self._quoted = False
        return f"eval '{text}'"

    def _loop(self, below: int) -> str:
        if len(self._loops) == 2:
            return self._atom()
        name = "ab"[len(self._loops)]
        self._loops.append(name)
        body = self._list(below) + self._chance.choice(("", "", " && break", " || continue", "; break"))
        self._loops.pop()
        return f"for {name} in 1 2; do {body}; done"


def statuses(shell: str, scripts: Iterable[Written]) -> list[list[int]]:
    """With which status each script ends in a real shell, for each of its endings."""
    scripts = list(scripts)
    lines: list[str] = []
    for script in scripts:
        numbers = sorted({each[1:].partition("_")[0] for each in script.probes})
        probes = "".join(f'p{each}() {{ eval "return \\${{B{each}_$1}}"; }}\n' for each in numbers)
        run = f"{shlex.quote(shell)} -c {shlex.quote(probes + script.text)} >/dev/null 2>&1; echo $?"
        lines += [" ".join([*map("=".join, zip(script.probes, ending, strict=True)), run]) for ending in script.endings]
    process = subprocess.run([shell], input="\n".join(lines), capture_output=True, text=True, check=True)
    found = iter(map(int, process.stdout.split()))
    return [[next(found) for _ in script.endings] for script in scripts]
