"""What checks may ask of earlier runs: the store, as far as there is one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfcheck.history import History, Past
from selfcheck_observability.home import URL, Home, home
from selfcheck_observability.looking import looked_into

SQL = """\
select verdict.run, coalesce(run.finished, run.started) as finished, run.revision, verdict.outcome, verdict.examined, verdict.proof
from verdict join run on run.id = verdict.run
where run.repository = :repository and run.state = 'finished' and verdict.guardrail = :guardrail
order by verdict.run desc limit :runs
"""
"""A run that was cut off says nothing about what comes after it, so it is not asked."""


def history(environ: Mapping[str, str]) -> History | None:
    """What is remembered of the repository around the current folder; None where no run was ever recorded.

    Raises:
        CannotOpen: the store that is configured cannot be read.
    """
    place = home(Path.cwd(), environ)
    return Remembered(place) if environ.get(URL) or place.file.is_file() else None


class Remembered:
    """The finished runs of a repository; the store is opened at the first question."""

    def __init__(self, place: Home) -> None:
        self._place = place
        self._database: Any = None

    def last(self, guardrail: str) -> Past | None:
        """The newest verdict on a guardrail."""
        return next(iter(self.recent(guardrail, 1)), None)

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        """The newest verdicts on a guardrail, newest first."""
        values = {"repository": self._place.repository, "guardrail": guardrail, "runs": runs}
        with self._opened().asking() as asking:
            return tuple(Past(**row) for row in asking.rows(SQL, values))

    def _opened(self) -> Any:
        if self._database is None:
            self._database = looked_into(self._place.url) or _whole(self._place.url)
        return self._database


def _whole(url: str) -> Any:
    # SQLAlchemy is heavy.
    from selfcheck_observability.store import open_database

    return open_database(url, create=False)
