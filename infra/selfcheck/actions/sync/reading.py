"""The file, read while nobody writes it, and its rules; whatever is wrong with it is told with its lines."""

import os
import time
from pathlib import Path

from selfcheck.actions.sync.request import Refused, Request
from selfcheck.errors import Unreadable
from selfcheck.subjects.instructions.records import Records, records
from selfcheck.subjects.instructions.source import source_in

TRIES = 5
PAUSE = 0.05
SHOWN = 10


def read_file(request: Request) -> Records:
    """The rules of the file.

    Raises:
        Refused: it is not there, is being written, or is not as the guardrail declares it.
    """
    check = request.check
    faults = check.layout.faults()
    if faults:
        raise Refused(f"{request.guardrail}: {'; '.join(faults)}")
    content = stable(request.root, check.file)
    source = source_in(check.file, check.items, check.id).attempt(content)
    if isinstance(source, Unreadable):
        raise Refused(f"critical: {check.file}: {source}; nothing was written")
    found = records(source, check.layout)
    if found.faults:
        lines = [f"critical: {check.file}:{each.line}: {each.message}" for each in found.faults[:SHOWN]]
        more = f", and {len(found.faults) - SHOWN} more" if len(found.faults) > SHOWN else ""
        raise Refused("\n".join([*lines, f"nothing was written{more}"]))
    return found


def stable(root: Path, path: str) -> bytes:
    """The bytes of a file that was the same before and after it was read.

    Raises:
        Refused: it cannot be read, leads out of the root, or does not hold still.
    """
    file = root / path
    try:
        if not file.resolve().is_relative_to(root.resolve()):
            raise Refused(f"critical: {path}: leads out of the repository; nothing was written")
        for _ in range(TRIES):
            before = os.stat(file)
            content = file.read_bytes()
            after = os.stat(file)
            if _identity(before) == _identity(after) and len(content) == after.st_size:
                return content
            time.sleep(PAUSE)
    except OSError as error:
        raise Refused(f"critical: {path}: {error.strerror}; nothing was written") from error
    raise Refused(f"critical: {path}: is being written again and again; nothing was written")


def _identity(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
