"""Histories of migrations, and schema files with their models, that keep every promise about them."""

from tests.migrations.writing import revision

INI = "[alembic]\nscript_location = %(here)s/migrations\n"
HISTORY = {
    f"{shop}/{path}": text
    for shop in ("a", "b")
    for path, text in {
        "alembic.ini": INI,
        "migrations/env.py": "",
        "migrations/versions/1.py": revision("1"),
        "migrations/versions/2.py": revision("2", "1"),
        "sql/V1__shirts.sql": "CREATE TABLE shirts (id integer);\n",
        "sql/V2__socks.sql": "CREATE TABLE socks (id integer);\n",
    }.items()
}
MODEL = """from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class {base}(DeclarativeBase):
    pass


class {name}({base}):
    __tablename__ = "{table}"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
"""
TABLES = {
    "schema.sql": "CREATE TABLE shirts (id integer PRIMARY KEY, name text NOT NULL);\n",
    "old/schema.sql": "CREATE TABLE socks (id integer PRIMARY KEY, name text NOT NULL);\n",
    "shop/models.py": MODEL.format(base="Base", name="Shirt", table="shirts"),
    "jobs/models.py": MODEL.format(base="Root", name="Sock", table="socks"),
}
