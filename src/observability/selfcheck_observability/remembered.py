"""What checks may ask of earlier runs: the store, as far as there is one."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selfcheck.history import History, Past
from selfcheck_observability.home import URL, Home, home
from selfcheck_observability.looking import looked_into

SQL = """\
select run.id as run, coalesce(run.finished, run.started) as finished, run.revision, verdict.outcome, verdict.examined, verdict.proof
from run cross join verdict
where run.repository = :repository and run.state = 'finished'
  and verdict.run = run.id and verdict.guardrail = :guardrail
order by run.id desc limit :runs
"""
"""A run that was cut off is no pass and no failure of what was not judged, so it is not asked. SQLite goes through a cross
join from the left: from the newest run on."""


def history(environ: Mapping[str, str]) -> History | None:
    """What is remembered of the repository around the current folder; None where no run was ever recorded.

    Raises:
        CannotOpen: the store that is configured cannot be read.
    """
    place = home(Path.cwd(), environ)
    if not environ.get(URL) and not place.file.is_file():
        return None
    found = Remembered(place)
    found.recent("", 1)  # a store that cannot be read is told before anything is made of it
    return found


class Remembered:
    """The finished runs of a repository. The run that asks may be recorded there itself, and is not finished."""

    def __init__(self, place: Home) -> None:
        self._place = place

    def last(self, guardrail: str) -> Past | None:
        """The newest verdict on a guardrail."""
        return next(iter(self.recent(guardrail, 1)), None)

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        """The newest verdicts on a guardrail, newest first."""
        values = {"repository": self._place.repository, "guardrail": guardrail, "runs": runs}
        with _opened(self._place.url) as database, database.asking() as asking:
            return tuple(Past(**row) for row in asking.rows(SQL, values))


@contextmanager
def _opened(url: str) -> Generator[Any]:
    light = looked_into(url, unfinished=True)
    if light is not None:
        with light:
            yield light
        return
    # SQLAlchemy is heavy.
    from selfcheck_observability.store import open_database

    database = open_database(url, create=False)
    try:
        yield database
    finally:
        database.close()
