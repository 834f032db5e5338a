"""A sync on SQLite, PostgreSQL and MongoDB's protocol: what it writes, what it never loses, when it refuses."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from selfcheck.actions.sync.request import Refused, SyncError
from selfcheck.mirrors.address import Unreachable
from selfcheck.subjects.instructions.layout import Field, FieldType
from tests.instructions.databases import MONGODB, Database, Mongo, Sql, new_postgresql, rules_file
from tests.instructions.syncing import backed_up, in_step, shape, synced

A, B, C = ({"text": text, "quadrant": "SYSTEM"} for text in ("one", "two", "three"))


def test_the_first_sync_writes_every_rule(tmp_path: Path, database: Database) -> None:
    rules_file(tmp_path, {"r_1": A, "r_2": {**B, "active": False}})

    found = synced(tmp_path, database)

    assert (found.wrote, found.plan and found.plan.counts) == (True, {"insert": 2})
    assert shape(database) == {"r_1": ("one", "SYSTEM", True), "r_2": ("two", "SYSTEM", False)}


def test_a_second_apply_writes_nothing_at_all(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B})
    before = database.all_there_is()

    found = synced(tmp_path, database)

    assert (found.wrote, database.all_there_is()) == (False, before)


def test_an_orphan_is_exported_then_switched_off_with_a_note_and_never_deleted(
    tmp_path: Path, database: Database
) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B, "r_3": C, "r_4": A})
    rules_file(tmp_path, {"r_1": A, "r_3": C, "r_4": A})

    found = synced(tmp_path, database)

    assert shape(database)["r_2"] == ("two", "SYSTEM", False)
    assert [(each["id"], each["text"]) for each in backed_up(tmp_path)] == [("r_2", "two")]
    assert found.backup is not None
    (row,) = (each for each in database.rows() if each["id"] == "r_2")
    assert re.fullmatch(
        rf"switched off by selfcheck sync {found.run}: not in rules.json; backup {found.backup}", row["audit_note"]
    )


def test_a_rule_that_comes_back_is_switched_on_again(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B, "r_3": C, "r_4": A})
    in_step(tmp_path, database, {"r_1": A, "r_3": C, "r_4": A})
    rules_file(tmp_path, {"r_1": A, "r_2": {**B, "text": "new"}, "r_3": C, "r_4": A})

    found = synced(tmp_path, database)

    assert (found.plan and found.plan.counts, shape(database)["r_2"]) == ({"reactivate": 1}, ("new", "SYSTEM", True))


def test_a_row_that_somebody_edited_is_taken_back_and_what_it_was_is_in_the_audit(
    tmp_path: Path, database: Database
) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B})
    database.edit("r_1", text="edited by hand")

    found = synced(tmp_path, database)

    assert (found.plan and found.plan.counts, shape(database)["r_1"][0]) == ({"drifted": 1}, "one")
    assert "edited by hand" in repr(database.all_there_is())


def test_a_row_that_somebody_deleted_is_written_again(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B})
    database.remove("r_1")

    found = synced(tmp_path, database)

    assert (found.plan and found.plan.counts, len(shape(database))) == ({"drifted": 1}, 2)


@pytest.mark.parametrize("left", [{}, {"r_1": A}])
def test_an_empty_or_truncated_file_refuses_and_changes_no_rule(
    tmp_path: Path, database: Database, left: dict[str, Any]
) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B, "r_3": C})
    before = database.all_there_is()
    rules_file(tmp_path, left)

    with pytest.raises(Refused, match=r"^critical: rules\.json: .* nothing was written"):
        synced(tmp_path, database)

    assert (database.all_there_is(), backed_up(tmp_path)) == (before, [])


def test_a_mass_orphan_that_is_meant_is_exported_whole(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, {"r_1": A, "r_2": B, "r_3": C})
    rules_file(tmp_path, {})

    synced(tmp_path, database, allow_mass_orphan=True)

    assert [each["id"] for each in backed_up(tmp_path)] == ["r_1", "r_2", "r_3"]
    assert [active for _, _, active in shape(database).values()] == [False] * 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "line 1: is no JSON"),
        ('{"instructions": [{"id": "a"}, {"id": "a"}]}', "the id a stands here a second time, first in line 1"),
        ('{"instructions": [{"id": "a", "text": 7}]}', "a: `text` is no text"),
        ('{"instructions": [{"text": "x"}]}', "rule 1 has no id"),
        ('{"instructions": [{"id": "a", "id": "b"}]}', "the key 'id' twice"),
        ('{"instructions": [{"id": "a", "text": "\\ud800"}]}', "half of a surrogate pair"),
        ('{"instructions": [{"id": "a", "text": "\\u0000"}]}', "holds a NUL"),
        ("[" * 100_000, "nested too deep"),
        ('{"rules": 1}', "holds no list at its top"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place_and_nothing_is_written(
    tmp_path: Path, sqlite: Sql, content: str, said: str
) -> None:
    (tmp_path / "rules.json").write_text(content, encoding="utf-8")

    with pytest.raises(Refused) as raised:
        synced(tmp_path, sqlite)

    assert said in str(raised.value)
    assert "nothing was written" in str(raised.value)
    assert not (tmp_path / "mirror.sqlite").exists()


def test_a_file_that_is_a_link_out_of_the_repository_is_not_read(tmp_path: Path, sqlite: Sql) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    rules_file(tmp_path, {"r_1": A})
    (root / "rules.json").symlink_to("../rules.json")

    with pytest.raises(Refused, match="leads out of the repository"):
        synced(root, sqlite)


def test_backups_do_not_leave_the_repository(tmp_path: Path, sqlite: Sql) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    in_step(root, sqlite, {"r_1": A, "r_2": B, "r_3": C, "r_4": A})
    (root / ".claude").symlink_to(tmp_path)
    rules_file(root, {"r_1": A, "r_3": C, "r_4": A})

    with pytest.raises(SyncError, match="leads out of the repository"):
        synced(root, sqlite)

    assert shape(sqlite)["r_2"][2]


def test_a_column_that_takes_less_than_it_is_given_is_an_error(tmp_path: Path, sqlite: Sql) -> None:
    with sqlite.connected() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE governance_rules (id TEXT PRIMARY KEY, text TEXT, quadrant TEXT, active INT, audit_note TEXT)"
            )
        )
        connection.execute(
            sa.text(
                "CREATE TRIGGER shorten AFTER INSERT ON governance_rules BEGIN"
                " UPDATE governance_rules SET text = substr(new.text, 1, 2) WHERE id = new.id; END"
            )
        )
    rules_file(tmp_path, {"r_1": A})

    with pytest.raises(SyncError, match=r"r_1: text.*a column is too narrow"):
        synced(tmp_path, sqlite)


def test_a_table_of_somebody_else_that_lacks_a_column_is_named(tmp_path: Path, sql: Sql) -> None:
    with sql.connected() as connection:
        connection.execute(sa.text("CREATE TABLE governance_rules (id VARCHAR(50) PRIMARY KEY, active BOOLEAN)"))
    rules_file(tmp_path, {"r_1": A})

    with pytest.raises(Unreachable, match="governance_rules has no column audit_note, text, quadrant"):
        synced(tmp_path, sql)


def test_every_type_comes_back_as_it_was_written(tmp_path: Path, database: Database) -> None:
    kinds = {
        "words": (
            FieldType.TEXT,
            "Grüße, \N{LINE SEPARATOR}\r\n\N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}\N{PILE OF POO}",
        ),
        "number": (FieldType.INTEGER, 2**53 - 1),
        "share": (FieldType.NUMBER, 0.1),
        "whole": (FieldType.NUMBER, 1.0),
        "flag": (FieldType.BOOLEAN, False),
        "moment": (FieldType.TIMESTAMP, "2025-10-21T11:39:05+13:00"),
        "tree": (FieldType.JSON, {"b": [1, True, None, "x"], "a": {"é": 1.5}}),
        "word": (FieldType.JSON, "5"),
        "none": (FieldType.TEXT, None),
    }
    fields = tuple(Field(source=name, type=kind) for name, (kind, _) in kinds.items())
    rules_file(tmp_path, {"r_1": {name: value for name, (_, value) in kinds.items()}})

    synced(tmp_path, database, fields=fields)

    assert not synced(tmp_path, database, fields=fields).wrote


def test_two_projects_share_a_table_and_leave_each_other_alone(tmp_path: Path, database: Database) -> None:
    for name, rules in (("one", {"r_1": A}), ("two", {"r_1": B, "r_2": C})):
        in_step(tmp_path, database, rules, project=name)
    rules_file(tmp_path, {"r_1": {**A, "text": "changed"}})

    synced(tmp_path, database, project="one")

    found = sorted((each["project"], each["id"], each["text"]) for each in database.rows())
    assert found == [("one", "r_1", "changed"), ("two", "r_1", "two"), ("two", "r_2", "three")]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://somebody:hunter2secret@127.0.0.1:1/rules",
        "mongodb://somebody:hunter2secret@127.0.0.1:1/rules?serverSelectionTimeoutMS=200",
        "postgresql://somebody@127.0.0.1:1/rules?password=hunter2secret",
        "mysql://somebody:hunter2secret@127.0.0.1/rules",
        "sqlite:///:memory:?hunter2secret",
    ],
)
def test_a_database_that_does_not_answer_is_an_error_without_its_secret(tmp_path: Path, url: str) -> None:
    rules_file(tmp_path, {"r_1": A})

    with pytest.raises(Unreachable) as raised:
        synced(tmp_path, Sql(url))

    assert "hunter2secret" not in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_search_in_texts_has_its_index(tmp_path: Path, postgresql: str) -> None:
    database = new_postgresql(postgresql)

    in_step(tmp_path, database, {"r_1": A})

    with database.connected() as connection:
        asked = "SELECT indexdef FROM pg_indexes WHERE indexname = 'governance_rules_text_search'"
        assert "USING gin (to_tsvector('simple'" in connection.execute(sa.text(asked)).scalar_one()


@pytest.mark.skipif(MONGODB not in os.environ, reason="needs a real mongod: what speaks its protocol has no text index")
def test_a_search_in_texts_has_its_index_in_mongodb(tmp_path: Path, mongodb_server: str) -> None:
    database = Mongo(f"{mongodb_server}/rules_{time.time_ns()}")

    in_step(tmp_path, database, {"r_1": A})

    with database.connected() as store:
        assert "search" in store["governance_rules"].index_information()
