"""Git as the user would run it, with their configuration and credentials: the one road to a remote. No hook runs."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from selfcheck.errors import CannotOpen


def for_the_user(top: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> bytes:
    """What a command prints. Not for a repository that nobody asked to be changed, nor for a question about its content.

    Raises:
        CannotOpen: git says no, or is not installed.
    """
    command = ["git", "-c", f"core.hooksPath={os.devnull}", *arguments]
    whole = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", **environ}
    try:
        done = subprocess.run(command, cwd=top, env=whole, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise CannotOpen(f"git could not be started: {error.strerror}") from error
    if done.returncode != 0:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise CannotOpen(f"git {arguments[0]} failed: {lines[-1]}")
    return done.stdout
