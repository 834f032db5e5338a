"""Writing to SQLite and PostgreSQL: one writer at a time, one transaction, nothing ever deleted of the rules."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from selfcheck.actions.sync.locking import lock
from selfcheck.actions.sync.request import Run, now
from selfcheck.mirrors.address import Address
from selfcheck.mirrors.sides import Sides
from selfcheck.mirrors.sql import SqlMirror, opened, sides, telling, untyped
from selfcheck.mirrors.tables import Tables, tables
from selfcheck.subjects.instructions.layout import ACTIVE, Layout
from selfcheck.subjects.instructions.plan import Act, Item, Plan
from selfcheck.subjects.instructions.records import Record, Records

IGNORED = "*\n"
"""What the embedded database's folder says to git."""


class SqlWriter:
    """A mirror that is written to, over a connection of its own or one that it was handed and never closes."""

    def __init__(self, place: Address, layout: Layout, *, wait: float, handed: sa.Connection | None = None) -> None:
        self._place = place
        self._layout = layout
        self._wait = wait
        self._handed = handed

    def read(self) -> Sides:
        """What it holds now."""
        mirror = SqlMirror(self._place, self._layout)
        if self._handed is None:
            return mirror.read()
        with telling(self._place):
            try:
                return mirror.read_from(self._handed)
            finally:
                self._handed.rollback()  # ends what reading began; nothing was in it before

    def begin(self, run: Run) -> None:
        """Make the tables that are missing and note the run, in a transaction of its own."""
        if self._handed is None and self._place.path is not None:
            _prepare(self._place)
        with self._transaction(run) as connection:
            known = tables(connection, self._layout, self._place)
            if known.missing:
                known.rules.metadata.create_all(connection, tables=list(known.missing), checkfirst=False)
            # Whoever has the lock is the only one at work: runs that are left open were cut off.
            ended = sa.update(known.runs).where(known.runs.c.mirror == self._layout.mirror)
            ended = ended.where(known.runs.c.outcome == "running").values(outcome="interrupted")
            connection.execute(ended)
            connection.execute(
                sa.insert(known.runs).values(
                    id=run.id,
                    mirror=self._layout.mirror,
                    started=run.started,
                    outcome="running",
                    holder=run.holder,
                    file=run.file,
                    strategy=run.strategy.value,
                )
            )

    @contextmanager
    def writing(self, run: Run) -> Generator["SqlSession"]:
        """The one transaction."""
        with self._transaction(run) as connection:
            known = tables(connection, self._layout, self._place)
            yield SqlSession(connection, known, self._layout, self._place)

    def end(self, run: Run, outcome: str, reason: str) -> None:
        """Note how the run ended."""
        with self._transaction(run) as connection:
            runs = tables(connection, self._layout, self._place).runs
            said = self._place.cleaned(reason)
            asked = sa.update(runs).where(runs.c.id == run.id)
            if outcome != "failed":  # what was committed before the signal came is done
                asked = asked.where(runs.c.outcome == "running")
            connection.execute(asked.values(outcome=outcome, reason=said, ended=now()))

    def close(self) -> None:
        """Nothing is kept open; what was handed over stays as it is."""

    @contextmanager
    def _transaction(self, run: Run) -> Generator[sa.Connection]:
        with telling(self._place):
            if self._handed is not None:
                with self._handed.begin():
                    lock(self._handed, self._place, self._layout, self._wait)
                    yield self._handed
                return
            with opened(self._place, reading=False, wait=self._wait) as connection, connection.begin():
                lock(connection, self._place, self._layout, self._wait, holder=run.holder)
                yield connection


class SqlSession:
    """The mirror within the one transaction."""

    def __init__(self, connection: sa.Connection, known: Tables, layout: Layout, place: Address) -> None:
        self._connection = connection
        self._known = known
        self._layout = layout
        self._place = place

    def sides(self) -> Sides:
        """What it holds now."""
        return sides(self._connection, self._known, self._layout, self._place)

    def export(self, rules: Sequence[str]) -> list[Mapping[str, Any]]:
        """These rows with all columns, whoever made them."""
        table = self._known.rules
        wanted = set(rules)
        asked = sa.select(*untyped(each.name for each in table.c)).select_from(table)
        if self._layout.project is not None:
            asked = asked.where(table.c[self._layout.project_column] == self._layout.project)
        rows = [dict(row) for row in self._connection.execute(asked).mappings()]
        key = self._layout.id_column
        return sorted((row for row in rows if str(row[key]) in wanted), key=lambda row: str(row[key]))

    def write(self, plan: Plan, file: Records, run: Run, backup: str | None, seconds: float) -> None:
        """Rows, audit, state, and the end of the run."""
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        added: list[dict[str, Any]] = []
        for item in plan.items:
            if item.act is Act.INSERT:
                added.append(self._new(file.by_id[item.rule]))
            elif item.act is not Act.NOTHING:
                values = self._changed(item, file, run, backup)
                groups.setdefault(tuple(sorted(values)), []).append({**values, "b_rule": item.rule})
        if added:
            self._connection.execute(sa.insert(self._known.rules), added)
        for columns, rows in groups.items():
            self._connection.execute(self._update(columns), rows)
        self._audit(plan, run, backup)
        self._state(plan)
        self._finish(plan, run, backup, seconds)

    def _new(self, record: Record) -> dict[str, Any]:
        layout = self._layout
        row = {layout.id_column: record.id, layout.active_column: record.active, layout.note_column: None}
        if layout.project is not None:
            row[layout.project_column] = layout.project
        return row | self._values(record)

    def _values(self, record: Record) -> dict[str, Any]:
        layout, known = self._layout, self._known
        found = {each.name: known.bound(each.name, each.type, record.fields[each.name]) for each in layout.fields}
        if layout.stamp is not None:
            found[layout.stamp_column] = known.bound(layout.stamp_column, None, record.stamp)
        return found

    def _changed(self, item: Item, file: Records, run: Run, backup: str | None) -> dict[str, Any]:
        """The columns of a row that change. Where nothing is held these are all, so that most rows change alike."""
        layout = self._layout
        if item.act is Act.RETIRE:
            said = f"switched off by selfcheck sync {run.id}: not in {layout.file}; backup {backup}"
            return {layout.active_column: False, layout.note_column: said}
        record = file.by_id[item.rule]
        values = {**self._values(record), layout.active_column: record.active}
        for change in item.changes:
            if not change.taken:
                values.pop(layout.active_column if change.field == ACTIVE else change.field)
        if item.held is not None:
            values.pop(layout.stamp_column, None)  # the row is still the database's own
        if item.act is not Act.UPDATE:
            how = "switched on again" if item.act is Act.REACTIVATE else "switched off"
            values[layout.note_column] = f"{how} by selfcheck sync {run.id}: as {layout.file} says"
        return values

    def _update(self, columns: tuple[str, ...]) -> sa.Update:
        table, layout = self._known.rules, self._layout
        found = sa.update(table).where(table.c[layout.id_column] == sa.bindparam("b_rule"))
        if layout.project is not None:
            found = found.where(table.c[layout.project_column] == layout.project)
        return found.values({name: sa.bindparam(name) for name in columns})

    def _audit(self, plan: Plan, run: Run, backup: str | None) -> None:
        rows = [
            {
                "run": run.id,
                "rule": item.rule,
                "mirror": self._layout.mirror,
                "at": run.started,
                "kind": item.kind.value,
                "act": item.act.value,
                "before": before(item, backup),
            }
            for item in plan.items
            if item.act is not Act.NOTHING
        ]
        if rows:
            self._connection.execute(sa.insert(self._known.audit), rows)

    def _state(self, plan: Plan) -> None:
        state, mirror = self._known.state, self._layout.mirror
        there = sa.select(state.c.rule).where(state.c.mirror == mirror)
        known = set(self._connection.scalars(there))
        ours = [{"b_rule": rule, "b_fields": json.dumps(fields)} for rule, fields in plan.base.items()]
        fresh = [each for each in ours if each["b_rule"] not in known]
        old = [each for each in ours if each["b_rule"] in known]
        at = (state.c.mirror == mirror) & (state.c.rule == sa.bindparam("b_rule"))
        if fresh:
            bound: dict[str, Any] = {
                "mirror": sa.literal(mirror),
                "rule": sa.bindparam("b_rule"),
                "fields": sa.bindparam("b_fields"),
            }
            self._connection.execute(sa.insert(state).values(bound), fresh)
        if old:
            self._connection.execute(sa.update(state).where(at).values(fields=sa.bindparam("b_fields")), old)
        if plan.forgotten:
            self._connection.execute(sa.delete(state).where(at), [{"b_rule": rule} for rule in plan.forgotten])

    def _finish(self, plan: Plan, run: Run, backup: str | None, seconds: float) -> None:
        runs = self._known.runs
        self._connection.execute(
            sa.update(runs)
            .where(runs.c.id == run.id)
            .values(outcome="done", ended=now(), counts=json.dumps(plan.counts), backup=backup, seconds=seconds)
        )


def before(item: Item, backup: str | None) -> str | None:
    """What the mirror had where it was changed, for the audit."""
    if item.act is Act.RETIRE:
        return json.dumps({"backup": backup})
    return json.dumps({each.field: each.mirror for each in item.changes}, ensure_ascii=False) if item.changes else None


def _prepare(place: Address) -> None:
    """The folder of the database; that of the embedded one keeps itself out of git."""
    if place.path is None or place.path.exists():
        return
    folder = place.path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if folder.name == ".selfcheck" and not ignore.exists():
            ignore.write_text(IGNORED, encoding="utf-8")
    except OSError as error:
        raise place.unreachable(error) from error
