"""A MongoDB mirror, read. Nothing here writes."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

import pymongo
from pymongo.database import Database
from pymongo.errors import PyMongoError

from selfcheck.mirrors.address import Address, Unreachable
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.health import LastRun
from selfcheck.subjects.instructions.layout import Layout
from selfcheck.subjects.instructions.plan import Row
from selfcheck.subjects.instructions.records import as_flag, moment, of_mirror

STATE, RUNS, AUDIT, LOCKS = "sync_state", "sync_runs", "sync_audit", "sync_locks"
ANSWERING = 10_000
"""Milliseconds to wait for a server."""

Store = Database[dict[str, Any]]


class MongoMirror:
    """A mirror in a MongoDB collection."""

    def __init__(self, place: Address, layout: Layout) -> None:
        self._place = place
        self._layout = layout

    def read(self) -> Sides:
        """Everything that a plan needs. MongoDB without a replica set has no snapshot: each collection is as it is met."""
        with opened(self._place) as store:
            return sides(store, self._layout, self._place)


def sides(store: Store, layout: Layout, place: Address) -> Sides:
    """What the collections hold."""
    rows = _rows(store, layout, place)
    base = {each["rule"]: dict(each["fields"]) for each in store[STATE].find({"mirror": layout.mirror})}
    return Sides(rows, base, _last(store, layout), made=True)


@contextmanager
def opened(place: Address) -> Generator[Store]:
    """The database that the address names, over a client of our own."""
    with telling(place):
        options: dict[str, Any] = {"connectTimeoutMS": ANSWERING, "appname": "selfcheck sync"}
        if "serverselectiontimeoutms" not in place.url.lower():
            options["serverSelectionTimeoutMS"] = ANSWERING
        client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(place.url, **options)
        with client:
            named = client.get_default_database(default=None) if "/" in place.url.partition("://")[2] else None
            if named is None:
                raise Unreachable(
                    f"{place.name}: the address names no database", "write it after the host: mongodb://host/name"
                )
            yield named


@contextmanager
def telling(place: Address) -> Generator[None]:
    """Whatever the driver says within is told without secrets."""
    try:
        yield
    except (PyMongoError, ValueError) as error:
        raise place.unreachable(error) from None


def ours(layout: Layout) -> dict[str, Any]:
    """What chooses the documents of this mirror."""
    return {} if layout.project is None else {layout.project_column: layout.project}


def _rows(store: Store, layout: Layout, place: Address) -> dict[str, Row]:
    wanted = [layout.id_column, layout.active_column, layout.stamp_column, *layout.columns]
    found: dict[str, Row] = {}
    for document in store[layout.table].find(ours(layout), dict.fromkeys(wanted, 1)):
        name = str(document.get(layout.id_column))
        if name in found:
            raise Unreachable(
                f"{place.name}: {layout.table} has two documents of {name}; make {layout.id_column} unique"
            )
        fields = {each.name: of_mirror(document.get(each.name), each.type, native=True) for each in layout.fields}
        stamp = document.get(layout.stamp_column) if layout.stamp is not None else None
        found[name] = Row(
            fields, as_flag(document.get(layout.active_column)), None if stamp is None else moment(str(stamp))
        )
    return found


def _last(store: Store, layout: Layout) -> LastRun | None:
    runs: list[Mapping[str, Any]] = list(store[RUNS].find({"mirror": layout.mirror}).sort("started", -1).limit(1000))
    if not runs:
        return None
    last = runs[0]
    done = [each for each in runs if each["outcome"] == "done"]
    seconds = [each["seconds"] for each in done if each.get("seconds") is not None]
    return LastRun(
        id=str(last["_id"]),
        outcome=last["outcome"],
        started=last["started"],
        reason=last.get("reason"),
        seconds=last.get("seconds"),
        holder=last.get("holder"),
        last_success=done[0].get("ended") if done else None,
        runs=len(runs),
        failures=len(runs) - len(done),
        mean_seconds=sum(seconds) / len(seconds) if seconds else None,
    )
