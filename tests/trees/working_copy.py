"""Real git repositories for tests: made by git itself, untouched by the configuration of whoever runs them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"), ("DATE", "2026-01-01T00:00:00Z"))
}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints, in `folder`; it must succeed."""
    environ = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **WHO}
    done = subprocess.run(["git", *arguments], cwd=folder, env=environ, input=stdin, capture_output=True, check=True)
    return done.stdout


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder, with these files in it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def working_copy(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder as a git repository in which these files are committed."""
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    write(folder, files)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=first")
    return folder
