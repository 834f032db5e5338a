"""File names as git and the disk have them, bytes, and as reports have them, text."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from selfcheck.errors import CannotOpen

T = TypeVar("T")


def shown(raw: bytes) -> str:
    r"""The name as UTF-8; bytes that are none stand as `\xNN`."""
    return raw.decode("utf-8", "backslashreplace")


def by_name(
    found: Iterable[tuple[bytes, T]], place: object, without: Callable[[str], bool] | None = None
) -> dict[str, T]:
    """What stands at each path, by the shown name and sorted by it; `without` the paths of which that is true.

    Raises:
        CannotOpen: two files would have one name.
    """
    named: dict[str, T] = {}
    for raw, each in found:
        path = shown(raw)
        if path in named:
            raise CannotOpen(f"{place}: two files are both shown as {path}; rename one")
        named[path] = each
    return {path: named[path] for path in sorted(named) if without is None or not without(path)}
