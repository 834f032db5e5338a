"""`selfcheck watch` under way in a folder, what it says read from a file while it runs."""

import re
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.cli.process import COMMAND, environment

STANDS = "selfcheck: watching; Ctrl-C ends it\n"
TIME = re.compile(r"^\d\d:\d\d:\d\d ", re.MULTILINE)
SECONDS = re.compile(r"in \d+\.\d\d s$", re.MULTILINE)


class Watching(NamedTuple):
    """The process and the file that both of its streams go to."""

    process: subprocess.Popen[bytes]
    output: Path

    @property
    def said(self) -> str:
        """Everything up to now, without what no two runs share."""
        return SECONDS.sub("in 0.01 s", TIME.sub("08:00:00 ", self.output.read_text(encoding="utf-8")))

    @property
    def news(self) -> str:
        """What was said since it stood."""
        return self.said.partition(STANDS)[2]

    def says(self, text: str) -> None:
        """Wait until it has said this."""
        self._waits(lambda: text in self.said)

    def hears(self, text: str) -> None:
        """Wait until it has said this since it stood."""
        self._waits(lambda: text in self.news)

    def _waits(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + 20.0
        while not done():
            assert time.monotonic() < until, self.said
            time.sleep(0.01)

    def ended(self, number: int) -> tuple[int, str]:
        """Its exit code after a signal, and what it said then."""
        before = self.output.read_text(encoding="utf-8")
        self.process.send_signal(number)
        code = self.process.wait(20)
        return code, self.output.read_text(encoding="utf-8").removeprefix(before)


@contextmanager
def watching(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None, stands: str = STANDS
) -> Generator[Watching]:
    """The command, once it stands; it is ended with the block."""
    output = folder.parent / "output"
    store = {"SELFCHECK_CACHE_DIR": str(folder.parent / "store")}
    with (
        output.open("wb") as both,
        subprocess.Popen(
            [COMMAND, "watch", *arguments],
            cwd=folder,
            env=environment({**store, **(environ or {})}),
            stdin=subprocess.DEVNULL,
            stdout=both,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        running = Watching(process, output)
        try:
            running.says(stands)
            yield running
        finally:
            process.kill()
