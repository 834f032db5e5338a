"""Checks that do what no check should; each is judged in a process of its own."""

import faulthandler
import itertools
import os
import re
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, ClassVar, NoReturn

from selfcheck.check import CannotJudge, Check, Evidence, Finding, Location, Need, Repository, Seen, Skip, Unread


class OwnEnd(BaseException):
    """No `Exception`: a fence for those lets it through."""


class Mute(Exception):
    """An exception whose own text is broken."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Sees(Check):
    """Sees one file, after some time."""

    seconds: float = 0.0

    def run(self, repo: Repository) -> Iterator[Seen]:
        time.sleep(self.seconds)
        yield Evidence("files", 1, 1)


class Finds(Check):
    """Finds one thing that is wrong."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        yield Finding(key="a", message="a is wrong")


class Crashes(Check):
    """Raises in the middle."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        raise ZeroDivisionError("first line\nsecond line")


class RaisesSystemExit(Check):
    """Takes itself for a program."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        sys.exit(0)


class RaisesKeyboardInterrupt(Check):
    """Takes itself for a user."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        raise KeyboardInterrupt


class RaisesItsOwn(Check):
    """Raises what no fence for exceptions holds."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        raise OwnEnd("mine")


class RaisesWithoutText(Check):
    """Raises what cannot be printed."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        raise Mute


class RaisesOddText(Check):
    """Raises a text that no report can hold, the name of a file that is not UTF-8."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        raise CannotJudge(os.fsdecode(b"caf\xe9 is missing"))


class RecursesForEver(Check):
    """Has no bottom."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield from self.run(repo)


class LeavesTheProcess(Check):
    """Ends its process as if all were well."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        os._exit(0)


class KillsItself(Check):
    """Sends a signal to its own process."""

    number: int

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        faulthandler.disable()  # pytest's own would print where
        os.kill(os.getpid(), self.number)
        time.sleep(60)


class LoopsInPython(Check):
    """Never ends, in Python."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        while True:
            pass


class LoopsInC(Check):
    """Never ends, in C, with the interpreter's lock held: no signal handler of Python runs."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        deque(itertools.repeat(0), maxlen=0)


class MatchesForEver(Check):
    """A regular expression that tries every way to cut a text."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, int(bool(re.match(r"(a+)+$", "a" * 60 + "b"))))


class SwallowsEverything(Check):
    """Cannot be interrupted."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        while True:
            try:
                time.sleep(0.01)
            except BaseException:
                continue


class SwallowsOnce(Check):
    """Takes the interruption for a fault of the file that it reads, and goes on to a pass."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        with suppress(BaseException):
            time.sleep(60)
        yield Evidence("files", 1, 1)


class StopsItself(Check):
    """Stops its process, which neither ends nor answers."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        os.kill(os.getpid(), signal.SIGSTOP)
        yield Evidence("files", 1, 1)


class SeesForEver(Check):
    """Yields without an end."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        while True:
            yield Evidence("files", 1, 1)
            time.sleep(0.01)


class YieldsWrongTypes(Check):
    """Yields something else."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        yield "a is wrong"  # type: ignore[misc]


class YieldsNothingAtAll(Check):
    """Is no generator and gives no iterable."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        return None  # type: ignore[return-value]


class FieldsOfWrongTypes(Check):
    """Yields findings whose fields are not of their types."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        wrong: Any = 7
        yield Finding(key=wrong, message="a is wrong", at=Location("a"))


class YieldsData(Check):
    """Yields data that no report can hold."""

    which: str

    def run(self, repo: Repository) -> Iterator[Seen]:
        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        data: dict[str, Any] = {
            "an object": object(),
            "a key that is none": {None: 1},
            "a text that is no unicode": "\ud800",
            "a depth without a bottom": deep,
        }
        yield Finding(key="a", message="a is wrong", data={"odd": data[self.which]})


class Prints(Check):
    """Prints in every way there is."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        sys.stdout.write("printed by a check\n")
        os.write(1, b"written by a check\n")
        sys.stderr.write("said by a check\n")
        yield Evidence("files", 1, 1)


class Asks(Check):
    """Reads the standard input."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("answers", 1, len(os.read(0, 100)))


class FindsVeryMuch(Check):
    """Yields far more than a pipe holds."""

    findings: int = 20_000

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        for number in range(self.findings):
            yield Finding(key=f"{number}", message="x" * 400)


class LeavesABomb(Check):
    """Passes, and leaves a thread that ends the process while another guardrail is judged in it."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        threading.Thread(target=_end_soon, daemon=True).start()
        yield Evidence("files", 1, 1)


class LeavesALoop(Check):
    """Passes, and leaves a thread that never ends."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        threading.Thread(target=_sleep_for_ever).start()
        yield Evidence("files", 1, 1)


class Forks(Check):
    """Copies its own process, and both give an answer."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        child = os.fork()
        time.sleep(0.1 if child else 0)
        yield Evidence("copies" if child == 0 else "files", 1, 1)


class LeavesACopy(Check):
    """Ends its process, and leaves a copy of it that holds all its files open."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        if os.fork() == 0:
            _sleep_for_ever()
        os._exit(0)


class ClosesEverything(Check):
    """Closes every file, the connection to selfcheck among them."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        os.closerange(3, 256)
        yield Evidence("files", 1, 1)


class Skips(Check):
    """Does not apply."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("files", 1, 1)
        raise Skip("there is no Django here")


class CannotTell(Check):
    """Comes to no end, and says what would mend it."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Unread("a", "gone")
        raise CannotJudge("there is no database", "start one")


class NeedsMuch(Check):
    """Would use programs and the network."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM, Need.NETWORK})

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("hosts", 1, 1)


class ReadsASubject(Check):
    """Says in which process, and how often there, the subject was read."""

    subject: ClassVar[str | None] = "numbers"

    def run(self, repo: Repository) -> Iterator[Seen]:
        yield Evidence("readings", scope=os.getpid(), examined=len(repo.subject(_read)))


def _read() -> list[int]:
    READINGS.append(os.getpid())
    return list(READINGS)


READINGS: list[int] = []


def _end_soon() -> NoReturn:
    time.sleep(0.1)
    os._exit(0)


def _sleep_for_ever() -> NoReturn:
    while True:
        time.sleep(60)
