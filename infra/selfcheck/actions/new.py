"""New files of a repository: written where nothing stands, and nowhere but below its root."""

from pathlib import Path

from msgspec import Struct

from selfcheck.errors import UsageError


class New(Struct, frozen=True):
    """A file to write, by its path from the root, and its content."""

    path: str
    content: str


def create(new: New, root: Path) -> None:
    """Write it.

    Raises:
        UsageError: something stands there, a link on the way leads out of the root, or it cannot be written.
    """
    path = root / new.path
    try:
        if not path.parent.resolve().is_relative_to(root.resolve()):
            raise UsageError(f"{path}: a symbolic link leads out of the repository; it was not written")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(new.content)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; it was not written") from error
