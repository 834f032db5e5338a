"""New migrations do nothing to tables that are in use which the users would notice."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Location, Need, Repository, Seen, Skip, Strictness
from selfcheck.checks.migrations.canaries import shared
from selfcheck.checks.migrations.fresh import Fresh, creates, fresh
from selfcheck.checks.migrations.planting import planted
from selfcheck.checks.migrations.rules import Danger, Rule, dangers, unreviewed
from selfcheck.checks.migrations.scope import MigrationCheck
from selfcheck.checks.migrations.squawk import squawked
from selfcheck.guardrail import Text
from selfcheck.subjects.migrations import Does, Imported, Migrations, Operation, Trait, Way
from selfcheck.subjects.migrations.dialects import Dialect, detected
from selfcheck.subjects.migrations.operations import NO_SCHEMA
from selfcheck.trees import Tree
from selfcheck.trees.globs import matcher

BACK = {
    Way.MISSING: "has no `downgrade`",
    Way.EMPTY: "has a `downgrade` that does nothing",
    Way.RAISES: "has a `downgrade` that only raises",
}
ONLY_NEW = (
    "judges migrations that are new since a base, and there is none; name one, `selfcheck run --base REF`, or say under "
    "`after` which migrations are known"
)


class MigrationsSafe(MigrationCheck, kw_only=True):
    """A new migration loses nothing, and locks no table that is in use for longer than a moment.

    New is what the base has not, or what comes after a migration that `after` names. Tables that new migrations create
    have no rows yet, and are not judged.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        "rules": Strictness.MORE,
        "after": Strictness.LESS,
        "squawk": Strictness.MORE,
    }
    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM})

    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)] = tuple(Rule)
    dialect: Dialect | None = None
    after: tuple[Text, ...] = ()
    squawk: tuple[Text, ...] = ()

    @property
    def asks_for(self) -> frozenset[Need]:
        """A program, only where rules of squawk are named."""
        return self.needs if self.squawk else frozenset()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each operation and rule."""
        if repo.base is None and not self.after:
            raise Skip(ONLY_NEW)
        found = self.read(repo)
        yield from self.account(repo, found)
        dialect = self._dialect(repo, found)
        old = None if repo.base is None else self.of(repo, repo.base)
        new = list(fresh(repo, found, old, self.after, dialect))
        yield Evidence("migrations that are new", scope=max(1, len(found.paths)), examined=len(new))
        empty = creates(new)
        for each in new:
            yield from judged(repo.tree, each, empty, dialect, self.rules)
        if self.squawk:
            yield from squawked(repo.tree, found, new, self.squawk, repo.environ)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each rule a new migration that breaks it, and one below each pattern that alone selects a migration."""
        found = self.read(repo)
        yield from planted(shared(found, self.paths), self.rules, self._dialect(repo, found), matcher(self.paths))

    def _dialect(self, repo: Repository, found: Migrations) -> Dialect | None:
        schemes = tuple(each.place.url for each in found.environments)
        return self.dialect or repo.subject(detected, repo.tree, repo.facts, schemes)


def judged(
    tree: Tree, each: Fresh, empty: Collection[str], dialect: Dialect | None, rules: Collection[Rule]
) -> Iterator[Finding]:
    """What is dangerous about one migration, by these rules; `empty` are tables that have no rows."""
    counts: Counter[tuple[Rule, str]] = Counter()
    for operation, danger in _dangers(tree, each, empty, dialect):
        if danger.rule not in rules:
            continue
        about = ".".join(filter(None, (operation.table, operation.about)))
        counts[danger.rule, about] += 1
        number = counts[danger.rule, about]
        yield Finding(
            key=f"{each.name}: {danger.rule}{about and ' '}{about}{f' ({number})' if number > 1 else ''}",
            message=f"{posixpath.basename(each.path)} {danger.says}",
            at=Location(each.path, operation.line),
            hint=danger.instead,
            data={
                "migration": each.name,
                "rule": danger.rule.value,
                "operation": operation.does.value,
                "table": operation.table,
                "about": operation.about,
            },
        )


def _dangers(
    tree: Tree, each: Fresh, empty: Collection[str], dialect: Dialect | None
) -> Iterator[tuple[Operation, Danger]]:
    for operation in each.operations:
        if operation.table is not None and operation.table.lower() in empty:
            continue
        if operation.does is Does.UNKNOWN:
            yield operation, unreviewed(operation)
        yield from ((operation, danger) for danger in dangers(operation, dialect))
    yield from _imports(tree, each)
    yield from _back(each)
    yield from _mixed(each, empty)


def _imports(tree: Tree, each: Fresh) -> Iterator[tuple[Operation, Danger]]:
    for one in each.imports:
        if _is_own(tree, each.path, one):
            says = f"imports {'.' * one.level}{one.name}, the application itself: it breaks when that changes"
            danger = Danger(
                Rule.APPLICATION_IMPORT, says, "say in the migration what it needs: `sa.table(…)`, literal values"
            )
            yield Operation(does=Does.OTHER, line=one.line, about=one.name), danger


def _is_own(tree: Tree, path: str, one: Imported) -> bool:
    """Whether an import is of this repository; what lies beside the migrations belongs to them."""
    if one.level or not one.name:
        return False
    parts = one.name.split(".")
    folders = [*_above(path), "", "src", "backend", "app"]
    for folder in dict.fromkeys(folders):
        top = posixpath.join(folder, parts[0])
        if tree.file(f"{top}.py") or tree.file(f"{top}/__init__.py"):
            whole = posixpath.join(folder, *parts)
            return posixpath.dirname(path) not in (whole, posixpath.dirname(whole)) and not _is_beside(path, whole)
    return False


def _is_beside(path: str, whole: str) -> bool:
    """Whether a module is of the migrations themselves: below the folder of their environment."""
    environment = posixpath.dirname(posixpath.dirname(path))
    return bool(environment) and (whole == environment or whole.startswith(f"{environment}/"))


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _back(each: Fresh) -> Iterator[tuple[Operation, Danger]]:
    instead = "write the way back, or say in the rulebook that there is none: leave `no-way-back` out of `rules`"
    if each.way is not None and each.way in BACK:
        yield Operation(does=Does.OTHER, line=each.way_line), Danger(Rule.NO_WAY_BACK, BACK[each.way], instead)
    for operation in each.operations:
        if operation.has(Trait.IRREVERSIBLE):
            danger = Danger(
                Rule.NO_WAY_BACK, "has an operation without a reverse", "give it one; `noop` says that none is needed"
            )
            yield operation, danger


def _mixed(each: Fresh, empty: Collection[str]) -> Iterator[tuple[Operation, Danger]]:
    """Rows that are changed under the locks of a change of the schema; tables that are new have no rows to wait for."""

    def is_used(operation: Operation) -> bool:
        return (operation.table or "").lower() not in empty

    rows = [one for one in each.operations if one.does is Does.DATA and is_used(one)]
    schema = [one for one in each.operations if one.does not in {*NO_SCHEMA, Does.CREATE_TABLE} and is_used(one)]
    if rows and schema:
        says = f"changes rows and the schema ({schema[0].does} in line {schema[0].line}) in one migration"
        yield rows[0], Danger(Rule.DATA_AND_SCHEMA, says, "move the rows in a migration of their own, in batches")
