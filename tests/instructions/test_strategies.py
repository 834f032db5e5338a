"""Each strategy does what it says where the database was changed, and never what another one says."""

from pathlib import Path

import pytest

from selfcheck.subjects.instructions.layout import ACTIVE
from selfcheck.subjects.instructions.plan import Act, Kind, Row, Strategy, plan
from selfcheck.subjects.instructions.records import Record
from tests.instructions.databases import Database, rules_file
from tests.instructions.syncing import in_step, shape, synced

OLD, NEW = "2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"


def record(text: str, *, active: bool = True, stamp: str | None = None) -> Record:
    return Record("r", {"text": text}, active, 1, stamp)


def row(text: str, *, active: bool = True, stamp: str | None = None) -> Row:
    return Row({"text": text}, active, stamp)


BASE = plan({"r": record("base")}, {}, {}).base
SIDES = {
    "the file alone": (record("file"), row("base")),
    "the database alone": (record("base"), row("database")),
    "both": (record("file"), row("database")),
    "both, the file later": (record("file", stamp=NEW), row("database", stamp=OLD)),
    "both, the database later": (record("file", stamp=OLD), row("database", stamp=NEW)),
    "both at once": (record("file", stamp=NEW), row("database", stamp=NEW)),
    "the row deleted": (record("base"), None),
    "taken out of the file": (None, row("base")),
    "taken out of the file, and edited": (None, row("database")),
    "switched off in the database": (record("base"), row("base", active=False)),
}
FILE, KEPT = True, False
TAKES: dict[str, tuple[Kind, dict[Strategy, bool]]] = {
    "the file alone": (Kind.UPDATE, dict.fromkeys(Strategy, FILE)),
    "the database alone": (Kind.DRIFTED, {Strategy.FILE_WINS: FILE}),
    "both": (Kind.CONFLICT, {Strategy.FILE_WINS: FILE}),
    "both, the file later": (Kind.CONFLICT, {Strategy.FILE_WINS: FILE, Strategy.NEWEST_WINS: FILE}),
    "both, the database later": (Kind.CONFLICT, {Strategy.FILE_WINS: FILE}),
    "both at once": (Kind.CONFLICT, {Strategy.FILE_WINS: FILE}),
    "the row deleted": (Kind.DRIFTED, {Strategy.FILE_WINS: FILE}),
    "taken out of the file": (Kind.ORPHAN, dict.fromkeys(Strategy, FILE)),
    "taken out of the file, and edited": (Kind.CONFLICT, {Strategy.FILE_WINS: FILE}),
    "switched off in the database": (Kind.DRIFTED, {Strategy.FILE_WINS: FILE}),
}


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("case", SIDES)
def test_a_strategy_takes_the_side_that_it_says(case: str, strategy: Strategy) -> None:
    file, mirror = SIDES[case]
    kind, takes = TAKES[case]

    (item,) = plan(
        {} if file is None else {"r": file}, {} if mirror is None else {"r": mirror}, BASE, strategy=strategy
    ).items

    taken = takes.get(strategy, KEPT)
    assert (item.kind, item.act is not Act.NOTHING, item.held is None) == (kind, taken, taken)


@pytest.mark.parametrize("strategy", [each for each in Strategy if each is not Strategy.FILE_WINS])
@pytest.mark.parametrize("case", SIDES)
def test_what_is_held_says_whose_side_stands_and_is_no_work(case: str, strategy: Strategy) -> None:
    file, mirror = SIDES[case]
    planned = plan(
        {} if file is None else {"r": file}, {} if mirror is None else {"r": mirror}, BASE, strategy=strategy
    )

    (item,) = planned.items

    if item.held is not None:
        assert not planned.writes
        left = "left for a person" in item.held
        kept = "its side is kept" in item.held
        assert left is not kept
        unknown_date = case in {"both", "both at once", "taken out of the file, and edited"}
        assert left is (strategy is Strategy.MANUAL or (strategy is Strategy.NEWEST_WINS and unknown_date))


def test_fields_are_decided_one_by_one() -> None:
    both = {"r": Record("r", {"a": "base", "b": "base"}, active=True, line=1)}
    base = plan(both, {}, {}).base
    file = {"r": Record("r", {"a": "file", "b": "base"}, active=True, line=1)}
    mirror = {"r": Row({"a": "base", "b": "database"}, active=True)}

    planned = plan(file, mirror, base, strategy=Strategy.DATABASE_WINS)

    (item,) = planned.items
    assert ([(each.field, each.taken) for each in item.changes], item.act) == ([("a", True), ("b", False)], Act.UPDATE)
    assert planned.base["r"]["a"] != base["r"]["a"]
    assert (planned.base["r"]["b"], planned.base["r"][ACTIVE]) == (base["r"]["b"], base["r"][ACTIVE])


def test_sides_that_came_to_the_same_by_themselves_are_adopted_without_a_difference() -> None:
    planned = plan({"r": record("same")}, {"r": row("same")}, BASE)

    assert (planned.items, list(planned.base), planned.writes) == ((), ["r"], True)


def test_a_rule_that_is_off_in_the_database_and_gone_from_the_file_is_no_work() -> None:
    assert not plan({}, {"r": row("base", active=False)}, {}).writes


@pytest.mark.parametrize("strategy", ["database-wins", "manual", "newest-wins"])
def test_on_a_database_what_is_kept_stays_and_is_told_at_each_apply(
    tmp_path: Path, database: Database, strategy: str
) -> None:
    in_step(tmp_path, database, {"r_1": {"text": "one", "quadrant": "A"}, "r_2": {"text": "two", "quadrant": "A"}})
    database.edit("r_1", text="by hand")
    rules_file(tmp_path, {"r_1": {"text": "one", "quadrant": "B"}, "r_2": {"text": "two", "quadrant": "A"}})

    first, second = (synced(tmp_path, database, strategy=Strategy(strategy)) for _ in range(2))

    assert shape(database)["r_1"] == ("by hand", "B", True)
    assert (first.wrote, first.in_step, second.wrote, second.in_step) == (True, False, False, False)


def test_on_a_database_the_newest_side_wins_by_its_stamp(tmp_path: Path, database: Database) -> None:
    rules = {name: {"text": "base", "quadrant": "A", "timestamp": OLD} for name in ("r_1", "r_2")}
    in_step(tmp_path, database, rules, stamp="timestamp")
    for name, stamp in (("r_1", "2026-01-05"), ("r_2", "2026-03-01")):
        database.edit(name, text="by hand", updated_at=f"{stamp}T00:00:00+00:00")
        rules[name] = {"text": "in the file", "quadrant": "A", "timestamp": NEW}
    rules_file(tmp_path, rules)

    synced(tmp_path, database, stamp="timestamp", strategy=Strategy.NEWEST_WINS)

    assert {name: text for name, (text, _, _) in shape(database).items()} == {"r_1": "in the file", "r_2": "by hand"}
