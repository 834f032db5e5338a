"""Probes as they are kept: one JSON line each, with what an objective may ask of it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from selfcheck.errors import UsageError


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One probe: when, of which endpoint, whether an answer came and was no failure, how long it took."""

    time: datetime
    endpoint: str
    ok: bool
    seconds: float
    status: int | None = None
    error: str | None = None
    level: str | None = None
    """What the answer says of the service, where it says anything."""
    values: dict[str, str] = {}
    """What objectives asked of the answer, by the path in it."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Record)


def write(record: Record, to: IO[bytes]) -> None:
    """One line more."""
    to.write(_encoder.encode(record) + b"\n")
    to.flush()


def read(path: Path) -> Iterator[Record]:
    """The probes of a file; one that broke off at its end, as a killed process leaves it, counts without its last line.

    Raises:
        UsageError: the file is not there, or a line is no probe.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip() or not line.endswith(b"\n"):
                    continue
                try:
                    yield _decoder.decode(line)
                except msgspec.MsgspecError as error:
                    raise UsageError(f"{path}:{number}: is no probe: {error}") from error
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
