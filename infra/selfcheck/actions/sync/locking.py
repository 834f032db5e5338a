"""One writer at a time across processes and hosts, and who it is where one has to wait too long."""

import hashlib
import time

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from selfcheck.actions.sync.request import Busy
from selfcheck.mirrors.address import Address
from selfcheck.mirrors.tables import RUNS
from selfcheck.subjects.instructions.layout import Layout

POLL = 0.05
HOLDER = sa.text(
    "SELECT a.application_name, a.pid, coalesce(host(a.client_addr), 'this machine'), a.xact_start"
    " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = :high AND l.objid::bigint = :low"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def lock(connection: sa.Connection, place: Address, layout: Layout, wait: float, *, holder: str | None = None) -> None:
    """The lock, until the transaction of this connection ends.

    Raises:
        Busy: another writer has it for longer than the wait.
    """
    if connection.dialect.name == "sqlite":
        _sqlite(connection, place, layout, wait)
    else:
        _postgresql(connection, place, layout, wait, holder)


def _sqlite(connection: sa.Connection, place: Address, layout: Layout, wait: float) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except OperationalError as error:
        if "locked" not in str(error.orig):
            raise
        raise _busy(place, wait, _last_holder(connection, layout)) from None


def _last_holder(connection: sa.Connection, layout: Layout) -> str:
    """Who noted last that a run begins; SQLite itself does not know who holds its lock."""
    runs = sa.table(RUNS, *map(sa.column, ("holder", "started", "mirror", "outcome")))
    ours = (runs.c.mirror == layout.mirror) & (runs.c.outcome == "running")
    asked = sa.select(runs.c.holder, runs.c.started).where(ours).order_by(runs.c.started.desc())
    try:
        found = connection.execute(asked).first()
    except OperationalError:
        found = None
    return f"{found[0]}, since {found[1]}" if found else "another program that writes to this file"


def _postgresql(connection: sa.Connection, place: Address, layout: Layout, wait: float, holder: str | None) -> None:
    key = int.from_bytes(hashlib.sha256(f"selfcheck sync {layout.mirror}".encode()).digest()[:8], "big", signed=True)
    if holder is not None:
        named = sa.text("SELECT set_config('application_name', :name, true)")
        connection.execute(named, {"name": f"selfcheck sync, {holder}"[:63]})
    until = time.monotonic() + wait
    while not connection.scalar(sa.text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}):
        if time.monotonic() >= until:
            halves = {"high": (key >> 32) & 0xFFFFFFFF, "low": key & 0xFFFFFFFF}
            row = connection.execute(HOLDER, halves).first()
            who = f"{row[0]} (backend {row[1]} at {row[2]}), since {row[3]}" if row else "another sync"
            raise _busy(place, wait, who)
        time.sleep(POLL)
    _keep_others_out(connection, place, layout, wait)


def _keep_others_out(connection: sa.Connection, place: Address, layout: Layout, wait: float) -> None:
    """Who edits rules without asking for our lock waits as well, so that no edit falls between reading and writing."""
    connection.execute(
        sa.text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": f"{max(int(wait * 1000), 1)}ms"}
    )
    schema, _, name = layout.table.rpartition(".")
    if not sa.inspect(connection).has_table(name, schema=schema or None):
        return
    quoted = connection.dialect.identifier_preparer.format_table(sa.table(name, schema=schema or None))
    try:
        connection.exec_driver_sql(f"LOCK TABLE {quoted} IN SHARE ROW EXCLUSIVE MODE")
    except OperationalError as error:
        if "lock timeout" not in str(error.orig):
            raise
        raise _busy(place, wait, f"a transaction that writes to {layout.table}") from None


def _busy(place: Address, wait: float, who: str) -> Busy:
    return Busy(f"{place.name}: another writer holds the lock ({who}); waited {wait:g} s, nothing was written")
