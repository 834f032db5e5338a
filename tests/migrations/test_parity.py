"""`schema-parity`: a schema file against the models, neither of which is run."""

import pytest

from selfcheck.check import Unprovable
from selfcheck.checks.migrations.parity import Except, SchemaParity
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = SchemaParity()
HEAD = "import sqlalchemy as sa\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import *\n"
BASE = f"{HEAD}class Base(DeclarativeBase): pass\n"
MODEL = f"{BASE}class T(Base):\n    __tablename__ = 't'\n    id = Column(Integer, primary_key=True)\n"
SCHEMA = "CREATE TABLE t (id integer PRIMARY KEY);"


def shop(schema: str = SCHEMA, models: str = MODEL, **others: str) -> dict[str, str]:
    """A repository of a schema file and models."""
    return {
        "schema.sql": schema,
        "shop/models.py": models,
        **{f"shop/{name}.py": text for name, text in others.items()},
    }


def column(model: str, sql: str) -> dict[str, str]:
    """A column `c` in a model and in the schema."""
    body = f"    c{model if model.startswith(':') else f' = {model}'}\n"
    return shop(f"CREATE TABLE t (id integer PRIMARY KEY, c {sql});", MODEL + body)


def test_a_schema_that_is_complete_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, memory(shop()))

    assert verdict.evidence == (Evidence("tables of models", 1, 1), Evidence("tables of schema files", 1, 1))


def test_a_table_that_is_missing_is_one_finding_as_the_report_shows_it() -> None:
    more = "class U(Base):\n    __tablename__ = 'u'\n    id = Column(Integer, primary_key=True)\n"

    findings = assert_breaks(CHECK, memory(shop(models=MODEL + more)), "u missing")

    assert findings == (
        Finding(
            key="u missing",
            message="table u is in the models and not in schema.sql",
            at=Location("shop/models.py", 8),
            hint="add it to schema.sql; better, dump the schema anew",
            data={"table": "u", "column": None},
        ),
    )


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        ("CREATE TABLE t (id integer PRIMARY KEY, c text);", ["t.c only in the schema"]),
        ("CREATE TABLE t (c text);", ["t.c only in the schema", "t.id missing"]),
        ("CREATE TABLE t (id text PRIMARY KEY);", ["t.id type"]),
        ("CREATE TABLE t (id integer);", ["t.id nullability"]),
        (f"{SCHEMA} CREATE TABLE v (id integer);", ["v only in the schema"]),
        (f"{SCHEMA} ALTER TABLE t ADD COLUMN c text;", ["t.c only in the schema"]),
        (f"{SCHEMA} ALTER TABLE t DROP COLUMN id;", ["t.id missing"]),
        (f"{SCHEMA} ALTER TABLE t ALTER COLUMN id TYPE bigint;", ["t.id type"]),
    ],
)
def test_each_difference_is_found(schema: str, keys: list[str]) -> None:
    assert_breaks(CHECK, memory(shop(schema)), *keys)


@pytest.mark.parametrize(
    "schema",
    [
        'CREATE TABLE IF NOT EXISTS "public"."T" (ID int primary key);',
        "CREATE TABLE t (id integer NOT NULL); ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id);",
        "CREATE TABLE t (id integer, CONSTRAINT k PRIMARY KEY (id));",
        "CREATE TABLE t (id serial);",
        "CREATE TABLE t (old integer NOT NULL); ALTER TABLE t RENAME COLUMN old TO id;",
        f"{SCHEMA} CREATE TABLE alembic_version (version_num varchar(32)); CREATE TABLE schema_migrations (v int);",
        f"-- archived in 2024\nCREATE TABLE old (id integer);\n{SCHEMA}",
        f"{SCHEMA}\nCREATE POLICY p ON t; DO $$ BEGIN CREATE TABLE z (id int); END $$; FROB;",
        "CREATE TABLE t (id integer FROB FROB (((;",
        "-- CREATE TABLE u (id integer);\n" + SCHEMA,
    ],
)
def test_what_is_the_same_or_unknown_is_no_finding(schema: str) -> None:
    assert judged(CHECK, memory(shop(schema))).outcome is Outcome.PASS


def test_a_table_that_is_archived_is_told_from_the_one_after_it() -> None:
    schema = f"-- archived\nCREATE TABLE old (id integer);\n\nCREATE TABLE new (id integer);\n{SCHEMA}"

    assert_breaks(CHECK, memory(shop(schema)), "new only in the schema")


@pytest.mark.parametrize(
    ("model", "sql"),
    [
        ("Column(String(50))", "varchar(50)"),
        ("Column(String)", "text"),
        ("Column(sa.Text(), nullable=False)", "text NOT NULL"),
        ("Column('c', DateTime(timezone=True))", "timestamp with time zone"),
        ("Column(DateTime)", "timestamp"),
        ("Column(JSONB)", "jsonb"),
        ("Column(Numeric(10, 2))", "numeric(10,2)"),
        ("Column(MyType())", "whatever"),
        ("Column(JSON().with_variant(JSONB, 'postgresql'))", "jsonb"),
        ("Column(ForeignKey('u.id'))", "uuid"),
        ("Column(Integer, nullable=MAYBE)", "integer NOT NULL"),
        ("deferred(Column(Text))", "text"),
        (": Mapped[int]", "integer NOT NULL"),
        (": Mapped[str | None]", "text"),
        (": Mapped[Optional[str]] = mapped_column(String(9))", "varchar(9)"),
        (": Mapped['uuid.UUID'] = mapped_column()", "uuid NOT NULL"),
        (": Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))", "timestamptz NOT NULL"),
        (": Mapped[intpk]", "bigint"),
    ],
)
def test_a_column_is_the_same_however_it_is_written(model: str, sql: str) -> None:
    assert judged(CHECK, memory(column(model, sql))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("model", "sql", "key"),
    [
        ("Column(String(50))", "varchar(60)", "t.c type"),
        ("Column(JSON)", "jsonb", "t.c type"),
        ("Column(DateTime)", "timestamptz", "t.c type"),
        ("Column(Text)", "text NOT NULL", "t.c nullability"),
        (": Mapped[int]", "integer", "t.c nullability"),
        (": Mapped[int | None]", "integer NOT NULL", "t.c nullability"),
        (": Mapped[int]", "text NOT NULL", "t.c type"),
    ],
)
def test_a_column_that_differs_is_found(model: str, sql: str, key: str) -> None:
    assert_breaks(CHECK, memory(column(model, sql)), key)


@pytest.mark.parametrize(
    "line",
    ["u = relationship('U')", "u: Mapped[list['U']] = relationship()", "LIMIT = 3", "name: str", "def f(self): pass"],
)
def test_what_is_no_column_is_none(line: str) -> None:
    assert judged(CHECK, memory(shop(models=f"{MODEL}    {line}\n"))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("models", "others"),
    [
        (
            f"{BASE}class M:\n    id = Column(Integer, primary_key=True)\nclass T(M, Base):\n    __tablename__ = 't'\n",
            {},
        ),
        (
            f"{HEAD}from shop.mixins import M, Base\nclass T(M, Base):\n    __tablename__ = 't'\n",
            {"mixins": f"{BASE}class M:\n    id = mapped_column(Integer, primary_key=True)\n"},
        ),
        (f"{HEAD}t = Table('t', metadata, Column('id', Integer, primary_key=True))\n", {}),
        (f"{HEAD}t = Table('t', metadata, Column('id', Integer), PrimaryKeyConstraint('id'))\n", {}),
        (
            "from sqlmodel import *\nclass T(SQLModel, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n",
            {},
        ),
        (
            "from sqlmodel import *\nclass B(SQLModel):\n    id: int\nclass T(B, table=True):\n    us: list['U'] = Relationship()\n",
            {},
        ),
        ("from flask_sqlalchemy import x\nclass T(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n", {}),
        (
            HEAD
            + "class Base(DeclarativeBase):\n    @declared_attr.directive\n    def __tablename__(cls): return cls.__name__.lower()\n"
            + "class T(Base):\n    id: Mapped[int] = mapped_column(primary_key=True)\n",
            {},
        ),
        (f"{MODEL}class V(T):\n    extra = Column(Text)\n".replace("extra", "id"), {}),
        (MODEL.replace("Column(", "_C(").replace("class Base", "_C = mapped_column\nclass Base"), {}),
    ],
)
def test_a_model_is_read_however_it_is_made(models: str, others: dict[str, str]) -> None:
    verdict = judged(CHECK, memory(shop(models=models, **others)))

    assert (verdict.outcome, verdict.evidence[0]) == (Outcome.PASS, Evidence("tables of models", 1, 1))


@pytest.mark.parametrize(
    "more",
    [
        "    c = make_column()\n",
        "    @declared_attr\n    def c(cls): return Column(Text)\n",
    ],
)
def test_a_column_that_code_may_make_is_not_said_to_be_missing(more: str) -> None:
    repo = memory(shop("CREATE TABLE t (id integer PRIMARY KEY, c text);", MODEL + more))

    assert judged(CHECK, repo).outcome is Outcome.PASS


def test_a_table_that_code_may_make_is_not_said_to_be_missing() -> None:
    repo = memory(shop(f"{SCHEMA} CREATE TABLE u (id int);", f"{MODEL}def made(n): return Table(n, metadata)\n"))

    verdict = judged(CHECK, repo)

    assert (verdict.outcome, verdict.evidence) == (
        Outcome.PASS,
        (Evidence("tables of models", 2, 1), Evidence("tables of schema files", 2, 1)),
    )


def test_models_in_a_revision_are_those_of_their_day() -> None:
    old = MODEL.replace("'t'", "'gone'") + "\ndown_revision = None\n"

    assert judged(CHECK, memory(shop(old=old))).outcome is Outcome.PASS


def test_what_is_ignored_is_not_judged_and_must_be_there() -> None:
    files = shop(f"{SCHEMA} CREATE TABLE v (id int);")
    check = SchemaParity(ignore=(Except(name="v", reason="history"), Except(name="w", reason="history")))

    assert_breaks(check, memory(files), "ignore w")
    assert_keeps(SchemaParity(ignore=(Except(name="V", reason="history"),)), memory(files))


def test_types_and_nullability_may_be_let_be() -> None:
    check = SchemaParity(types=False, nullability=False)

    assert_keeps(check, memory(shop("CREATE TABLE t (id text);")))


@pytest.mark.parametrize("files", [{"schema.sql": SCHEMA}, {"shop/models.py": MODEL}, {}])
def test_one_side_alone_is_no_pass(files: dict[str, str]) -> None:
    assert judged(CHECK, memory(files)).outcome is not Outcome.PASS


@pytest.mark.parametrize(
    "text", ["CREATE TABLE t (" * 3000, "CREATE TABLE " * 9000, "'" * 9999, "CREATE TABLE t (id int" + ", c int" * 9000]
)
def test_a_hostile_schema_ends_in_time(text: str) -> None:
    assert judged(CHECK, memory(shop(text))).outcome in (Outcome.FAIL, Outcome.PASS, Outcome.ERROR)


MANY = f'{MODEL}class Order(Base):\n    __tablename__ = "order"\n    group: Mapped[str | None] = mapped_column()\n'
PAIR = {"a/schema.sql": SCHEMA, "b/schema.sql": 'CREATE TABLE "order" ("group" text);', "shop/models.py": MANY}


def test_every_schema_file_and_every_file_of_models_has_a_canary() -> None:
    files = {**PAIR, "shop/models.py": MODEL, "jobs/models.py": MANY.replace(MODEL, "")}
    check = SchemaParity(schema=("a/*.sql", "b/*.sql"), models=("shop", "jobs"))

    assert proven(check, memory(files)).bit == (
        "put another table t into a/schema.sql",
        "put another table order into b/schema.sql",
        "give order.group another type",
        "let order.group be NOT NULL",
    )


def test_a_table_is_written_where_the_last_word_on_it_is_said() -> None:
    files = {**PAIR, "b/schema.sql": f"{PAIR['b/schema.sql']} {SCHEMA}"}

    assert proven(CHECK, memory(files)).bit == (
        "put another table t into b/schema.sql",
        "give t.id another type",
        "let t.id be nullable",
    )


def test_what_is_ignored_has_no_canary() -> None:
    check = SchemaParity(ignore=(Except(name="T", reason="r"), Except(name="order.group", reason="r")))
    files = {**PAIR, "a/schema.sql": "", "b/schema.sql": 'CREATE TABLE "order" (x text);'}

    bit = proven(SchemaParity(ignore=check.ignore[:1]), memory({**files, "b/schema.sql": PAIR["b/schema.sql"]})).bit

    assert bit == (
        "put another table order into b/schema.sql",
        "give order.group another type",
        "let order.group be NOT NULL",
    )
    assert proven(check, memory(files)).bit == ("put another table order into b/schema.sql",)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"shop/models.py": MODEL}, "there is no schema file"),
        ({"schema.sql": SCHEMA}, "no model has columns that are all known"),
    ],
)
def test_without_a_schema_or_models_there_is_no_canary(files: dict[str, str], reason: str) -> None:
    with pytest.raises(Unprovable, match=reason):
        list(CHECK.canaries(memory(files)))


def test_a_type_that_is_not_known_has_no_canary_and_a_file_of_mysql_is_written_as_such() -> None:
    model = f'{BASE}class T(Base):\n    __tablename__ = "t"\n    id = Column(Own(), nullable=False)\n'
    files = {"schema.sql": "CREATE TABLE `t` (`id` text NOT NULL);", "shop/models.py": model}

    assert proven(CHECK, memory(files)).bit == ("put another table t into schema.sql", "let t.id be nullable")
    assert proven(SchemaParity(nullability=False), memory(files)).bit == ("put another table t into schema.sql",)
