"""What is saved is judged at once, and only what has become of verdicts is told."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.cli.plugin import install_check
from tests.cli.process import BROKEN, KEPT, UNJUDGED, number_in, rulebook, selfcheck
from tests.trees.working_copy import git, working_copy
from tests.watch.watching import STANDS, watching

pytest.importorskip("watchfiles")

TODO = """\
  - {id: todo, title: No todo stands here, why: It has no owner., severity: medium, tags: [text], allow_empty: true,
     check: {use: text-forbids, pattern: TODO, paths: ["**/*.py"]}}
"""
KEPT_BY_ALL = "3 passed in 0.01 s\n"
FAILS = """\
FAIL  licence (high)
      There is a licence
      no file matches LICENCE
      why: Nobody may use what has none.
      see: guardrails.yaml:5
"""


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository that keeps two promises and breaks one."""
    files = {
        "README.md": b"",
        "src/shop.py": b"total = 0\n",
        ".gitignore": b"build/\n*.log\n",
        "guardrails.yaml": rulebook(KEPT, BROKEN, TODO).encode(),
    }
    return working_copy(tmp_path / "repo", files)


def test_a_save_tells_the_verdict_that_it_changed_and_no_other(repo: Path) -> None:
    with watching(repo) as running:
        (repo / "LICENCE").write_bytes(b"")
        running.hears(KEPT_BY_ALL)
        (repo / "LICENCE").unlink()
        running.hears("failed: licence\n")

    assert running.said == (
        f"{FAILS}\n1 failed, 2 passed in 0.01 s\nfailed: licence\n{STANDS}"
        f"08:00:00 LICENCE\npass  licence (high)\n      1 required path\n{KEPT_BY_ALL}"
        f"08:00:00 LICENCE\n{FAILS}1 failed, 2 passed in 0.01 s\nfailed: licence\n"
    )


def test_a_finding_that_only_moves_is_no_news_and_one_more_is(repo: Path) -> None:
    shop = repo / "src/shop.py"
    with watching(repo, "--rule", "todo") as running:
        shop.write_text("# TODO\n", encoding="utf-8")
        running.hears("src/shop.py:1:")
        shop.write_text("\n# TODO\n", encoding="utf-8")
        running.hears("1 failed (none blocks) in 0.01 s\n08:00:00 src/shop.py\n1 failed (none blocks) in 0.01 s\n")
        shop.write_text("\n# TODO\n# TODO\n", encoding="utf-8")
        running.hears("src/shop.py:3:")

    assert running.news.count("FAIL  todo") == 2


def test_what_is_ignored_and_what_git_itself_writes_is_not_looked_at(repo: Path) -> None:
    with watching(repo) as running:
        (repo / "build").mkdir()
        (repo / "build/shop.py").write_bytes(b"# TODO\n")
        (repo / "today.log").write_bytes(b"")
        git(repo, "commit", "--quiet", "--allow-empty", "--message=second")
        (repo / "README.md").write_bytes(b"# Read\n")
        running.hears("README.md")
        running.hears("failed: licence\n")

    assert running.news == "08:00:00 README.md\n1 failed, 2 passed in 0.01 s\nfailed: licence\n"


def test_a_folder_that_comes_is_watched_and_so_is_what_is_made_in_it(repo: Path) -> None:
    with watching(repo, "--tag", "text") as running:
        (repo / "new/deep").mkdir(parents=True)
        (repo / "README.md").write_bytes(b"# Read\n")
        running.hears("README.md\n1 passed")
        (repo / "new/deep/shop.py").write_bytes(b"# TODO\n")
        running.hears("new/deep/shop.py:1:")
        (repo / "new").rename(repo / "newer")
        running.hears("newer/deep/shop.py:1:")
        (repo / "newer/deep/shop.py").write_bytes(b"")

        running.hears("pass  todo (medium)")


def test_a_folder_that_was_empty_from_the_beginning_is_watched(repo: Path) -> None:
    (repo / "empty/deep").mkdir(parents=True)
    with watching(repo) as running:
        (repo / "empty/deep/shop.py").write_bytes(b"# TODO\n")

        running.hears("empty/deep/shop.py:1:")


def test_a_folder_that_went_and_came_back_is_watched(repo: Path) -> None:
    with watching(repo) as running:
        shutil.rmtree(repo / "src")
        git(repo, "checkout", "--quiet", "src")
        (repo / "README.md").write_bytes(b"# Read\n")
        running.hears("README.md")
        (repo / "src/shop.py").write_bytes(b"# TODO\n")

        running.hears("src/shop.py:1:")


def test_a_rulebook_that_is_edited_holds_at_once_and_a_wrong_one_ends_nothing(repo: Path) -> None:
    file = repo / "guardrails.yaml"
    with watching(repo) as running:
        file.write_text(rulebook(BROKEN.replace("high", "hihg")), encoding="utf-8")
        running.hears('guardrails.yaml:3:92: `severity`: unknown value "hihg"; did you mean "high"?\n')
        file.unlink()
        running.hears("no rulebook from")
        file.write_text(rulebook(KEPT, UNJUDGED.replace("src", "lib")), encoding="utf-8")
        running.hears("could not be judged: lines\n")

    assert running.news.endswith(
        "08:00:00 guardrails.yaml\n"
        "ERROR lines (high)\n"
        "      Modules are short\n"
        "      examined nothing: no files in its scope (`allow_empty: true` accepts it)\n"
        "      why: Long ones are not read.\n"
        "      see: guardrails.yaml:5\n"
        "1 not judged, 1 passed in 0.01 s\n"
        "could not be judged: lines\n"
    )


def test_a_rulebook_that_is_wrong_from_the_beginning_is_told_and_waited_for(repo: Path) -> None:
    (repo / "guardrails.yaml").write_text(rulebook(KEPT.replace("high", "hihg")), encoding="utf-8")
    with watching(repo) as running:
        (repo / "guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")

        running.hears("1 passed in 0.01 s\n")


def test_a_rulebook_outside_of_the_repository_is_watched(repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "house" / "rules.yaml"
    file.parent.mkdir()
    file.write_text(rulebook(KEPT), encoding="utf-8")
    with watching(repo, "--guardrails", str(file)) as running:
        file.write_text(rulebook(BROKEN), encoding="utf-8")

        running.hears("08:00:00 ../house/rules.yaml\nFAIL  licence (high)\n")


def test_quiet_tells_only_what_blocks_and_what_no_longer_does(repo: Path) -> None:
    with watching(repo, "--quiet") as running:
        (repo / "src/shop.py").write_bytes(b"# TODO\n")
        (repo / "README.md").unlink()
        running.hears("FAIL  readme")
        (repo / "README.md").write_bytes(b"")
        running.hears("pass  readme")

    assert "todo (medium" not in running.said


def test_a_folder_outside_of_git_is_watched_and_caches_are_not(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    (folder / "src/__pycache__").mkdir(parents=True)
    (folder / "guardrails.yaml").write_text(rulebook(TODO), encoding="utf-8")
    with watching(folder) as running:
        (folder / "src/__pycache__/shop.py").write_bytes(b"# TODO\n")
        (folder / "src/shop.py").write_bytes(b"# TODO\n")
        running.hears("1 failed (none blocks) in 0.01 s\n")

    assert "08:00:00 src/shop.py\n" in running.news


def test_polling_is_told_of_changes_where_the_system_tells_of_none(repo: Path) -> None:
    with watching(repo, environ={"WATCHFILES_FORCE_POLLING": "1"}) as running:
        (repo / "LICENCE").write_bytes(b"")

        running.hears(KEPT_BY_ALL)


def test_a_name_that_is_not_utf8_ends_nothing(repo: Path) -> None:
    with watching(repo) as running:
        file = Path(os.fsdecode(os.fsencode(repo / "src") + b"/caf\xe9.py"))
        file.write_bytes(b"# TODO\n")
        running.hears("FAIL  todo")
        file.write_bytes(b"")

        running.hears("pass  todo")


def test_a_repository_that_cannot_be_read_is_told_and_waited_for(repo: Path) -> None:
    index = repo / ".git/index"
    whole = index.read_bytes()
    with watching(repo) as running:
        index.write_bytes(b"")
        (repo / "LICENCE").write_bytes(b"")
        running.hears("git ls-files failed: ")
        index.write_bytes(whole)
        (repo / "README.md").write_bytes(b"# Read\n")

        running.hears(f"08:00:00 LICENCE, README.md\npass  licence (high)\n      1 required path\n{KEPT_BY_ALL}")


def test_the_end_of_the_repository_ends_the_watch(repo: Path) -> None:
    with watching(repo) as running:
        shutil.rmtree(repo)

        assert running.process.wait(20) == 3

    assert running.said.endswith(f"selfcheck: {repo.resolve()}: is gone\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_wait_without_a_traceback(number: int, code: int, repo: Path) -> None:
    with watching(repo) as running:
        assert running.ended(number) == (code, "selfcheck: interrupted\n")


def test_a_signal_ends_the_judging(repo: Path, tmp_path: Path) -> None:
    source = """\
        import os, time
        from selfcheck.check import *

        class Odd(Check):
            "Says which process it is in, and takes long."

            def run(self, repo):
                with open(repo.environ["PROCESS"], "w") as file:
                    print(os.getpid(), file=file)
                time.sleep(600)
                yield Evidence("odd things", 1, 1)
    """
    odd = "  - {id: odd, title: Odd, why: It is., severity: high, timeout: 600, check: {use: odd}}\n"
    (repo / "guardrails.yaml").write_text(rulebook(odd), encoding="utf-8")
    environ = {"PROCESS": str(tmp_path / "process"), **install_check(tmp_path / "site", source)}
    with watching(repo, environ=environ, stands="") as running:
        number_in(tmp_path / "process")

        assert running.ended(signal.SIGINT) == (130, "selfcheck: interrupted\n")


def test_without_watchfiles_the_command_says_what_to_install(repo: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "watchfiles.py").write_text("raise ImportError('gone')\n", encoding="utf-8")

    done = selfcheck("watch", cwd=repo, environ={"PYTHONPATH": str(site)})

    said = "selfcheck: watch needs watchfiles (gone): pip install 'selfcheck[watch]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_without_a_rulebook_there_is_nothing_to_watch(tmp_path: Path) -> None:
    done = selfcheck("watch", cwd=tmp_path)

    assert done.returncode == 2
    assert "no rulebook from" in done.stderr
