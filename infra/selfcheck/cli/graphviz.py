"""Graphviz, a program of the host: from a graph in its language to a picture."""

import shutil
import subprocess
import tempfile

from selfcheck.errors import CannotOpen

PROGRAM = "dot"
SECONDS = 60.0
"""Layout takes more than proportionally longer with the number of edges; nobody reads a picture that took this long."""


def svg(dot: str, program: str = PROGRAM, seconds: float = SECONDS) -> str:
    """The picture of a digraph.

    Raises:
        CannotOpen: graphviz is not installed, refuses, or is not done in time.
    """
    found = shutil.which(program)
    if found is None:
        raise CannotOpen(
            f"svg is drawn by graphviz, and there is no `{program}` on PATH; install graphviz, or use --format dot"
        )
    with tempfile.TemporaryDirectory(prefix="selfcheck-") as folder:
        try:
            done = subprocess.run(
                [found, "-Tsvg"], input=dot.encode(), cwd=folder, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise CannotOpen(
                f"`{program}` was not done after {seconds:g} s; draw less with --depth, --around or --cycles"
            ) from None
        except OSError as error:
            raise CannotOpen(f"`{program}` does not start: {error.strerror}") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip() or f"it ended with {done.returncode}"
        raise CannotOpen(f"`{program}` draws nothing: {reason}")
    return done.stdout.decode("utf-8", "replace")
