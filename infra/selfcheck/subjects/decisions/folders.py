"""Where decisions are kept: folders that a repository names for it, folders of the usual names, or those configured."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from selfcheck.errors import Unreadable
from selfcheck.subjects.decisions.names import SUFFIXES, is_reserved, named, parts
from selfcheck.trees import Tree
from selfcheck.trees.globs import matcher

USUAL = re.compile(
    r"\.?(?:adrs?|decisions?|archdecisions?|architectur(?:e|al)[-_]?decisions?(?:[-_]?(?:records?|logs?))?"
    r"|decision[-_]?(?:records?|logs?)|design[-_]decisions?)",
    re.IGNORECASE,
)
ARCHIVE = re.compile(r"(?:_?archived?|archives|deprecated|superseded|rejected|retired|obsolete|old)", re.IGNORECASE)
"""Folders within one of decisions that share its numbers."""
OF_OTHERS = frozenset(
    (
        *("node_modules", "vendor", "third_party", "site-packages", "testdata", "fixtures", "__fixtures__", "tests"),
        *("test", "examples", "example", "integration-tests", "templates", "template", "demo", "samples", "sample"),
    )
)
"""Parts of paths below which decisions are somebody else's, or none."""
ALONE = re.compile(r"\.?adrs?", re.IGNORECASE)
"""A name that says by itself that what is in a folder are decisions, whatever they are called."""
ADR = re.compile(r"adr[-_ ]?\d", re.IGNORECASE)
LOG4BRAINS = re.compile(r"^[ \t]*adrFolder:[ \t]*[\"']?(?P<path>[^\s\"'#]+)", re.MULTILINE)


def folders(tree: Tree, configured: Sequence[str]) -> dict[str, list[str]]:
    """Each folder of decisions, and the documents in it and in its archives. Those configured may be patterns."""
    documents = [path for path in tree.kinds if path.endswith(SUFFIXES) and tree.file(path) is not None]
    if configured:
        return _below(documents, _configured(documents, configured))
    mine = [path for path in documents if not OF_OTHERS & set(path.split("/")[:-1])]
    return _below(mine, {*_named(tree), *_usual(mine)})


def is_list(path: str) -> bool:
    """Whether a document stands in a folder of its own that is named like a decision: it is one though it is a README."""
    folder, stem, _ = parts(path)
    name = named(posixpath.basename(folder))
    return stem.lower() in {"readme", "index"} and bool(name.day or name.number is not None) and bool(name.slug)


def _configured(documents: Sequence[str], configured: Sequence[str]) -> set[str]:
    plain = {posixpath.normpath(each) for each in configured if not set("*?[!") & set(each)}
    patterns = tuple(each for each in configured if set("*?[!") & set(each))
    if patterns:
        selected = matcher(patterns)
        plain |= {_home(path) for path in documents if selected(path)}
    return plain


def _home(path: str) -> str:
    """The folder that a document is a decision of."""
    folder = posixpath.dirname(path)
    if is_list(path) or ARCHIVE.fullmatch(posixpath.basename(folder)):
        folder = posixpath.dirname(folder)
    return folder or "."


def _named(tree: Tree) -> Iterable[str]:
    """Folders that a file of a tool names: adr-tools' `.adr-dir`, the settings of log4brains."""
    for path in tree.kinds:
        name = posixpath.basename(path)
        if name in {".adr-dir", ".log4brains.yml"} and not OF_OTHERS & set(path.split("/")[:-1]):
            file = tree.file(path)
            try:
                text = (file.text or "") if file else ""
            except Unreadable:
                continue
            said = [text.strip()] if name == ".adr-dir" else [found["path"] for found in LOG4BRAINS.finditer(text)]
            for each in said:
                folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), each))
                if each and not folder.startswith(("../", "/")) and folder != "..":
                    yield folder


def _usual(documents: Sequence[str]) -> set[str]:
    """Folders of the usual names with a document that is named like a decision, and others with two of `adr-12`."""
    found: set[str] = set()
    numbered: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for path in documents:
        home, (_, stem, _) = _home(path), parts(path)
        name = named(posixpath.basename(posixpath.dirname(path)) if is_list(path) else stem)
        if is_reserved(name.stem):
            continue
        every[home] += 1
        basename = posixpath.basename(home)
        if USUAL.fullmatch(basename) and (name.number is not None or name.day or ALONE.fullmatch(basename)):
            found.add(home)
        numbered[home] += ADR.match(stem) is not None or (name.number is not None and posixpath.dirname(home) in found)
    # Elsewhere, and in the categories of a folder, those that are numbered are the most of all that is there.
    return found | {
        home for home, count in numbered.items() if 2 * count > every[home] and _are_some(home, count, found)
    }


def _are_some(home: str, count: int, found: set[str]) -> bool:
    return count > 1 or posixpath.dirname(home) in found


def _below(documents: Sequence[str], homes: set[str]) -> dict[str, list[str]]:
    found: Mapping[str, list[str]] = {home: [] for home in sorted(homes)}
    for path in documents:
        if (home := _home(path)) in found:
            found[home].append(path)
    return {home: paths for home, paths in found.items() if paths}
