"""The comments of a tree as exceptions: those in force or not by their guardrail, and those that are none."""

from collections import defaultdict
from collections.abc import Mapping

from selfcheck.model import Acceptance, By, Location
from selfcheck.policy.exceptions import Malformed
from selfcheck.policy.given import Remark
from selfcheck.subjects import comments


def remarks(found: comments.Comments) -> Mapping[str, tuple[Remark, ...]]:
    """The comments for each guardrail; one for several is each one's own."""
    known: defaultdict[str, list[Remark]] = defaultdict(list)
    for path, entries in found.by_path.items():
        for entry in entries:
            if isinstance(entry, comments.Comment):
                said = Acceptance(
                    by=By.COMMENT,
                    match=path,
                    at=Location(path, entry.line),
                    reason=entry.reason,
                    owner=entry.owner,
                    until=entry.until,
                )
                for rule in entry.rules:
                    known[rule].append(Remark(path, None if entry.whole else entry.covers, said))
    return {rule: tuple(several) for rule, several in known.items()}


def malformed(found: comments.Comments) -> tuple[Malformed, ...]:
    """The comments that mean to be exceptions and are none."""
    return tuple(
        Malformed(Location(path, entry.line), entry.message)
        for path, entries in found.by_path.items()
        for entry in entries
        if isinstance(entry, comments.Malformed)
    )
