"""What is wrong with the exceptions themselves: ended, unneeded, unknown, wider than what they cover, malformed."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from msgspec import Struct

from selfcheck.guardrail import BUILT_IN, Guardrail, Severity
from selfcheck.model import Acceptance, By, Evidence, Finding, Location, Seen, Verdict
from selfcheck.policy.baseline import is_judged
from selfcheck.policy.decide import decide
from selfcheck.policy.given import Exceptions, Finished
from selfcheck.suggest import unknown

UPDATE = "run `selfcheck baseline update`, which takes out what is no longer found; after moves with `--renames BASE`"
NOT_WAIVABLE = "accepts nothing: its guardrail is not waivable", "take it out"
RENEW = "mend what it covers, or give it a new end and a reason that still holds"
NAMES = {
    By.WAIVER: "the waiver of {}",
    By.COMMENT: "the comment for {}",
    By.BASELINE: "the baseline's line for {}",
    By.APPROVAL: "the approval of {}",
}


class Malformed(Struct, frozen=True):
    """A comment that means to be an exception and is none: where, and what is wrong."""

    at: Location
    message: str


class Circumstances(Struct, frozen=True, kw_only=True):
    """What the exceptions are judged by, beside the verdicts."""

    today: date
    known: Collection[str]
    """The ids of all guardrails of the rulebook, judged or not."""
    malformed: Sequence[Malformed] = ()
    strict: bool = False
    """Whether a line of the baseline that accepts nothing more is a finding, as in CI."""


def judge_exceptions(
    guardrail: Guardrail, verdicts: Sequence[Verdict], exceptions: Exceptions, given: Circumstances
) -> Verdict | None:
    """The verdict on all exceptions of a run; None where there are none."""
    seen = list(_seen(verdicts, exceptions, given))
    written = sum(len(verdict.acceptances) for verdict in verdicts) + len(given.malformed)
    if not seen and not written:
        return None
    evidence = Evidence("exceptions", written, written)
    return decide(guardrail, Finished((*seen, evidence)), today=given.today, fail_on=Severity.LOW)


def _seen(verdicts: Sequence[Verdict], exceptions: Exceptions, given: Circumstances) -> Iterator[Seen]:
    for verdict in verdicts:
        judging = _Judging(
            waivable=verdict.guardrail.waivable,
            whole=is_judged(verdict),
            # A finding that outgrew its line has its place in the report already.
            grown=any(ruling.growth for ruling in verdict.findings),
        )
        for acceptance in verdict.acceptances:
            fault = _fault(judging, acceptance, given)
            if fault is not None:
                yield _finding(verdict.guardrail.id, acceptance, *fault)
    yield from _of_nothing(exceptions, given)
    for each in given.malformed:
        yield Finding(key=f"comment {each.at.path}", at=each.at, message=each.message)


class _Judging(Struct, frozen=True, kw_only=True):
    """How the guardrail was judged that an exception is from."""

    waivable: bool
    whole: bool
    grown: bool


def _fault(judging: _Judging, acceptance: Acceptance, given: Circumstances) -> tuple[str, str] | None:
    """The gravest fault of an exception, if it has one, and what to do."""
    left = acceptance.left(given.today)
    counted = _counted(acceptance)
    if not judging.waivable:
        return NOT_WAIVABLE
    if left is not None and left < 0:
        return f"ended on {acceptance.until}", RENEW
    if acceptance.by is By.BASELINE:
        stale = judging.whole and given.strict and acceptance.covered < counted and not judging.grown
        return (_stale(acceptance, counted), UPDATE) if stale else None
    if acceptance.covered > counted:
        said = f"covers {acceptance.covered}, more than the {counted} that it counts, so it accepts none"
        return said, "mend what is new, or count anew with a reason"
    if not judging.whole or acceptance.covered == counted:
        return None
    if acceptance.covered == 0:
        return "covers nothing that is found", "take it out"
    said = f"counts {counted} and covers {acceptance.covered}: room for a new one"
    return said, f"lower its `count` to {acceptance.covered}"


def _stale(acceptance: Acceptance, counted: int) -> str:
    if counted == 1:
        return "accepts what is no longer found"
    return f"accepts {counted} and {acceptance.covered} are found"


def _counted(acceptance: Acceptance) -> int:
    """How many findings it is written for; any number where it does not say."""
    return acceptance.count if acceptance.count is not None else max(1, acceptance.covered)


def _of_nothing(exceptions: Exceptions, given: Circumstances) -> Iterator[Finding]:
    """Exceptions from guardrails that there are not."""
    for name in sorted({*exceptions.comments, *exceptions.baseline} - set(given.known)):
        said, hint = f"names an {unknown('guardrail', name, given.known)}", "name one that there is, or take it out"
        if name in BUILT_IN:
            said, hint = NOT_WAIVABLE
        for remark in exceptions.comments.get(name, ()):
            yield _finding(name, remark.acceptance, said, hint)
        if exceptions.baseline.get(name):
            yield _finding(name, exceptions.baseline[name][0].acceptance, said, UPDATE)


def _finding(guardrail: str, acceptance: Acceptance, said: str, hint: str) -> Finding:
    name = NAMES[acceptance.by].format(guardrail)
    which = "" if acceptance.by is By.COMMENT else f", {acceptance.match},"
    return Finding(
        key=f"{acceptance.by} {guardrail}: {acceptance.match}",
        at=acceptance.at,
        message=f"{name}{which} {said}",
        hint=hint,
    )
