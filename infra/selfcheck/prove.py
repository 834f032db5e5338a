"""Whether a guardrail can fail here: each canary is laid over the tree and the guardrail judged again."""

from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import date
from enum import StrEnum
from functools import partial

import msgspec
from msgspec import Struct

from selfcheck import workers
from selfcheck.check import Canary, CannotJudge, Case, Need, Repository, Unloadable, Unprovable
from selfcheck.guardrail import Severity
from selfcheck.judge import ALL_NEEDS, culprit, decoded, encoded, examine, lane, said
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import Failed, decide
from selfcheck.trees import EditMissed, Overlay


class Proven(StrEnum):
    """What came of the canaries of one guardrail."""

    PROVEN = "proven"
    MISSED = "missed"
    UNPROVABLE = "unprovable"
    ERROR = "error"


class Proof(Struct, frozen=True, kw_only=True, tag="proof"):
    """The outcome for one guardrail; `bit` are the titles of the canaries that turned it red."""

    outcome: Proven
    reason: str | None = None
    bit: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Proof | Failed)


def prove(
    cases: Sequence[Case], repo: Repository, *, fail_on: Severity, jobs: int, allowed: frozenset[Need] = ALL_NEEDS
) -> Generator[tuple[int, Proof]]:
    """Each case's number and proof, as they fall. A guardrail's deadline holds for each of its judgements."""
    work = partial(_proved, cases, repo, fail_on, allowed)
    tasks = [workers.Task(number, case.guardrail.timeout * JUDGEMENTS, lane(case)) for number, case in enumerate(cases)]
    with closing(workers.each(work, tasks, jobs)) as answers:
        for number, answer, _ in answers:
            result = decoded(answer, _decoder, cases[number].guardrail.timeout * JUDGEMENTS)
            yield number, result if isinstance(result, Proof) else Proof(outcome=Proven.ERROR, reason=result.reason)


JUDGEMENTS = 4
"""How many times its deadline a guardrail's proof may take."""


def _proved(cases: Sequence[Case], repo: Repository, fail_on: Severity, allowed: frozenset[Need], number: int) -> bytes:
    try:
        return encoded(proof(cases[number], repo, fail_on, allowed))
    except workers.Interruption:
        raise
    except BaseException as error:
        return encoded(Failed(culprit(error)))


def proof(case: Case, repo: Repository, fail_on: Severity, allowed: frozenset[Need] = ALL_NEEDS) -> Proof:
    """The proof of one guardrail, in this process: every canary must bite."""
    if isinstance(case.check, Unloadable):
        return Proof(outcome=Proven.ERROR, reason=case.check.reason)
    before = _judged(case, repo, repo.today, fail_on, allowed)
    if before.outcome in (Outcome.SKIP, Outcome.ERROR):
        outcome = Proven.UNPROVABLE if before.outcome is Outcome.SKIP else Proven.ERROR
        return Proof(outcome=outcome, reason=f"judged {before.outcome} as the repository stands: {before.reason}")
    try:
        canaries = [*case.canaries, *_own_canaries(case, repo)]
    except (Unprovable, CannotJudge) as reason:
        return Proof(outcome=Proven.UNPROVABLE, reason=said(reason))
    bit: list[str] = []
    for canary in canaries:
        missed = _missed(case, repo, canary, before, fail_on, allowed)
        if missed is not None:
            return Proof(outcome=Proven.MISSED, reason=f"{canary.title}: {missed}", bit=tuple(bit))
        bit.append(canary.title)
    return Proof(outcome=Proven.PROVEN, bit=tuple(bit))


def _own_canaries(case: Case, repo: Repository) -> list[Canary]:
    """The check's own; where the user gave some, it may have none."""
    assert not isinstance(case.check, Unloadable)
    try:
        found = list(case.check.canaries(repo))
    except Unprovable:
        if case.canaries:
            return []
        raise
    if not found and not case.canaries:
        raise Unprovable("the check offers no canary for this repository")
    return found


def _missed(
    case: Case, repo: Repository, canary: Canary, before: Verdict, fail_on: Severity, allowed: frozenset[Need]
) -> str | None:
    """Why the guardrail did not turn red because of the canary, or None where it did."""
    try:
        edited = repo.with_canary(Overlay(repo.tree, canary.edits), canary)
    except EditMissed as error:
        return f"the edit does not fit this repository: {error}"
    after = _judged(case, edited, edited.today, fail_on, allowed)
    if after.outcome is Outcome.ERROR:
        return f"it could not be judged: {after.reason}"
    known = {ruling.fingerprint for ruling in before.findings}
    fresh = [ruling for ruling in after.findings if ruling.fingerprint not in known]
    expected = [ruling for ruling in fresh if _is_expected(canary, ruling.seen.key, ruling.seen.parts)]
    if not expected:
        return f"no new finding{f' about {canary.expect}' if canary.expect else ''} came of it"
    if not any(ruling.counts for ruling in expected):
        return "a waiver hides the finding"
    return None


def _is_expected(canary: Canary, key: str, parts: Sequence[str]) -> bool:
    return canary.expect is None or canary.expect == key or canary.expect in parts


def _judged(case: Case, repo: Repository, today: date, fail_on: Severity, allowed: frozenset[Need]) -> Verdict:
    examination = examine(case, repo, allowed)
    return decide(case.guardrail, examination, today=today, fail_on=fail_on)
