"""How foreign code is shut in: what the host offers is found out by trying it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

HIDDEN = ("/run", "/tmp", "/var/tmp", "/dev/shm")
"""Where the sockets of other programs are, and what others wrote."""
PRIVATE = (
    *(".ssh", ".aws", ".azure", ".config", ".docker", ".gnupg", ".kube"),
    *(".git-credentials", ".netrc", ".pgpass", ".pypirc"),
)
"""What of a home holds secrets."""
LAUNCHER = Path(__file__).with_name("launch.py")
UNSHARE = ("--user", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--fork", "--mount-proc", "--kill-child")
SECONDS = 10


class Isolation(Struct, frozen=True):
    """What stands around a program; `unshare` is None where only its end, its environment and its copy are ours."""

    unshare: str | None
    network: bool = False

    @property
    def says(self) -> str:
        """What is told of it with the evidence."""
        if self.unshare is None:
            return "with a deadline, a clean environment and its own process group, and no isolation beyond"
        return f"in namespaces: read-only files, no other process{'' if self.network else ', no network'}"

    def reaching(self, *, network: bool) -> "Isolation":
        """The same, for a program whose database is on another host."""
        return self if self.unshare is None else Isolation(self.unshare, network)

    def around(
        self, command: Sequence[str], writable: Sequence[Path], readable: Sequence[Path], home: str = ""
    ) -> list[str]:
        """The command, shut in: it writes to these folders only, and of what is hidden it sees these, of a home no secret."""
        if self.unshare is None:
            return list(command)
        private = [f"{home}/{each}" for each in PRIVATE] if home else []
        plan = {"hide": [*private, *HIDDEN], "write": list(map(str, writable)), "read": list(map(str, readable))}
        wanted = [each for each in UNSHARE if each != "--net" or not self.network]
        return [self.unshare, *wanted, sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(plan), *command]


OPEN = Isolation(None)


def strongest(environ: Mapping[str, str]) -> Isolation:
    """The strongest isolation that this host has, with the programs that are on the path."""
    unshare = shutil.which("unshare", path=environ.get("PATH", ""))
    return Isolation(unshare) if unshare is not None and _works(unshare) else OPEN


@cache
def _works(unshare: str) -> bool:
    """Whether a program can be shut in at all: many hosts and containers forbid it."""
    command = Isolation(unshare).around(["/bin/sh", "-c", ":"], (), ())
    try:
        ended = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
