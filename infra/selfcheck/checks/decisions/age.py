"""What is proposed is decided in time, and what is to be looked at again is."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Repository, Seen, Strictness, Unprovable, Write
from selfcheck.checks.decisions.check import DecisionCheck, about


class AdrAge(DecisionCheck, kw_only=True):
    """No decision stays proposed for long, none is past the day by which it was to be looked at again, none is of tomorrow."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"days": Strictness.LESS}

    days: Annotated[int, Meta(ge=1, le=36_500)] = 90

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each that is late; what says no date is counted as not examined."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        today = repo.today
        pending = [each for each in found.all if each.pending]
        for decision in pending:
            if decision.day is not None and (today - decision.day).days > self.days:
                age = (today - decision.day).days
                said = f"is {decision.status} since {decision.day}, longer than {self.days} days"
                hint = "accept or reject it, or date it anew"
                yield about(decision, "pending", said, hint, data={"day": decision.day.isoformat(), "days": age})
        for decision in found.all:
            review = decision.review_by
            if review is not None and not decision.retired and review[1] < today:
                said = f"was to be looked at again by {review[1]}"
                hint = "look at it again, and name the next day"
                yield about(decision, "review", said, hint, line=review[0].line, data={"day": review[1].isoformat()})
            if decision.day is not None and decision.day > today + timedelta(days=1):
                said = f"is of {decision.day}, which is yet to come"
                yield about(decision, "future", said, "correct the date", data={"day": decision.day.isoformat()})
        if pending:
            dated = sum(each.day is not None for each in pending)
            yield Evidence("undecided decisions, those with a date", scope=len(pending), examined=dated)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A decision that was proposed too long ago, and one that was to be looked at again yesterday."""
        found = self.decisions(repo)
        if not found.all:
            raise Unprovable("there is no decision")
        path = f"{found.all[0].folder}/999999-canary.md"
        late = repo.today - timedelta(days=min(self.days + 1, (repo.today - repo.today.min).days))
        text = f"# 999999. Canary\n\nDate: {late}\n\n## Status\n\nProposed\n\n## Decision\n\nx\n"
        yield Canary(f"propose a decision, dated {late}", (Write(path, text.encode()),), f"{path}: pending")
        again = f"{found.all[0].folder}/999998-canary.md"
        yesterday = repo.today - timedelta(days=1)
        text = f"# 999998. Canary\n\nReview by: {yesterday}\n\n## Status\n\nAccepted\n\n## Decision\n\nx\n"
        yield Canary("let a decision be past its review", (Write(again, text.encode()),), f"{again}: review")
