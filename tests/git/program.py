"""The program, run as a person would run it: in a process of its own, in a folder, with a home of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(sys.executable).with_name("selfcheck")
EACH = """
import json, os, sys
from selfcheck.cli import main

for number, line in enumerate(json.loads(sys.argv[2])):
    if os.fork() == 0:
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{sys.argv[1]}/{number}.{name}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv = ["selfcheck", *line]
        main()
    print(os.waitstatus_to_exitcode(os.wait()[1]))
"""
"""Several command lines one after the other, each in a process that begins with everything imported: that takes longest."""


class Ended(NamedTuple):
    """How it ended and what it said."""

    code: int
    out: str
    err: str


def selfcheck(folder: Path, *arguments: str, home: Path, **environ: str) -> Ended:
    """Run the program in a folder; `environ` is added to the environment, from which every `GIT_` variable is taken."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        cwd=folder,
        env=_environment(home, environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    return Ended(done.returncode, _text(done.stdout), _text(done.stderr))


def selfcheck_each(folder: Path, lines: Sequence[Sequence[str]], *, home: Path, **environ: str) -> list[Ended]:
    """The same for several command lines."""
    with tempfile.TemporaryDirectory() as said:
        command = [sys.executable, "-P", "-c", EACH, said, json.dumps(lines)]
        environment = _environment(home, environ)
        done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        assert done.returncode == 0, done.stderr
        spoken = [
            [_text(Path(said, f"{number}.{name}").read_bytes()) for name in ("out", "err")]
            for number in range(len(lines))
        ]
        return [Ended(int(code), *both) for code, both in zip(done.stdout.split(), spoken, strict=True)]


def _environment(home: Path, environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "XDG_", "SELFCHECK_"))}
    return {**kept, "HOME": str(home), "NO_COLOR": "1", "COLUMNS": "200", **environ}


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
