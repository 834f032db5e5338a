"""The source roots of a tach configuration as roots of ours, so that modules have the names that it calls them by."""

import posixpath
from collections.abc import Iterator, Sequence

from selfcheck.check import Tree
from selfcheck.subjects.imports.places import SOURCE_FOLDERS
from selfcheck.trees.globs import matcher


def roots(source_roots: Sequence[str], exclude: Sequence[str], tree: Tree | None) -> tuple[tuple[str, ...], list[str]]:
    """The roots, and what is said of how they differ; none where no source root holds a Python file."""
    normal = list(dict.fromkeys(posixpath.normpath(each) for each in source_roots))
    if tree is None:
        return tuple(normal), _told_blind(normal, exclude)
    files = [path for path in tree.kinds if path.endswith(".py")]
    patterns = tuple(_readable(exclude))
    excluded = frozenset(filter(matcher(patterns), files)) if patterns else frozenset[str]()
    found: list[str] = []
    beside: set[str] = set()
    for root in normal:
        paths = [path for path in files if root == "." or path.startswith(f"{root}/")]
        if not excluded.intersection(paths) and (root == "." or posixpath.basename(root) in SOURCE_FOLDERS):
            found += [root] if paths else []
            continue
        # A root's own last part begins the names of its modules, here what stands in it does.
        children = dict.fromkeys(_child(path, root) for path in paths if path not in excluded)
        found += children
        beside |= {path for path in excluded.intersection(paths) if _child(path, root) in children}
    said = [f"stricter: files that `exclude` names are judged where others stand beside them ({len(beside)} of them)"]
    return tuple(found), said if beside else []


def _told_blind(source_roots: Sequence[str], exclude: Sequence[str]) -> list[str]:
    said = ["not found around the file: mend `roots` where they are no folders"]
    odd = (each for each in source_roots if each != "." and posixpath.basename(each) not in SOURCE_FOLDERS)
    said += [
        f"`{each}` as a root begins its modules' names with its own; name what stands in it instead" for each in odd
    ]
    return said + ["stricter: files that `exclude` names are judged"] * bool(exclude)


def _child(path: str, root: str) -> str:
    """The folder or file right below a root that a path is in."""
    below = path if root == "." else path[len(root) + 1 :]
    return posixpath.normpath(posixpath.join(root, below.partition("/")[0]))


def _readable(exclude: Sequence[str]) -> Iterator[str]:
    """The patterns that are also ours; the others exclude nothing."""
    for each in exclude:
        try:
            matcher((each,))
        except ValueError:
            continue
        if each and not each.startswith(("/", "!", "../")):
            yield each
