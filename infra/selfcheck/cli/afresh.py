"""The working tree judged as `selfcheck run` judges it, for commands that do so more than once."""

import os
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager

from msgspec import Struct

from selfcheck.check import Case, Need, Repository
from selfcheck.cli import opening
from selfcheck.cli.comparing import Gate
from selfcheck.facts import Facts
from selfcheck.judge import judge
from selfcheck.model import Verdict
from selfcheck.registry import Registry
from selfcheck.store import Store


class Means(Struct, frozen=True, kw_only=True):
    """What stays the same from one judging to the next."""

    registry: Registry
    store: Store | None
    jobs: int
    allowed: frozenset[Need]


class Bench:
    """A tree and its rulebook, ready to be judged by any of its guardrails."""

    def __init__(self, means: Means, opened: opening.Opened, repo: Repository) -> None:
        self._means = means
        self._opened = opened
        self._repo = repo
        self._gate = Gate(opened, repo.facts, means.registry, None, os.environ)

    def verdicts(self, cases: Sequence[Case]) -> Generator[tuple[int, Verdict]]:
        """Each case's number and its verdict, as they fall.

        Raises:
            RulebookError: the baseline is wrong.
        """
        judging = judge(
            cases,
            self._repo,
            fail_on=self._opened.rulebook.fail_on,
            jobs=self._means.jobs,
            allowed=self._means.allowed,
            worthwhile=0.0,  # it will be looked at again
            exceptions=self._gate.exceptions,
            also=self._gate.also,
        )
        with closing(judging) as fallen:
            yield from fallen

    def built_in(self, judged: Sequence[Verdict]) -> list[Verdict]:
        """What the built-in guardrails say, given the verdicts on others in the order of the rulebook."""
        whole = len(judged) == len(self._opened.rulebook.cases)
        return self._gate.verdicts(judged, self._repo, whole=whole)


@contextmanager
def bench(means: Means, opened: opening.Opened) -> Generator[Bench]:
    """A place to judge; what was copied for it is removed afterwards."""
    with opening.open_repository(opened.tree, opened.rulebook.cases, Facts(means.store)) as repo:
        yield Bench(means, opened, repo)
