"""What a run is compared with, the exceptions beside the rulebook, and the verdicts of the built-in guardrails."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from selfcheck.ahead import Asked
from selfcheck.check import Case, Change, Repository
from selfcheck.cli.approvals import approval_of
from selfcheck.cli.opening import Opened, revision
from selfcheck.errors import CannotOpen, RulebookError, Unreadable, UsageError
from selfcheck.facts import Facts
from selfcheck.git.base import find, is_ci
from selfcheck.git.history import left_out, renames
from selfcheck.git.words import words
from selfcheck.guardrail import Place
from selfcheck.judge import Compared
from selfcheck.model import Base, Verdict
from selfcheck.policy import Exceptions, Line, Renames, baseline, builtin, commented
from selfcheck.policy.exceptions import Circumstances, judge_exceptions
from selfcheck.policy.loosened import Ground, Rules, judge_loosening
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, at, in_tree, parse
from selfcheck.subjects import comments
from selfcheck.trees import Directory, Memory, Revision, Tree

WITHOUT = "`selfcheck run` without --base judges all there is"
NO_BASELINE: tuple[Line, ...] = ()


class Comparison:
    """The commits that a tree is compared with."""

    def __init__(self, opened: Opened, name: str, environ: Mapping[str, str]) -> None:
        """Find them.

        Raises:
            UsageError: this is no git repository, or the name is no revision.
            CannotOpen: the commit is not in this clone; the text holds the command that mends it.
        """
        git = opened.git
        if git is None:
            raise UsageError(f"--base {name}: {Path(opened.root).resolve()} is in no git repository")
        if opened.revision is None:
            raise CannotOpen(f"--base {name}: {git.top} has no commit yet")
        found = find(git, name, opened.revision, environ)
        for commit in found.commits:
            if lost := left_out(git, commit):
                raise CannotOpen(
                    f"--base {found.name}: {lost} object{'s' * (lost > 1)} of {commit[:12]} "
                    f"{'are' if lost > 1 else 'is'} not in this clone; fetch what it left out with `{git.remedy}`"
                )
        head = None if isinstance(opened.tree, Directory) else opened.revision
        self.base = Base(found.name, found.commits)
        self.trees = tuple(revision(git, commit, opened.folder) for commit in found.commits)
        told = words(git, found.commits, opened.revision, environ)
        self.change = Change(told.texts, told.authors)
        self.target = revision(git, found.tip, opened.folder) if found.tip else None
        self.renames = tuple(Renames(renames(git, commit, head, opened.folder)) for commit in found.commits)


class Gate:
    """Everything beside the guardrails by which the verdicts of one run are made."""

    def __init__(
        self,
        opened: Opened,
        facts: Facts,
        registry: Registry,
        comparison: Comparison | None,
        environ: Mapping[str, str],
    ) -> None:
        self._opened = opened
        self.facts = facts
        self._registry = registry
        self._comparison = comparison
        self._environ = environ
        found = lines_of(opened.tree)
        self.lines = baseline.moved(found, comparison.renames[0]) if comparison else found
        """The baseline under today's names."""

    @property
    def base(self) -> Base | None:
        """What the run is compared with."""
        return self._comparison.base if self._comparison else None

    @property
    def nearest(self) -> Tree | None:
        """The first tree that the run is compared with."""
        return self._comparison.trees[0] if self._comparison else None

    @property
    def target(self) -> Tree | None:
        """The tip of what the change will be merged into."""
        return self._comparison.target if self._comparison else None

    @property
    def change(self) -> Change | None:
        """What comes with the change beside its files."""
        return self._comparison.change if self._comparison else None

    def exceptions(self) -> Exceptions:
        """The baseline and the comments of the judged tree, read once."""
        return self._exceptions

    @cached_property
    def _exceptions(self) -> Exceptions:
        return Exceptions(baseline.by_guardrail(self.lines), commented.remarks(self._comments))

    def exceptions_on(self, tree: Tree, edited: frozenset[str]) -> Exceptions:
        """The exceptions as edits of these paths leave them."""
        if not edited:
            return self._exceptions
        contents = {path: tree.read(path) for path in edited if tree.file(path)}
        fresh = comments.read(Memory(contents), Facts()).by_path
        kept = {path: entries for path, entries in self._comments.by_path.items() if path not in edited}
        found = comments.Comments({**kept, **fresh})
        return Exceptions(self._exceptions.baseline, commented.remarks(found)) if fresh or kept else self._exceptions

    @property
    def also(self) -> Asked:
        """The facts that the exceptions need of the judged tree."""
        return {comments.MARKED: comments.files(self._opened.tree)}

    def compared(self, repo: Repository) -> tuple[Compared, ...]:
        """The bases, ready to be judged as `repo` is; what judges the rulebook judges theirs."""
        if self._comparison is None:
            return ()
        pairs = zip(self._comparison.trees, self._comparison.renames, strict=True)
        return tuple(Compared(repo.elsewhere(tree, self._cases_of(tree)), moved) for tree, moved in pairs)

    def _cases_of(self, tree: Revision) -> Sequence[Case]:
        """The rulebook of a base; none where it cannot be had, so that nothing of head's counts as old."""
        try:
            sources = self._sources(tree)
            if sources == self._opened.sources:
                return self._opened.rulebook.cases
            return parse(sources, self._registry).cases if sources else ()
        except (CannotOpen, RulebookError, UsageError):
            return ()

    def verdicts(self, judged: Sequence[Verdict], repo: Repository, *, whole: bool) -> list[Verdict]:
        """What the built-in guardrails say, given the verdicts on all others; `whole` if all guardrails were judged."""
        place = self._place
        given = Circumstances(
            today=repo.today,
            known=[case.guardrail.id for case in self._opened.rulebook.cases],
            malformed=commented.malformed(self._comments) if whole else (),
            strict=is_ci(self._environ),
        )
        exceptions = self._exceptions if whole else Exceptions()
        found = judge_exceptions(builtin.exceptions(place), judged, exceptions, given)
        verdicts = [found] if found else []
        if self._comparison is not None:
            verdicts.append(self._loosened(repo, place, self._comparison))
        return verdicts

    @cached_property
    def _comments(self) -> comments.Comments:
        return comments.read(self._opened.tree, self.facts)

    @property
    def _place(self) -> Place:
        return Place(self._opened.sources[0].name, 1)

    def _loosened(self, repo: Repository, place: Place, comparison: Comparison) -> Verdict:
        grounds = [self._ground(tree, moved) for tree, moved in zip(comparison.trees, comparison.renames, strict=True)]
        rules = next((ground.rules for ground in grounds if ground.rules), None)
        approvals = rules.rulebook.approvals if rules else None
        approval = approval_of(approvals, comparison.trees[0], self._opened.folder, self._environ)
        head = Rules(self._opened.rulebook, self._exceptions)
        return judge_loosening(builtin.loosened(place), head, grounds, today=repo.today, approval=approval)

    def _ground(self, tree: Revision, moved: Renames) -> Ground:
        """The rules of a base. Where they are none for this selfcheck, that cannot be told from a loosening."""
        try:
            sources = self._sources(tree)
        except CannotOpen as error:
            return Ground(None, moved, f"the base's rulebook cannot be read: {error}", fault=True)
        if not sources:
            return Ground(None, moved, "the base has no rulebook, so nothing that it asks can be loosened")
        try:
            same = sources == self._opened.sources
            rulebook = self._opened.rulebook if same else parse(sources, self._registry)
            lines = lines_of(tree)
        except (RulebookError, UsageError) as error:
            first = str(error).splitlines()[0]
            said = f"the base's rulebook is none for this selfcheck, so loosening cannot be told: {first}; {WITHOUT}"
            return Ground(None, moved, said, fault=True)
        remarks = commented.remarks(comments.read(tree, self.facts))
        return Ground(Rules(rulebook, Exceptions(baseline.by_guardrail(lines), remarks)), moved)

    def _sources(self, tree: Revision) -> tuple[Source, ...]:
        given = self._opened.given
        if given is not None:
            return at(tree, given) if given else ()
        # The base is asked as the command would have been there: a change may also add a rulebook of its own further
        # down, or take one away.
        top = tree.git.top
        here = Path.cwd().resolve()
        start = here.relative_to(top).as_posix() if here.is_relative_to(top) else self._opened.folder
        try:
            return in_tree(tree.below("") if self._opened.folder else tree, "" if start == "." else start)[1]
        except UsageError:
            return ()


def lines_of(tree: Tree) -> tuple[Line, ...]:
    """The baseline of a tree; empty where it has none.

    Raises:
        RulebookError: it has lines that are none.
        CannotOpen: it cannot be read.
    """
    if tree.file(baseline.PLACE) is None:
        return NO_BASELINE
    try:
        return baseline.parse(tree.read(baseline.PLACE))
    except Unreadable as error:
        raise CannotOpen(f"{baseline.PLACE}: {error}") from error


def source_of(tree: Tree) -> Callable[[str], bytes | None]:
    """The bytes of the files of a tree, for reports."""

    def source(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except Unreadable:
            return None

    return source
