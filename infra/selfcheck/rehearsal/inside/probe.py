"""What is asked is read from one file, what came of it is written to another."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any

from .alembic_steps import Rehearsal
from .django_apps import Apps
from .engines import Refused


def main(asked: str, told: str) -> None:
    """Read what is asked, and tell what came of it."""
    with open(asked, encoding="utf-8") as file:
        spec = json.load(file)
    with open(told + ".part", "w", encoding="utf-8") as file:
        json.dump(answer(spec), file)
    os.replace(told + ".part", told)


def answer(spec: dict[str, Any]) -> dict[str, Any]:
    """What came of each step, or at which of them it ended and why."""
    sys.path[:0] = [each for each in spec["path"] if each not in sys.path]
    if "settings" in spec:
        return _kept(Apps(spec))
    return _kept(Rehearsal(spec))


def _kept(rehearsal: Any) -> dict[str, Any]:
    try:
        rehearsal.run()
    except BaseException as error:  # env.py may raise anything, SystemExit too
        rehearsal.told["failed"] = _failure(error, rehearsal)
    told: dict[str, Any] = rehearsal.told
    return told


def _failure(error: BaseException, rehearsal: Any) -> dict[str, Any]:
    root = os.path.realpath(rehearsal.spec["root"]) + os.sep
    frames = [
        (os.path.realpath(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    inner = [(path[len(root) :], line) for path, line in frames if path.startswith(root) and not path.endswith(">")]
    # What SQLAlchemy adds is the statement and a link; what others say in further lines is often the reason.
    told = str(error).partition("\n[SQL")[0].partition("\n(Background")[0]
    said = " / ".join(line.strip() for line in told.splitlines()[:3] if line.strip())
    refused = isinstance(error, Refused)
    name = type(error).__name__
    return {
        "kind": error.kind if isinstance(error, Refused) else name,
        "says": said if refused else f"{name}: {said}" if said else name,
        "at": f"{inner[-1][0]}:{inner[-1][1]}" if inner else None,
        "stage": rehearsal.stage,
        "revision": rehearsal.revision,
    }
