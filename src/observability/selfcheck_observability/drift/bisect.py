"""The first bad commit of a finding, by judging revisions between two runs from git's objects, without a checkout."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from selfcheck.check import Case, Check
from selfcheck.cli import opening
from selfcheck.errors import CannotOpen, UsageError
from selfcheck.facts import Facts
from selfcheck.git import Git
from selfcheck.judge import judge
from selfcheck.model import Outcome

COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
MOST = 64
"""How many revisions are judged at most."""


class Blame(NamedTuple):
    """The first bad commit, or what is to be said instead."""

    commit: str | None
    said: str | None


class Suspect(NamedTuple):
    """A finding that is looked for."""

    fingerprint: str
    guardrail: str


class Looked(NamedTuple):
    """What a revision has: findings by their fingerprints, and guardrails that could not be judged there."""

    found: frozenset[str]
    unjudged: frozenset[str] = frozenset()

    def has(self, suspect: Suspect) -> bool | None:
        """Whether a finding is there; None where its guardrail could not be judged."""
        if suspect.fingerprint in self.found:
            return True
        return None if suspect.guardrail in self.unjudged else False


Probe = Callable[[str], Looked]


def first_bad(commits: Sequence[str], suspects: Sequence[Suspect], probe: Probe) -> dict[str, Blame]:
    """For each finding the first commit that has it; the first of `commits` was judged without, the last is today's."""
    judged: dict[str, Looked] = {}

    def at(place: int) -> Looked:
        commit = commits[place]
        if commit not in judged:
            judged[commit] = probe(commit)
        return judged[commit]

    found: dict[str, Blame] = {}
    for suspect in suspects:
        name = suspect.fingerprint
        if not at(len(commits) - 1).has(suspect):
            found[name] = Blame(None, "is not in the commit: it is in the working tree, or not of the files alone")
        elif at(0).has(suspect):
            found[name] = Blame(None, "is in the commit of the run before: the rules changed, not the files")
        elif len(judged) > MOST:
            found[name] = Blame(None, f"was not looked for: {MOST} revisions were judged")
        else:
            found[name] = _between(commits, suspect, at)
    return found


def _between(commits: Sequence[str], suspect: Suspect, at: Callable[[int], Looked]) -> Blame:
    good, bad = 0, len(commits) - 1
    while bad - good > 1:
        middle = (good + bad) // 2
        if at(middle).has(suspect):
            bad = middle
        else:
            good = middle
    unknown = at(good).has(suspect) is None
    return Blame(commits[bad], "at the latest: a commit before it could not be judged" if unknown else None)


def commits_between(git: Git, old: str, new: str) -> tuple[str, ...]:
    """The old commit, then the commits of the first parents up to the new one.

    Raises:
        CannotOpen: they are not in this clone, or one does not lead to the other.
    """
    if not (COMMIT.fullmatch(old) and COMMIT.fullmatch(new)):
        raise CannotOpen("a revision is no commit")
    try:
        git.line("merge-base", "--is-ancestor", old, new)
    except CannotOpen:
        raise CannotOpen(f"{old[:12]}, where the run before was, does not lead here in this clone") from None
    listed = git.line("rev-list", "--first-parent", "--reverse", f"{old}..{new}")
    return (old, *listed.split())


def searchable(cases: Sequence[Case]) -> list[Case]:
    """Those whose check looks at files alone."""
    return [case for case in cases if isinstance(case.check, Check) and not case.check.needs]


def probing(git: Git, folder: str, cases: Sequence[Case], opened: opening.Opened, facts: Facts, jobs: int) -> Probe:
    """A revision judged by today's rulebook: which findings it has, by fingerprint."""

    def probe(commit: str) -> Looked:
        tree = opening.revision(git, commit, folder)
        try:
            with opening.open_repository(tree, opened.rulebook.cases, facts) as repo:
                verdicts = [found for _, found in judge(cases, repo, fail_on=opened.rulebook.fail_on, jobs=jobs)]
        except (CannotOpen, UsageError):
            return Looked(frozenset(), frozenset(case.guardrail.id for case in cases))
        judged = (Outcome.PASS, Outcome.FAIL)
        found = {ruling.fingerprint for each in verdicts for ruling in each.findings}
        unread = {ruling.fingerprint for each in verdicts for ruling in each.unread}
        return Looked(
            frozenset(found | unread), frozenset(each.guardrail.id for each in verdicts if each.outcome not in judged)
        )

    return probe
