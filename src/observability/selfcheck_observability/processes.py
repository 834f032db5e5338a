"""Which process a run belongs to, and whether that one still lives: a number alone is soon another's."""

import os
import platform
import subprocess
from pathlib import Path

from msgspec import Struct


class Process(Struct, frozen=True):
    """A process by its host, its number and the moment of its birth as the system counts it."""

    host: str
    number: int
    born: str

    @property
    def alive(self) -> bool | None:
        """Whether it still runs; None where it is of another host."""
        if self.host != platform.node():
            return None
        return _born(self.number) == self.born


def this() -> Process:
    """The process that asks."""
    return Process(platform.node(), os.getpid(), _born(os.getpid()) or "")


def _born(number: int) -> str | None:
    """When a process was born; None where there is none of this number, or it has ended and nobody waits for it."""
    stat = Path(f"/proc/{number}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold anything; the third field is the state, the 22nd the start.
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            return None if fields[0] == "Z" else f"{_boot()} {fields[19]}"
        except OSError:
            return None
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(number)], capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.strip() or None


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
