"""What the store is asked: runs, the verdicts of one, how a guardrail fared over many. Importing this costs no SQLAlchemy."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from selfcheck_observability.tracks import Track


class Asking(Protocol):
    """One state of a store, whoever reads it; values stand for `:name` in the SQL."""

    def rows(self, sql: str, values: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """The rows, by the names of their columns."""
        ...


class Recorded(Struct, frozen=True, kw_only=True):
    """A run as it was written down; `state` is running, finished, stopped or interrupted."""

    id: int
    kind: str
    repository: str
    branch: str
    revision: str | None
    folder: str
    base: str | None
    rulebook: str
    environment: str
    started: str
    finished: str | None
    seconds: float | None
    state: str
    outcome: str | None
    exit: int | None
    promised: int
    passed: int
    failed: int
    errors: int
    skipped: int
    findings: int
    audit_chain: str | None
    audit_number: int | None
    audit_head: str | None

    @property
    def said(self) -> str:
        """What it came to, in one word; one that never ended came to nothing."""
        return self.outcome if self.state == "finished" and self.outcome else self.state


class Judged(Struct, frozen=True, kw_only=True):
    """A verdict as it was written down."""

    run: int
    guardrail: str
    number: int
    severity: str
    gates: bool
    outcome: str
    reason: str | None
    counting: int
    examined: int
    proof: str | None
    seconds: float


class Looked(Struct, frozen=True, kw_only=True):
    """One piece of evidence."""

    guardrail: str
    what: str
    scope: int
    examined: int


class Found(Struct, frozen=True, kw_only=True):
    """One finding of one run."""

    guardrail: str
    key: str
    status: str
    message: str
    path: str | None
    line: int | None
    fingerprint: str


class Tally(Struct, frozen=True, kw_only=True):
    """How one guardrail fared over some runs."""

    guardrail: str
    runs: int
    failed: int
    errors: int
    skipped: int
    examined: int
    """The most that it ever examined."""


TALLIES = """\
select guardrail, count(*) as runs,
  sum(case when outcome = 'fail' then 1 else 0 end) as failed,
  sum(case when outcome = 'error' then 1 else 0 end) as errors,
  sum(case when outcome = 'skip' then 1 else 0 end) as skipped,
  max(examined) as examined
from verdict where run in"""


def recent(
    asking: Asking,
    repository: str,
    *,
    branch: str | None = None,
    kind: str | None = None,
    state: str | None = None,
    limit: int | None = None,
    before: int | None = None,
) -> list[Recorded]:
    """The newest runs, newest first."""
    given = {"branch": branch, "kind": kind, "state": state}
    wanted = {name: value for name, value in given.items() if value is not None}
    where = ["repository = :repository", *(f"{name} = :{name}" for name in wanted)]
    where += ["id < :before"] if before is not None else []
    rest = f"where {' and '.join(where)} order by id desc{' limit :limit' if limit is not None else ''}"
    values = {**wanted, "repository": repository, "before": before, "limit": limit}
    given_values = {name: value for name, value in values.items() if value is not None}
    return _all(asking, _select(Recorded, "run", rest), given_values, Recorded)


def run(asking: Asking, number: int) -> Recorded | None:
    """One run."""
    found = _all(asking, _select(Recorded, "run", "where id = :id"), {"id": number}, Recorded)
    return found[0] if found else None


def verdicts(asking: Asking, runs: Sequence[int]) -> list[Judged]:
    """The verdicts of some runs, by run and in the order in which they fell."""
    those, values = _among(runs)
    return _all(asking, _select(Judged, "verdict", f"where run in {those} order by run, number"), values, Judged)


def looked(asking: Asking, number: int) -> list[Looked]:
    """The evidence of a run."""
    sql = _select(Looked, "evidence", "where run = :run order by guardrail, number")
    return _all(asking, sql, {"run": number}, Looked)


def found(asking: Asking, number: int) -> list[Found]:
    """The findings of a run."""
    sql = _select(Found, "sighting", "where run = :run order by guardrail, key, fingerprint")
    return _all(asking, sql, {"run": number}, Found)


def tracks(asking: Asking, repository: str, branch: str) -> dict[str, Track]:
    """Every finding that was ever seen on a branch, by fingerprint."""
    sql = _select(Track, "track", "where repository = :repository and branch = :branch")
    rows: list[Track] = _all(asking, sql, {"repository": repository, "branch": branch}, Track)
    return {each.fingerprint: each for each in rows}


def tallies(asking: Asking, runs: Sequence[int]) -> dict[str, Tally]:
    """How each guardrail fared over these runs."""
    those, values = _among(runs)
    return {each.guardrail: each for each in _all(asking, f"{TALLIES} {those} group by guardrail", values, Tally)}


def _select(kind: type[Struct], table: str, rest: str) -> str:
    """The columns are called like the fields. No part of it is a value."""
    columns = ", ".join(f'"{name}"' for name in kind.__struct_fields__)
    return " ".join(("select", columns, "from", table, rest))


def _among(numbers: Sequence[int]) -> tuple[str, dict[str, int]]:
    """Some numbers as SQL, with their values; a list that is empty holds none."""
    values = {f"n{place}": number for place, number in enumerate(numbers)}
    return f"({', '.join(f':{name}' for name in values) or 'null'})", values


def _all(asking: Asking, sql: str, values: Mapping[str, Any], kind: type[Any]) -> list[Any]:
    return [
        msgspec.convert({str(name): value for name, value in row.items()}, kind, strict=False)
        for row in asking.rows(sql, values)
    ]
