"""The import graph of three packages beside other tools that read it, and how the time grows with the number of modules."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import combinations, count
from pathlib import Path
from typing import NamedTuple

from bench.clock import SELFCHECK, Candidate, Timing, compete, once, row, table
from bench.growth import growth
from bench.peers import SUBJECTS, Peers, Subject, repository
from selfcheck.registry import Registry

ROUNDS = 7
SLOW = "Django"
"""The one subject that pylint is run on, once: it takes the better part of a minute there, and minutes elsewhere."""

READ = "python, all bytes read"
COLD, ALONE, FIRST = "selfcheck, --no-cache", "selfcheck, --no-cache -j1", "selfcheck, filling a cache"
WARM, CHANGED, TWENTY = "selfcheck, unchanged", "selfcheck, one file changed", "selfcheck, --no-cache, 20 contracts"
GRIMP, GRIMP_WARM, GRIMP_CHANGED = "grimp, no cache", "grimp, unchanged", "grimp, one file changed"
LINTER, LINTER_WARM = "lint-imports --no-cache", "lint-imports, unchanged"
RUFF, TACH, PYLINT = "ruff analyze graph", "tach check", "pylint R0401, once"

READING = """
import pathlib, sys
print(sum(len(path.read_bytes()) for path in pathlib.Path(sys.argv[1]).rglob("*.py")))
"""
GRAPH = """
import sys, grimp
graph = grimp.build_graph(sys.argv[1], cache_dir=sys.argv[2] if len(sys.argv) > 2 else None)
print(len(graph.modules), graph.count_imports())
"""
OURS = """
import json, sys
from pathlib import Path
from selfcheck.facts import Facts
from selfcheck.subjects.imports import BY_DEFAULT, Kind, components, read
from selfcheck.trees import Directory
graph = read(Directory(Path(".")), Facts(), (sys.argv[1],))
every = [kind for kind in Kind if kind is not Kind.DYNAMIC]
for kinds in (every, BY_DEFAULT):
    edges = graph.edges(kinds)
    found = components(edges)
    print(len(graph.modules), sum(map(len, edges.values())), len(found), sum(map(len, found)))
"""


class Goal(NamedTuple):
    """At most so much of one candidate's median; where that is None, megabytes."""

    subjects: tuple[str, ...]
    candidate: str
    most: float
    than: str | None

    def judged(self, timings: Mapping[str, Timing]) -> tuple[str, str, str, str]:
        """What is wanted, the most, what was measured, and whether that is enough."""
        timing = timings[self.candidate]
        if self.than is None:
            used = max(timing.memory, timing.together or 0)
            return f"{self.candidate}: memory", f"{self.most:g} MB", f"{used:.0f} MB", _yes(used <= self.most)
        ratio = timing.median / timings[self.than].median
        return f"{self.candidate} : {self.than}", f"{self.most:g}", f"{ratio:.3g}", _yes(ratio <= self.most)


ALL = tuple(subject.distribution for subject in SUBJECTS)
GOALS = (
    Goal(("sympy", "homeassistant"), COLD, 1.0, GRIMP),
    Goal(("homeassistant",), WARM, 0.5, GRIMP_WARM),
    Goal(("homeassistant",), CHANGED, 1.0, GRIMP_WARM),
    Goal(ALL, TWENTY, 1.5, COLD),
    Goal(ALL, COLD, 0.5, LINTER),
    Goal((SLOW,), COLD, 1 / 50, PYLINT),
    Goal(("homeassistant",), COLD, 250, None),
)


def tables(folder: Path) -> Iterator[str]:
    """A table of times and one of goals for each package, the counts of each tool, and the growth."""
    peers = Peers()
    for subject in SUBJECTS:
        bench = _Bench(subject, peers, folder / subject.package)
        timings = compete(bench.candidates(), ROUNDS)
        if subject.distribution == SLOW:
            timings[PYLINT] = once(bench.pylint())
        yield table(f"Imports of {subject.title}, whole processes", timings, GRIMP, {}, bench.counts())
        yield _goals([goal for goal in GOALS if subject.distribution in goal.subjects], timings)
        yield bench.components()
    yield growth(folder / "growth", [peers["python"], "-c", GRAPH], ROUNDS)


class _Bench:
    """One package, in one repository that stays as it is and in another whose files are edited."""

    def __init__(self, subject: Subject, peers: Peers, folder: Path) -> None:
        self._peers = peers
        self._package = subject.package
        self._still = repository(subject, "still")
        self._edited = repository(subject, "edited")
        self._folder = folder
        self._numbers = count()
        folder.mkdir(parents=True)
        for name, contracts in (("one", [_acyclic()]), ("twenty", _twenty(subject))):
            self._rulebook(name).write_text(_written(contracts, subject.package), encoding="utf-8")

    def candidates(self) -> dict[str, Candidate]:
        """All that run in turn."""
        first, warm, changed = (str(self._folder / name) for name in ("first", "warm", "changed"))
        return {
            READ: self._python([sys.executable, "-c", READING]),
            COLD: self._run("--no-cache"),
            ALONE: self._run("--no-cache", "-j1"),
            FIRST: self._run("--cache-dir", first, before=partial(shutil.rmtree, first, ignore_errors=True)),
            WARM: self._run("--cache-dir", warm),
            CHANGED: self._run("--cache-dir", changed, folder=self._edited, before=self._edit),
            TWENTY: self._run("--no-cache", rulebook="twenty"),
            GRIMP: self._grimp(),
            GRIMP_WARM: self._grimp("grimp-warm"),
            GRIMP_CHANGED: self._grimp("grimp-changed", folder=self._edited, before=self._edit),
            LINTER: self._peer("lint-imports", "--no-cache"),
            LINTER_WARM: self._peer("lint-imports", "--cache-dir", str(self._folder / "linter")),
            RUFF: self._peer("ruff", "analyze", "graph", self._package),
            TACH: self._peer("tach", "check"),
        }

    def pylint(self) -> Candidate:
        """The slow one; its exit code is a sum of what it found."""
        found = self._peer("pylint", "--disable=all", "--enable=R0401", self._package)
        return found._replace(codes=(0, 8))

    def counts(self) -> dict[str, dict[str, str]]:
        """The files that each tool says to have read and the imports that it says to have found, where it says so."""
        (ours, edges, _, _), _ = self._ours()
        grimp, graph = self._said(self._grimp()).split()
        linted = re.search(r"Analyzed (\d+) files, (\d+) dep", self._said(self._peer("lint-imports", "--no-cache")))
        assert linted is not None
        ruff = json.loads(self._said(self._peer("ruff", "-q", "analyze", "graph", self._package)))
        tach = json.loads(self._said(self._peer("tach", "map")))
        sources = str(sum(1 for _ in (self._still / self._package).rglob("*.py")))
        return {
            "files": {READ: sources, COLD: str(ours), GRIMP: grimp, LINTER: linted[1], RUFF: f"{len(ruff)}"}
            | {TACH: f"{len(tach)}"},
            "imports": {COLD: str(edges), GRIMP: graph, LINTER: linted[2], RUFF: f"{sum(map(len, ruff.values()))}"}
            | {TACH: f"{sum(map(len, tach.values()))}"},
        }

    def components(self) -> str:
        """A sentence on the components, to hold against those that were established by other means."""
        (_, every, *of_every), (_, usual, *by_default) = self._ours()
        return (
            f"Edges: {every:,} by every import, {usual:,} by default kinds. Components / modules in them: "
            f"{' / '.join(map(str, of_every))} by every import, {' / '.join(map(str, by_default))} by default kinds.\n"
        )

    def _ours(self) -> tuple[tuple[int, ...], ...]:
        said = self._said(self._python([sys.executable, "-c", OURS])).splitlines()
        return tuple(tuple(map(int, line.split())) for line in said)

    def _run(
        self, *options: str, rulebook: str = "one", folder: Path | None = None, before: Callable[[], object] = bool
    ) -> Candidate:
        command = [SELFCHECK, "run", "--guardrails", str(self._rulebook(rulebook)), *options]
        return Candidate(command, folder or self._still, before)

    def _grimp(self, cache: str = "", folder: Path | None = None, before: Callable[[], object] = bool) -> Candidate:
        kept = [str(self._folder / cache)] if cache else []
        return Candidate(
            [self._peers["python"], "-c", GRAPH, self._package, *kept], folder or self._still, before, codes=(0,)
        )

    def _peer(self, program: str, *options: str) -> Candidate:
        return Candidate([self._peers[program], *options], self._still)

    def _python(self, command: list[str]) -> Candidate:
        return Candidate([*command, self._package], self._still, codes=(0,))

    def _edit(self) -> None:
        """Another import at the end of one file, as an editor would save it."""
        path = min((self._edited / self._package).glob("*/*.py"))
        source = path.read_text(encoding="utf-8").partition("\n# edited")[0]
        edited = f"{source}\n# edited\nimport {self._package}.selfcheck_{next(self._numbers)}\n"
        path.write_text(edited, encoding="utf-8")

    def _said(self, candidate: Candidate) -> str:
        done = subprocess.run(candidate.command, cwd=candidate.folder, capture_output=True, text=True, check=False)
        if done.returncode not in candidate.codes:
            raise RuntimeError(f"{candidate.command} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def _rulebook(self, name: str) -> Path:
        return self._folder / f"{name}.yaml"


def _acyclic(**options: object) -> dict[str, object]:
    return {"use": "imports-acyclic", **options}


def _twenty(subject: Subject) -> list[dict[str, object]]:
    """Contracts of each kind that is installed over the same graph, and acyclic ones over ever other imports.

    Most are kept or nearly so, as contracts are: what is timed is the judging, not the telling of a thousand findings.
    """
    a, b, c, d = (f"{subject.package}.{name}" for name in subject.layers)
    apart = [f"{subject.package}.{name}" for name in subject.apart]
    known = Registry(plugins=False).checks()
    wanted: list[dict[str, object]] = [
        _acyclic(),
        _acyclic(depth=2),
        _acyclic(ancestors=True),
        {"use": "imports-layers", "layers": [a, b, c, d]},
        {"use": "imports-layers", "layers": [a, f"{b} : {c}", d]},
        {"use": "imports-forbidden", "source_modules": [d], "forbidden_modules": [a]},
        {"use": "imports-forbidden", "source_modules": [c, d], "forbidden_modules": [a, b]},
        {"use": "imports-forbidden", "source_modules": [c], "forbidden_modules": [b], "allow_indirect_imports": True},
        {"use": "imports-independent", "modules": apart},
        {"use": "imports-independent", "modules": [a, *apart] if a not in apart else apart},
        {"use": "imports-protected", "protected_modules": [a], "allowed_importers": [b]},
        {"use": "imports-protected", "protected_modules": [b], "allowed_importers": [f"{subject.package}.*"]},
        {"use": "imports-allowed", "source_modules": [d], "allowed_modules": [d], "third_party": True},
        {"use": "imports-required", "modules": [d], "importers": [c], "any": True},
        {"use": "imports-required", "modules": [d], "importers": [a], "indirect": True},
        {"use": "imports-resolve"},
    ]
    kinds = ("function", "type-checking", "guarded", "lazy", "star")
    more = (_acyclic(kinds=each) for size in (5, 4, 3) for each in combinations(kinds, size))
    installed = [each for each in wanted if each["use"] in known]
    return [*installed, *(each for each, _ in zip(more, range(20 - len(installed)), strict=False))]


def _written(contracts: list[dict[str, object]], package: str) -> str:
    promise = {"title": "A promise", "why": "It is measured.", "severity": "high"}
    guardrails = [
        {"id": f"contract-{number}", **promise, "check": {**contract, "roots": [package]}}
        for number, contract in enumerate(contracts)
    ]
    return json.dumps({"version": 1, "guardrails": guardrails}, indent=1)


def _goals(goals: list[Goal], timings: Mapping[str, Timing]) -> str:
    rows = [goal.judged(timings) for goal in goals]
    lines = [row(["ratio of medians", "at most", "measured", "reached"]), row(["---"] * 4)]
    return "\n".join((*lines, *map(row, rows), ""))


def _yes(reached: bool) -> str:
    return "yes" if reached else "**no**"
