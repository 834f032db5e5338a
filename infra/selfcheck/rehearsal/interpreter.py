"""Which interpreter has what the project's code needs."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from selfcheck.errors import CannotJudge

NAMES = (".venv", "venv")
PLACES = ("bin/python", "Scripts/python.exe")


def interpreter(wanted: str | None, disk: Path | None, folder: str, environ: Mapping[str, str]) -> Path:
    """The one that is named, else the active environment's, else that of the project's folder, else the one that runs us.

    Raises:
        CannotJudge: the one that is named is not there.

    """
    if wanted is not None:
        path = (disk or Path()) / wanted
        if not path.is_file():
            raise CannotJudge(f"there is no interpreter {wanted}", "name one under `python`, from the root")
        return path.absolute()
    return next(_candidates(disk, folder, environ), Path(sys.executable))


def _candidates(disk: Path | None, folder: str, environ: Mapping[str, str]) -> Iterator[Path]:
    active = environ.get("VIRTUAL_ENV")
    folders = [Path(active)] if active else []
    if disk is not None:
        place = disk / folder
        while True:
            folders += [place / name for name in NAMES]
            if place in (disk, place.parent):
                break
            place = place.parent
    for each in folders:
        for name in PLACES:
            if (each / name).is_file():
                yield (each / name).absolute()
