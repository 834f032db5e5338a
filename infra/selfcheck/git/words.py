"""What comes with a change beside its files: the messages of its commits, the request to merge it, and who made them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from selfcheck.git.base import request
from selfcheck.git.command import Git

MOST = 500
"""Commits of a change that are looked at."""


class Words(NamedTuple):
    """The texts and the authors of a change."""

    texts: tuple[str, ...]
    authors: tuple[str, ...]


def words(git: Git, bases: Sequence[str], head: str, environ: Mapping[str, str]) -> Words:
    """Of the commits that lead to a head (full ids) and not to its bases, and of the request that the CI system tells of.

    Raises:
        CannotOpen: git could not list them.
    """
    apart = [f"^{base}" for base in bases]
    rows = git.rows("log", "-z", f"--max-count={MOST}", "--no-merges", "--format=%an%n%B", head, *apart, "--")
    commits = [row.decode("utf-8", "replace").partition("\n") for row in rows]
    title, body, author = request(environ)
    texts = (*(message.strip() for _, _, message in commits), *(each for each in (title, body) if each))
    authors = dict.fromkeys([author] if author else [name.strip() for name, _, _ in commits])
    return Words(texts, tuple(authors))
