"""One night: judge everything and remember it, then say what changed since the run before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import structs

from selfcheck import __version__
from selfcheck.check import Case
from selfcheck.cli import opening
from selfcheck.errors import CannotOpen, SelfcheckError, Unreadable
from selfcheck.facts import Facts
from selfcheck.guardrail import Guardrail
from selfcheck.model import Outcome, Report
from selfcheck.registry import Registry
from selfcheck.rulebook import in_tree, parse
from selfcheck_observability import reading
from selfcheck_observability.drift import classify
from selfcheck_observability.drift.bisect import Blame, Suspect, commits_between, first_bad, probing, searchable
from selfcheck_observability.drift.charted import charted
from selfcheck_observability.drift.night import Cited, Class, Item, Night, Previous
from selfcheck_observability.home import Home
from selfcheck_observability.insync import synced
from selfcheck_observability.reading import Asking, Recorded
from selfcheck_observability.store import Begun, Database
from selfcheck_observability.store.journal import keep_tracks, tracks

WINDOW = 90
"""Over how many of the last runs it is asked which guardrails never did anything."""
PAST = 20
"""Over how many it is asked which are slow or flaky."""


class Judged(NamedTuple):
    """What was judged tonight, and where it is remembered."""

    report: Report
    run: int
    begun: Begun


class Bench(NamedTuple):
    """What judging older revisions needs."""

    opened: opening.Opened
    facts: Facts
    jobs: int
    registry: Registry
    bisects: bool = True
    """Whether first bad commits are looked for."""


def night(database: Database, place: Home, judged: Judged, bench: Bench, now: datetime) -> Night:
    """The report of a run that is in the store already."""
    with database.asking() as asking:
        known = reading.tracks(asking, judged.begun.repository, judged.begun.branch)
        past = reading.recent(
            asking, place.repository, branch=judged.begun.branch, state="finished", before=judged.run, limit=WINDOW
        )
        every = reading.recent(asking, place.repository, branch=judged.begun.branch, limit=WINDOW)
        before = next((run for run in past if run.kind == "drift"), past[0] if past else None)
        made = _made(asking, judged, past, before, now)
    made = structs.replace(made, cited=_cited(judged.report, before, bench))
    severities = {each.guardrail.id: each.guardrail.severity.value for each in judged.report.verdicts}
    found = classify.items(known.values(), judged.run, before.id if before else 0, now, severities)
    blamed: Mapping[str, Blame] = {}
    if before and bench.bisects:
        blamed = _blamed(found, judged.report, before, bench)
    _keep(database, judged.begun, {name: each.commit for name, each in blamed.items()})
    sync = synced(place, now)
    return structs.replace(
        made,
        map=charted(bench.opened, bench.facts, before.revision if before else None),
        sync=sync if sync.configured else None,
        findings=tuple(_told(each, blamed.get(each.fingerprint)) for each in found),
        accepted=sum(track.state == "accepted" for track in known.values()),
        interrupted=tuple(
            run.id for run in every if run.state == "interrupted" and run.id > (before.id if before else 0)
        ),
    )


def _made(asking: Asking, judged: Judged, past: Sequence[Recorded], before: Recorded | None, now: datetime) -> Night:
    report = judged.report
    recent = reading.verdicts(asking, [run.id for run in past[:PAST]])
    by_run = {run.id: run for run in past}
    today = now.astimezone(UTC).date()
    lately = [(str(by_run[each.run].revision), by_run[each.run].rulebook, each) for each in recent]
    tonight = [(str(report.run.revision), report.run.rulebook, each) for each in reading.verdicts(asking, [judged.run])]
    return Night(
        repository=judged.begun.repository,
        branch=judged.begun.branch,
        run=judged.run,
        finished=now.astimezone(UTC).isoformat(timespec="seconds"),
        revision=report.run.revision,
        selfcheck=__version__,
        rulebook=report.run.rulebook,
        exit=report.exit_code,
        outcome=report.outcome.value,
        passed=report.count(Outcome.PASS),
        failed=report.count(Outcome.FAIL),
        errors=report.count(Outcome.ERROR),
        skipped=report.count(Outcome.SKIP),
        previous=_previous(before, report.run.rulebook),
        findings=(),
        accepted=0,
        ending=classify.ending(report, today),
        idle=classify.idle(
            reading.tallies(asking, [judged.run, *(run.id for run in past)]),
            [guardrail.id for guardrail in report.run.guardrails],
        ),
        slow=classify.slow(report.verdicts, recent),
        flaky=classify.flaky([*lately, *tonight]),
        unjudged=classify.unjudged(report.verdicts),
        unproven=classify.unproven(report.verdicts),
        trend=(*(run.findings for run in past[:PAST][::-1]), _findings(report)),
    )


def _previous(run: Recorded | None, rulebook: str) -> Previous | None:
    if run is None:
        return None
    return Previous(
        run=run.id,
        kind=run.kind,
        finished=run.finished or run.started,
        revision=run.revision,
        rulebook_changed=run.rulebook != rulebook,
    )


def _findings(report: Report) -> int:
    return sum(ruling.counts for verdict in report.verdicts for ruling in verdict.findings)


def _cited(report: Report, before: Recorded | None, bench: Bench) -> Cited:
    """The decisions that guardrails refer to; what the rulebook of the run before referred to is read from git."""
    today = _decisions(report.run.guardrails)
    if before is None or bench.opened.git is None or before.revision is None:
        return Cited(decisions=tuple(sorted(today)))
    try:
        tree = opening.revision(bench.opened.git, before.revision)
        _, files = in_tree(tree, bench.opened.folder)
        past = _decisions(case.guardrail for case in parse(files, bench.registry).cases)
    except (SelfcheckError, Unreadable):
        return Cited(decisions=tuple(sorted(today)))
    return Cited(decisions=tuple(sorted(today)), added=tuple(sorted(today - past)), removed=tuple(sorted(past - today)))


def _decisions(guardrails: Iterable[Guardrail]) -> set[str]:
    return {ref for guardrail in guardrails for ref in guardrail.refs if ref.startswith("ADR-")}


def _blamed(found: Sequence[Item], report: Report, before: Recorded, bench: Bench) -> Mapping[str, Blame]:
    """The first bad commits of what is new tonight and can be looked for."""
    fresh = [each for each in found if each.class_ in (Class.NEW, Class.REGRESSED)]
    cases = _cases(fresh, bench.opened.rulebook.cases)
    names = {case.guardrail.id for case in cases}
    suspects = [Suspect(each.fingerprint, each.guardrail) for each in fresh if each.guardrail in names]
    blamed = {
        each.fingerprint: Blame(None, "was not looked for: its check looks beyond the files")
        for each in fresh
        if each.guardrail not in names
    }
    git = bench.opened.git
    if not suspects or git is None:
        return blamed
    try:
        commits = commits_between(git, str(before.revision), str(report.run.revision))
    except CannotOpen as error:
        return blamed | {each.fingerprint: Blame(None, f"was not looked for: {error}") for each in suspects}
    probe = probing(git, bench.opened.folder, cases, bench.opened, bench.facts, bench.jobs)
    return blamed | first_bad(commits, suspects, probe)


def _cases(found: Sequence[Item], cases: Sequence[Case]) -> list[Case]:
    wanted = {each.guardrail for each in found}
    return [case for case in searchable(cases) if case.guardrail.id in wanted]


def _told(item: Item, blame: Blame | None) -> Item:
    return item if blame is None else structs.replace(item, first_bad=blame.commit, searched=blame.said)


def _keep(database: Database, begun: Begun, commits: Mapping[str, str | None]) -> None:
    """A first bad commit stays with its finding, so that it is told every night."""
    found = {name: commit for name, commit in commits.items() if commit}
    if found:
        with database.writing() as connection:
            known = tracks(connection, begun)
            changed = {name: structs.replace(known[name], first_bad=commit) for name, commit in found.items()}
            keep_tracks(connection, begun, changed)
