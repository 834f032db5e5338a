"""Small histories of migrations, written in a line or two."""

from collections.abc import Mapping

ENV = {"db/env.py": "from alembic import context\n", "db/script.py.mako": ""}


def revision(
    name: str, down: object = None, upgrade: str = "pass", downgrade: str = "op.f('x')", more: str = ""
) -> str:
    """The source of a revision; the ways are the bodies of their functions."""
    return (
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {name!r}\ndown_revision = {down!r}\n{more}\n\n"
        f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    {downgrade}\n"
    )


def history(**revisions: str) -> dict[str, str]:
    """An environment of alembic with these files; `a` is `db/versions/a.py`."""
    return {**ENV, **{f"db/versions/{name}.py": text for name, text in revisions.items()}}


LINE = history(a=revision("a"), b=revision("b", "a"), c=revision("c", "b"))


def app(depends: object = (), operations: str = "", more: str = "") -> str:
    """The source of a migration of Django."""
    return (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f"    dependencies = {depends!r}\n    {more}\n    operations = [{operations}]\n"
    )


def apps(**migrations: str) -> dict[str, str]:
    """The app `shop` with these migrations."""
    return {f"shop/migrations/{name}.py": text for name, text in migrations.items()}


SHOP = apps(
    **{"__init__": "", "0001_initial": app(), "0002_price": app([("shop", "0001_initial")])},
)


def ledger(**files: str) -> dict[str, str]:
    """A folder of SQL files; `_` at the beginning of a name is left out."""
    return {f"db/migrations/{name.removeprefix('_').replace('__', '.')}.sql": text for name, text in files.items()}


def registering(version: str, schema: str = "core") -> str:
    """SQL that registers itself."""
    return f"INSERT INTO {schema}.schema_migrations (version, name) VALUES ({version}, 'x') ON CONFLICT DO NOTHING;\n"


def without(files: Mapping[str, str], *paths: str) -> dict[str, str]:
    """The same files without some."""
    return {path: text for path, text in files.items() if path not in paths}
