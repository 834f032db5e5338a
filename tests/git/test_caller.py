"""What the caller's environment says of git misleads nothing, as in a hook, where git itself has set some of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.git.animals import Place, cage
from tests.git.program import PROGRAM, selfcheck_each
from tests.trees.working_copy import WHO, git, write

LINES = (("run", "--quiet"), ("run", "--quiet", "--rev", "HEAD"))
VICTIM = "{outside}/victim"
VARIABLES = (
    {"GIT_DIR": f"{VICTIM}/.git"},
    {"GIT_DIR": f"{VICTIM}/.git", "GIT_WORK_TREE": VICTIM},
    {"GIT_COMMON_DIR": f"{VICTIM}/.git"},
    {"GIT_INDEX_FILE": f"{VICTIM}/.git/index"},
    {"GIT_INDEX_FILE": ""},
    {"GIT_OBJECT_DIRECTORY": f"{VICTIM}/.git/objects"},
    {"GIT_NAMESPACE": "x"},
    {"GIT_PREFIX": "sub/"},
    {"GIT_CEILING_DIRECTORIES": "/"},
    {"GIT_DISCOVERY_ACROSS_FILESYSTEM": "0"},
    {"GIT_LITERAL_PATHSPECS": "1"},
    {"GIT_CONFIG_GLOBAL": "{outside}/b.txt"},
    {"GIT_CONFIG_PARAMETERS": "'core.fsmonitor={program}'"},
    {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "{program}"},
    {"GIT_CONFIG_COUNT": "99", "GIT_CONFIG_KEY_98": "core.bare", "GIT_CONFIG_VALUE_98": "true"},
    {"GIT_EXTERNAL_DIFF": "{program}"},
    {"GIT_PAGER": "{program}", "PAGER": "{program}", "GIT_EDITOR": "{program}"},
    {"GIT_SSH_COMMAND": "{program}", "GIT_ASKPASS": "{program}", "GIT_PROXY_COMMAND": "{program}"},
    {"GIT_EXEC_PATH": "{outside}"},
    {"GIT_TEMPLATE_DIR": "{outside}"},
    {"GIT_REPLACE_REF_BASE": "refs/heads/"},
    {"GIT_GRAFT_FILE": "{outside}/b.txt"},
    {"GIT_ATTR_SOURCE": "no-such-tree"},
)


@pytest.mark.parametrize("variables", VARIABLES, ids=["+".join(each) for each in VARIABLES])
def test_a_run_is_as_without_the_variables(tmp_path: Path, variables: dict[str, str]) -> None:
    place = cage(tmp_path)
    write(place.root, {"a.txt": b"changed\n"})
    environ = {name: value.format(outside=place.outside, program=place.program) for name, value in variables.items()}

    ended = selfcheck_each(place.root, LINES, home=tmp_path / "home", **environ)

    assert [(each.code, each.err) for each in ended] == [(0, ""), (0, "")]
    assert not (tmp_path / "mark").exists()


HOOK = """#!/bin/sh
env | grep -q ^GIT_INDEX_FILE= && echo "the index is named"
{program} run --no-cache --format json > "{report}"
echo "ended with $?"
"""


def hooked(place: Place) -> Path:
    """The report that the pre-commit hook writes."""
    report = place.outside / "report.json"
    hook = place.root / ".git" / "hooks" / "pre-commit"
    hook.write_text(HOOK.format(program=f"{sys.executable} {PROGRAM}", report=report))
    hook.chmod(0o755)
    return report


@pytest.mark.parametrize("only", [(), ("--only", "sub/b.txt")], ids=["all", "one-file"])
def test_a_commit_is_judged_in_its_hook(tmp_path: Path, only: tuple[str, ...]) -> None:
    place = cage(tmp_path)
    report = hooked(place)
    write(place.root, {"sub/b.txt": b"edited\n", "new.txt": b"TOP-SECRET-0\n"})
    git(place.root, "add", "--all")

    done = _commit(place.root, *only)

    assert done == "the index is named\nended with 1\n"
    assert '"path": "new.txt"' in report.read_text()


def test_a_commit_in_a_linked_working_tree_is_judged_in_its_hook(tmp_path: Path) -> None:
    place = cage(tmp_path)
    report = hooked(place)
    git(place.root, "worktree", "add", "--quiet", "../linked")
    write(tmp_path / "linked", {"new.txt": b"TOP-SECRET-0\n"})
    git(tmp_path / "linked", "add", "--all")

    done = _commit(tmp_path / "linked")

    assert done == "the index is named\nended with 1\n"
    assert '"path": "new.txt"' in report.read_text()


def _commit(folder: Path, *only: str) -> str:
    """What the hook says during a commit."""
    environ = os.environ | {"HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | WHO
    command = ["git", "commit", "--quiet", "--message=second", *only]
    done = subprocess.run(command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True)
    return (done.stdout + done.stderr).decode()
