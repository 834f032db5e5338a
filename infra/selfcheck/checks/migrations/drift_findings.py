"""Differences of schemas as findings: which table, which column, what."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from selfcheck.check import Finding, Location
from selfcheck.checks.migrations.running import Project
from selfcheck.rehearsal.rehearse import Difference, Row, Told
from selfcheck.rehearsal.schemas import Gap, gaps
from selfcheck.subjects.migrations import Migrations
from selfcheck.subjects.migrations.mapped import Made

WRITE = "write the migration: `alembic revision --autogenerate`; or take it back in the model"
IMPORT = "import the model in env.py, if there is one: else the next autogenerate drops it; or drop it in a migration"
MODIFIED = {
    "modify_nullable": "nullability",
    "modify_type": "type",
    "modify_default": "default",
    "modify_comment": "comment",
}
THINGS = {"fk": "foreign key", "index": "index", "constraint": "constraint", "table_comment": "comment"}


class Places(NamedTuple):
    """Where the tables of the models stand, and the revisions."""

    models: Mapping[str, Made]
    found: Migrations
    several: bool

    def of_table(self, each: Project, table: str) -> Location:
        """The model of a table, else the env.py that says which models there are."""
        made = self.models.get(table.rpartition(".")[2].lower())
        if made is not None:
            return Location(made.path, made.table.line)
        return Location(posixpath.join(each.folder, "env.py"), 1)

    def of_revision(self, each: Project, revision: str | None) -> Location:
        """The file of a revision."""
        for environment in self.found.environments:
            known = environment.graph.by_id.get(revision or "")
            if environment.place.folder == each.folder and known is not None:
                return Location(known.path, known.line("revision"))
        return Location(posixpath.join(each.folder, "env.py"), 1)

    def key(self, each: Project, said: str) -> str:
        """What identifies a finding, where there are several environments with which of them."""
        return f"{each.name}: {said}" if self.several else said


def project(each: Project, told: Told, places: Places) -> Iterator[Finding]:
    """The differences that alembic itself tells of."""
    for one in told.differences:
        key, message, hint = _said(one)
        yield Finding(
            key=places.key(each, key),
            message=message,
            at=places.of_table(each, one.table or ""),
            hint=hint,
            data={"environment": each.name, "difference": one.op, "table": one.table, "about": one.about},
        )


def _said(one: Difference) -> tuple[str, str, str]:
    """Key, message and hint."""
    way, _, thing = one.op.partition("_")
    table = one.table or "the schema"
    if way == "modify":
        what = MODIFIED.get(one.op, thing)
        values = f"{one.was or 'none'} by the migrations and {one.now or 'none'} by the models"
        if what == "nullability":
            values = f"{'NOT NULL' if one.was is None else 'nullable'} by the migrations, not by the models"
        return f"{table}.{one.about} {what}", f"the {what} of {table}.{one.about} is {values}", WRITE
    if thing == "table":
        name, subject = table, f"table {table}"
    elif thing == "column":
        name, subject = f"{table}.{one.about}", f"column {table}.{one.about}"
    else:
        sort = THINGS.get(thing, thing.replace("_", " "))
        name = f"{table}: {sort}{f' {one.about}' if one.about else ''}"
        subject = f"{sort}{f' {one.about}' if one.about else ''} of {table}"
    if way == "remove":
        return f"{name} only in the migrations", f"{subject} is made by the migrations and is in no model", IMPORT
    return f"{name} missing", f"{subject} is in the models, and no migration makes it", WRITE


def strict(each: Project, told: Told, places: Places) -> Iterator[Finding]:
    """Every part in which the schema of the migrations and that of the models differ."""
    if "made" not in told.dumps:
        return
    for gap in gaps(told.dumps["migrated"], told.dumps["made"]):
        if gap.first is None:
            key, message, hint = f"{gap.said} missing", f"{gap.said} is made by the models, and by no migration", WRITE
        elif gap.second is None:
            key = f"{gap.said} only in the migrations"
            message, hint = f"{gap.said} is made by the migrations, and by no model", IMPORT
        else:
            key = f"{gap.said} differs"
            message = f"{gap.said} is `{_short(gap.first)}` by the migrations and `{_short(gap.second)}` by the models"
            hint = WRITE
        yield _of_gap(each, gap, key, message, hint, places)


def trip(each: Project, told: Told, places: Places) -> Iterator[Finding]:
    """What the way down and up again comes to grief on, or leaves otherwise than it was."""
    failed = told.failed
    if failed is not None:
        again = failed.stage == "again"
        way = "cannot be upgraded to again after a downgrade" if again else "cannot be downgraded"
        yield Finding(
            key=places.key(each, f"{'upgrade' if again else 'downgrade'} {failed.revision}"),
            message=f"revision {failed.revision} {way}: {failed.says}",
            at=places.of_revision(each, failed.revision),
            hint="undo in `downgrade` all that `upgrade` does, types and sequences too",
            data={"environment": each.name, "difference": failed.stage, "table": None, "about": failed.revision},
        )
    before: tuple[Row, ...] = told.dumps.get("before", ())
    for gap in gaps(before, told.dumps.get("after", before)):
        message = f"{gap.said} is otherwise after a downgrade and an upgrade: `{_short(gap.first)}`, then `{_short(gap.second)}`"
        hint = "undo in `downgrade` all that `upgrade` does"
        yield _of_gap(each, gap, f"{gap.said} after a round trip", message, hint, places)


def _of_gap(each: Project, gap: Gap, key: str, message: str, hint: str, places: Places) -> Finding:
    return Finding(
        key=places.key(each, key),
        message=message,
        at=places.of_table(each, gap.table),
        hint=hint,
        data={"environment": each.name, "difference": gap.kind, "table": gap.table, "about": gap.name or None},
    )


def _short(text: str | None) -> str:
    said = text or "nothing"
    return said if len(said) <= 80 else f"{said[:77]}…"


def django(each: Project, told: Told, places: Places) -> Iterator[Finding]:
    """What `makemigrations` would write, and apps with several leaves."""
    folders = {chain.label: chain.folder for chain in places.found.apps}
    for app, leaves in told.leaves.items():
        yield Finding(
            key=places.key(each, f"{app}: leaves"),
            message=f"app {app} has {len(leaves)} leaves: {', '.join(leaves)}; `migrate` fails",
            at=Location(posixpath.join(folders.get(app, each.folder), "__init__.py"), 1),
            hint="give them one successor: `python manage.py makemigrations --merge`",
            data={"environment": each.name, "difference": "leaves", "table": app, "about": None},
            parts=leaves,
        )
    for change in told.changes:
        folder = posixpath.dirname(folders.get(change.app, posixpath.join(each.folder, change.app, "migrations")))
        yield Finding(
            key=places.key(each, f"{change.app}: {change.says}"),
            message=f"app {change.app} has no migration for what its models say: {change.says}",
            at=Location(posixpath.join(folder, "models.py"), 1),
            hint=f"`python manage.py makemigrations {change.app}`",
            data={"environment": each.name, "difference": change.says, "table": change.app, "about": change.model},
        )
