"""What runs in the project's interpreter, run in this one: steps of alembic, engines that lead elsewhere, databases."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from selfcheck.errors import CannotJudge
from selfcheck.rehearsal import databases, isolation
from selfcheck.rehearsal.explain import unjudged
from selfcheck.rehearsal.inside.differences import flat
from selfcheck.rehearsal.inside.engines import Database, Refused, redirected
from selfcheck.rehearsal.inside.probe import main
from selfcheck.rehearsal.interpreter import interpreter
from selfcheck.rehearsal.rehearse import Failure, Stage, prefixes
from tests.migrations.running import ENV, FIRST, SHOP, told

POST = {"backend": "postgresql", "name": "x", "host": "/sock", "port": 5432, "user": "me", "password": "p"}


def failed(folder: Path, files: dict[str, str], *steps: str, **said: Any) -> tuple[str, str, str]:
    """Where it ended, of what kind that was, and in which words."""
    found = told(folder, {**SHOP, **files}, *steps, **said)["failed"]
    return found["stage"], found["kind"], found["says"]


def test_all_that_is_asked_is_told(tmp_path: Path) -> None:
    steps = (
        "upgrade",
        "compare",
        "dump migrated",
        "in 1",
        "create_all",
        "dump made",
        "in 0",
        "downgrade",
        "upgrade again",
    )

    found = told(tmp_path, SHOP, *steps)

    assert (found["heads"], found["differences"], "failed" in found) == (["a"], [], False)
    assert [[each[:3] for each in rows] for rows in found["dumps"].values()] == [
        [["orders", "column", "id"], ["orders", "column", "note"], ["orders", "text", ""]]
    ] * 2


def test_a_schema_file_is_loaded_and_stamped(tmp_path: Path) -> None:
    found = told(tmp_path, SHOP, "load", "upgrade", "dump loaded", sql=["CREATE TABLE other (id INTEGER)"])

    assert [each[:3] for each in found["dumps"]["loaded"]] == [["other", "column", "id"], ["other", "text", ""]]


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ("", "idle"),
        (ENV.replace("target_metadata=metadata, ", ""), "metadata"),
        (ENV + ENV, "several"),
        (ENV.replace("engine_from_config(", "elsewhere("), "NameError"),
        (
            ENV.replace(
                'engine = engine_from_config(context.config.get_section("alembic"), prefix="sqlalchemy.")',
                "import sqlite3, sqlalchemy as sa\npool = sa.NullPool(lambda: sqlite3.connect('other.db'))\n"
                "engine = sa.Engine(pool, sa.create_engine('sqlite://').dialect, sa.make_url('sqlite:///other.db'))",
            ),
            "elsewhere",
        ),
        (
            ENV.replace(
                "engine = ",
                "import sqlalchemy\nsqlalchemy.create_engine('postgresql+asyncpg://x/y', _is_async=True)\nengine = ",
            ),
            "driver",
        ),
    ],
)
def test_an_env_py_that_cannot_be_judged_says_of_which_kind_it_is(tmp_path: Path, env: str, kind: str) -> None:
    assert failed(tmp_path, {"db/env.py": env}, "upgrade", "compare")[1] == kind


def test_a_revision_that_fails_is_named(tmp_path: Path) -> None:
    files = {**SHOP, "db/versions/a.py": FIRST.replace("op.create_table(", "op.no_such(")}

    found = told(tmp_path, files, "upgrade")["failed"]

    assert (found["stage"], found["revision"], found["at"]) == ("upgrade", "a", "db/versions/a.py:9")


def test_an_env_py_that_makes_no_engine_is_handed_a_connection(tmp_path: Path) -> None:
    env = (
        "from alembic import context\nfrom models import metadata\n"
        "context.configure(connection=context.config.attributes['connection'], target_metadata=metadata)\n"
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )

    found = told(tmp_path, {**SHOP, "db/env.py": env}, "upgrade", "compare")
    broken = told(
        tmp_path / "broken", {**SHOP, "db/env.py": env, "db/versions/a.py": FIRST.replace("op.", "no.")}, "upgrade"
    )

    assert found["differences"] == []
    assert (broken["failed"]["stage"], broken["failed"]["revision"]) == ("upgrade", "a")


def test_the_process_reads_what_is_asked_and_writes_what_it_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked, answered = tmp_path / "asked", tmp_path / "told"
    databases_here = [{"backend": "sqlite", "name": str(tmp_path / "x.db")}]
    spec: dict[str, Any] = {"root": str(tmp_path), "folder": "no", "config": None, "x": [], "path": [], "steps": []}
    spec["databases"] = databases_here
    asked.write_text(json.dumps(spec), encoding="utf-8")

    main(str(asked), str(answered))

    failure = json.loads(answered.read_text(encoding="utf-8"))["failed"]
    assert (failure["stage"], failure["kind"]) == ("graph", "CommandError")


def test_settings_are_found_by_their_section_from_further_up_and_in_toml(tmp_path: Path) -> None:
    several = "[other]\nscript_location = elsewhere\n[shop]\nscript_location = db\n"
    env = ENV.replace('get_section("alembic")', '{"sqlalchemy.url": "sqlite://"}').replace("context.config.{", "{")
    toml = '[tool.alembic]\nscript_location = "%(here)s/db"\n'

    for number, (config, text) in enumerate(
        [("alembic.ini", several), ("deep/alembic.ini", several), ("pyproject.toml", toml), (None, "")]
    ):
        files = {"db/env.py": env, "db/versions/a.py": FIRST, "models.py": SHOP["models.py"], config or "x": text}
        assert told(tmp_path / str(number), files, "upgrade", "compare", config=config)["differences"] == [], config


def test_an_engine_leads_to_the_database_by_a_driver_that_is_there(tmp_path: Path) -> None:
    here = Database({"backend": "sqlite", "name": str(tmp_path / "x.db")})
    post = Database(POST)

    with redirected(lambda: here):
        lite = sa.create_engine("postgresql+asyncpg://prod/prod", pool_size=9, connect_args={"sslmode": "require"})

    assert lite.url.database == str(tmp_path / "x.db")
    assert sa.create_engine("sqlite:///other.db").url.database == "other.db"
    assert (
        str(post.url("postgresql+psycopg://prod", is_async=False))
        == "postgresql+psycopg://me:***@/x?host=%2Fsock&port=5432"
    )
    assert post.url("postgresql+asyncpg://prod", is_async=True).drivername == "postgresql+psycopg"
    remote = Database({**POST, "host": "db"}).url(None, is_async=False)
    assert (remote.host, remote.port, remote.password) == ("db", 5432, "p")
    with pytest.raises(Refused, match="no aiosqlite"):
        here.url("sqlite+aiosqlite://", is_async=True)


def test_every_sort_of_difference_has_a_table_and_a_name() -> None:
    made = sa.MetaData()
    table = sa.Table("t", made, sa.Column("a", sa.Integer), sa.Index("i", "a"), sa.UniqueConstraint("a"), schema="s")
    (unnamed,) = (each for each in table.constraints if isinstance(each, sa.UniqueConstraint))
    default = sa.DefaultClause(sa.text("1"))

    found = list(
        flat(
            [
                ("add_table", table),
                ("add_index", next(iter(table.indexes))),
                ("remove_constraint", unnamed),
                ("remove_table_comment", table),
                [("modify_default", None, "t", "a", {}, default, None)],
                ("add_something", "else"),
            ]
        )
    )

    assert [(each["op"], each["table"], each["about"], each["was"]) for each in found] == [
        ("add_table", "s.t", None, None),
        ("add_index", "s.t", "i", None),
        ("remove_constraint", "s.t", "(a)", None),
        ("remove_table_comment", "s.t", None, None),
        ("modify_default", "t", "a", "1"),
        ("add_something", None, None, None),
    ]


def test_the_interpreter_is_the_active_one_else_that_beside_the_migrations_or_above(tmp_path: Path) -> None:
    for folder in (".venv", "backend/venv", "active"):
        (tmp_path / folder / "bin").mkdir(parents=True)
        (tmp_path / folder / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "backend/db").mkdir()

    found = [
        interpreter(None, tmp_path, "backend/db", {"VIRTUAL_ENV": str(tmp_path / "active")}),
        interpreter(None, tmp_path, "backend/db", {}),
        interpreter(None, tmp_path, "", {}),
        interpreter("active/bin/python", tmp_path, "", {}),
        interpreter(None, None, "", {}),
    ]

    places = ("active", "backend/venv", ".venv", "active")
    assert found == [*(tmp_path / each / "bin/python" for each in places), Path(sys.executable)]
    assert {tmp_path / "active", Path(sys.executable).resolve().parent.parent} <= {*prefixes(found[0])}


def test_no_secret_is_in_what_is_told(tmp_path: Path) -> None:
    served = databases.sqlite(tmp_path, 1)
    environ = {"API_TOKEN": "tok-123", "PLAIN": "plain", "GIVEN": "given-1", "PIN_KEY": "1"}
    stage = Stage(
        python=Path(), served=served, isolation=isolation.OPEN, environ=environ, passed=("GIVEN",), variables={}
    )

    told_text = stage.cleaned("tok-123 plain given-1 1 postgres://u:pw@h secret_key='x1' KeyError: 'A' " + "a" * 2000)

    assert told_text.startswith("*** plain *** 1 postgres://u:***@h secret_key=*** KeyError: 'A' aaa")
    assert len(told_text) == 300


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (
            Failure(kind="OperationalError", says="x", stage="upgrade", revision="1a", at="v/1a.py:3"),
            "db: the upgrade fails in revision 1a: x (v/1a.py:3); see `alembic upgrade head` on an empty database; where",
        ),
        (
            Failure(kind="driver", says="no driver", stage="env"),
            "db: no driver; install a driver beside the project, such as psycopg, asyncpg or aiosqlite",
        ),
        (
            Failure(kind="KeyError", says="KeyError: x", stage="odd"),
            "db: odd fails: KeyError: x; see the same command of alembic",
        ),
    ],
)
def test_a_failure_is_told_with_what_mends_it(failure: Failure, says: str) -> None:
    assert str(unjudged("db", failure)).startswith(says)


def test_a_program_is_shut_in_only_where_that_works(tmp_path: Path) -> None:
    broken = tmp_path / "unshare"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    odd = tmp_path / "odd" / "unshare"
    odd.parent.mkdir()
    odd.write_text("no program", encoding="utf-8")
    odd.chmod(0o755)

    assert (
        isolation.strongest({"PATH": str(tmp_path)}) == isolation.strongest({"PATH": str(odd.parent)}) == isolation.OPEN
    )
    assert isolation.OPEN.reaching(network=True) == isolation.OPEN
    shut = isolation.Isolation("/bin/unshare")
    assert "--net" in shut.around(["x"], [], [])
    assert "--net" not in shut.reaching(network=True).around(["x"], [], [])
    assert "/home/me/.ssh" in shut.around(["x"], [], [], "/home/me")[-2]
    assert shut.reaching(network=True).says == "in namespaces: read-only files, no other process"


def test_a_postgresql_that_does_not_start_is_an_error_that_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(CannotJudge, match="PostgreSQL does not start"), databases.postgresql(tmp_path, 1):
        pass
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "initdb")
        program.write_text("#!/bin/sh\necho too old >&2; exit 1\n", encoding="utf-8")
        for each in (program, program.parent):
            each.chmod(0o755)
        with (
            pytest.raises(CannotJudge, match="PostgreSQL does not start: too old"),
            databases.postgresql(Path(folder), 1),
        ):
            pass
