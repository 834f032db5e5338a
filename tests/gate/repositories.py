"""A remote repository and clones of it as CI systems make them, by git's own transport; what a run there came to."""

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from selfcheck.testing import Files, git_repository
from tests.cli.calling import Called, called
from tests.trees.working_copy import WHO, git

RULEBOOK = """\
version: 1
guardrails:
  - {id: no-todo, title: Todos have an owner, why: They rot., severity: high,
     check: {use: text-forbids, pattern: TODO, paths: ["*.txt"]}}
"""
MERGE = "refs/pull/7/merge"
COMMAND = re.compile(r"`(git [^`]+)`")


def origin(folder: Path) -> Path:
    """A remote with one todo since ever, one on `main` since `work` parted from it, one on `work`, and their merge.

        fork - main           (main.txt)
            \\      \\
             first - work     (new.txt)
    """
    root = folder / "origin"
    git_repository(root, {"guardrails.yaml": RULEBOOK}, {"old.txt": "TODO\n"})
    git(root, "tag", "fork")
    git(root, "checkout", "--quiet", "-b", "work")
    commit(root, {"new.txt": "done\n"})
    commit(root, {"new.txt": "TODO\n"})
    git(root, "checkout", "--quiet", "main")
    commit(root, {"main.txt": "TODO\n"})
    git(root, "checkout", "--quiet", "--detach")
    git(root, "merge", "--quiet", "--no-ff", "--message=merged", "work")
    git(root, "update-ref", MERGE, "HEAD")
    git(root, "checkout", "--quiet", "main")
    return root


def commit(root: Path, files: Files) -> str:
    """Files written, None taken away, and committed: the id of the commit."""
    for path, content in files.items():
        file = root / path
        if content is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message=changed")
    return commit_of(root, "HEAD")


def commit_of(root: Path, revision: str) -> str:
    """The id of the commit that a revision names."""
    return git(root, "rev-parse", f"{revision}^{{commit}}").decode().strip()


def clone(folder: Path, *options: str, of: Path) -> Path:
    """A clone as `git clone` makes it."""
    git(folder, "clone", "--quiet", *options, f"file://{of}", "clone")
    return folder / "clone"


def checkout(folder: Path, ref: str, *options: str, of: Path) -> Path:
    """A clone as CI systems make it: only what one ref leads to, and no branch; `options` are those of the fetch."""
    root = folder / "clone"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=nothing")
    git(root, "remote", "add", "origin", f"file://{of}")
    git(root, "fetch", "--quiet", "--no-tags", *options, "origin", f"+{ref}:refs/remotes/ci")
    git(root, "checkout", "--quiet", "--detach", "refs/remotes/ci")
    git(root, "update-ref", "-d", "refs/remotes/ci")
    return root


def mend(root: Path, said: str, which: int = 0) -> None:
    """Run the command that a message names, as a person does who copies it into a shell; it must succeed."""
    command = COMMAND.findall(" ".join(said.split()))[which]
    environ = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **WHO}
    subprocess.run(["sh", "-c", command], cwd=root, env=environ, capture_output=True, check=True)


class Found(NamedTuple):
    """How a run ended, the keys of what counts by guardrail, and what it said on the standard error."""

    code: int
    new: Mapping[str, list[str]]
    said: str = ""


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> Found:
    """What `selfcheck run` with these arguments comes to in the current folder."""
    ended = called(capsys, "run", *arguments, "--format", "json")
    return Found(ended.code, new(ended), ended.stderr)


def new(ended: Called) -> dict[str, list[str]]:
    """The keys of what counts by guardrail, of those that have some."""
    verdicts = json.loads(ended.stdout)["verdicts"] if ended.stdout else []
    keys = {
        verdict["id"]: [each["key"] for each in verdict["findings"] if each["status"] == "new"] for verdict in verdicts
    }
    return {name: several for name, several in keys.items() if several}


def reasons(ended: Called) -> dict[str, str]:
    """What the verdicts of a json report give as their reasons."""
    return {each["id"]: each["reason"] for each in json.loads(ended.stdout)["verdicts"] if each["reason"]}
