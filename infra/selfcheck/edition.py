"""Which code runs: what is remembered of one edition of a package says nothing of another."""

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache

from selfcheck import __version__


@cache
def edition(module: str) -> str:
    """A digest of version, interpreter, and every source file of a module's package by path, size and time.

    An edit is another code. A module of no package, or of one without `__init__.py`, is its own file alone.
    """
    package = getattr(sys.modules.get(module.partition(".")[0]), "__file__", None)
    alone = getattr(sys.modules.get(module), "__file__", None)
    if package and package.endswith("__init__.py"):
        sources = sorted(_sources(os.path.dirname(package)))
    else:
        sources = [alone] if alone and os.path.isfile(alone) else []
    stats = [(source, stat.st_size, stat.st_mtime_ns) for source in sources for stat in (os.stat(source),)]
    return hashlib.sha256(f"{__version__} {sys.version} {stats}".encode()).hexdigest()


def _sources(folder: str) -> Iterator[str]:
    for place, _, names in os.walk(folder):
        yield from (f"{place}/{name}" for name in names if name.endswith(".py"))
