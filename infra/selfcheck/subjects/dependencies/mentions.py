"""Words in a repository's settings, scripts and strings: what is started or named there is used without an import."""

import posixpath
import re
from collections.abc import Iterable

from selfcheck.errors import Unreadable
from selfcheck.trees import File, Tree

SUFFIXES = [
    ".bash",
    ".cfg",
    ".conf",
    ".env",
    ".in",
    ".ini",
    ".ipynb",
    ".j2",
    ".just",
    ".ps1",
    ".sh",
    ".toml",
    ".tpl",
    ".yaml",
    ".yml",
]
NAMES = re.compile(
    r"(?:Dockerfile|Containerfile|Makefile|Procfile|justfile|Justfile|Jenkinsfile|Vagrantfile)[\w.-]*|\.env[\w.-]*"
)
LONGEST = 1_000_000
"""Bytes beyond which a file is data, not settings."""

_quoted = rb"""["'](?:[\w.]+\+)?(?:%b)(?![\w-])"""
_word = rb"(?<![\w.-])(?:%b)(?![\w-])"


def mentioned(tree: Tree, folder: str, words: Iterable[str], but: Iterable[str]) -> set[str]:
    """Which of these words stand in a file below a folder, files that declare dependencies left out.

    In Python a word counts at the beginning of a string, or after a `+` in it (`postgresql+psycopg2://`); elsewhere as
    a whole word.
    """
    left = {word: word.encode() for word in words}
    declaring = set(but)
    found: set[str] = set()
    below = f"{folder}/" if folder else ""
    for file in tree.files():
        is_python = file.path.endswith(".py")
        if (
            left
            and file.path.startswith(below)
            and file.path not in declaring
            and (is_python or _is_settings(file.path))
        ):
            here = _mentioned(file, left, _quoted if is_python else _word)
            found |= here
            left = {word: raw for word, raw in left.items() if word not in here}
    return found


def _is_settings(path: str) -> bool:
    name = posixpath.basename(path)
    return name.endswith(tuple(SUFFIXES)) or NAMES.fullmatch(name) is not None or "." not in name


def _mentioned(file: File, words: dict[str, bytes], form: bytes) -> set[str]:
    try:
        content = file.bytes
    except Unreadable:
        return set()
    if len(content) > LONGEST:
        return set()
    return {word for word, raw in words.items() if raw in content and re.search(form % re.escape(raw), content)}
