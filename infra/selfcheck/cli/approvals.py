"""What allows a change to loosen the rules, as the base's rulebook says: a label, or owners who must review the file."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from selfcheck.errors import Unreadable
from selfcheck.git.base import labels
from selfcheck.model import Acceptance, By, Finding, Location
from selfcheck.policy.loosened import Approval, unapproved
from selfcheck.rulebook import Approvals
from selfcheck.trees import Revision, Tree

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Owned(NamedTuple):
    """A row of CODEOWNERS: the pattern, compiled and as written, the owners, and where it stands."""

    spec: GitIgnoreSpec
    pattern: str
    names: str
    place: str

    def matches(self, path: str) -> bool:
        """As .gitignore does; but a star at the end is for the files of a folder, not for those further down."""
        nearest = posixpath.dirname(path)
        below = self.pattern.endswith("/*") and bool(nearest) and self.spec.match_file(nearest)
        return self.spec.match_file(path) and not below


def approval_of(approvals: Approvals | None, base: Revision, folder: str, environ: Mapping[str, str]) -> Approval:
    """What allows each loosening; nothing where the base's rulebook names no approval."""
    if approvals is None:
        return unapproved
    given = next((each for each in approvals.labels if each in labels(environ)), None)
    if given is not None:
        said = Acceptance(
            by=By.APPROVAL, match=given, at=Location(""), reason=f'the pull request has the label "{given}"'
        )
        return lambda _: said
    rows = tuple(owned(base.below(""))) if approvals.codeowners else ()
    return partial(_owned, rows, folder)


def owned(tree: Tree) -> Iterator[Owned]:
    """The rows of a tree's CODEOWNERS in their order."""
    for place in PLACES:
        try:
            text = tree.read(place).decode("utf-8", "replace")
        except Unreadable:
            continue
        yield from _rows(place, text)
        return


def _rows(place: str, text: str) -> Iterator[Owned]:
    """What says whose review is asked for; not the sections that GitLab calls optional, nor what is no pattern."""
    optional = False
    for row in text.splitlines():
        pattern, *names = row.split("#")[0].split() or [""]
        if pattern.startswith(("[", "^[")):
            optional = pattern.startswith("^")
        elif pattern and not optional:
            with suppress(ValueError, re.error):
                spec = GitIgnoreSpec.from_lines([pattern.removeprefix("!")])
                yield Owned(spec, pattern, "" if pattern.startswith("!") else " ".join(names), place)


def _owned(owners: Sequence[Owned], folder: str, finding: Finding) -> Acceptance | None:
    """What allows a loosening: every file in which it may stand is reviewed by its owners."""
    paths = [posixpath.join(folder, file) for file in finding.data["files"]]
    found = [_of_path(owners, path) for path in paths]
    return found[0] if all(found) else None


def _of_path(owners: Sequence[Owned], path: str) -> Acceptance | None:
    """The owners whose review the platform asks for; the last row that matches decides, also one without owners."""
    for row in reversed(owners):
        if row.matches(path):
            if not row.names:
                return None
            reason = f"{row.place} has {row.names} review {path}"
            return Acceptance(by=By.APPROVAL, match=path, at=Location(row.place), reason=reason, owner=row.names)
    return None
