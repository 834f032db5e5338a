"""The level that a decision claims to have reached is the one that it has."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from selfcheck.check import Canary, Evidence, Finding, Repository, Seen, Strictness, Unprovable, Write
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.history import Past
from selfcheck.subjects.decisions import Decision
from selfcheck.subjects.decisions.levels import LEVELS, SOAK, Criterion, Level, claimed_by, level_of
from selfcheck.subjects.decisions.trace import trace

RECORDED = 4
"""From which level on recorded runs are asked: what is implemented is kept by guardrails that pass."""
RUNS = 200
"""How many recorded verdicts of a guardrail are looked at."""

CANARY = """# Architecture Decision Record (ADR)

## Metadata

- **Status**: Proposed

## Phase 1: Core Decision (ESSENTIAL)

### Title

Claim too much

### Definition of Done

**Current level**: L3
"""


class AdrDone(DecisionCheck, kw_only=True):
    """No decision claims a level of being done, L1 to L5, that its own text refutes.

    What neither the text, the repository nor recorded runs of its guardrails can show is unknown; `attested` asks for it.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"attested": Strictness.MORE}

    attested: bool = False

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each decision that claims too much, with the first criterion that is not met."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        kept = trace(found, repo.guardrails).kept
        asked = shown = 0
        for decision in found.all:
            more = _recorded(kept[decision.path].guardrails, repo) if claimed_by(decision) >= RECORDED else []
            level = level_of(
                decision, lambda path: repo.tree.resolve(posixpath.normpath(path)) is not None, repo.today, more
            )
            if level is not None and not decision.retired:
                criteria = [each for each in level.criteria if each.level <= (level.claimed or 0)]
                asked += len(criteria)
                shown += sum(each.met is not None for each in criteria)
                yield from self._judged(decision, level)
        if asked:
            yield Evidence("criteria of claimed levels, those that can be told", scope=asked, examined=shown)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A decision that claims to be accepted, and holds nothing."""
        found = self.decisions(repo)
        if not found.all:
            raise Unprovable("there is no decision")
        path = f"{found.all[0].folder}/999999-canary.md"
        yield Canary("add a decision that claims too much", (Write(path, CANARY.encode()),), f"{path}: level")

    def _judged(self, decision: Decision, level: Level) -> Iterator[Finding]:
        data = {"claimed": level.claimed, "computed": level.computed}
        refuted, unknown = level.refuted(), level.unknown()
        missing = [each.said for each in refuted]
        if level.ambiguous:
            yield about(decision, "level", "claims several levels", "name the one it has", line=level.line)
        elif refuted:
            said = f"claims L{level.claimed}; L{refuted[0].level} asks for {missing[0]}{_more(missing)}"
            hint = f"fill it in, or claim L{level.computed}" if level.computed else "fill it in"
            yield about(decision, "level", said, hint, line=level.line, data={**data, "missing": missing})
        elif unknown and self.attested:
            names = [each.said for each in unknown]
            said = f"claims L{level.claimed}; nothing shows {names[0]}{_more(names)}"
            hint = f"write `L{level.claimed} attested by WHO on YYYY-MM-DD at COMMIT` under its Definition of Done"
            yield about(decision, "level", said, hint, line=level.line, data={**data, "missing": names})
        phases = decision.document.phases
        later = [each for each in level.criteria if each.level == (level.claimed or 0) + 1 and each.met is False]
        if level.claimed in LEVELS[:-1] and later and phases is not None and not phases.blocking and not refuted:
            said = f"claims L{level.claimed}, and names nothing that keeps it from L{later[0].level}"
            hint = f"list it under its blocking items: {later[0].said}"
            yield about(decision, "blocking", said, hint, line=level.line, data=data)


def _recorded(guardrails: Sequence[str], repo: Repository) -> list[Criterion]:
    """What recorded runs show of the guardrails that keep a decision; where they know nothing of one, nothing is asked."""
    history = repo.history
    found: list[Criterion] = []
    for name in guardrails if history else ():
        past: Sequence[Past] = history.recent(name, RUNS) if history else ()
        judged = [each for each in past if each.outcome in ("pass", "fail")]
        if judged:
            found.append(Criterion(4, f"a pass of {name} when it was last recorded", judged[0].outcome == "pass"))
            since = datetime.combine(repo.today, datetime.min.time(), UTC) - SOAK
            lately = [each for each in judged if datetime.fromisoformat(each.finished) >= since]
            bad = next((each for each in lately if each.outcome == "fail"), None)
            if bad is not None:
                found.append(Criterion(5, f"{SOAK.days} days in which {name} passed (run {bad.run} failed)", met=False))
    return found


def _more(names: list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
