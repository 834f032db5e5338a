"""What supersedes what is said by both sides, and the statuses agree with it."""

import posixpath
from collections.abc import Iterator

from selfcheck.check import Append, Canary, Evidence, Finding, Repository, Seen, Unprovable, Write
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.subjects.decisions import Decision, Decisions, Relation, Status, Verb

OPPOSITE = {
    Verb.SUPERSEDES: Verb.SUPERSEDED_BY,
    Verb.SUPERSEDED_BY: Verb.SUPERSEDES,
    Verb.AMENDS: Verb.AMENDED_BY,
    Verb.AMENDED_BY: Verb.AMENDS,
}
NOBODY = "999999-canary.md"
FORWARD = (Verb.SUPERSEDES, Verb.AMENDS)


class AdrSupersede(DecisionCheck, kw_only=True):
    """What supersedes or amends another decision is named there too, is decided itself, and nothing does so in a circle.

    What is superseded only in part stays in force.
    """

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each relation that is wrong on one of its sides."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        count = 0
        for decision in found.all:
            for relation in decision.related(*OPPOSITE):
                count += 1
                yield from _relation(found, decision, relation)
            yield from _without(decision)
        if count:
            yield Evidence("relations", scope=count, examined=count)
        yield from _circles(found)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """The first decision in force superseded by one that nobody wrote; and a new one that supersedes it alone."""
        found = self.decisions(repo)
        held = (each for each in found.all if found.in_force(each) and each.path.endswith(".md"))
        decision = next(held, None)
        if decision is None:
            raise Unprovable("no decision in Markdown is in force")
        edit = Append(decision.path, f"\n## Status\n\nSuperseded by [canary]({NOBODY})\n".encode())
        key = f"{decision.path}: {Verb.SUPERSEDED_BY} {NOBODY}"
        yield Canary(f"let {decision.id} be superseded by nobody", (edit,), key)
        link = posixpath.relpath(decision.path, decision.folder)
        path = f"{decision.folder}/999998-canary.md"
        text = f"# 999998. Canary\n\n## Status\n\nAccepted\n\nSupersedes [it]({link})\n\n## Decision\n\nx\n"
        yield Canary(
            f"supersede {decision.id} on one side", (Write(path, text.encode()),), f"{path}: supersedes {link}"
        )


def _relation(found: Decisions, decision: Decision, relation: Relation) -> Iterator[Finding]:
    meant = found.meant(decision, relation)
    what = f"{relation.verb} {relation.target or relation.text}"
    named = relation.text.strip() or relation.target
    if meant is None:
        return
    if not meant:
        if decision.status is not Status.REJECTED:
            said = f"says that it {_said(relation)} {named}, which is not there"
            yield about(decision, what, said, "mend the reference", line=relation.line)
        return
    if decision in meant:
        yield about(decision, what, f"says that it {_said(relation)} itself", "name the other one", line=relation.line)
        return
    for other in meant[:1] if len({each.path for each in meant}) > 1 else meant:
        yield from _sides(found, decision, relation, other, what, among=meant)


def _sides(
    found: Decisions, decision: Decision, relation: Relation, other: Decision, what: str, *, among: list[Decision]
) -> Iterator[Finding]:
    """What the two sides of a relation make of each other; of several with one number any may be meant."""
    newer = decision if relation.verb in FORWARD else other
    if newer.pending or newer.status is Status.REJECTED:
        yield from _by_none(decision, relation, newer, what)
        return
    back = [
        each
        for one in among
        for each in one.related(OPPOSITE[relation.verb])
        if decision in (found.meant(one, each) or ())
    ]
    kin = (Verb.SUPERSEDES, Verb.AMENDS) if relation.verb not in FORWARD else (Verb.SUPERSEDED_BY, Verb.AMENDED_BY)
    looser = [each for one in among for each in one.related(*kin) if decision in (found.meant(one, each) or ())]
    if not looser:
        opposite = OPPOSITE[relation.verb]
        said = f"{_said(relation)} {other.id}, which does not say so"
        yield about(
            decision,
            what,
            said,
            f'write "{opposite.capitalize()} {decision.id}" with the status of {other.path}',
            line=relation.line,
            data={"other": other.id},
        )
    elif relation.verb is Verb.SUPERSEDES and back and back[0].partial != relation.partial:
        parts = (other, decision) if back[0].partial else (decision, other)
        said = f"supersedes {other.id}, in part by what {parts[0].id} says and wholly by what {parts[1].id} does"
        yield about(decision, what, said, "say the same in both", line=relation.line, data={"other": other.id})


def _by_none(decision: Decision, relation: Relation, newer: Decision, what: str) -> Iterator[Finding]:
    """What is only proposed supersedes nothing yet: nothing may be out of force by it."""
    if newer is not decision and relation.verb is Verb.SUPERSEDED_BY and decision.status is Status.SUPERSEDED:
        others = [each for each in decision.related(Verb.SUPERSEDED_BY) if each is not relation]
        if not others and not relation.partial:
            said = f"is superseded by {newer.id}, which is only {newer.status}"
            hint = f"leave {decision.id} in force until {newer.id} is accepted"
            yield about(decision, what, said, hint, line=relation.line, data={"other": newer.id})


def _without(decision: Decision) -> Iterator[Finding]:
    """A status that does not go with the relations."""
    by = decision.related(Verb.SUPERSEDED_BY)
    line = decision.readings[0][0].line if decision.readings else 1
    if decision.status is Status.SUPERSEDED and not by:
        said = "is superseded, and does not say by which"
        yield about(decision, "superseded", said, "name the decision that holds now", line=line)
    if decision.status in (Status.ACCEPTED, Status.IMPLEMENTED) and any(not each.partial for each in by):
        relation = next(each for each in by if not each.partial)
        said = f"is {decision.status}, and superseded by {relation.text.strip() or relation.target}"
        yield about(decision, "in force", said, "make its status superseded, or say that it is so in part", line=line)


def _circles(found: Decisions) -> Iterator[Finding]:
    """Decisions that supersede each other in a circle."""
    after: dict[str, list[Decision]] = {each.path: [] for each in found.all}
    for decision in found.all:
        for relation in decision.related(Verb.SUPERSEDES, Verb.SUPERSEDED_BY):
            for other in found.meant(decision, relation) or ():
                if not relation.partial and other is not decision:
                    newer, older = (decision, other) if relation.verb is Verb.SUPERSEDES else (other, decision)
                    after[newer.path].append(older)
    told: set[frozenset[str]] = set()
    for decision in found.all:
        way = _way_back(after, decision)
        if way and (members := frozenset(each.path for each in way)) not in told:
            told.add(members)
            names = " -> ".join(each.id for each in (*way, way[0]))
            yield about(
                way[0], "circle", f"decisions supersede each other in a circle: {names}", "cut it where it is wrong"
            )


def _way_back(after: dict[str, list[Decision]], start: Decision) -> list[Decision]:
    """The shortest way from a decision to itself."""
    ways: list[list[Decision]] = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for other in after.get(way[-1].path, ()):
            if other is start:
                return way
            if other.path not in seen:
                seen.add(other.path)
                ways.append([*way, other])
    return []


def _said(relation: Relation) -> str:
    part = "in part " if relation.partial else ""
    return (
        f"is {part}{relation.verb}"
        if relation.verb in (Verb.SUPERSEDED_BY, Verb.AMENDED_BY)
        else f"{part}{relation.verb}"
    )
