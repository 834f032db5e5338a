"""The new migrations of a tree: each with what it does, what it imports, and its way back."""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from selfcheck.check import Repository, Tree, Unreadable
from selfcheck.subjects.migrations import Does, Environment, Imported, Migrations, Operation, Revision, Trait, Way
from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.subjects.migrations.registered import DOWN
from selfcheck.subjects.migrations.statements import operations

OUTSIDE = re.compile(
    r"^--[^\n]*(?:no.transaction|transaction\s*[:=]\s*false|executeInTransaction\s*=\s*false|disable.ddl.transaction)",
    re.IGNORECASE | re.MULTILINE,
)
"""The comments by which goose, dbmate, sqlx and others are told not to open a transaction."""


class Fresh(Struct, frozen=True, kw_only=True):
    """A migration to be judged; `name` is what its tool knows it by."""

    path: str
    name: str
    operations: tuple[Operation, ...]
    imports: tuple[Imported, ...] = ()
    way: Way | None = None
    """Its way back; None where its tool has none, or it is judged by its operations."""
    way_line: int = 1


def fresh(
    repo: Repository, found: Migrations, old: Migrations | None, after: Sequence[str], dialect: Dialect | None
) -> Iterator[Fresh]:
    """The migrations that the old ones have not, or that come after those named; all SQL in them as operations."""
    known = _past(found, after) | (set[str]() if old is None else _names(old))
    for environment in found.environments:
        ids = _ids(environment, old, after)
        yield from (_revision(each, dialect) for each in environment.revisions if each.id not in ids)
    nodes = ((f"{chain.label}.{node.name}", node) for chain in found.apps for node in chain.nodes)
    for name, node in nodes:
        if name not in known:
            yield Fresh(path=node.path, name=name, operations=_read(node.app.operations, dialect))
    files = (each.path for ledger in found.ledgers for each in ledger.ups)
    for path in files:
        if path not in known:
            yield Fresh(path=path, name=path, operations=_in_file(repo.tree, path, dialect))


def _revision(each: Revision, dialect: Dialect | None) -> Fresh:
    """A revision; one that does nothing, as one that merges, needs no way back."""
    script = each.script
    done = _read(script.upgrade, dialect)
    return Fresh(
        path=each.path, name=each.id, operations=done, imports=script.imports, way=script.way if done else None
    )


def _ids(environment: Environment, old: Migrations | None, after: Sequence[str]) -> set[str]:
    """The revisions of an environment that are not new. Another one may have the same ids; one that moved is not new."""
    ids = environment.graph.before(each for each in after if each in environment.graph.by_id)
    before = () if old is None else old.environments
    same = [each for each in before if each.name == environment.name] or before
    return ids | {each.id for one in same for each in one.revisions}


def _names(found: Migrations) -> set[str]:
    names = {f"{chain.label}.{each.name}" for chain in found.apps for each in chain.nodes}
    return names | {each.path for ledger in found.ledgers for each in ledger.files}


def _past(found: Migrations, after: Sequence[str]) -> set[str]:
    """The names of these migrations of Django and files of SQL, and of all that come before them."""
    past: set[str] = set()
    for chain in found.apps:
        names = sorted(each.name for each in chain.nodes)
        for each in after:
            label, _, name = each.partition(".")
            if label == chain.label and name in chain.by_name:
                past |= {f"{label}.{one}" for one in names[: names.index(name) + 1]}
    for ledger in found.ledgers:
        paths = [each.path for each in ledger.ups]
        for each in after:
            if each in paths:
                past |= set(paths[: paths.index(each) + 1])
    return past


def _read(several: Iterable[Operation], dialect: Dialect | None) -> tuple[Operation, ...]:
    """The operations, each once, with literal SQL as what it does; what holds of the call holds for each statement."""
    found: dict[Operation, None] = {}
    for each in several:
        if each.sql is None:
            found[each] = None
            continue
        for inner in operations(each.sql, dialect):
            traits = (*inner.traits, *(trait for trait in each.traits if trait not in inner.traits))
            found[replace(inner, line=each.line, traits=traits)] = None
    return tuple(found)


def _in_file(tree: Tree, path: str, dialect: Dialect | None) -> tuple[Operation, ...]:
    """The statements of a SQL file. Alone in it, one is run outside of a transaction by the tools that can."""
    file = tree.file(path)
    try:
        text = "" if file is None else file.text or ""
    except Unreadable:
        return ()
    down = DOWN.search(text)
    found = tuple(operations(text[: down.start()] if down else text, dialect))
    if (len(found) == 1 and found[0].has(Trait.CONCURRENTLY)) or OUTSIDE.search(text):
        return tuple(replace(each, traits=(*each.traits, Trait.OUTSIDE)) for each in found)
    return found


def creates(several: Iterable[Fresh]) -> set[str]:
    """The tables that these migrations create, which have no rows yet."""
    return {
        each.table.lower()
        for one in several
        for each in one.operations
        if each.does is Does.CREATE_TABLE and each.table is not None
    }
