"""The routes of a few files, as lines of text."""

from collections.abc import Mapping

from selfcheck.subjects.routes import SOURCES, Routes, read
from selfcheck.testing import memory


def reading(files: Mapping[str, str]) -> Routes:
    """What is read of files in memory."""
    repo = memory(files)
    return read(repo.tree, repo.facts, SOURCES)


def paths(files: Mapping[str, str]) -> list[str]:
    """`GET /path`, sorted; `?` stands before a path whose beginning is unknown, `-` before one that is not served."""
    found = reading(files).routes
    marks = (("" if each.whole else "? ") + ("" if each.mounted else "- ") for each in found)
    return sorted(f"{mark}{'|'.join(each.methods)} {each.path}" for mark, each in zip(marks, found, strict=True))
