"""`migrations-drift`: models and migrations that differ, on databases that were made for it."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec import structs

from selfcheck.check import Need, Repository, Write
from selfcheck.checks.migrations.drift import MigrationsDrift
from selfcheck.checks.migrations.running import server
from selfcheck.model import Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.subjects.migrations import read
from selfcheck.testing import TODAY, assert_breaks, judged, proven
from selfcheck.trees import Memory
from tests.migrations.running import ENV, FIRST, MODELS, OPEN, SHOP, SQLITE, repository

WIDER = MODELS.replace("String(9)", "String(90)")
STRICT = structs.replace(SQLITE, mode="strict")
ROUND = structs.replace(SQLITE, round_trip=True)


def reason(check: MigrationsDrift, scratch: Path, files: Mapping[str, str], **environ: str) -> str:
    """Why a repository cannot be judged."""
    verdict = judged(check, repository(scratch, files, environ=environ))
    assert verdict.outcome is Outcome.ERROR
    return verdict.reason or ""


def test_models_that_the_migrations_make_keep_the_promise_and_the_canary_bites(tmp_path: Path) -> None:
    repo = repository(tmp_path, SHOP, environ={"PATH": OPEN})

    verdict, proof = judged(SQLITE, repo), proven(SQLITE, repo)

    assert (verdict.outcome, proof.outcome) == (Outcome.PASS, Proven.PROVEN)
    assert proof.bit == ("rename the table orders in a new revision of db",)
    assert [(each.scope, each.examined) for each in verdict.evidence] == [(1, 1), (1, 1)]
    assert verdict.evidence[1].what.endswith(
        "on SQLite, with a deadline, a clean environment and its own process group, and no isolation beyond"
    )


def test_each_difference_is_a_finding_where_its_model_stands(tmp_path: Path) -> None:
    more = 'others = sa.Table("others", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'

    findings = assert_breaks(
        SQLITE, repository(tmp_path, {**SHOP, "models.py": WIDER + more}), "orders.note type", "others missing"
    )

    assert findings[0] == Finding(
        key="orders.note type",
        message="the type of orders.note is VARCHAR(9) by the migrations and VARCHAR(90) by the models",
        at=Location("models.py", 4),
        hint="write the migration: `alembic revision --autogenerate`; or take it back in the model",
        data={"environment": "db", "difference": "modify_type", "table": "orders", "about": "note"},
    )


def test_what_env_py_leaves_out_is_no_difference_but_in_strict_mode(tmp_path: Path) -> None:
    hidden = FIRST.replace("def upgrade():\n", 'def upgrade():\n    op.execute("CREATE TABLE hidden (id INTEGER)")\n')
    files = {**SHOP, "db/versions/a.py": hidden}

    assert judged(SQLITE, repository(tmp_path, files)).outcome is Outcome.PASS
    assert_breaks(STRICT, repository(tmp_path, files), "hidden only in the migrations")


def test_a_way_back_that_leaves_something_is_a_finding_of_the_round_trip(tmp_path: Path) -> None:
    files = {**SHOP, "db/versions/a.py": FIRST.replace('op.drop_table("orders")', "pass")}

    (found,) = assert_breaks(ROUND, repository(tmp_path, files), "upgrade a")

    assert found.at == Location("db/versions/a.py", 4)
    assert found.message == (
        "revision a cannot be upgraded to again after a downgrade: OperationalError: (sqlite3.OperationalError) table "
        "orders already exists"
    )


def test_a_database_that_begins_with_the_models_of_the_base_is_upgraded_from_there(tmp_path: Path) -> None:
    late = FIRST.replace('op.create_table("orders", ', 'op.add_column("orders", sa.Column("more", sa.Integer))\n    (')
    late = late.replace('"a"', '"b"').replace("= None", '= "a"').replace("op.drop_table", "print")
    empty = FIRST.replace("op.create_table", "print").replace("op.drop_table", "print")
    base = {**SHOP, "db/versions/a.py": empty}
    more = MODELS.replace("sa.String(9)))", 'sa.String(9)), sa.Column("more", sa.Integer))')
    head = {**base, "db/versions/b.py": late, "models.py": more}
    check = structs.replace(SQLITE, bootstrap="create_all_then_stamp")

    assert [*map(sorted, (check.asks_for, SQLITE.asks_for))] == [[Need.BASE, Need.PROGRAM], [Need.PROGRAM]]
    assert judged(check, repository(tmp_path, head, base=base)).outcome is Outcome.PASS
    assert_breaks(check, repository(tmp_path, {**base, "models.py": more}, base=base), "orders.more missing")


def test_a_database_that_begins_with_a_schema_file_is_compared_as_that_makes_it(tmp_path: Path) -> None:
    schema = "\\restrict x\nCREATE TABLE orders (id INTEGER PRIMARY KEY NOT NULL, note VARCHAR(90));\n"
    schema += "CREATE TABLE alembic_version (version_num varchar(32));\nALTER TABLE orders OWNER TO me;\n"
    check = structs.replace(SQLITE, bootstrap="sql_file")

    assert_breaks(check, repository(tmp_path, {**SHOP, "schema.sql": schema}), "orders.note type")
    assert reason(check, tmp_path, SHOP) == "there is no schema file schema.sql; name it under `sql`, from the root"


def test_a_broken_graph_is_an_error_and_nothing_is_run(tmp_path: Path) -> None:
    files = {**SHOP, "db/versions/b.py": FIRST.replace('"a"', '"b"')}

    assert reason(SQLITE, tmp_path, files) == (
        "db: the graph of the migrations is broken: heads a, b; `migrations-graph` tells where"
    )


def test_an_env_py_that_fails_is_an_error_with_its_last_line_and_place(tmp_path: Path) -> None:
    files = {**SHOP, "models.py": "import os\nos.environ['SHOP_KEY']\n" + MODELS}

    assert reason(SQLITE, tmp_path, files) == (
        "db: env.py fails: KeyError: 'SHOP_KEY' (models.py:2); what it needs goes under `variables`, `env` or `x`"
    )
    given = structs.replace(SQLITE, variables={"SHOP_KEY": "any"})
    assert judged(given, repository(tmp_path, files)).outcome is Outcome.PASS


def test_an_interpreter_that_is_not_there_or_has_no_alembic_is_an_error(tmp_path: Path) -> None:
    bare = structs.replace(SQLITE, python=getattr(sys, "_base_executable", sys.executable))

    assert reason(structs.replace(SQLITE, python="no/python"), tmp_path, SHOP) == (
        "there is no interpreter no/python; name one under `python`, from the root"
    )
    assert reason(bare, tmp_path, SHOP) == (
        "db: the interpreter has no alembic; name the project's interpreter under `python`, or install it there"
    )


def test_a_repository_without_an_environment_is_nothing_to_judge(tmp_path: Path) -> None:
    verdict = judged(SQLITE, repository(tmp_path, {"a.py": ""}))

    assert verdict.reason == (
        "examined nothing: no migrations and no environments of alembic and projects of Django in its scope "
        "(`allow_empty: true` accepts it)"
    )
    assert proven(SQLITE, repository(tmp_path, {"a.py": ""})).outcome is Proven.ERROR


def test_a_database_that_cannot_be_started_is_an_error_that_says_so(tmp_path: Path) -> None:
    oracle = {**SHOP, "alembic.ini": SHOP["alembic.ini"].replace("sqlite", "oracle")}
    check = MigrationsDrift()

    assert reason(check, tmp_path, oracle) == (
        "no database of oracle can be started; say `engine: sqlite` or `postgresql`, if they run there too"
    )
    named = structs.replace(check, server="SHOP_SERVER")
    assert reason(named, tmp_path, SHOP) == "the variable SHOP_SERVER is not set; let it hold the URL of a server"
    assert reason(named, tmp_path, SHOP, SHOP_SERVER="mysql://x/y") == "what SHOP_SERVER holds is no URL of PostgreSQL"
    assert reason(named, tmp_path, SHOP, SHOP_SERVER="::") == "what SHOP_SERVER holds is no URL"


def test_two_environments_are_judged_each_on_databases_of_its_own(tmp_path: Path) -> None:
    other = {
        "other/env.py": ENV.replace('"models"', "").replace("from models", "from shop_models"),
        "other/script.py.mako": "",
        "other/versions/a.py": FIRST,
        "other/alembic.ini": SHOP["alembic.ini"].replace("= db", "= other"),
        "shop_models.py": WIDER,
    }

    findings = assert_breaks(SQLITE, repository(tmp_path, {**SHOP, **other}), "other: orders.note type")

    assert findings[0].data["environment"] == "other"


@pytest.mark.parametrize("way", ["required", "best"])
def test_isolation_that_is_required_and_cannot_be_had_is_an_error(tmp_path: Path, way: str) -> None:
    check = MigrationsDrift(engine="sqlite", isolation="required" if way == "required" else "best")

    verdict = judged(check, repository(tmp_path, SHOP, environ={"PATH": OPEN}))

    assert verdict.outcome is (Outcome.ERROR if way == "required" else Outcome.PASS)


def test_where_no_model_is_known_statically_the_canary_makes_a_table_more(tmp_path: Path) -> None:
    computed = MODELS.replace('sa.Table("orders"', 'sa.Table("".join(["or", "ders"])')
    gone = FIRST.replace(
        "def downgrade", '    op.rename_table("orders", "x")\n    op.rename_table("x", "orders")\n\n\ndef downgrade'
    )

    for files in ({**SHOP, "models.py": computed}, {**SHOP, "db/versions/a.py": gone}):
        repo = repository(tmp_path, files, environ={"PATH": OPEN})
        assert [each.title for each in SQLITE.canaries(repo)] == [
            "make a table selfcheck_canary in a new revision of db"
        ]
    (canary,) = SQLITE.canaries(repo)
    edited = {**SHOP, **{each.path: each.content.decode() for each in canary.edits if isinstance(each, Write)}}
    assert_breaks(SQLITE, repository(tmp_path, edited), "selfcheck_canary only in the migrations")


def test_models_of_the_base_that_cannot_be_created_are_an_error(tmp_path: Path) -> None:
    check = structs.replace(SQLITE, bootstrap="create_all_then_stamp")
    base = {**SHOP, "models.py": MODELS + 'sa.Table("empty", metadata)\n'}

    verdict = judged(check, repository(tmp_path, SHOP, base=base))

    assert (verdict.reason or "").startswith("db: the models cannot be created: OperationalError")


def test_files_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    binary = b"caf\xe9 \xff"
    tree = Memory({**{path: text.encode() for path, text in SHOP.items()}, "schema.sql": binary, "manage.py": binary})
    check = structs.replace(SQLITE, bootstrap="sql_file")

    verdict = judged(check, Repository(tree, environ={"PATH": OPEN}, today=TODAY, scratch=tmp_path))

    assert (verdict.outcome, (verdict.reason or "").startswith("schema.sql cannot be read")) == (Outcome.ERROR, True)


def test_migrations_that_only_postgresql_takes_ask_for_one_and_what_names_sqlite_too_does_not(tmp_path: Path) -> None:
    only = {
        **SHOP,
        "db/versions/a.py": FIRST.replace("import sqlalchemy", "# CREATE EXTENSION vector\nimport sqlalchemy"),
    }
    both = {**only, "db/versions/a.py": only["db/versions/a.py"] + "# sqlite\n"}

    kinds = [[*found_on(repository(tmp_path, files))] for files in (SHOP, only, both)]

    assert kinds == [["SQLite"], ["PostgreSQL"], ["SQLite"]]


def found_on(repo: Repository) -> Iterator[str]:
    """On what the migrations would run."""
    with server(repo, read(repo.tree, repo.facts), (None, None), 1) as served:
        yield served.says.partition(" ")[0]
