"""Which code runs: what is remembered of one edition of a package says nothing of another."""

import hashlib
import sys
from functools import cache
from pathlib import Path

from selfcheck import __version__


@cache
def edition(module: str) -> str:
    """A digest of version, interpreter, and every source file of a module's package by path, size and time: an edit is another code."""
    package = getattr(sys.modules.get(module.partition(".")[0]), "__file__", None)
    alone = getattr(
        sys.modules.get(module), "__file__", None
    )  # a module of no package, or of one without `__init__.py`
    if package and package.endswith("__init__.py"):
        sources = sorted(Path(package).parent.rglob("*.py"))
    else:
        sources = [Path(alone)] if alone else []
    stats = [(str(source), source.stat().st_size, source.stat().st_mtime_ns) for source in sources if source.is_file()]
    return hashlib.sha256(f"{__version__} {sys.version} {stats}".encode()).hexdigest()
