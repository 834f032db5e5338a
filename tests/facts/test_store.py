"""The store: what was put is what comes back, or nothing is."""

import sqlite3
import stat
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import UsageError
from selfcheck.store import Store

VALUES = {f"{number:040x}": bytes([number % 256]) * 50 for number in range(40)}


def test_what_was_put_comes_back_to_its_extractor_only(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")

    store.put("imports 1", VALUES)

    assert store.get("imports 1", [*VALUES, "f" * 40]) == VALUES
    assert store.get("imports 2", list(VALUES)) == {}


def test_more_contents_than_one_question_may_have_all_come_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    many = {f"{number:040x}": b"x" for number in range(1700)}

    store.put("imports 1", many)

    assert store.get("imports 1", list(many)) == many


def test_its_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "made" / "cache")

    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)

    with pytest.raises(UsageError, match="nobody else can write to"):
        Store(folder)


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "real")

    with pytest.raises(UsageError, match="a folder of your own"):
        Store(tmp_path / "cache")


def test_what_was_forgotten_is_gone(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put("imports 1", VALUES)

    store.clear()

    assert (store.get("imports 1", list(VALUES)), store.usage().entries) == ({}, 0)


def test_beyond_its_bound_what_was_unused_longest_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", limit=400_000)
    store.put("imports 1", {f"old{number:037}": b"o" * 1000 for number in range(100)})
    _age(store, days=3)
    store.put("imports 1", {f"new{number:037}": b"n" * 1000 for number in range(60)})
    store.get("imports 1", [f"old{number:037}" for number in range(10)])

    store.put("imports 1", {f"newer{number:035}": b"n" * 1000 for number in range(240)})

    kept = set(_contents(store))
    assert {f"newer{number:035}" for number in range(240)} <= kept
    assert {f"old{number:037}" for number in range(100)} & kept == {f"old{number:037}" for number in range(10)}
    assert len(kept) <= 300


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_serves_what_is_whole_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    store = Store(tmp_path_factory.mktemp("damaged") / "cache")
    store.put("imports 1", VALUES)
    content = bytearray(store.path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=30)):
        content[place] ^= data.draw(st.integers(1, 255))
    store.path.write_bytes(bytes(content))

    served = store.get("imports 1", list(VALUES))
    store.put("imports 1", VALUES)

    assert served.items() <= VALUES.items()
    assert store.get("imports 1", list(VALUES)).items() <= VALUES.items()


def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.path.write_bytes(b"not a database" * 1000)

    assert store.get("imports 1", list(VALUES)) == {}
    store.put("imports 1", VALUES)

    assert store.get("imports 1", list(VALUES)) == VALUES


def test_another_process_that_writes_for_long_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", patience=0.1)
    store.put("imports 1", VALUES)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    store.put("imports 1", {"a" * 40: b"new"})
    other.execute("ROLLBACK")
    other.close()

    assert store.get("imports 1", [*VALUES, "a" * 40]) == VALUES


def test_eight_processes_at_once_lose_nothing_and_serve_nothing_wrong(tmp_path: Path) -> None:
    Store(tmp_path / "cache")
    context = get_context("spawn")
    processes = [context.Process(target=_busy, args=(tmp_path / "cache", number)) for number in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0] * 8
    found = Store(tmp_path / "cache").get(
        "imports 1", [f"{number}-{each}" for number in range(8) for each in range(20)]
    )
    assert all(value == content.encode() for content, value in found.items())
    assert len(found) == 160


def _busy(folder: Path, number: int) -> None:
    store = Store(folder, patience=30)
    for each in range(20):
        store.put("imports 1", {f"{number}-{each}": f"{number}-{each}".encode()})
        for content, value in store.get("imports 1", [f"{other}-{each}" for other in range(8)]).items():
            assert value == content.encode()


def _age(store: Store, days: int) -> None:
    with sqlite3.connect(store.path) as database:
        database.execute("UPDATE facts SET used = used - ?", (days,))
    database.close()


def _contents(store: Store) -> Iterator[str]:
    database = sqlite3.connect(store.path)
    yield from (row[0] for row in database.execute("SELECT content FROM facts"))
    database.close()
