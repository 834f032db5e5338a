"""One repository judged by its rulebook, whoever asks: verdicts, built-in guardrails, proofs, a report."""

import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from enum import Enum
from functools import partial

from msgspec import Struct

from selfcheck.check import Case, Need, Repository
from selfcheck.cli import opening, proofs
from selfcheck.cli.comparing import Gate, source_of
from selfcheck.errors import Stopped
from selfcheck.guardrail import Severity
from selfcheck.judge import ALL_NEEDS, in_order, judge
from selfcheck.model import Base, Report, Run, Verdict
from selfcheck.observers import Observer
from selfcheck.prove import Proof, Terms


class Proofs(Enum):
    """Which proofs the verdicts come with: none, those that are known, or all, made anew where they are not known."""

    NONE = "none"
    KNOWN = "known"
    RENEWED = "renewed"


class How(Struct, frozen=True, kw_only=True):
    """By what a repository is judged beside its rulebook."""

    fail_on: Severity
    jobs: int
    allowed: frozenset[Need] = ALL_NEEDS
    fixed: bool = False
    """Whether a base is judged whole, to learn what is fixed since."""
    proofs: Proofs = Proofs.NONE


def judged(opened: opening.Opened, cases: Sequence[Case], how: How, gate: Gate, audience: Observer) -> Report:
    """Judge these cases; a signal ends the judging and leaves a report of what was judged."""
    with opening.open_repository(
        opened.tree, opened.rulebook.cases, gate.facts, gate.nearest, gate.target, gate.change
    ) as repo:
        judging = partial(
            judge,
            cases,
            repo,
            fail_on=how.fail_on,
            jobs=how.jobs,
            allowed=how.allowed,
            exceptions=gate.exceptions,
            also=gate.also,
            bases=gate.compared(repo),
            fixed=how.fixed,
        )
        whole = len(cases) == len(opened.rulebook.cases)
        built_in = partial(gate.verdicts, repo=repo, whole=whole)
        known = _proofs(cases, repo, how, gate)
        attach = partial(proofs.attached, binding=how.proofs is Proofs.RENEWED)
        begun = _begun(opened, cases, gate.base)
        return _report(begun, cases, repo, how.fail_on, judging, built_in, known, attach, audience)


def _proofs(cases: Sequence[Case], repo: Repository, how: How, gate: Gate) -> Callable[[], dict[str, Proof]]:
    terms = Terms(fail_on=how.fail_on, allowed=how.allowed, exceptions=gate.exceptions_on)
    match how.proofs:
        case Proofs.RENEWED:
            return partial(proofs.renewed, cases, repo, terms, how.jobs)
        case Proofs.KNOWN:
            return partial(proofs.remembered, cases, repo, terms)
        case Proofs.NONE:
            return dict


def _report(
    begun: Run,
    cases: Sequence[Case],
    repo: Repository,
    fail_on: Severity,
    judging: Callable[[], Generator[tuple[int, Verdict]]],
    built_in: Callable[[Sequence[Verdict]], list[Verdict]],
    known: Callable[[], dict[str, Proof]],
    attach: Callable[[Iterable[Verdict], dict[str, Proof]], tuple[Verdict, ...]],
    audience: Observer,
) -> Report:
    """Judge all cases; a signal ends the judging and leaves a report of what was judged."""
    clock = time.monotonic()
    verdicts: dict[int, Verdict] = {}
    beyond: list[Verdict] = []
    proven: dict[str, Proof] = {}
    stopped: int | None = None
    try:
        audience.begin(begun)
        with closing(judging()) as fallen:
            for number, verdict in fallen:
                verdicts[number] = verdict
                audience.verdict(verdict)
        beyond = built_in([verdicts[number] for number in sorted(verdicts)])
        for verdict in beyond:
            audience.verdict(verdict)
        proven = known()
    except Stopped as signal:
        stopped = signal.exit_code
    ordered = in_order(cases, verdicts, today=repo.today, fail_on=fail_on)
    report = Report(
        run=begun,
        verdicts=(*attach(ordered, proven), *beyond),
        seconds=time.monotonic() - clock,
        source=source_of(repo.tree),
        stopped=stopped,
    )
    audience.end(report)
    return report


def _begun(opened: opening.Opened, cases: Sequence[Case], base: Base | None) -> Run:
    return Run(
        root=opened.root,
        folder=opened.folder,
        base=base,
        revision=opened.revision,
        rulebook=opened.rulebook.digest,
        started=datetime.now(UTC),
        guardrails=tuple(case.guardrail for case in cases),
    )
