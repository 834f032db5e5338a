"""What is put off has an end, in sight."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Check, Finding, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.rulebook.rules import account, changed, found, in_force
from selfcheck.guardrail import Enforce, Guardrail, Pending, Waiver

FOREVER = "a date that nobody here will see is no end; name the day by which it can be done"


class RulebookDeadlines(Check):
    """What a guardrail puts off or accepts ends within a year, and what has ended is taken out.

    It is about `pending` and the ends of waivers. Waivers that have ended or cover nothing are for `exceptions`.
    """

    strictness: ClassVar = {"days": Strictness.LESS}

    days: Annotated[int, Meta(ge=1, le=36_500)] = 366

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each `pending` that has ended, has no effect or has no end in sight, and each such waiver."""
        latest = self._latest(repo)
        for guardrail in in_force(repo):
            if guardrail.pending is not None:
                yield from self._of_pending(guardrail, guardrail.pending, repo.today, latest)
            for number, waiver in enumerate(guardrail.waivers):
                if waiver.until > latest:
                    said = f"the waiver for {waiver.match} lasts until {waiver.until}, more than {self.days} days"
                    yield _found(guardrail, ("waivers", number), f"waiver {waiver.match}", said, FOREVER, waiver.until)
        yield account(repo)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In the first guardrail: an end that is past, one that is too far, and a waiver without an end in sight."""
        guardrail = next(iter(in_force(repo)), None)
        if guardrail is None:
            raise Unprovable("no guardrail is in force")
        late = self._latest(repo) + timedelta(days=1)
        for title, until in (("that has ended", repo.today - timedelta(days=1)), ("without an end in sight", late)):
            pending = Pending(until=until, reason="canary")
            yield changed(repo, f"let {guardrail.id} be pending {title}", guardrail, "pending", pending=pending)
        waiver = Waiver(match="canary", reason="canary", owner="canary", until=late)
        title = f"waive a finding of {guardrail.id} without an end in sight"
        yield changed(repo, title, guardrail, "waiver canary", waivers=(*guardrail.waivers, waiver))

    def _of_pending(self, guardrail: Guardrail, pending: Pending, today: date, latest: date) -> Iterator[Finding]:
        """At most one finding: what has ended is no longer far away."""
        until = pending.until
        if until < today:
            said, hint = f"is pending until {until}, which is over", "take `pending` out"
        elif guardrail.enforce is Enforce.WARN:
            said, hint = f"is pending until {until}, and never blocks", "take `pending` out, or `enforce: warn`"
        elif until > latest:
            said, hint = f"is pending until {until}, more than {self.days} days", FOREVER
        else:
            return
        yield _found(guardrail, ("pending",), "pending", said, hint, until)

    def _latest(self, repo: Repository) -> date:
        """The last day that is in sight; the calendar has an end."""
        return repo.today + min(timedelta(days=self.days), date.max - repo.today - timedelta(days=1))


def _found(guardrail: Guardrail, path: tuple[str | int, ...], about: str, said: str, hint: str, until: date) -> Finding:
    return found(guardrail, path, about, said, hint, {"until": until.isoformat()})
