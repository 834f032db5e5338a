"""Decisions in force are kept by guardrails, and guardrails keep decisions in force."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from msgspec import structs

from selfcheck.check import Canary, Evidence, Finding, Location, Repository, Seen, Strictness, Unprovable, Write
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.subjects.decisions import Decision, Decisions
from selfcheck.subjects.decisions.trace import Kept, Reference, trace

PACK = "pack:"


class AdrEnforced(DecisionCheck, kw_only=True):
    """Every decision in force is kept by a guardrail or says why none can keep it, and no guardrail keeps one that is not.

    A decision names its guardrails in a section or a field about that; a guardrail names its decisions in `refs`.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"both": Strictness.MORE}

    both: bool = False
    since: date | None = None

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each decision that nothing keeps, and for each reference of a guardrail to none in force."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        traced = trace(found, repo.guardrails)
        held = [each for each in found.all if found.in_force(each) and self._counts(each)]
        kept = 0
        for decision in held:
            wrong = list(self._kept(decision, traced.kept[decision.path]))
            kept += not wrong
            yield from wrong
        yield Evidence("decisions in force, those kept or with a reason why not", scope=len(held), examined=kept)
        for reference in traced.references:
            yield from _referring(found, reference)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A decision that nothing keeps, and a guardrail that refers to a decision that nobody wrote."""
        found = self.decisions(repo)
        if not found.all:
            raise Unprovable("there is no decision")
        path = f"{found.all[0].folder}/999999-canary.md"
        text = (
            f"# 999999. Canary\n\nDate: {repo.today}\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n"
        )
        yield Canary("add a decision that nothing keeps", (Write(path, text.encode()),), f"{path}: guardrail")
        if repo.guardrails and found.numbers:
            first = next((each for each in repo.guardrails if each.switched_off is None), None)
            if first is not None:
                changed = structs.replace(first, refs=(*first.refs, "ADR-999998"))
                guardrails = tuple(changed if each is first else each for each in repo.guardrails)
                title = f"let {first.id} refer to a decision that nobody wrote"
                yield Canary(title, (), f"{first.id}: ADR-999998", guardrails=guardrails)
                if self.both:
                    named = Write(path, f"{text}\n## Guardrail\n\nThe guardrail `{first.id}` keeps it.\n".encode())
                    yield Canary(f"add a decision that {first.id} does not name", (named,), f"{path}: one side")

    def _counts(self, decision: Decision) -> bool:
        return self.since is None or decision.day is None or decision.day >= self.since

    def _kept(self, decision: Decision, kept: Kept) -> Iterator[Finding]:
        for said in kept.unknown:
            message = f"names a guardrail {said.text}, which the rulebook has not"
            yield about(decision, f"names {said.text}", message, "write it, or mend the name", line=said.line)
        if kept.guardrails:
            if self.both and kept.named != kept.referring:
                one = ", ".join(sorted(set(kept.named) ^ set(kept.referring)))
                hint = "name it in the decision, and the decision in its `refs`"
                yield about(decision, "one side", f"only one side names the other: {one}", hint)
        elif kept.reason is None:
            message = "is in force, and no guardrail keeps it"
            hint = f"name {decision.id} in the `refs` of the guardrail that does, or write in it `Enforcement: none: ` and why"
            yield about(decision, "guardrail", message, hint)
        elif not kept.reason:
            message = "says that no guardrail keeps it, and not why"
            yield about(decision, "guardrail", message, "say why none is possible")


def _referring(found: Decisions, reference: Reference) -> Iterator[Finding]:
    meant = [found.by_path[path] for path in reference.decisions]
    if any(found.in_force(each) or not each.says_status for each in meant):
        return
    guardrail = reference.guardrail
    said = f"is {meant[0].status or 'of a status that is not known'}" if meant else "is not there"
    by = (
        [each.text.strip() or each.target for each in meant[0].document.relations if each.verb == "superseded by"]
        if meant
        else []
    )
    place = guardrail.at("refs", reference.number)
    yield Finding(
        key=f"{guardrail.id}: {reference.text}",
        message=f"{guardrail.id}: refers to {reference.text}, which {said}",
        at=None if place.file.startswith(PACK) else Location(place.file, place.line),
        hint=f"refer to what holds now: {by[0]}" if by else "refer to what holds now, or take the guardrail out",
        data={"guardrail": guardrail.id, "ref": reference.text},
    )
