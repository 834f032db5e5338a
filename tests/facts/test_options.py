"""Where facts are remembered, and how to look at them and forget them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from selfcheck.cli.cache import cache
from selfcheck.errors import SelfcheckError
from selfcheck.store import FILE, Store
from selfcheck.testing import git_repository
from tests.facts.modules import project
from tests.git.program import Ended, selfcheck


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with modules enough that some facts of it are worth keeping."""
    git_repository(tmp_path / "r", project(30))
    return tmp_path / "r"


def report(ended: Ended) -> Any:
    """The json report without what differs from run to run."""
    found = json.loads(ended.out)
    for timed in (found["run"], *found["verdicts"]):
        timed.pop("started", None)
        timed.pop("seconds")
    return found


def entries(folder: Path) -> int:
    """How many facts a folder holds; 0 where it is no cache."""
    return Store(folder).usage().entries if (folder / FILE).exists() else 0


def run(root: Path, *options: str, **environ: str) -> Ended:
    """A run with a home of its own."""
    return selfcheck(root, "run", "--format", "json", *options, home=root.parent / "home", **environ)


def test_facts_are_kept_in_the_users_cache_folder(root: Path) -> None:
    run(root, XDG_CACHE_HOME=str(root.parent / "home" / ".cache"))

    assert entries(root.parent / "home" / ".cache" / "selfcheck") >= 30


def test_a_folder_is_named_by_the_variable_and_before_it_by_the_option(root: Path) -> None:
    one, other = root.parent / "one", root.parent / "other"

    first = run(root, SELFCHECK_CACHE_DIR=str(one))
    between = (entries(one) >= 30, entries(other))
    (one / FILE).unlink()
    second = run(root, "--cache-dir", str(other), SELFCHECK_CACHE_DIR=str(one))

    assert (between, entries(one), entries(other) >= 30) == ((True, 0), 0, True)
    assert report(first) == report(second)


def test_without_a_cache_nothing_is_written_and_nothing_is_used(root: Path) -> None:
    folder = root.parent / "cache"
    warm = [run(root, "--cache-dir", str(folder)) for _ in range(2)]
    before = (folder / FILE).read_bytes()

    without = run(root, "--no-cache", "--cache-dir", str(folder))

    assert report(without) == report(warm[0]) == report(warm[1])
    assert (folder / FILE).read_bytes() == before
    assert not (root.parent / "home" / ".cache").exists()


@pytest.mark.parametrize("command", ["run", "prove"])
def test_a_folder_that_was_named_and_cannot_be_used_is_wrong_usage(root: Path, command: str) -> None:
    (root.parent / "open").mkdir()
    (root.parent / "open").chmod(0o777)

    ended = selfcheck(root, command, "--cache-dir", str(root.parent / "open"), home=root.parent / "home")

    assert (ended.code, ended.out) == (2, "")
    assert "a cache must be a folder of your own that nobody else can write to" in ended.err


def test_a_users_own_folder_that_others_may_write_to_is_done_without(root: Path) -> None:
    folder = root.parent / "home" / ".cache" / "selfcheck"
    folder.mkdir(parents=True)
    folder.chmod(0o777)

    ended = run(root, XDG_CACHE_HOME=str(folder.parent))

    assert (ended.code, ended.err, list(folder.iterdir())) == (1, "", [])


def invoked(*arguments: str, **environ: str) -> Result:
    """`selfcheck cache …`, in this process."""
    return CliRunner().invoke(cache, arguments, env=environ)


def test_info_says_where_the_cache_is_and_how_much_it_holds(tmp_path: Path) -> None:
    Store(tmp_path / "cache").put("x", {"a": bytes(3_000_000), "b": b""})

    found = invoked("info", "--cache-dir", str(tmp_path / "cache"))

    assert (found.exit_code, found.output) == (0, f"{tmp_path / 'cache' / FILE}: 2 entries, 3.0 MB\n")


def test_clear_forgets_everything(tmp_path: Path) -> None:
    Store(tmp_path / "cache").put("x", {"a": b"1"})

    found = invoked("clear", SELFCHECK_CACHE_DIR=str(tmp_path / "cache"))

    assert (found.exit_code, found.output) == (0, f"{tmp_path / 'cache' / FILE}: forgot 1 entries\n")
    assert list((tmp_path / "cache").iterdir()) == []


def test_neither_works_on_a_folder_that_others_may_write_to(tmp_path: Path) -> None:
    (tmp_path / "selfcheck").mkdir()
    (tmp_path / "selfcheck").chmod(0o777)

    found = [invoked(command, XDG_CACHE_HOME=str(tmp_path)) for command in ("info", "clear")]

    assert [isinstance(each.exception, SelfcheckError) for each in found] == [True, True]
