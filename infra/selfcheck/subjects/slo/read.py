"""The files of objectives in a tree."""

from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.ci.yaml import load_all
from selfcheck.subjects.slo.model import Slip, Slos, Written
from selfcheck.subjects.slo.monitors import monitors
from selfcheck.subjects.slo.openslo import openslo
from selfcheck.trees import File, Tree

SLO_FILES = (
    "**/slo-monitors.yml",
    "**/slo-monitors.yaml",
    "**/*.slo.yml",
    "**/*.slo.yaml",
    "**/openslo/**/*.yml",
    "**/openslo/**/*.yaml",
)
LARGEST = 2_000_000


def reading(content: bytes) -> Written:
    """What one file says.

    Raises:
        Unreadable: it is no YAML, or larger than any file of objectives.
    """
    if len(content) > LARGEST:
        raise Unreadable("is too large for a file of objectives")
    try:
        documents = load_all(content)
    except RecursionError as error:
        raise Unreadable("is nested too deep") from error
    found = [each for document in documents if (each := monitors(document) or openslo(document)) is not None]
    if not found:
        slip = Slip(key="file", line=1, message="says no objectives", hint="write `slos:`, or documents of OpenSLO v1")
        return Written(slips=(slip,))
    return Written(
        objectives=tuple(one for each in found for one in each.objectives),
        channels=tuple(one for each in found for one in each.channels),
        slips=tuple(one for each in found for one in each.slips),
        base_url=next((each.base_url for each in found if each.base_url), None),
        names=tuple(one for each in found for one in each.names),
        wanted=tuple(one for each in found for one in each.wanted),
        alerting=max(each.alerting for each in found),
    )


WRITTEN = Extractor("objectives", 1, Written, reading, parsers=("pyyaml",))
"""What a file says of objectives, as a fact."""


def ahead(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
    """The facts that a reading asks for."""
    yield WRITTEN, tree.files(paths)


def read(tree: Tree, facts: Facts, paths: tuple[str, ...]) -> Slos:
    """Every file of objectives that the patterns select."""
    files: list[tuple[str, Written]] = []
    unread: list[Unread] = []
    for file, each in facts.of(WRITTEN, tree.files(paths)):
        if isinstance(each, Unreadable):
            unread.append(Unread(file.path, str(each)))
        else:
            files.append((file.path, each))
    return Slos(tuple(files), tuple(unread))
