"""Reports to render: what selfcheck may come to, without judging anything."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec import structs

from selfcheck.check import Evidence, Finding, Location, Seen, Unread
from selfcheck.guardrail import Enforce, Guardrail, Pending, Place, Severity, Waiver
from selfcheck.model import Acceptance, Base, By, Report, Run, Verdict
from selfcheck.policy import Entry, Exceptions, Failed, Finished, Line, Past, Renames, Skipped, decide

TODAY = date(2026, 6, 15)
STARTED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SOME = Evidence("files", 1234, 1234)


def guardrail(name: str, severity: Severity = Severity.HIGH, **changes: Any) -> Guardrail:
    """A guardrail with everything written that must be."""
    about: dict[str, Any] = {
        "title": f"What {name} promises is kept",
        "why": f"Where {name} is not kept, people who rely on it lose an afternoon before they find out why.",
        "check": {"use": "max-lines", "limit": 3},
        "place": Place("guardrails/house.yaml", 7),
    }
    return Guardrail(id=name, severity=severity, **(about | changes))


def verdict(of: Guardrail, *seen: Seen, seconds: float = 0.0) -> Verdict:
    """The verdict on what was seen."""
    return decide(of, Finished(seen), today=TODAY, fail_on=Severity.HIGH, seconds=seconds)


def error(of: Guardrail, reason: str) -> Verdict:
    """A guardrail that could not be judged."""
    return decide(of, Failed(reason), today=TODAY, fail_on=Severity.HIGH)


def skip(of: Guardrail, reason: str) -> Verdict:
    """A guardrail that does not apply."""
    return decide(of, Skipped(reason), today=TODAY, fail_on=Severity.HIGH)


def report(*verdicts: Verdict, stopped: int | None = None) -> Report:
    """A report of these verdicts."""
    run = Run(
        root=".",
        revision="9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c",
        rulebook="sha256:" + "0" * 64,
        started=STARTED,
        guardrails=tuple(each.guardrail for each in verdicts),
    )
    return Report(run=run, verdicts=verdicts, seconds=0.4142, stopped=stopped)


def waiver(match: str) -> Waiver:
    """A waiver in force."""
    return Waiver(match=match, reason="the split lands in July", owner="@li", until=date(2026, 7, 31))


def cycle(first: str, second: str) -> Finding:
    """A finding with all that one can hold."""
    return Finding(
        key=f"{first}, {second}",
        message=f"2 modules import each other in a circle: {first} -> {second} -> {first}",
        at=Location(f"{first.replace('.', '/')}.py", 3, 1),
        hint="move what both sides need into a third module, or pass it in as an argument",
        data={"members": [first, second]},
        parts=(first, second),
        amount=2,
    )


def everything() -> Report:
    """Each way in which a guardrail can end, in the order of a rulebook."""
    return report(
        verdict(guardrail("kept"), SOME, Evidence("imports between them", 9, 0)),
        verdict(
            guardrail("kept-but-for-waivers", waivers=(waiver("old.py"), waiver("odd.py"))),
            SOME,
            Finding(key="old.py", message="is too long"),
            Unread("odd.py", "no permission"),
        ),
        verdict(
            guardrail(
                "no-cycles",
                Severity.CRITICAL,
                refs=("ADR-0004", "docs/architecture.md"),
                owner="@platform",
                waivers=(waiver("old.a, old.b"),),
            ),
            SOME,
            cycle("backend.a", "backend.b"),
            cycle("backend.c", "backend.d"),
            cycle("old.a", "old.b"),
            seconds=0.1249,
        ),
        verdict(guardrail("warns", Severity.LOW), SOME, Finding(key="x", message="there is no licence")),
        verdict(
            guardrail("pending", pending=Pending(until=date(2026, 12, 1), reason="the split lands in November")),
            SOME,
            Finding(key="x", message="is too long", at=Location("src/long.py")),
        ),
        verdict(
            guardrail("unread"), SOME, Unread("src/a.py", "no permission"), Unread("src/b.py", "not UTF-8 at byte 3")
        ),
        error(guardrail("crashed"), "crashed: ZeroDivisionError: division by zero (in plugin, line 12)"),
        error(guardrail("crashed-and-warns", enforce=Enforce.WARN), "timed out after 30 s"),
        skip(guardrail("skipped"), "not allowed: needs a program"),
    )


def compared() -> Report:
    """A subfolder compared with a base: findings of every status, two of them grown, and exceptions that end soon."""
    until = date(2026, 11, 26)
    cycles = guardrail(
        "no-cycles",
        Severity.CRITICAL,
        refs=("ADR-0004",),
        owner="@platform",
        waivers=(Waiver(match="old.a, old.b", reason="the split lands in November", owner="@li", until=until),),
        waiver_places=(Place("guardrails/house.yaml", 12),),
    )
    line = Acceptance(
        by=By.BASELINE,
        match="backend.e, backend.f",
        at=Location("guardrails/baseline.jsonl", 3),
        reason="found when selfcheck was turned on",
        owner="@platform",
    )
    small = guardrail("small")
    verdicts = (
        _since(
            cycles,
            before=(_of(cycle("backend.a", "backend.b")), cycle("backend.g", "backend.h"), cycle("gone.a", "gone.b")),
            now=(
                _of(cycle("backend.a", "backend.b"), "backend.c"),
                cycle("backend.c", "backend.d"),
                cycle("backend.e", "backend.f"),
                cycle("backend.g", "backend.h"),
                cycle("old.a", "old.b"),
            ),
            accepted=Line(
                guardrail="no-cycles",
                since=TODAY,
                entry=Entry(key="backend.e, backend.f", parts=("backend.e", "backend.f"), amount=2),
                acceptance=line,
            ),
        ),
        _since(small, before=(_long("old.py", 2298), _long("same.py", 400)), now=(_long("old.py", 2300),)),
        _since(guardrail("debts"), before=(_long("debt.py", 900),), now=(_long("debt.py", 900),)),
    )
    made = report(*verdicts)
    base = Base("origin/main", ("9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c0e9f2c",))
    return structs.replace(made, run=structs.replace(made.run, base=base, folder="services/shop"))


def _since(of: Guardrail, *, before: tuple[Seen, ...], now: tuple[Seen, ...], accepted: Line | None = None) -> Verdict:
    return decide(
        of,
        Finished((SOME, *now)),
        today=STARTED.date(),
        fail_on=Severity.HIGH,
        exceptions=Exceptions(baseline={of.id: (accepted,)} if accepted else {}),
        pasts=(Past(Finished((SOME, *before)), Renames({})),),
    )


def _of(finding: Finding, *more: str) -> Finding:
    """The same circle with more members, of no amount."""
    parts = (*finding.parts, *more)
    return structs.replace(finding, key=", ".join(parts), parts=parts, amount=None)


def _long(path: str, lines: int) -> Finding:
    return Finding(key=path, message=f"{lines:,} lines, at most 300 are allowed", at=Location(path), amount=lines)
