"""What the author of a check needs, and nothing else: a check sees and yields; it never decides, prints or writes."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

from msgspec import Struct

from selfcheck.changes import Canary, Change
from selfcheck.errors import CannotJudge, Skip, Unprovable, Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.guardrail import Guardrail
from selfcheck.history import History, unremembered
from selfcheck.materialise import materialise
from selfcheck.model import Evidence, Finding, Location, Seen, Unread
from selfcheck.strictness import Strictness
from selfcheck.trees import Append, Delete, Edit, File, Recording, Replace, Tree, Write
from selfcheck.trees.globs import Glob, Globs
from selfcheck.trees.nowhere import leading_nowhere

__all__ = [
    "Append",
    "Canary",
    "CannotJudge",
    "Case",
    "Change",
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
    "Strictness",
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
Subjects = dict[Hashable, tuple[Any, list[Recording]]]
"""What each reader has read of which arguments, and what it asked of the trees among them."""


class Need(StrEnum):
    """What a check asks for beyond the tree: without a base it is skipped, the others are what `--no-exec` forbids."""

    BASE = "base"
    PROGRAM = "program"
    DATABASE = "database"
    NETWORK = "network"


class Repository:
    """Everything that a check may know: the judged tree, the day and the environment of the run."""

    def __init__(
        self,
        tree: Tree,
        *,
        environ: Mapping[str, str],
        today: date,
        guardrails: tuple[Guardrail, ...] = (),
        checks: "Mapping[str, type[Check]] | None" = None,
        scratch: Path | None = None,
        facts: Facts | None = None,
        base: Tree | None = None,
        target: Tree | None = None,
        change: Change | None = None,
        subjects: Subjects | None = None,
        remembered: Callable[[], History | None] = unremembered,
    ) -> None:
        self.tree = tree
        self.facts = facts or Facts()
        self.asked_beyond = False
        """Whether anything beyond the tree was asked for: what then was seen depends on more than files."""
        self._environ = environ
        self._today = today
        self._guardrails = guardrails
        self._checks: Mapping[str, type[Check]] = checks or {}
        self._base = base
        self._target = target
        self._change = change or Change()
        self._scratch = scratch
        self._remembered = remembered
        self._subjects = {} if subjects is None else subjects

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables of the run."""
        self.asked_beyond = True
        return self._environ

    @property
    def today(self) -> date:
        """The day of the run."""
        self.asked_beyond = True
        return self._today

    @property
    def day(self) -> date:
        """The day of the run, for the policy: that a check asked for it is not recorded."""
        return self._today

    @property
    def base(self) -> Tree | None:
        """The tree that this one is compared with, if it is compared with one."""
        self.asked_beyond = self.asked_beyond or self._base is not self.tree
        return self._base

    @property
    def target(self) -> Tree | None:
        """The tree that this one will be merged into, where that has gone on since the base."""
        self.asked_beyond = self.asked_beyond or self._base is not self.tree
        return self._target

    @property
    def change(self) -> Change:
        """What comes with the change since the base, beside its files."""
        self.asked_beyond = self.asked_beyond or self._base is not self.tree
        return self._change

    @property
    def guardrails(self) -> tuple[Guardrail, ...]:
        """All guardrails of the rulebook, whichever of them the run judges."""
        self.asked_beyond = True
        return self._guardrails

    @property
    def history(self) -> History | None:
        """What is remembered of earlier runs; None where nothing is. Raises `CannotJudge` where it cannot be read."""
        self.asked_beyond = True
        return self._remembered()

    @property
    def disk(self) -> Path | None:
        """The folder on disk that the judged files stand for, if they stand for one: for what lies beside the files."""
        self.asked_beyond = True
        return self.tree.disk

    def check_of(self, guardrail: Guardrail) -> "type[Check] | None":
        """The class of a guardrail's check, where it loads."""
        return self._checks.get(guardrail.use)

    def subject(self, reader: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """What `reader(*arguments, **options)` reads, read once a run; the arguments must be hashable."""
        key = (reader, tuple(map(_origin, arguments)), tuple(sorted(options.items())))
        if key in self._subjects:
            value, recordings = self._subjects[key]
            self._absorb(recordings)
            return cast("T", value)
        # What is asked on behalf of several is recorded once, and counts as asked by each; also where the reader raises.
        watched: Any = [Recording(each) if isinstance(each, Recording) else each for each in arguments]
        recordings = [each for each in watched if isinstance(each, Recording)]
        self._absorb(recordings)
        found = reader(*watched, **options)
        self._subjects[key] = found, recordings
        return found

    def materialised(self) -> Path:
        """A new folder that holds a copy of every file of the tree; it is removed after the run.

        Raises:
            CannotJudge: the run gave no place for copies, or a file could not be copied.

        """
        if self._scratch is None:
            raise CannotJudge("this run has no place for a copy of the tree")
        return materialise(self.tree, self._scratch)

    def watched(self, tree: Recording) -> "Repository":
        """The same run, its subjects shared, over a tree that keeps what is asked of it."""
        return self._with(tree)

    def against_itself(self) -> "Repository":
        """The same run compared with its own tree: nothing is new until a canary's edits are."""
        if self._base is self.tree:
            return self
        return self._with(self.tree, base=self.tree, target=None, change=Change())

    def with_canary(self, tree: Tree, canary: Canary) -> "Repository":
        """The same run over an edited tree, with the day, the environment and the guardrails that the canary sets."""
        environ = {**self._environ, **(canary.environ or {})}
        guardrails = self._guardrails if canary.guardrails is None else canary.guardrails
        remembered = self._remembered if canary.history is None else lambda: canary.history
        told: dict[str, Any] = {"environ": environ, "guardrails": guardrails, "remembered": remembered}
        return self._with(tree, today=canary.today or self._today, subjects={}, target=None, change=Change(), **told)

    def elsewhere(self, tree: Tree, cases: "Sequence[Case]" = ()) -> "Repository":
        """The same run over another tree, which is compared with none and has a rulebook of its own."""
        return self._with(tree, subjects={}, base=None, target=None, change=Change()).under(cases)

    def under(self, cases: "Sequence[Case]") -> "Repository":
        """The same run under another rulebook."""
        guardrails = tuple(case.guardrail for case in cases)
        checks = {case.guardrail.use: type(case.check) for case in cases if isinstance(case.check, Check)}
        return self._with(self.tree, guardrails=guardrails, checks=checks)

    def _absorb(self, recordings: Iterable[Recording]) -> None:
        if isinstance(self.tree, Recording):
            for recording in recordings:
                self.tree.absorb(recording)

    def _with(self, tree: Tree, **changes: Any) -> "Repository":
        other = copy(self)
        other.tree, other.asked_beyond = tree, False
        for name, value in changes.items():
            setattr(other, f"_{name}", value)
        return other


def _origin(argument: Any) -> Any:
    return argument.origin if isinstance(argument, Tree) else argument


class Check(Struct, forbid_unknown_fields=True):
    """The class's fields are the options, its docstring is user text; register it as an entry point `selfcheck.checks`."""

    needs: ClassVar[frozenset[Need]] = frozenset()
    version: ClassVar[int] = 1
    subject: ClassVar[str | None] = None
    """Checks that name the same subject are judged in one process, so that it is read once."""
    strictness: ClassVar[Mapping[str, Strictness]] = {}
    """Options by which a rulebook can ask for more or less; a change of any other option may always ask for less."""
    unmatched: ClassVar[frozenset[str]] = frozenset()
    """Options with path patterns that may well match nothing: they say what must be there, or must not."""
    schema_rules: ClassVar[Mapping[str, Any]] = {}
    """JSON Schema keywords beside those that the fields give, for what types cannot say."""

    @property
    def asks_for(self) -> frozenset[Need]:
        """What this very check asks for, by its options: `needs`, or less of it."""
        return self.needs

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

    def share(self, repo: Repository) -> bool:
        """Ask `repo.subject` for what `run` and other checks of the subject read; whether that was all they share.

        Then they are judged in several processes, each with what was read once. It has no deadline of its own, so it
        does no more than a linear reading.
        """
        return False

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Edits of this very repository that must turn the check red.

        Raises:
            Unprovable: there are none, and why.

        """
        raise Unprovable("the check offers no canary; give the guardrail one under `canaries:`")


class Unloadable(Struct, frozen=True):
    """A check that is installed and does not load; its guardrails are judged `error`."""

    reason: str


class Case(Struct, frozen=True):
    """A guardrail with its check and the user's own canaries, ready to be judged."""

    guardrail: Guardrail
    check: Check | Unloadable
    canaries: tuple[Canary, ...] = ()
