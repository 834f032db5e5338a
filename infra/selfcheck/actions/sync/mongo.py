"""Writing to MongoDB without transactions: a journal of idempotent steps under a lease, taken up again by the next sync.

The steps are: the backup on disk, the audit, the rows, the state, the end of the run. Whoever is cut off between two of
them leaves a run that is open; the next sync plans from what it finds, in which finished steps are no work.
"""

import json
import os
import re
import socket
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pymongo
from pymongo.errors import DuplicateKeyError

from selfcheck.actions.sync.request import Busy, Run, SyncError, now
from selfcheck.mirrors.address import Address
from selfcheck.mirrors.mongo import AUDIT, LOCKS, RUNS, STATE, MongoMirror, Store, opened, ours, sides, telling
from selfcheck.mirrors.sides import Sides
from selfcheck.subjects.instructions.layout import ACTIVE, Layout
from selfcheck.subjects.instructions.plan import Act, Item, Plan
from selfcheck.subjects.instructions.records import Record, Records

LEASE = 120.0
"""Seconds after which a writer that was cut off no longer keeps others out."""
POLL = 0.1
HOLDER = re.compile(r"(.*), process (\d+)")


class MongoWriter:
    """A mirror that is written to, in a database of its own client or one that it was handed and never closes."""

    def __init__(self, place: Address, layout: Layout, *, wait: float, handed: Store | None = None) -> None:
        self._place = place
        self._layout = layout
        self._wait = wait
        self._handed = handed

    def read(self) -> Sides:
        """What it holds now."""
        if self._handed is None:
            return MongoMirror(self._place, self._layout).read()
        with self._store() as store:
            return sides(store, self._layout, self._place)

    def begin(self, run: Run) -> None:
        """Make the indexes of a collection that is not there yet; runs begin under the lease."""
        with self._store() as store:
            if self._layout.table not in store.list_collection_names():
                _make(store, self._layout)

    @contextmanager
    def writing(self, run: Run) -> Generator["MongoSession"]:
        """The lease, until the end."""
        with self._store() as store:
            self._take(store, run)
            try:
                runs = store[RUNS]
                runs.update_many(
                    {"mirror": self._layout.mirror, "outcome": "running"}, {"$set": {"outcome": "interrupted"}}
                )
                runs.insert_one(
                    {
                        "_id": run.id,
                        "mirror": self._layout.mirror,
                        "started": run.started,
                        "outcome": "running",
                        "holder": run.holder,
                        "file": run.file,
                        "strategy": run.strategy.value,
                    }
                )
                yield MongoSession(store, self._layout, self._place)
            finally:
                store[LOCKS].delete_one({"_id": self._layout.mirror, "run": run.id})

    def end(self, run: Run, outcome: str, reason: str) -> None:
        """Note how the run ended."""
        with self._store() as store:
            said = {"outcome": outcome, "reason": self._place.cleaned(reason), "ended": now()}
            asked = {"_id": run.id} if outcome == "failed" else {"_id": run.id, "outcome": "running"}
            store[RUNS].update_one(asked, {"$set": said})

    def close(self) -> None:
        """Nothing is kept open; what was handed over stays as it is."""

    @contextmanager
    def _store(self) -> Generator[Store]:
        if self._handed is not None:
            with telling(self._place):
                yield self._handed
            return
        with opened(self._place) as store:
            yield store

    def _take(self, store: Store, run: Run) -> None:
        until = time.monotonic() + self._wait
        mirror, locks = self._layout.mirror, store[LOCKS]
        while True:
            held = locks.find_one({"_id": mirror})
            if held is None:
                try:
                    locks.insert_one({"_id": mirror, **_lease(run)})
                    return
                except DuplicateKeyError:
                    continue
            if held["until"] < time.time() or _is_dead(held["holder"]):
                taken = locks.update_one({"_id": mirror, "run": held["run"]}, {"$set": _lease(run)})
                if taken.modified_count:
                    return
            if time.monotonic() >= until:
                who = f"{held['holder']}, since {held['since']}"
                name = self._place.name
                raise Busy(
                    f"{name}: another writer holds the lock ({who}); waited {self._wait:g} s, nothing was written"
                )
            time.sleep(POLL)


class MongoSession:
    """The mirror within the lease."""

    def __init__(self, store: Store, layout: Layout, place: Address) -> None:
        self._store = store
        self._layout = layout
        self._place = place

    def sides(self) -> Sides:
        """What it holds now."""
        return sides(self._store, self._layout, self._place)

    def export(self, rules: Sequence[str]) -> list[Mapping[str, Any]]:
        """These documents whole."""
        key = self._layout.id_column
        found = self._store[self._layout.table].find({**ours(self._layout), key: {"$in": list(rules)}})
        return sorted(found, key=lambda each: str(each[key]))

    def write(self, plan: Plan, file: Records, run: Run, backup: str | None, seconds: float) -> None:
        """Audit, rows, state, and the end of the run: each step can be done again without harm."""
        acting = [item for item in plan.items if item.act is not Act.NOTHING]
        self._bulk(AUDIT, run, [self._audited(item, run, backup) for item in acting])
        self._bulk(self._layout.table, run, [self._changed(item, file, run, backup) for item in acting])
        mirror = self._layout.mirror
        states: list[Any] = [
            pymongo.ReplaceOne(
                {"_id": f"{mirror}:{rule}"}, {"mirror": mirror, "rule": rule, "fields": dict(fields)}, upsert=True
            )
            for rule, fields in plan.base.items()
        ]
        self._bulk(STATE, run, states)
        if plan.forgotten:
            self._store[STATE].delete_many({"mirror": mirror, "rule": {"$in": list(plan.forgotten)}})
        done = {"outcome": "done", "ended": now(), "counts": plan.counts, "backup": backup, "seconds": seconds}
        self._store[RUNS].update_one({"_id": run.id}, {"$set": done})

    def _bulk(self, collection: str, run: Run, steps: list[Any]) -> None:
        """One step, while the lease is ours."""
        renewed = self._store[LOCKS].update_one(
            {"_id": self._layout.mirror, "run": run.id}, {"$set": {"until": time.time() + LEASE}}
        )
        if not renewed.matched_count:
            raise SyncError(f"{self._place.name}: the lock was lost to another writer; sync again")
        if steps:
            self._store[collection].bulk_write(steps, ordered=True)

    def _audited(self, item: Item, run: Run, backup: str | None) -> Any:
        before: Any = (
            {"backup": backup} if item.act is Act.RETIRE else {each.field: each.mirror for each in item.changes}
        )
        entry = {
            "run": run.id,
            "rule": item.rule,
            "mirror": self._layout.mirror,
            "at": run.started,
            "kind": item.kind.value,
            "act": item.act.value,
            "before": json.dumps(before, ensure_ascii=False),
        }
        return pymongo.ReplaceOne({"_id": f"{run.id}:{item.rule}"}, entry, upsert=True)

    def _changed(self, item: Item, file: Records, run: Run, backup: str | None) -> Any:
        layout = self._layout
        chosen = {**ours(layout), layout.id_column: item.rule}
        if item.act is Act.RETIRE:
            said = f"switched off by selfcheck sync {run.id}: not in {layout.file}; backup {backup}"
            return pymongo.UpdateOne(chosen, {"$set": {layout.active_column: False, layout.note_column: said}})
        values = self._values(item, file.by_id[item.rule])
        if item.act in {Act.REACTIVATE, Act.DEACTIVATE}:
            how = "switched on again" if item.act is Act.REACTIVATE else "switched off"
            values[layout.note_column] = f"{how} by selfcheck sync {run.id}: as {layout.file} says"
        return pymongo.UpdateOne(chosen, {"$set": values}, upsert=item.act is Act.INSERT)

    def _values(self, item: Item, record: Record) -> dict[str, Any]:
        layout = self._layout
        values = {**record.fields, layout.active_column: record.active}
        if layout.stamp is not None and item.held is None:
            values[layout.stamp_column] = record.stamp
        for change in item.changes:
            if not change.taken:
                values.pop(layout.active_column if change.field == ACTIVE else change.field)
        return values


def _make(store: Store, layout: Layout) -> None:
    """A collection with one document a rule, and the index for the search in texts."""
    keys = [*([layout.project_column] if layout.project is not None else []), layout.id_column]
    rules = store[layout.table]
    rules.create_index([(key, 1) for key in keys], unique=True, name="rule")
    searched = [each.name for each in layout.fields if each.search]
    if searched:
        rules.create_index([(name, "text") for name in searched], name="search")


def _lease(run: Run) -> dict[str, Any]:
    return {"holder": run.holder, "run": run.id, "since": run.started, "until": time.time() + LEASE}


def _is_dead(holder: str) -> bool:
    """Whether a process of this machine that held the lock is gone; of another machine's nothing is known."""
    found = HOLDER.fullmatch(holder)
    if found is None or found[1] != socket.gethostname():
        return False
    try:
        os.kill(int(found[2]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
