"""The store serves what was put there, or nothing: never anything else."""

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcheck.errors import UsageError
from selfcheck.store import DAY, FILE, Store

VALUES = {f"{number:040x}": bytes(Random(number).randbytes(number % 300)) for number in range(300)}


def stored(folder: Path) -> Store:
    """A store that holds the values under two extractors of almost the same name, with other values."""
    store = Store(folder)
    store.put("imports 1 python3.11", VALUES)
    store.put("imports 1 python3.10", {content: b"other" + value for content, value in VALUES.items()})
    return store


def test_what_was_put_is_got_by_its_extractor_and_content_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")

    store.put("one", {"a": b"1", "b": b""})
    store.put("two", {"a": b"2"})

    assert [store.get(name, ["a", "b", "c"]) for name in ("one", "two", "three")] == [
        {"a": b"1", "b": b""},
        {"a": b"2"},
        {},
    ]


def test_a_later_value_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")

    for value in (b"1", b"2"):
        store.put("x", {"a": value})

    assert store.get("x", ["a"]) == {"a": b"2"}


def test_more_are_got_at_once_than_one_query_may_name(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    many = {str(number): b"%d" % number for number in range(70_000)}

    store.put("x", many)

    assert store.get("x", list(many)) == many


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a store with values."""
    store = stored(tmp_path_factory.mktemp("whole") / "cache")
    assert sorted(path.name for path in store.folder.iterdir()) == [FILE]
    return store.path.read_bytes()


def damaged(folder: Path, content: bytes) -> Store:
    """A store whose file is this."""
    shutil.rmtree(folder, ignore_errors=True)
    store = Store(folder)
    store.path.write_bytes(content)
    return store


def serves_or_rebuilds(store: Store) -> None:
    """Whatever it serves is right, and within a few runs it holds all again: it is used until the damage is met."""
    rounds: list[dict[str, bytes]] = [store.get("imports 1 python3.11", list(VALUES))]
    while rounds[-1] != VALUES and len(rounds) < 8:
        store.put("imports 1 python3.11", VALUES)
        rounds.append(store.get("imports 1 python3.11", list(VALUES)))
    assert all(served.items() <= VALUES.items() for served in rounds)
    assert rounds[-1] == VALUES


PLACES = st.integers(0, 2**32)
"""A place in a file, by its remainder."""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bits=st.lists(PLACES, min_size=1, max_size=5))
def test_a_flipped_bit_anywhere_never_serves_a_wrong_value(tmp_path: Path, whole: bytes, bits: list[int]) -> None:
    content = bytearray(whole)
    for bit in bits:
        content[bit // 8 % len(content)] ^= 1 << bit % 8

    serves_or_rebuilds(damaged(tmp_path / "cache", bytes(content)))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.tuples(PLACES, PLACES), filling=st.sampled_from([None, b"\0", b"\xff", b"SQLite format 3\0"]))
def test_a_torn_or_overwritten_file_never_serves_a_wrong_value(
    tmp_path: Path, whole: bytes, places: tuple[int, int], filling: bytes | None
) -> None:
    start, end = sorted(place % (len(whole) + 1) for place in places)
    middle = b"" if filling is None else (filling * (end - start))[: end - start]

    serves_or_rebuilds(damaged(tmp_path / "cache", whole[:start] + middle + whole[end:]))


def test_a_value_under_a_key_that_is_not_its_own_is_not_served(tmp_path: Path) -> None:
    """As a flipped bit makes `3.10` of `3.11`: the value is whole, and another interpreter's."""
    store = stored(tmp_path / "cache")
    with sqlite3.connect(store.path) as database:
        database.execute("DELETE FROM facts WHERE extractor = 'imports 1 python3.10'")
        database.execute("UPDATE facts SET extractor = 'imports 1 python3.10'")
    database.close()

    assert store.get("imports 1 python3.10", list(VALUES)) == {}


@pytest.mark.parametrize(
    "change", ["value = NULL", "value = 'text'", "value = 7", "value = x''", "used = 'x'", "used = -1"]
)
def test_a_row_of_other_types_is_skipped_or_served_whole(tmp_path: Path, change: str) -> None:
    store = Store(tmp_path / "cache")
    with sqlite3.connect(store.path) as database:
        database.execute("CREATE TABLE facts (extractor, content, value, used, PRIMARY KEY (extractor, content))")
    database.close()
    store.put("x", {"a": b"1"})
    with sqlite3.connect(store.path) as database:
        database.execute(f"UPDATE facts SET {change}")
    database.close()

    assert store.get("x", ["a"]) == ({"a": b"1"} if change.startswith("used") else {})


def test_a_file_of_another_layout_is_rebuilt(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    with sqlite3.connect(store.path) as database:
        database.execute("CREATE TABLE facts (something_else)")
    database.close()

    serves_or_rebuilds(store)


def test_another_process_that_writes_is_waited_for_and_then_done_without(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put("x", {"a": b"1"})
    database = sqlite3.connect(store.path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")

    store.put("x", {"b": b"2"})
    during = store.get("x", ["a", "b"])
    database.execute("COMMIT")
    database.close()
    store.put("x", {"b": b"2"})

    assert (during, store.get("x", ["a", "b"])) == ({"a": b"1"}, {"a": b"1", "b": b"2"})


def test_a_disk_that_cannot_be_written_to_is_done_without(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    shutil.rmtree(store.folder)

    store.put("x", {"a": b"1"})

    assert (store.get("x", ["a"]), store.usage().entries) == ({}, 0)


def test_what_was_unused_longest_goes_first_and_about_three_quarters_stay(tmp_path: Path) -> None:
    days = [0.0]
    store = Store(tmp_path / "cache", limit=1_150_000, clock=lambda: days[0] * DAY)
    value = bytes(1000)
    for day in range(8):
        days[0] = day
        store.put("x", {f"{day}-{number:03}": value for number in range(100)})
    days[0] = 8
    store.get("x", [f"0-{number:03}" for number in range(100)])  # used again: the oldest is now day 1

    store.put("x", {f"8-{number:03}": value for number in range(200)})

    left = {day: len(store.get("x", [f"{day}-{number:03}" for number in range(200)])) for day in range(9)}
    assert [left[day] for day in (0, 1, 2, 6, 7, 8)] == [100, 0, 0, 100, 100, 200]
    assert sorted(left[day] for day in range(1, 8)) == [left[day] for day in range(1, 8)]
    assert 0.5 < sum(left.values()) * len(value) / store.limit < 0.75


@pytest.mark.parametrize("size", [0, 10, 300, 5000])
def test_the_file_stays_within_its_bound_however_small_its_values(tmp_path: Path, size: int) -> None:
    limit = 2_000_000
    store = Store(tmp_path / "cache", limit=limit)
    batch = min(1000, 200_000 // (size + 100))

    for start in range(0, 6_000_000 // (size + 100), batch):
        store.put("x", {f"{number:040x}": bytes(size) for number in range(start, start + batch)})

    usage = store.usage()
    assert limit // 4 < usage.size <= limit * 5 // 4, usage


def test_a_value_that_would_drive_out_all_others_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache", limit=1_000_000)

    store.put("x", {"small": b"1", "large": bytes(900_000)})

    assert store.get("x", ["small", "large"]) == {"small": b"1"}


def busy(folder: Path, number: int) -> None:
    """What one of several processes does: reads what others write, and writes what they write."""
    store = Store(folder)
    random = Random(number)
    for _ in range(30):
        some = random.sample(sorted(VALUES), 40)
        served = store.get("x", some)
        assert served.items() <= VALUES.items()
        store.put("x", {content: VALUES[content] for content in some})


def run_at_once(work: Callable[[Path, int], None], folder: Path, count: int) -> list[int | None]:
    """The exit codes of as many processes."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=work, args=(folder, number)) for number in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


def test_eight_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    codes = run_at_once(busy, tmp_path / "cache", 8)

    store = Store(tmp_path / "cache")
    served = store.get("x", list(VALUES))
    assert codes == [0] * 8
    assert served.items() <= VALUES.items()
    assert len(served) > 290


def test_one_that_forgets_everything_disturbs_no_other(tmp_path: Path) -> None:
    store = stored(tmp_path / "cache")
    other = Store(tmp_path / "cache")
    with sqlite3.connect(store.path) as held:
        held.execute("SELECT count(*) FROM facts").fetchone()
        other.clear()
        other.put("x", {"a": b"1"})
    held.close()

    assert other.get("x", ["a"]).items() <= {"a": b"1"}.items()
    other.put("x", {"a": b"1"})
    assert store.get("x", ["a"]) == {"a": b"1"}


def test_the_folder_and_the_file_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = stored(tmp_path / "a" / "cache")
    finally:
        os.umask(before)

    assert (store.folder.stat().st_mode & 0o777, store.path.stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o770])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(mode)

    with pytest.raises(UsageError) as raised:
        Store(folder)

    assert str(raised.value) == f"{folder}: a cache must be a folder of your own that nobody else can write to"


def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to("elsewhere")

    with pytest.raises(UsageError):
        Store(tmp_path / "cache")

    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only the superuser gives folders away")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    os.chown(folder, 12345, 12345)

    with pytest.raises(UsageError):
        Store(folder)
