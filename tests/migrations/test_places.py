"""Environments of alembic are found however they are set up."""

import pytest

from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.migrations import Environment, read
from selfcheck.trees import Memory
from tests.migrations.writing import revision


def environments(files: dict[str, str]) -> tuple[Environment, ...]:
    """The environments of a tree of these files."""
    return read(Memory({path: text.encode() for path, text in files.items()}), Facts()).environments


def found(files: dict[str, str]) -> dict[str, list[str]]:
    """The environments, each with the ids of its revisions."""
    return {each.name: sorted(one.id for one in each.revisions) for each in environments(files)}


A = revision("a")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"alembic.ini": "[alembic]\nscript_location = db\n", "db/env.py": "", "db/versions/a.py": A}, {"db": ["a"]}),
        ({"alembic.ini": "[alembic]\nscript_location = %(here)s/db\n", "db/versions/a.py": A}, {"db": ["a"]}),
        ({"web/alembic.ini": "[alembic]\nscript_location = web/db\n", "web/db/versions/a.py": A}, {"web/db": ["a"]}),
        ({"x/alembic.ini": "[alembic]\nscript_location = shop:db\n", "shop/db/versions/a.py": A}, {"shop/db": ["a"]}),
        ({"alembic.ini": "[alembic]\nscript_location = .\n", "versions/a.py": A}, {".": ["a"]}),
        (
            {
                "alembic.ini": "[a]\nscript_location = a\n[b]\nscript_location = b\n",
                "a/versions/a.py": A,
                "b/versions/a.py": A,
            },
            {"a": ["a"], "b": ["a"]},
        ),
        (
            {"alembic.ini": "[alembic]\nscript_location = db\nversion_locations = db/one, %(here)s/two\n"}
            | {"db/one/a.py": A, "two/b.py": revision("b", "a")},
            {"db": ["a", "b"]},
        ),
        (
            {"alembic.ini": "[alembic]\nscript_location=db\npath_separator=os\nversion_locations=db/one:db/two\n"}
            | {"db/one/a.py": A, "db/two/b.py": revision("b", "a")},
            {"db": ["a", "b"]},
        ),
        (
            {
                "alembic.ini": "[alembic]\nscript_location = db\nrecursive_version_locations = true\n",
                "db/versions/2026/a.py": A,
            },
            {"db": ["a"]},
        ),
        (
            {
                "pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/db"\nversion_locations = ["db/one"]\n',
                "db/one/a.py": A,
            },
            {"db": ["a"]},
        ),
        ({"migrations/env.py": "from alembic import context", "migrations/versions/a.py": A}, {"migrations": ["a"]}),
        (
            {
                "migrations/alembic.ini": "[alembic]\n",
                "migrations/env.py": "import alembic",
                "migrations/versions/a.py": A,
            },
            {"migrations": ["a"]},
        ),
        (
            {"db/env.py": "import alembic", "db/versions/pg/a.py": A, "db/versions/lite/a.py": A},
            {"db/versions/lite": ["a"], "db/versions/pg": ["a"]},
        ),
        ({"web/env.py": "import os", "web/versions/a.py": A}, {}),
        ({"alembic.ini": "[alembic]\nscript_location = ../../etc\n", "etc/versions/a.py": A}, {}),
        ({"alembic.ini": "[alembic]\nscript_location = {folder}\n", "etc/versions/a.py": A}, {}),
    ],
)
def test_an_environment_is_found(files: dict[str, str], expected: dict[str, list[str]]) -> None:
    assert found(files) == expected


def test_a_password_in_a_url_is_not_kept() -> None:
    url = "postgresql+psycopg://shop:hunter2@db/shop"
    files = {"alembic.ini": f"[alembic]\nscript_location = db\nsqlalchemy.url = {url}\n", "db/versions/a.py": A}

    (environment,) = environments(files)

    assert environment.place.url == "postgresql"


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("alembic.ini", "script_location = db\n", "is no INI file"),
        ("pyproject.toml", "[tool.alembic\nscript_location = 'db'\n", "is no TOML"),
    ],
)
def test_settings_that_cannot_be_read_are_named(path: str, text: str, reason: str) -> None:
    assert read(Memory({path: text.encode()}), Facts()).unread == (Unread(path, reason),)
