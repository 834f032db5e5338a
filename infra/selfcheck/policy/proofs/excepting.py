"""Whether the guardrail `exceptions` can fail here: exceptions from a guardrail of these rules, each wrong in one way."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import structs

from selfcheck.guardrail import Guardrail, Severity, Waiver
from selfcheck.model import Evidence, Finding, Location, Verdict
from selfcheck.policy import baseline, builtin
from selfcheck.policy.decide import decide
from selfcheck.policy.exceptions import Circumstances, judge_exceptions
from selfcheck.policy.given import Exceptions, Finished, Line
from selfcheck.policy.loosened import Rules
from selfcheck.policy.proofs.tried import NAME, PATH, WHY, Tried, comment, line, missed, read


class Written(NamedTuple):
    """What is written beside sound exceptions, and what is found beside that which they accept."""

    waivers: tuple[Waiver, ...] = ()
    text: str = ""
    lines: tuple[Line, ...] = ()
    found: tuple[str, ...] = ()
    waivable: bool = True


class Fault(NamedTuple):
    """Exceptions of which one is wrong, and the key of the finding that must come of it."""

    title: str
    written: Written
    expect: str


def of_exceptions(rules: Rules, today: date) -> Iterator[Tried]:
    """Each way in which an exception can be wrong, beside a waiver, a comment and a line of the baseline that are not."""
    guardrail = rules.rulebook.cases[0].guardrail
    known = [case.guardrail.id for case in rules.rulebook.cases]
    before = _judged(guardrail, known, today, Written())
    for title, written, expect in _faults(guardrail.id, today):
        yield Tried(title, missed(before, _judged(guardrail, known, today, written), expect))


def _faults(name: str, today: date) -> Iterator[Fault]:
    yield from _of_waivers(name, today)
    yield from _of_comments(name, today)
    gone, unknown = line(name, NAME, today), line(NAME, NAME, today)
    yield Fault(f"keep a line for {name} that nothing needs", Written(lines=(gone,)), f"baseline {name}: {NAME}")
    yield Fault("keep a line for a guardrail that there is not", Written(lines=(unknown,)), f"baseline {NAME}: {NAME}")


def _of_waivers(name: str, today: date) -> Iterator[Fault]:
    key = f"waiver {name}: {NAME}"
    waiver = Waiver(match=NAME, reason=WHY, owner=NAME, until=today)
    ended = structs.replace(waiver, until=today - timedelta(days=1))
    narrow, wide = (structs.replace(waiver, match=f"{NAME} *", count=count) for count in (1, 3))
    two = (f"{NAME} 1", f"{NAME} 2")
    yield Fault(f"let a waiver of {name} end", Written((ended,), found=(NAME,)), key)
    yield Fault(f"keep a waiver of {name} that nothing needs", Written((waiver,)), key)
    yield Fault(f"let a waiver of {name} cover more than it counts", Written((narrow,), found=two), f"{key} *")
    yield Fault(f"let a waiver of {name} count more than it covers", Written((wide,), found=two), f"{key} *")
    yield Fault(f"waive {name} where that is not allowed", Written((waiver,), found=(NAME,), waivable=False), key)


def _of_comments(name: str, today: date) -> Iterator[Fault]:
    key = f"comment {name}: {PATH}"
    ended = comment(name, today - timedelta(days=1))
    yield Fault(f"let a comment for {name} end", Written(text=f"# {ended}\n"), key)
    yield Fault(f"keep a comment for {name} that nothing needs", Written(text=f"# {comment(name, today)}\n"), key)
    unknown = Written(text=f"# {comment(NAME, today)}\n")
    yield Fault("write a comment for a guardrail that there is not", unknown, f"comment {NAME}: {PATH}")
    endless = Written(text=f"# selfcheck: ignore[{name}] owner=@{NAME} -- {WHY}\n")
    yield Fault(f"write a comment for {name} without an end", endless, f"comment {PATH}")


def _judged(guardrail: Guardrail, known: list[str], today: date, written: Written) -> Verdict | None:
    """The verdict on what is written."""
    sound = Waiver(match="waived", reason=WHY, owner=NAME, until=today)
    text = read(f"# {comment(guardrail.id, today)}\nx = 1\n{written.text}")
    lines = baseline.by_guardrail((line(guardrail.id, "accepted", today), *written.lines))
    exceptions = Exceptions(lines, text.remarks)
    found = [Finding(key=key, message=WHY) for key in ("waived", "accepted", *written.found)]
    verdict = decide(
        structs.replace(
            guardrail, waivers=(sound, *written.waivers), waiver_places=(), waivable=written.waivable, enabled=None
        ),
        Finished((Evidence("files", 1, 1), *found, Finding(key="remarked", message=WHY, at=Location(PATH, 2)))),
        today=today,
        fail_on=Severity.LOW,
        exceptions=exceptions,
    )
    given = Circumstances(today=today, known=known, malformed=text.malformed, strict=True)
    return judge_exceptions(builtin.exceptions(guardrail.place), [verdict], exceptions, given)
