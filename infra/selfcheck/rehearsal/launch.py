"""Run by `unshare` in new namespaces: `launch.py PLAN COMMAND…` makes everything read-only but what the plan names, and goes on."""

import ctypes
import json
import os
import struct
import sys

# https://man7.org/linux/man-pages/man2/mount.2.html, …/mount_setattr.2.html
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC = 2, 4, 4096, 16384
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, READ_ONLY = 442, -100, 0x8000, 1
libc = ctypes.CDLL(None, use_errno=True)


def main(plan: dict[str, list[str]], command: list[str]) -> None:
    """Cover what is hidden, bring back what is kept of it, close all, open what may be written to, start the command."""
    hidden = tuple(f"{each}/" for each in plan["hide"])
    read = (each for each in plan["read"] if each.startswith(hidden))
    kept = {path: os.open(path, os.O_PATH) for path in [*read, *plan["write"]] if os.path.isdir(path)}
    here = os.getcwd()
    for path in plan["hide"]:
        if os.path.isdir(path) and not os.path.islink(path):
            mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV)
        elif os.path.isfile(path):
            mount("/dev/null", path, None, MS_BIND)
    for path, number in kept.items():
        os.makedirs(path, exist_ok=True)
        mount(f"/proc/self/fd/{number}", path, None, MS_BIND | MS_REC)
        os.close(number)
    flag("/", READ_ONLY, 0, AT_RECURSIVE)
    for path in plan["write"]:
        flag(path, 0, READ_ONLY, 0)
    os.chdir(here)
    os.execv(command[0], command)


def mount(source: str, target: str, kind: str | None, flags: int) -> None:
    """Mount something somewhere."""
    sort = None if kind is None else kind.encode()
    require(libc.mount(os.fsencode(source), os.fsencode(target), sort, flags, None))


def flag(path: str, on: int, off: int, how: int) -> None:
    """Set and clear flags of a mount: mount_setattr(2)."""
    attributes = struct.pack("QQQQ", on, off, 0, 0)
    require(libc.syscall(MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), how, attributes, len(attributes)))


def require(result: int) -> None:
    """End where a call of the system fails."""
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), sys.argv[2:])
