"""A first rulebook, made to fit a repository: what holds today is switched on, what does not stands there as a comment."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import splitext

from msgspec import Struct

from selfcheck.actions.new import New
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
PASSES = "everything here passes today."
ACCEPTED = "what fails today is accepted in the baseline, and nothing new is."
HEAD = f"""\
# The promises of this repository, judged by `selfcheck run` and shown to be able to fail by `selfcheck prove`.
# Written by `selfcheck init`: {PASSES}
# `selfcheck list --checks` names what else can be promised.
version: 1
fail_on: high  # critical and high block, medium and low warn

guardrails:
"""


class Candidate(Struct, frozen=True):
    """One guardrail of the starter: its YAML, and why it was proposed."""

    id: str
    lines: tuple[str, ...]


class Plan(Struct, frozen=True):
    """The file to write; what of it passes, what fails and has to be accepted, and what is left for later."""

    rulebook: New
    kept: tuple[str, ...]
    broken: tuple[Verdict, ...]
    left: tuple[str, ...]


def plan(repo: Repository, catalog: Catalog, *, accepting: bool = False) -> Plan:
    """The starter for a repository; every guardrail that is not commented out passes on it.

    One that fails is switched on too where what fails today will be accepted.
    """
    kept: list[str] = []
    broken: list[Verdict] = []
    left: list[str] = []
    blocks: list[str] = []
    for candidate in _candidates(repo):
        verdict = _judged(candidate, repo, catalog)
        text = "".join(f"{line}\n" for line in candidate.lines)
        if verdict.outcome is Outcome.PASS:
            kept.append(candidate.id)
            blocks.append(text)
        elif accepting and verdict.outcome is Outcome.FAIL:
            broken.append(verdict)
            blocks.append(text)
        else:
            left.append(f"{candidate.id}: {_reason(verdict)}")
            note = f"  # Not kept today ({_reason(verdict)}). Take the marks away once it is:\n"
            blocks.append(note + "".join(f"  #{line[1:]}\n" for line in candidate.lines))
    taken = repo.tree.files(("guardrails/",))  # a folder of something else, say a Python package
    path = "guardrails.yaml" if taken else "guardrails/house.yaml"
    head = HEAD.replace(PASSES, ACCEPTED) if broken else HEAD
    return Plan(New(path, head + "\n".join(blocks)), tuple(kept), tuple(broken), tuple(left))


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
