"""Edits that give a repository a setting which it should not have."""

from collections.abc import Iterator

from selfcheck.check import Canary, Tree, Unprovable, Write
from selfcheck.subjects.settings import Layer, Place, Settings, place
from selfcheck.trees.globs import matcher

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
    """A secret with a default in a new file of each sort that there is, beside one that is judged."""
    is_selected = matcher(paths)
    told = False
    for layer, name, text in _FORMS:
        folders = [
            each.path.rpartition("/")[0]
            for each in found.files
            if each.layer is layer and place(each.path) is not Place.DEVELOPMENT
        ]
        paths_there = (f"{folder}/{name}".lstrip("/") for folder in dict.fromkeys(folders))
        path = next((each for each in paths_there if is_selected(each) and tree.file(each) is None), None)
        if path is not None:
            told = True
            yield Canary(f"give {NAME} a default in {path}", (Write(path, text.encode()),), f"{NAME} in {path}")
    if not told:
        raise Unprovable("no file that is judged stands where a setting of production could")
