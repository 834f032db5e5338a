"""`init` proposes packs, writes what makes a CI system run selfcheck, and a baseline; nothing that stands there is touched."""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck.actions import ci
from selfcheck.actions.ci.origin import WHEEL, Origin, told
from selfcheck.actions.new import New
from selfcheck.rulebook import find
from tests.ci.reading import data, insecure, scripts, unreadable, wrong
from tests.cli.calling import called
from tests.cli.process import COMMAND, KEPT, environment, rulebook
from tests.cli.test_commands import state
from tests.trees.working_copy import WHO, git, working_copy, write

CIRCLE = {"src/a.py": b"import src.b\n", "src/b.py": b"import src.a\n"}
WRITTEN = {
    "github": [".github/workflows/selfcheck.yml", ".github/pull_request_template.md"],
    "gitlab": [".gitlab/selfcheck.gitlab-ci.yml", ".gitlab-ci.yml", ".gitlab/merge_request_templates/Default.md"],
    "pre-commit": [".pre-commit-config.yaml"],
}
BIN = Path(sys.executable).parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a small repository without a rulebook."""
    folder = working_copy(tmp_path / "repo", {"README.md": b"# Read\n"})
    monkeypatch.chdir(folder)
    return folder


def hint(path: str) -> str:
    """What is said of a file that does not know how selfcheck is installed."""
    return f"next: put a wheel of selfcheck at {WHEEL}, or say in {path} how it is installed"


# --ci


@pytest.mark.parametrize("system", WRITTEN)
def test_the_files_of_a_system_are_written_and_named(
    system: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "init", "--ci", system)

    assert done.code == 0
    assert [line for line in done.stdout.splitlines() if not line.startswith("next: ")] == [
        "wrote guardrails/house.yaml: newcomer-files, no-private-keys",
        *(f"wrote {path}" for path in WRITTEN[system]),
    ]
    assert [path for path in WRITTEN[system] if not (repo / path).is_file()] == []


@pytest.mark.parametrize("system", WRITTEN)
def test_a_second_time_nothing_is_written(system: str, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "init", "--ci", system)
    before = state(repo)

    done = called(capsys, "init", "--ci", system)

    assert (done.code, state(repo)) == (0, before)
    assert done.stdout.splitlines() == [
        "left guardrails: it is the rulebook",
        *(f"left {path}: it names selfcheck already" for path in WRITTEN[system]),
        "next: `selfcheck run`, then `selfcheck prove`",
    ]


def test_what_to_add_to_a_file_that_stands_there_is_printed(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {".gitlab-ci.yml": b"build: {script: make}\n"})

    done = called(capsys, "init", "--ci", "gitlab")

    assert done.code == 0
    assert (repo / ".gitlab-ci.yml").read_bytes() == b"build: {script: make}\n"
    said = (
        "left .gitlab-ci.yml: it is there already; to add to it:\n"
        "    include:\n"
        "      - local: .gitlab/selfcheck.gitlab-ci.yml\n"
    )
    assert said in done.stdout


@pytest.mark.parametrize(
    "place", ["pull_request_template.md", "docs/pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE/a.md"]
)
def test_a_template_for_pull_requests_is_left_wherever_it_stands(
    place: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {place: b"Say why.\n"})

    done = called(capsys, "init", "--ci", "github")

    assert "\n    ## Why it is built this way\n" in done.stdout
    assert not (repo / ".github/pull_request_template.md").exists()


def test_how_selfcheck_gets_there_is_said_where_it_is_not_known(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "init", "--ci", "github")

    (requirement,) = _installed((repo / WRITTEN["github"][0]).read_text(encoding="utf-8"))
    said = hint(WRITTEN["github"][0])
    assert (said in done.stdout) is (requirement == WHEEL)


def test_a_rulebook_of_a_folder_is_not_judged_from_the_top(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {"shop/guardrails.yaml": rulebook(KEPT).encode()})
    monkeypatch.chdir(repo / "shop")
    before = state(repo)

    done = called(capsys, "init", "--ci", "github")

    assert (done.code, state(repo)) == (2, before)
    assert "judges a folder, in which CI has to start selfcheck" in done.stderr


def test_an_older_place_of_the_rulebook_judges_the_top(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"infra/selfcheck/guardrails.yaml": rulebook(KEPT).encode()})

    done = called(capsys, "init", "--ci", "pre-commit")

    assert (done.code, done.stdout.splitlines()[0]) == (
        0,
        "left infra/selfcheck/guardrails.yaml: it is the rulebook",
    )


def test_nothing_is_written_through_a_link_that_leads_out(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outside").mkdir()
    (repo / ".github").symlink_to(tmp_path / "outside")

    done = called(capsys, "init", "--ci", "github")

    assert (done.code, [*(tmp_path / "outside").iterdir()]) == (2, [])
    assert "a symbolic link leads out of the repository; it was not written" in done.stderr


def test_a_file_in_the_place_of_a_folder_is_an_error_that_names_it(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {".gitlab": b""})

    done = called(capsys, "init", "--ci", "gitlab")

    assert done.code == 2
    assert f"{repo / '.gitlab/selfcheck.gitlab-ci.yml'}: " in done.stderr
    assert "; it was not written\n" in done.stderr


def test_a_commit_is_judged_by_the_hook_that_is_written(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "init", "--ci", "pre-commit")
    odd = {"PRE_COMMIT_HOME": str(repo.parent / "home"), "PRE_COMMIT_COLOR": "never", "GIT_CONFIG_NOSYSTEM": "1"}
    environ = environment({**odd, **WHO, "PATH": f"{BIN}:{environment()['PATH']}"})
    subprocess.run([BIN / "pre-commit", "install"], cwd=repo, env=environ, capture_output=True, check=True)
    git(repo, "add", "--all")

    codes = []
    for path in ("kept.txt", "broken.pem"):
        write(repo, {path: b"text\n"})
        git(repo, "add", "--all")
        done = subprocess.run(["git", "commit", "--message=x"], cwd=repo, env=environ, capture_output=True)
        codes.append(done.returncode)

    assert codes == [0, 1]


# where selfcheck comes from

DIRECT = {
    "a commit": (
        {"url": "https://example.org/selfcheck.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        Origin(
            f"selfcheck @ git+https://example.org/selfcheck.git@{COMMIT}", "https://example.org/selfcheck.git", COMMIT
        ),
    ),
    "another system": (
        {"url": "https://example.org/selfcheck", "vcs_info": {"vcs": "hg", "commit_id": "a1"}},
        Origin("selfcheck @ hg+https://example.org/selfcheck@a1"),
    ),
    "by ssh": (
        {"url": "ssh://git@example.org/selfcheck.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        Origin(
            f"selfcheck @ git+ssh://git@example.org/selfcheck.git@{COMMIT}",
            "ssh://git@example.org/selfcheck.git",
            COMMIT,
        ),
    ),
    "a wheel": (
        {"url": "https://example.org/selfcheck.whl", "archive_info": {"hashes": {"sha256": "ab"}}},
        Origin("selfcheck @ https://example.org/selfcheck.whl#sha256=ab"),
    ),
    "a wheel without a digest": ({"url": "https://example.org/selfcheck.whl", "archive_info": {}}, Origin(WHEEL)),
    "this disk": ({"url": "file:///home/li/selfcheck", "dir_info": {"editable": True}}, Origin(WHEEL)),
    "with a password": (
        {"url": "https://li:secret@example.org/selfcheck.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        Origin(WHEEL),
    ),
    "with a token": (
        {"url": "https://token@example.org/selfcheck.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
        Origin(WHEEL),
    ),
}


@pytest.mark.parametrize("name", DIRECT)
def test_another_machine_is_told_to_install_what_it_can_have_and_no_secret(name: str) -> None:
    recorded, known = DIRECT[name]

    assert told(json.dumps(recorded)) == known


@pytest.mark.parametrize("name", ["a commit", "by ssh", "a wheel", "this disk"])
def test_whatever_is_installed_the_files_are_valid_and_secure(name: str, tmp_path: Path) -> None:
    _, known = DIRECT[name]
    planned = [each for system in ci.System for each in ci.plan(system, tmp_path, known)]
    for each in planned:
        assert isinstance(each, New)
        write(tmp_path, {each.path: each.content.encode()})

    files = [tmp_path / each.path for each in planned if each.path.endswith((".yml", ".yaml"))]
    assert [wrong(file) for file in files] == [""] * 4
    assert insecure([tmp_path / WRITTEN["github"][0]]) == ""
    for path in (WRITTEN["github"][0], WRITTEN["gitlab"][0]):
        text = (tmp_path / path).read_text(encoding="utf-8")
        assert [unreadable(script) for script in scripts(data(text)) if unreadable(script)] == []
        assert _installed(text) == [known.requirement]


def _installed(text: str) -> list[str]:
    """What pip is given in a file."""
    lines = [script.removeprefix("pip install ") for script in scripts(data(text)) if script.startswith("pip install ")]
    return [line.strip("'") for line in lines]


# --baseline


def test_what_fails_today_is_accepted_and_what_is_new_is_not(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, CIRCLE)
    ids = ["newcomer-files", "no-conflict-markers", "source-length", "no-private-keys", "no-import-cycles"]

    done = called(capsys, "init", "--baseline")
    kept = called(capsys, "run", "--fail-on", "low").code
    proven = called(capsys, "prove").code
    write(repo, {"src/c.py": b"import src.d\n", "src/d.py": b"import src.c\n"})
    broken = called(capsys, "run")

    assert done.stdout.splitlines() == [
        "pack:python: 2 Python files",
        "    5 of 6 hold today; fail: python-imports-acyclic 1",
        "next: `selfcheck init --yes` extends them all, `--pack NAME` one of them",
        f"wrote guardrails/house.yaml: {', '.join(ids)}",
        "wrote guardrails/baseline.jsonl: 1 finding accepted: no-import-cycles 1",
        "next: `selfcheck run`, then `selfcheck prove`",
    ]
    assert (done.code, kept, proven, broken.code) == (0, 0, 0, 1)
    assert "src/c.py:1: " in broken.stdout
    assert "src/a.py:1: " not in broken.stdout


def test_the_rulebook_says_that_something_is_accepted(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, CIRCLE)

    called(capsys, "init", "--baseline")

    text = (repo / "guardrails/house.yaml").read_text(encoding="utf-8")
    assert "# Written by `selfcheck init`: what fails today is accepted in the baseline, and nothing new is.\n" in text
    assert "#- id" not in text


def test_where_nothing_fails_there_is_no_baseline(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "init", "--baseline")

    assert (done.code, [path.name for path in (repo / "guardrails").iterdir()]) == (0, ["house.yaml"])


def test_a_repository_that_keeps_nothing_yet_can_be_accepted_as_it_is(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "README.md").unlink()
    write(repo, {"a.pem": b"key\n"})

    done = called(capsys, "init", "--baseline")

    assert (done.code, done.stdout.splitlines()[:2]) == (
        0,
        [
            "wrote guardrails/house.yaml: no-private-keys",
            "wrote guardrails/baseline.jsonl: 1 finding accepted: no-private-keys 1",
        ],
    )


def test_a_baseline_that_is_there_is_never_overwritten(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {**CIRCLE, "guardrails/baseline.jsonl": b"\n"})
    before = state(repo)

    done = called(capsys, "init", "--baseline")

    said = f"selfcheck: {repo / 'guardrails/baseline.jsonl'}: there is a baseline already; nothing was written\n"
    assert (done.code, done.stderr, state(repo)) == (2, said, before)


@pytest.mark.parametrize("more", [[], ["--ci", "pre-commit"]])
def test_where_there_is_a_rulebook_the_command_that_accepts_is_named(
    more: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {"guardrails.yaml": rulebook(KEPT).encode()})

    done = called(capsys, "init", "--baseline", *more)

    assert done.code == (0 if more else 2)
    assert "`selfcheck baseline accept --reason TEXT` accepts what it finds today" in done.stdout + done.stderr
    assert find(repo) == repo.resolve() / "guardrails.yaml"


# packs

CARELESS = {
    "shop/main.py": b"from fastapi import FastAPI\n\nSECRET_KEY = 'change-me'\napp = FastAPI()\n",
    ".github/workflows/test.yml": b"on: push\npermissions: {}\njobs: {}\n",
}


def test_packs_are_proposed_with_their_reason_and_what_they_find_today(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, CARELESS)

    done = called(capsys, "init")

    assert done.stdout.splitlines()[:9] == [
        "pack:python: 1 Python file",
        "    6 of 6 hold today",
        "pack:fastapi: shop/main.py makes an application of FastAPI",
        "    5 of 9 hold today; fail: fastapi-secret-defaults 1; nothing to judge: fastapi-health-endpoint",
        "pack:ci: 1 workflow in .github/workflows",
        "    6 of 7 hold today; warn: ci-runs-selfcheck 1",
        "next: `selfcheck init --yes` extends them all, `--pack NAME` one of them",
        "wrote guardrails/house.yaml: newcomer-files, no-import-cycles, no-conflict-markers, source-length, no-private-keys",
        "next: `selfcheck run`, then `selfcheck prove`",
    ]


def test_yes_takes_all_that_fits_and_the_run_after_it_passes_and_is_proven(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, CARELESS)

    done = called(capsys, "init", "--yes")
    codes = [called(capsys, *command).code for command in (["validate"], ["run"], ["prove"])]

    assert (done.code, codes) == (0, [0, 0, 0])
    assert [line for line in done.stdout.splitlines() if line.startswith(("wrote", "put off", "switched off"))] == [
        "wrote guardrails/house.yaml: pack:python, pack:fastapi, pack:ci, newcomer-files, no-private-keys",
        f"put off until {datetime.now(UTC).date() + timedelta(days=90)}: fastapi-secret-defaults 1",
        "switched off: fastapi-health-endpoint: examined nothing: no routes in its scope (`allow_empty: true` accepts it)",
        "wrote .github/workflows/selfcheck.yml",
        "wrote .github/pull_request_template.md",
    ]


def test_yes_a_second_time_writes_nothing(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, CARELESS)
    called(capsys, "init", "--yes")
    before = state(repo)

    done = called(capsys, "init", "--yes")

    assert (done.code, state(repo)) == (0, before)
    assert done.stdout.splitlines() == [
        "left guardrails: it is the rulebook",
        "left .github/workflows/selfcheck.yml: it names selfcheck already",
        "left .github/pull_request_template.md: it names selfcheck already",
        "next: `selfcheck run`, then `selfcheck prove`",
    ]


def test_what_a_pack_finds_is_accepted_where_a_baseline_is_asked_for(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, CARELESS)

    done = called(capsys, "init", "--pack", "fastapi", "--baseline")

    assert "wrote guardrails/baseline.jsonl: 1 finding accepted: fastapi-secret-defaults 1\n" in done.stdout
    assert "extends: [pack:fastapi]\n" in (repo / "guardrails/house.yaml").read_text(encoding="utf-8")
    assert called(capsys, "run").code == 0


def test_a_pack_that_is_not_there_is_told_and_nothing_is_written(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "init", "--pack", "fastpi")

    assert (done.code, done.stderr) == (2, 'selfcheck: unknown pack "fastpi"; did you mean "fastapi"?\n')
    assert not (repo / "guardrails").exists()


def test_a_ci_system_for_which_nothing_is_written_is_named(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"Jenkinsfile": b"pipeline {}\n"})

    done = called(capsys, "init", "--yes")

    assert "next: docs/ci.md shows what Jenkins needs, which is in use here\n" in done.stdout


def test_what_a_file_is_called_does_not_reach_the_terminal(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"a\x1b[2Jb.py": b"app = FastAPI()\n"})

    done = called(capsys, "init")

    assert (done.code, "\x1b" in done.stdout) == (0, False)
    assert "pack:fastapi: a\\x1b[2Jb.py makes an application of FastAPI\n" in done.stdout


def test_at_a_terminal_everything_is_asked(repo: Path) -> None:
    write(repo, CARELESS)

    code, sent = answered("init", cwd=repo, answers="n\ny\nn\ny\ny\n")

    asked = re.findall(r"([A-Z][^?\n\]]*\?) \[[yY]/[nN]\]", sent)
    assert (code, asked) == (
        0,
        [
            *(f"Extend pack:{name}?" for name in ("python", "fastapi", "ci")),
            "Accept the 1 finding that would block in a baseline, and not put them off?",
            "Write what github needs?",
        ],
    )
    assert (repo / "guardrails/baseline.jsonl").is_file()
    assert (repo / ".github/workflows/selfcheck.yml").is_file()
    assert "extends: [pack:fastapi]\n" in (repo / "guardrails/house.yaml").read_text(encoding="utf-8")


def answered(*arguments: str, cwd: Path, answers: str) -> tuple[int, str]:
    """The exit code, and what the command says at a terminal where somebody has typed these lines."""
    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    with subprocess.Popen(
        [COMMAND, *arguments], cwd=cwd, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    ) as running:
        os.close(theirs)
        sent = b""
        with suppress(OSError):  # what Linux says once the other side is closed
            while chunk := os.read(ours, 65536):
                sent += chunk
    os.close(ours)
    return running.returncode, sent.decode("utf-8").replace("\r", "")
