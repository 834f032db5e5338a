"""What the author of a check needs, and nothing else: a check sees and yields; it never decides, prints or writes."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, TypeVar

from msgspec import Struct

from selfcheck.errors import CannotJudge, Skip, Unprovable, Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.guardrail import Guardrail
from selfcheck.materialise import materialise
from selfcheck.model import Evidence, Finding, Location, Seen, Unread
from selfcheck.trees import Append, Delete, Edit, File, Replace, Tree, Write
from selfcheck.trees.globs import Glob, Globs

__all__ = [
    "Append",
    "Canary",
    "CannotJudge",
    "Case",
    "Check",
    "Delete",
    "Edit",
    "Evidence",
    "Extractor",
    "File",
    "Finding",
    "Glob",
    "Globs",
    "Location",
    "Need",
    "Replace",
    "Repository",
    "Seen",
    "Skip",
    "Tree",
    "Unloadable",
    "Unprovable",
    "Unread",
    "Unreadable",
    "Write",
    "leading_nowhere",
]

P = ParamSpec("P")
T = TypeVar("T")


class Need(StrEnum):
    """What a check asks for beyond the tree; `--no-exec` skips every check with one of these."""

    PROGRAM = "program"
    DATABASE = "database"
    NETWORK = "network"


class Canary(Struct, frozen=True):
    """An edit that must make the guardrail fail with a new finding whose key, or one of its parts, is `expect`."""

    title: str
    edits: tuple[Edit, ...]
    expect: str | None = None
    today: date | None = None
    environ: Mapping[str, str] | None = None


class Repository:
    """Everything that a check may know: the judged tree, the day and the environment of the run."""

    def __init__(
        self,
        tree: Tree,
        *,
        environ: Mapping[str, str],
        today: date,
        guardrails: tuple[Guardrail, ...] = (),
        scratch: Path | None = None,
        facts: Facts | None = None,
    ) -> None:
        self.tree = tree
        self.facts = facts or Facts()
        self.environ = environ
        self.today = today
        self.guardrails = guardrails
        self._scratch = scratch
        self._subjects: dict[Hashable, Any] = {}

    def subject(self, reader: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `reader(*arguments, **options)` reads, read once a run; the arguments must be hashable."""
        key = (reader, arguments, tuple(sorted(options.items())))
        if key not in self._subjects:
            self._subjects[key] = reader(*arguments, **options)
        found: T = self._subjects[key]
        return found

    def materialised(self) -> Path:
        """A new folder that holds a copy of every file of the tree; it is removed after the run.

        Raises:
            CannotJudge: the run gave no place for copies, or a file could not be copied.

        """
        if self._scratch is None:
            raise CannotJudge("this run has no place for a copy of the tree")
        return materialise(self.tree, self._scratch)

    def with_canary(self, tree: Tree, canary: Canary) -> "Repository":
        """The same run over an edited tree, with the day and the environment that the canary sets."""
        return Repository(
            tree,
            environ={**self.environ, **(canary.environ or {})},
            today=canary.today or self.today,
            guardrails=self.guardrails,
            scratch=self._scratch,
            facts=self.facts,
        )


class Check(Struct, forbid_unknown_fields=True):
    """The class's fields are the options, its docstring is user text; register it as an entry point `selfcheck.checks`."""

    needs: ClassVar[frozenset[Need]] = frozenset()
    version: ClassVar[int] = 1
    subject: ClassVar[str | None] = None
    """Checks that name the same subject are judged in one process, so that it is read once."""
    schema_rules: ClassVar[Mapping[str, Any]] = {}
    """JSON Schema keywords beside those that the fields give, for what types cannot say."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """What there is to see, in any order.

        Raises:
            Skip: the promise does not apply to this repository.
            CannotJudge: no verdict is possible.

        """
        raise NotImplementedError(f"{type(self).__name__} has no run()")

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """Facts that `run` will ask for, so that those of a large tree can be read by several processes beforehand."""
        return iter(())

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Edits of this very repository that must turn the check red.

        Raises:
            Unprovable: there are none, and why.

        """
        raise Unprovable("the check offers no canary; give the guardrail one under `canaries:`")


def leading_nowhere(tree: Tree, patterns: Iterable[str]) -> Iterator[Evidence]:
    """An empty scope for each path without wildcards that nothing stands at: a renamed folder must not turn a check blind."""
    for pattern in patterns:
        if not set("*?[!") & set(pattern) and not tree.paths((pattern,)):
            yield Evidence(f"files at {pattern}", scope=0, examined=0)


class Unloadable(Struct, frozen=True):
    """A check that is installed and does not load; its guardrails are judged `error`."""

    reason: str


class Case(Struct, frozen=True):
    """A guardrail with its check and the user's own canaries, ready to be judged."""

    guardrail: Guardrail
    check: Check | Unloadable
    canaries: tuple[Canary, ...] = ()
