"""A file written whole or not at all."""

import os
import tempfile
from pathlib import Path


def replace(path: Path, content: str) -> None:
    """The file with this content, on disk, or as it was before; a device or a pipe is written to as it stands."""
    if path.exists() and not path.is_file():
        path.write_text(content, encoding="utf-8", errors="backslashreplace")
        return
    path = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
