"""What the checks of decisions share: where decisions are looked for, and which words their statuses have."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from selfcheck.check import (
    Check,
    Evidence,
    Extractor,
    File,
    Finding,
    Globs,
    Location,
    Repository,
    Seen,
    Tree,
    leading_nowhere,
)
from selfcheck.guardrail import Text
from selfcheck.subjects import decisions
from selfcheck.subjects.decisions import Decision, Decisions, Status


class DecisionCheck(Check, kw_only=True):
    """A check of decisions; `folders` says where they are, `statuses` what words beside the usual ones mean."""

    subject: ClassVar[str | None] = "decisions"

    folders: Globs | None = None
    statuses: dict[Text, Status] | None = None

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What every document says."""
        yield from decisions.asked(tree, decisions.folders(tree, self.folders or ())).items()

    def decisions(self, repo: Repository) -> Decisions:
        """The decisions, read once a run."""
        words = tuple(sorted((word, status.value) for word, status in (self.statuses or {}).items()))
        return repo.subject(decisions.read, repo.tree, repo.facts, self.folders or (), words)

    def account(self, repo: Repository, found: Decisions) -> Iterator[Seen]:
        """The evidence that decisions were read, and what of them could not be."""
        count = len(found.all)
        yield Evidence("decisions", scope=count + len(found.unread), examined=count)
        yield from found.unread
        yield from leading_nowhere(repo.tree, self.folders or ())


def about(
    decision: Decision,
    what: str,
    message: str,
    hint: str | None = None,
    *,
    line: int = 1,
    data: Mapping[str, Any] | None = None,
) -> Finding:
    """What is wrong with one decision; it is told by its path, which is mapped where the file is moved."""
    return Finding(
        key=f"{decision.path}: {what}",
        message=f"{decision.id}: {message}",
        at=Location(decision.path, line),
        hint=hint,
        data={"decision": decision.id, "status": decision.status and decision.status.value, **(data or {})},
    )
