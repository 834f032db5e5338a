"""A first rulebook, made to fit a repository: what holds today is switched on, what does not stands there as a comment."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from posixpath import splitext

from msgspec import Struct

from selfcheck.check import Repository, Unreadable
from selfcheck.guardrail import Severity
from selfcheck.judge import examine
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import decide
from selfcheck.rulebook import Catalog, Source, parse
from selfcheck.trees.text import is_binary

NEWCOMER = ("README.md", "README.rst", "README", "LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING", "CONTRIBUTING.md")
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
    ".py",
    ".rb",
    ".rs",
    ".swift",
    ".ts",
    ".tsx",
)
STEP = 100
HEAD = """\
# The promises of this repository, judged by `selfcheck run` and shown to be able to fail by `selfcheck prove`.
# Written by `selfcheck init`: everything here passes today. `selfcheck list --checks` names what else can be promised.
version: 1
fail_on: high  # critical and high block, medium and low warn

guardrails:
"""


class Candidate(Struct, frozen=True):
    """One guardrail of the starter: its YAML, and why it was proposed."""

    id: str
    lines: tuple[str, ...]


class Plan(Struct, frozen=True):
    """The file to write, and what of it passes and what is left for later."""

    path: str
    content: str
    kept: tuple[str, ...]
    left: tuple[str, ...]


def plan(repo: Repository, catalog: Catalog) -> Plan:
    """The starter for a repository; every guardrail that is not commented out passes on it."""
    kept: list[str] = []
    left: list[str] = []
    blocks: list[str] = []
    for candidate in _candidates(repo):
        verdict = _judged(candidate, repo, catalog)
        if verdict.outcome is Outcome.PASS:
            kept.append(candidate.id)
            blocks.append("".join(f"{line}\n" for line in candidate.lines))
        else:
            left.append(f"{candidate.id}: {_reason(verdict)}")
            note = f"  # Not kept today ({_reason(verdict)}). Take the marks away once it is:\n"
            blocks.append(note + "".join(f"  #{line[1:]}\n" for line in candidate.lines))
    taken = repo.tree.files(("guardrails/",))  # a folder of something else, say a Python package
    return Plan(
        "guardrails.yaml" if taken else "guardrails/house.yaml", HEAD + "\n".join(blocks), tuple(kept), tuple(left)
    )


def apply(planned: Plan, root: Path) -> Path:
    """The file, written; raises FileExistsError where there is one."""
    path = root / planned.path
    path.parent.mkdir(exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(planned.content)
    return path


def _judged(candidate: Candidate, repo: Repository, catalog: Catalog) -> Verdict:
    source = Source("candidate", (HEAD + "".join(f"{line}\n" for line in candidate.lines)).encode())
    (case,) = parse([source], catalog).cases
    return decide(case.guardrail, examine(case, repo), today=repo.today, fail_on=Severity.LOW)


def _reason(verdict: Verdict) -> str:
    count = len(verdict.findings)
    return verdict.reason or f"{count} finding{'s' * (count != 1)}"


def _candidates(repo: Repository) -> Iterator[Candidate]:
    """What can be promised of nearly every repository, fitted to this one."""
    suffixes = Counter(splitext(path)[1] for path in repo.tree.kinds)
    present = [name for name in NEWCOMER if name in repo.tree.kinds]
    if present:
        yield _newcomer(present)
    sources = sorted(suffix for suffix in SOURCES if suffixes[suffix])
    if ".py" in sources:
        yield _acyclic()
    if sources:
        yield _conflicts(sources)
        main = max(sources, key=lambda suffix: (suffixes[suffix], suffix))
        yield _length(main, _longest(repo, main))
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


def _keys() -> Candidate:
    return _candidate(
        "no-private-keys",
        "No private key is committed",
        "What was pushed once is public for ever.",
        "critical",
        '{use: files-absent, paths: ["**/*.pem", "**/id_rsa", "**/id_ed25519"]}',
    )


def _candidate(name: str, title: str, why: str, severity: str, check: str) -> Candidate:
    rows = [f"id: {name}", f"title: {title}", f"why: {why}", f"severity: {severity}", f"check: {check}"]
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
