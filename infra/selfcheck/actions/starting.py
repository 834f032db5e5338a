"""What can be promised of nearly every repository, fitted to one: the guardrails of a first rulebook, as YAML."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import splitext

from msgspec import Struct

from selfcheck.check import Repository, Unreadable
from selfcheck.trees.text import is_binary

NEWCOMER = ("README.md", "README.rst", "README", "LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING", "CONTRIBUTING.md")
PYTHON = ".py"
SOURCES = (
    ".c",
    ".cpp",
    ".cs",
    ".go",
    ".java",
    ".js",
    ".jsx",
    ".kt",
    ".php",
    PYTHON,
    ".rb",
    ".rs",
    ".swift",
    ".ts",
    ".tsx",
)
STEP = 100
OF_PYTHON = {"python", "living-architecture"}
"""Packs that look for circles and long modules themselves."""
OF_MIGRATIONS = {"django", "fastapi", "flask", "living-architecture"}


class Candidate(Struct, frozen=True):
    """One guardrail of the starter: its id and its YAML."""

    id: str
    lines: tuple[str, ...]


def candidates(repo: Repository, packs: Sequence[str], migrations: Sequence[str]) -> Iterator[Candidate]:
    """What the packs do not say already."""
    suffixes = Counter(splitext(path)[1] for path in repo.tree.kinds)
    present = [name for name in NEWCOMER if name in repo.tree.kinds]
    if present:
        yield _newcomer(present)
    sources = sorted(suffix for suffix in SOURCES if suffixes[suffix])
    if PYTHON in sources and OF_PYTHON.isdisjoint(packs):
        yield _acyclic()
    unmarked = [suffix for suffix in sources if suffix != PYTHON or "python" not in packs]
    if unmarked:
        yield _conflicts(unmarked)
    if sources:
        main = max(sources, key=lambda suffix: (suffixes[suffix], suffix))
        if main != PYTHON or OF_PYTHON.isdisjoint(packs):
            yield _length(main, _longest(repo, main))
    if migrations and OF_MIGRATIONS.isdisjoint(packs):
        yield _migrations()
    yield _keys()


def _newcomer(present: Sequence[str]) -> Candidate:
    return _candidate(
        "newcomer-files",
        "What a newcomer looks for first is there",
        "A link or a badge somewhere leads to each of these.",
        "high",
        f"{{use: files-exist, paths: {json.dumps(present)}}}",
    )


def _acyclic() -> Candidate:
    return _candidate(
        "no-import-cycles",
        "Python modules do not import each other in a circle",
        "Modules in a circle cannot be understood, tested or moved one at a time.",
        "high",
        '{use: imports-acyclic, roots: ["."]}',
    )


def _conflicts(suffixes: Sequence[str]) -> Candidate:
    paths = json.dumps([f"**/*{suffix}" for suffix in suffixes])
    return _candidate(
        "no-conflict-markers",
        "No merge conflict is committed",
        "A source with conflict markers is broken, whichever side was meant.",
        "critical",
        f"{{use: text-forbids, pattern: '^(<{{7}}|>{{7}}) ', paths: {paths}}}",
    )


def _length(suffix: str, longest: int) -> Candidate:
    limit = max(STEP, -(-longest // STEP) * STEP)
    return _candidate(
        "source-length",
        f"No {suffix} file grows past today's longest, {longest:,} lines",
        "A file that nobody can read whole collects what belongs elsewhere; lower the limit as they get shorter.",
        "medium",
        f"{{use: max-lines, limit: {limit}, paths: {json.dumps([f'**/*{suffix}'])}}}",
    )


def _migrations() -> Candidate:
    return _candidate(
        "migrations-history",
        "The migrations of each database are one history with one head",
        "Two heads are found at the next deployment, when it stops half-way.",
        "high",
        "{use: migrations-graph}",
    )


def _keys() -> Candidate:
    return _candidate(
        "no-private-keys",
        "No private key is committed",
        "What was pushed once is public for ever.",
        "critical",
        '{use: files-absent, paths: ["**/*.pem", "**/id_rsa", "**/id_ed25519"]}',
    )


def _candidate(name: str, title: str, why: str, severity: str, check: str) -> Candidate:
    rows = [f"id: {name}", f"title: {title}", f"why: {why}", f"severity: {severity}"]
    rows += ["enforce: warn"] if severity == "medium" else []
    rows.append(f"check: {check}")
    return Candidate(name, tuple(f"  {'- ' if number == 0 else '  '}{row}" for number, row in enumerate(rows)))


def _longest(repo: Repository, suffix: str) -> int:
    longest = 0
    for file in repo.tree.files((f"**/*{suffix}",)):
        try:
            content = file.bytes
        except Unreadable:
            continue
        longest = max(longest, 0 if is_binary(content) else content.count(b"\n") + 1)
    return longest
