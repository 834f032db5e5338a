"""The standard library's names, by the Python that runs."""

import sys
import sysconfig
from functools import cache
from pathlib import Path


@cache
def is_standard(name: str, *, package: bool = False) -> bool:
    """Whether a top-level name is the standard library's, and, where asked, one that has modules of its own."""
    if not package:
        return name in sys.stdlib_module_names
    # `os` is one file, and puts `os.path` into sys.modules itself.
    return name == "os" or (name in sys.stdlib_module_names and Path(sysconfig.get_path("stdlib"), name).is_dir())
