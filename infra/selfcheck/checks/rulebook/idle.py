"""A guardrail that was only ever skipped, or never looked at anything, guards nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Check, Evidence, Need, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.rulebook.rules import account, found, in_force
from selfcheck.guardrail import Guardrail
from selfcheck.history import Past

ASLEEP = {"skip": "was skipped", "error": "could not be judged"}


class RulebookIdle(Check):
    """Every guardrail was judged, and looked at something, in at least one of the last recorded runs.

    `selfcheck run --record` records them. Nothing is said of a guardrail with fewer recorded verdicts than `runs`.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"runs": Strictness.LESS}

    runs: Annotated[int, Meta(ge=2, le=1000)] = 10

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each guardrail that guarded nothing."""
        known = 0
        history = repo.history
        wanted = [each for each in in_force(repo) if not _needs_a_base(repo, each)]
        for guardrail in wanted:
            past = list(history.recent(guardrail.id, self.runs)) if history else []
            if len(past) == self.runs:
                known += 1
                if why := _idle(past):
                    said = f"{why} in each of the last {self.runs} recorded runs"
                    hint = "mend what keeps it from being judged, or take it out"
                    yield found(guardrail, ("check",), "idle", said, hint, {"runs": self.runs, "last": past[0].run})
        yield account(repo)
        if wanted:
            yield Evidence("guardrails with enough recorded runs", scope=len(wanted), examined=known)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """The first guardrail is remembered as skipped, as not judged, and as one that looked at nothing."""
        guardrail = next((each for each in in_force(repo) if not _needs_a_base(repo, each)), None)
        if guardrail is None:
            raise Unprovable("no guardrail is in force that is judged without a base")
        for outcome in (*ASLEEP, "pass"):
            title = f"remember {guardrail.id} as one of which nothing came but {outcome}"
            yield Canary(title, (), f"{guardrail.id}: idle", history=_Always(outcome, self.runs))


def _needs_a_base(repo: Repository, guardrail: Guardrail) -> bool:
    """Whether it is skipped wherever nothing is compared, as at night."""
    check = repo.check_of(guardrail)
    return check is not None and Need.BASE in check.needs


class _Always:
    """So many runs, in which the same came of every guardrail and nothing was looked at."""

    def __init__(self, outcome: str, runs: int) -> None:
        self._past = (
            Past(run=1, finished="2026-01-01T00:00:00+00:00", revision=None, outcome=outcome, examined=0, proof=None),
        ) * runs

    def last(self, guardrail: str) -> Past | None:
        """The newest."""
        return self.recent(guardrail, 1)[0]

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        """As many as there are."""
        del guardrail
        return self._past[:runs]


def _idle(past: Sequence[Past]) -> str | None:
    """Why a guardrail did nothing in all of these runs, if it did nothing."""
    for outcome, said in ASLEEP.items():
        if all(each.outcome == outcome for each in past):
            return said
    return None if any(each.examined for each in past) else "looked at nothing"
