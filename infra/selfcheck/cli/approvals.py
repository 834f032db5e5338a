"""What allows a change to loosen the rules, as the base's rulebook says: a label, or owners who must review the file."""

import posixpath
from collections.abc import Mapping

from pathspec import GitIgnoreSpec

from selfcheck.errors import Unreadable
from selfcheck.git.base import labels
from selfcheck.model import Acceptance, By, Location
from selfcheck.policy.loosened import Approval, unapproved
from selfcheck.rulebook import Approvals
from selfcheck.trees import Revision

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


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
    owners = _owners(base.below("")) if approvals.codeowners else ()
    return lambda finding: _owned(owners, posixpath.join(folder, finding.at.path)) if finding.at else None


def _owners(tree: Revision) -> tuple[tuple[GitIgnoreSpec, str, str], ...]:
    """The rows of the base's CODEOWNERS in their order: pattern, owners, and where it stands."""
    for place in PLACES:
        try:
            text = tree.read(place).decode("utf-8", "replace")
        except Unreadable:
            continue
        rows = (row.split("#")[0].split() for row in text.splitlines())
        return tuple((GitIgnoreSpec.from_lines([row[0]]), " ".join(row[1:]), place) for row in rows if row)
    return ()


def _owned(owners: tuple[tuple[GitIgnoreSpec, str, str], ...], path: str) -> Acceptance | None:
    """The owners whose review the platform asks for; the last row that matches decides, also one without owners."""
    for pattern, names, place in reversed(owners):
        if pattern.match_file(path):
            if not names:
                return None
            reason = f"{place} has {names} review {path}"
            return Acceptance(by=By.APPROVAL, match=path, at=Location(place), reason=reason, owner=names)
    return None
