"""Scripts that a line starts: whether they are there, whether they can fail, and folders that they name in vain."""

import posixpath
import re
from collections.abc import Iterator

from selfcheck.check import Unreadable
from selfcheck.subjects.shell import Command, Script, nodes, outcome, parse
from selfcheck.suggest import short
from selfcheck.trees import Tree

SHELLS = frozenset(("sh", "bash", "dash"))
READERS = re.compile(r"python[\d.]*|node|ruby|perl|sh|bash|dash")
SCRIPT = re.compile(r"(?:\./)?[\w@-][\w./@-]*\.(?:py|sh|bash|js|mjs|cjs|ts|rb|pl)")
FOLDER = re.compile(r"""["']((?:[\w.-]+/)+[\w.-]+)/?["']""")
MOST = 3
"""How many names that lead nowhere are told of one script."""


def missing(script: Script, tree: Tree) -> str | None:
    """A script that is started and is not there."""
    return next((path for path in _started(script) if tree.resolve(path) is None), None)


def rotten(script: Script, tree: Tree) -> Iterator[str]:
    """What is wrong with the scripts that a line starts; they are read and never run."""
    for path in dict.fromkeys(_started(script)):
        text = _text(tree, path)
        if path.endswith((".sh", ".bash")):
            yield from _of_shell(path, text)
        else:
            gone = [each for each in dict.fromkeys(FOLDER.findall(text)) if _leads_nowhere(each, tree)]
            yield from (f"{path} names {short(each)}, which is not there" for each in gone[:MOST])


def _started(script: Script) -> Iterator[str]:
    for node in nodes(script.body):
        words = [word.text for word in node.words] if isinstance(node, Command) else []
        if not words or words[0] is None:
            continue
        reads = READERS.fullmatch(posixpath.basename(words[0])) is not None
        first = next((word for word in words[1:] if word is None or not word.startswith("-")), None)
        named = first if reads else words[0]
        if named is not None and SCRIPT.fullmatch(named) and ".." not in named and (reads or "/" in named):
            yield posixpath.normpath(named)


def _of_shell(path: str, text: str) -> Iterator[str]:
    first, _, _ = text.partition("\n")
    script = parse(text, bash="bash" in first)
    strict = first.startswith("#!") and any(each.startswith("-") and "e" in each for each in first.split())
    end = outcome(script, errexit=strict)
    if script.faults:
        fault = script.faults[0]
        yield f"{path} could not be read, line {fault.line}: {fault.message}"
    elif not end.can_fail:
        yield f"{path} cannot fail: line {end.lost[0].line} loses the status ({end.lost[0].kind})"


def _leads_nowhere(path: str, tree: Tree) -> bool:
    """Whether a path that begins in a folder of this tree leads to nothing in it."""
    top = path.partition("/")[0]
    return any(each.startswith(f"{top}/") for each in tree.kinds) and tree.resolve(path) is None


def _text(tree: Tree, path: str) -> str:
    file = tree.file(tree.resolve(path) or path)
    try:
        return (file.text or "") if file is not None else ""
    except Unreadable:
        return ""
