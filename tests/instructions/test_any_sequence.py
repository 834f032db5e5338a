"""Any sequence of edits on both sides, crashes and syncs ends in step, with no row lost and every orphan in a backup."""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.instructions.databases import Sql, rules_file
from tests.instructions.syncing import backed_up, shape, synced

NAMES = st.sampled_from([f"r_{number}" for number in range(5)])
TEXTS = st.sampled_from(["", "one", "two", "three", "\N{LATIN SMALL LETTER E WITH ACUTE}", "two\nlines"])
QUADRANTS = st.sampled_from(["SYSTEM", "STRATEGIC"])


class Crash(BaseException):
    """The process dies here."""


@contextmanager
def crashing_at(number: int) -> Generator[None]:
    """The statement of this number, counting from 0, is not run, and nothing after it."""
    count = 0

    def strike(*_: Any) -> None:
        nonlocal count
        count += 1
        if count > number:
            raise Crash

    sa.event.listen(sa.Engine, "before_cursor_execute", strike)
    try:
        yield
    except Crash:
        pass
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", strike)


class Sides(RuleBasedStateMachine):
    """A file and its mirror in SQLite, each edited by whoever likes."""

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.database = Sql(f"sqlite:///{self.root}/mirror.sqlite")
        self.file: dict[str, dict[str, Any]] = {}
        self.ever: set[str] = set()
        self.write()

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def write(self) -> None:
        rules_file(self.root, self.file)

    def is_made(self) -> bool:
        return bool(getattr(self, "root", None) and shape(self.database))

    @rule(name=NAMES, text=TEXTS, quadrant=QUADRANTS, active=st.booleans())
    def put_into_the_file(self, name: str, text: str, quadrant: str, active: bool) -> None:
        self.file[name] = {"text": text, "quadrant": quadrant, "active": active}
        self.write()

    @rule(name=NAMES)
    def take_out_of_the_file(self, name: str) -> None:
        self.file.pop(name, None)
        self.write()

    @precondition(is_made)
    @rule(name=NAMES, text=TEXTS, active=st.booleans())
    def edit_the_database(self, name: str, text: str, active: bool) -> None:
        self.database.edit(name, text=text, active=active)
        self.ever.add(name)

    @precondition(is_made)
    @rule(name=NAMES)
    def delete_from_the_database(self, name: str) -> None:
        self.database.remove(name)
        self.ever.discard(name)

    @rule(number=st.integers(0, 40))
    def crash_in_a_sync(self, number: int) -> None:
        before = shape(self.database)

        with crashing_at(number):
            synced(self.root, self.database, allow_mass_orphan=True)

        assert set(before) <= set(shape(self.database))
        self.ever |= set(shape(self.database))

    @rule()
    def sync(self) -> None:
        before = shape(self.database)

        synced(self.root, self.database, allow_mass_orphan=True)

        after = shape(self.database)
        wanted = {name: (each["text"], each["quadrant"], each["active"]) for name, each in self.file.items()}
        self.ever |= set(after)
        assert {name: row for name, row in after.items() if name in self.file} == wanted
        assert [name for name, row in after.items() if row[2] and name not in self.file] == []
        assert self.ever <= set(after)
        saved = {(each["id"], each["text"], each["quadrant"]) for each in backed_up(self.root)}
        orphans = {(name, row[0], row[1]) for name, row in before.items() if row[2] and name not in self.file}
        assert orphans <= saved
        everything = self.database.all_there_is()
        assert not synced(self.root, self.database, allow_mass_orphan=True).wrote
        assert self.database.all_there_is() == everything


TestAnySequence = Sides.TestCase
TestAnySequence.settings = settings(
    max_examples=40, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
