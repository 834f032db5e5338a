"""Edits that give a repository a setting which it should not have."""

from collections.abc import Iterable, Iterator

from selfcheck.check import Canary, Tree, Unprovable, Write
from selfcheck.subjects.settings import Known, Layer, Place, Settings, place
from selfcheck.trees.globs import matcher, shares

NAME = "SELFCHECK_SECRET_KEY"
VALUE = "change-me"
_FORMS = (
    (Layer.CODE, "selfcheck_canary.py", f'import os\n\n{NAME} = os.environ.get("{NAME}", "{VALUE}")\n'),
    (
        Layer.COMPOSE,
        "compose.selfcheck-canary.yml",
        f"services:\n  canary:\n    environment:\n      {NAME}: ${{{NAME}:-{VALUE}}}\n",
    ),
    (Layer.IMAGE, "Dockerfile.selfcheck-canary", f"FROM scratch\nENV {NAME}={VALUE}\n"),
    (Layer.ENVIRONMENT, ".env.selfcheck-canary", f"{NAME}={VALUE}\n"),
    (Layer.CHART, "values-selfcheck-canary.yaml", f"{NAME}: {VALUE}\n"),
)


def defaults(found: Settings, tree: Tree, paths: tuple[str, ...]) -> Iterator[Canary]:
    """A secret with a default in a new file of each sort that there is, and below each pattern that alone selects a file."""
    told: set[Layer] = set()
    some = False
    for beside in beside_each(found, paths):
        first = True
        for layer, name, text in _FORMS:
            path = free(tree, paths, (each.path for each in beside if each.layer is layer), name)
            if path is not None and (first or layer not in told):
                told.add(layer)
                first, some = False, True
                yield Canary(f"give {NAME} a default in {path}", (Write(path, text.encode()),), f"{NAME} in {path}")
    if not some:
        raise Unprovable("no file that is judged stands where a setting of production could")


def beside_each(found: Settings, paths: tuple[str, ...]) -> list[list[Known]]:
    """The files that are for production, by the patterns that alone select them."""
    judged = {each.path: each for each in found.files if place(each.path) is not Place.DEVELOPMENT}
    return [[judged[path] for path in several] for several in shares(paths, judged)]


def free(tree: Tree, paths: tuple[str, ...], beside: Iterable[str], name: str) -> str | None:
    """A path for a new file beside one of some files, where it is selected too."""
    is_selected = matcher(paths)
    there = (f"{path.rpartition('/')[0]}/{name}".lstrip("/") for path in beside)
    return next((each for each in there if is_selected(each) and tree.file(each) is None), None)
