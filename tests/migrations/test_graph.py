"""`migrations-graph`: one history for each database."""

import pytest

from selfcheck.checks.migrations.graph import MigrationsGraph
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.migrations.writing import LINE, SHOP, app, apps, history, ledger, registering, revision, without

CHECK = MigrationsGraph()


def test_a_line_of_revisions_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, memory(LINE))

    assert verdict.evidence == (Evidence("migrations", 3, 3),)


def test_two_heads_are_one_finding_as_the_report_shows_it() -> None:
    repo = memory(history(a=revision("a"), b=revision("b", "a"), c=revision("c", "a")))

    findings = assert_breaks(CHECK, repo, "db: heads")

    assert findings == (
        Finding(
            key="db: heads",
            message="db has 2 heads: b, c; `alembic upgrade head` fails",
            at=Location("db/versions/c.py", 5),
            hint="give them one successor: `alembic merge heads`; never edit the `down_revision` of a published revision",
            data={"environment": "db", "labels": [], "heads": ["b", "c"]},
            parts=("b", "c"),
        ),
    )


def test_two_heads_that_are_merged_are_one() -> None:
    files = history(
        a=revision("a"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d", ("b", "c"), downgrade="pass")
    )

    assert_keeps(CHECK, memory(files))


@pytest.mark.parametrize("labels", ["branch_labels = ('web',)", "branch_labels = 'web'", "branch_labels = ['web']"])
def test_each_branch_label_may_have_a_head(labels: str) -> None:
    files = history(a=revision("a"), b=revision("b", "a"), c=revision("c", more=labels))

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_two_heads_of_one_branch_are_found_with_its_label() -> None:
    files = history(
        a=revision("a", more="branch_labels = ('web',)"), b=revision("b", "a"), c=revision("c", "a"), d=revision("d")
    )

    # The label of the line before a fork is not that of its ends: alembic gives it to both.
    assert_breaks(CHECK, memory(files), "db: heads web")


@pytest.mark.parametrize(
    "down",
    [
        "down_revision = 'a'",
        "down_revision: str = 'a'",
        "down_revision: str | None = ('a',)",
        "down_revision = ['a']",
        "PARENT = 'a'\ndown_revision = PARENT",
        "down_revision = f'a'",
    ],
)
def test_a_parent_is_read_however_it_is_written(down: str) -> None:
    files = history(a=revision("a"), b=revision("b").replace("down_revision = None", down))

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_a_parent_that_is_not_there_is_found() -> None:
    assert_breaks(CHECK, memory(history(a=revision("a"), b=revision("b", "gone"))), "db: b without gone", "db: heads")


def test_a_part_of_a_parents_id_is_no_parent_and_the_whole_is_named() -> None:
    files = history(a=revision("abcdef012345"), b=revision("b", "abcdef"))

    findings = assert_breaks(CHECK, memory(files), "db: b without abcdef", "db: heads")

    assert findings[0].hint is not None
    assert findings[0].hint.startswith("write the whole id, abcdef012345; ")


@pytest.mark.parametrize("name", ["a", "web", "abcd"])
def test_a_revision_may_depend_on_an_id_a_label_or_a_part(name: str) -> None:
    files = history(
        a=revision("a", more="branch_labels = ('web',)"),
        b=revision("abcdef", "a"),
        c=revision("c", "abcdef", more=f"depends_on = {name!r}"),
    )

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_an_id_that_is_there_twice_is_found_once() -> None:
    assert_breaks(CHECK, memory({**LINE, "db/versions/again.py": revision("c", "b")}), "db: c twice")


def test_revisions_in_a_circle_are_found_together() -> None:
    files = history(a=revision("a", "c"), b=revision("b", "a"), c=revision("c", "b"), d=revision("d", "c"))

    assert_breaks(CHECK, memory(files), "db: circle a, b, c")


def test_a_file_without_an_id_is_found_where_alembic_would_load_it() -> None:
    files = {**LINE, "db/versions/helpers.py": "revision_of = 1\nrevision: str\n", "db/versions/__init__.py": ""}

    assert judged(CHECK, memory({**files, "db/versions/notes.txt": ""})).outcome is Outcome.FAIL


def test_an_id_that_is_computed_is_no_pass() -> None:
    files = {**LINE, "db/versions/d.py": revision("d").replace("'d'", "make()")}

    verdict = judged(CHECK, memory(files))

    assert (verdict.outcome, verdict.unread[0].seen.reason) == (Outcome.ERROR, "its `revision` is computed")


def test_a_revision_that_does_not_parse_is_no_pass() -> None:
    verdict = judged(CHECK, memory({**LINE, "db/versions/d.py": "revision = 'd'\ndef upgrade(:\n"}))

    assert (verdict.outcome, [each.seen.path for each in verdict.unread]) == (Outcome.ERROR, ["db/versions/d.py"])


def test_a_missing_parent_is_not_told_while_a_file_cannot_be_read() -> None:
    verdict = judged(CHECK, memory({**LINE, "db/versions/b.py": "revision = 'b'\ndef upgrade(:\n"}))

    assert (verdict.outcome, verdict.findings) == (Outcome.ERROR, ())


@pytest.mark.parametrize("path", ["db/old/d.py", "db/versions/deeper/d.py", "migrations/d.py"])
def test_a_revision_that_alembic_never_looks_at_is_found(path: str) -> None:
    assert_breaks(CHECK, memory({**LINE, path: revision("d", "c")}), f"outside {path}")


def test_a_revision_elsewhere_may_be_let_be() -> None:
    assert_keeps(MigrationsGraph(outside=False), memory({**LINE, "db/old/d.py": revision("d", "c")}))


def test_nothing_to_look_at_is_no_pass() -> None:
    assert judged(CHECK, memory({"a.py": "revision = 'a'\n"})).outcome is Outcome.ERROR


def test_heads_that_come_only_of_merging_are_found() -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c")}
    target = {**LINE, "db/versions/e.py": revision("e", "c")}

    assert_breaks(CHECK, memory(files, base=LINE, target=target), "db: heads when merged")


@pytest.mark.parametrize("target", [LINE, {**LINE, "db/versions/d.py": revision("d", "c")}])
def test_what_one_side_has_and_the_other_has_not_is_no_second_head(target: dict[str, str]) -> None:
    files = {**LINE, "db/versions/d.py": revision("d", "c")}

    assert judged(CHECK, memory(files, base=LINE, target=target)).outcome is Outcome.PASS


def test_a_line_of_migrations_of_django_keeps_the_promise() -> None:
    assert_keeps(CHECK, memory(SHOP))


def test_two_leaves_of_an_app_are_found() -> None:
    files = {**SHOP, "shop/migrations/0002_note.py": app([("shop", "0001_initial")])}

    assert_breaks(CHECK, memory(files), "shop: leaves")


def test_leaves_that_are_merged_are_one() -> None:
    merge = app([("shop", "0002_note"), ("shop", "0002_price")])
    more = apps(**{"0002_note": app([("shop", "0001_initial")]), "0003_merge": merge})

    assert_keeps(CHECK, memory({**SHOP, **more}))


def test_leaves_that_come_only_of_merging_are_found() -> None:
    files = {**SHOP, **apps(**{"0003_a": app([("shop", "0002_price")])})}
    target = {**SHOP, **apps(**{"0003_b": app([("shop", "0002_price")])})}

    assert_breaks(CHECK, memory(files, base=SHOP, target=target), "shop: leaves when merged")


def test_what_is_squashed_is_no_leaf_whether_its_files_are_there_or_not() -> None:
    squash = app(more="replaces = [('shop', '0001_initial'), ('shop', '0002_price')]")
    files = {**SHOP, **apps(**{"0001_squashed": squash, "0003_note": app([("shop", "0002_price")])})}
    gone = without(files, "shop/migrations/0001_initial.py", "shop/migrations/0002_price.py")

    assert [judged(CHECK, memory(each)).outcome for each in (files, gone)] == [Outcome.PASS, Outcome.PASS]


def test_a_migration_of_django_that_comes_after_none_that_is_there_is_found() -> None:
    files = {**SHOP, **apps(**{"0003_note": app([("shop", "0002_gone")])})}

    assert_breaks(CHECK, memory(files), "shop: 0003_note without 0002_gone")


def test_an_app_is_called_as_its_migrations_call_each_other() -> None:
    files = {path.replace("shop/", "my_shop/", 1): text for path, text in SHOP.items()}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        (ledger(_001_a="", _003_b="", _004_c="", _005_d=""), ["db/migrations: gap 2-2"]),
        (ledger(_001_a="", _002_b="", _002_c=""), ["db/migrations: 002 twice"]),
        (ledger(_1_a__up="", _1_a__down="", _2_b__up=""), ["no down db/migrations/2_b.up.sql"]),
        (ledger(_1_a__up="", _1_a__down="", _2_b__down=""), ["no up db/migrations/2_b.down.sql"]),
        ({"db/V1__a.sql": "", "db/V2__b.sql": "", "db/V2__c.sql": ""}, ["db: 2 twice"]),
        (
            ledger(_001_a=registering("1"), _002_b=registering("1"), _003_c=registering("3")),
            ["db/migrations/002_b.sql registers 1"],
        ),
        (
            ledger(_001_a=registering("1"), _002_b=registering("2"), _003_c="SELECT 1;"),
            ["unregistered db/migrations/003_c.sql"],
        ),
    ],
)
def test_what_is_wrong_with_numbered_sql_is_found(files: dict[str, str], keys: list[str]) -> None:
    assert_breaks(CHECK, memory(files), *keys)


@pytest.mark.parametrize(
    "files",
    [
        ledger(_001_a="", _002_b=""),
        ledger(_010_a="", _020_b="", _030_c=""),
        ledger(_20240101000000_a="", _20250101000000_b=""),
        {"db/migrations/01.02_a.sql": "", "db/migrations/01.05_b.sql": ""},
        ledger(_1_a__up="", _1_a__down=""),
        {"db/V1__a.sql": "", "db/V1.1__b.sql": "", "db/R__views.sql": ""},
        ledger(_001_a=registering("1"), _002_b=registering("'002'")),
        ledger(_001_a=registering("1", "x") + registering("1"), _002_b=registering("'002_b'")),
        ledger(_001_a="-- INSERT INTO schema_migrations (version) VALUES (9);", _002_b="INSERT INTO t VALUES (1)"),
    ],
)
def test_numbered_sql_in_order_keeps_the_promise(files: dict[str, str]) -> None:
    assert_keeps(CHECK, memory(files))


def test_gaps_may_be_let_be() -> None:
    files = ledger(_001_a="", _003_b="", _004_c="", _005_d="")

    assert_keeps(MigrationsGraph(gaps=False), memory(files))


def test_sql_files_elsewhere_are_none() -> None:
    assert judged(CHECK, memory({"queries/001_a.sql": "", "docker/02_init.sql": ""})).outcome is Outcome.ERROR


def test_a_new_file_with_a_version_that_the_base_has_gone_past_is_found() -> None:
    base = ledger(_001_a="", _003_c="")
    files = {**base, **ledger(_002_b="")}

    assert_breaks(CHECK, memory(files, base=base), "late db/migrations/002_b.sql")


def test_a_version_that_the_target_has_taken_since_is_found() -> None:
    base = ledger(_001_a="")
    repo = memory({**base, **ledger(_002_b="")}, base=base, target={**base, **ledger(_002_c="")})

    assert_breaks(CHECK, repo, "late db/migrations/002_b.sql")


def test_a_folder_for_each_migration_is_in_the_order_of_their_names() -> None:
    files = {f"prisma/migrations/2024010100000{n}_x/migration.sql": "" for n in (1, 1, 2)}

    assert proven(CHECK, memory(files)).bit == ("put a migration before the last of prisma/migrations",)


@pytest.mark.parametrize(
    "text",
    ["revision = " + "[" * 300 + "]" * 300, "revision = 'd'\n" + "x = " + "1+" * 3000 + "1", "revision = '\ud800d'"],
)
def test_a_hostile_revision_is_read_or_named(text: str) -> None:
    files: dict[str, str | bytes] = {**LINE, "db/versions/d.py": text.encode("utf-8", "surrogatepass")}

    assert judged(CHECK, memory(files)).outcome in (Outcome.FAIL, Outcome.ERROR)


def test_a_long_circle_with_a_long_tail_is_found_in_time() -> None:
    count = 3000
    files = history(**{f"r{n}": revision(f"r{n}", f"r{(n - 1) % 1000 if n < 1000 else n - 1}") for n in range(count)})

    verdict = judged(CHECK, memory(files))

    assert [len(ruling.seen.parts) for ruling in verdict.findings] == [1000]


RECURSIVE = "[alembic]\nrecursive_version_locations = true\n"


@pytest.mark.parametrize(
    ("files", "bit"),
    [
        (LINE, ("put a second head into db", "put a revision outside of db")),
        (SHOP, ("put a second leaf into shop",)),
        ({"shop/migrations/0001_initial.py": app()}, ("put a second leaf into shop",)),
        (
            ledger(_001_a="", _002_b=""),
            ("use version 002 twice in db/migrations", "leave version 4 out in db/migrations"),
        ),
        ({"db/V1__a.sql": ""}, ("use version 1 twice in db", "leave version 3 out in db")),
        ({"V9__a.sql": ""}, ("use version 9 twice in ", "leave version 11 out in ")),
        (ledger(_010_a="", _020_b="", _030_c=""), ("use version 030 twice in db/migrations",)),
        (ledger(_20240101000000_a=""), ("use version 20240101000000 twice in db/migrations",)),
        (
            {"alembic.ini": "[alembic]\nscript_location = .\n", "versions/a.py": revision("a")},
            ("put a second head into .", "put a revision outside of ."),
        ),
        (
            {**LINE, "alembic.ini": f"{RECURSIVE}script_location = db\nversion_locations = db\n"},
            ("put a second head into db", "put a revision outside of db"),
        ),
    ],
)
def test_every_sort_of_migration_has_its_canaries(files: dict[str, str], bit: tuple[str, ...]) -> None:
    found = proven(CHECK, memory(files))

    assert (found.bit, found.missed) == (bit, ())


def test_what_is_not_judged_has_no_canary() -> None:
    check = MigrationsGraph(gaps=False, outside=False)

    assert proven(check, memory({**LINE, **ledger(_001_a="")})).bit == (
        "put a second head into db",
        "use version 001 twice in db/migrations",
    )


def test_each_pattern_has_canaries_of_its_own() -> None:
    files = {f"{each}/{path}": text for each in ("x", "y") for path, text in LINE.items()}
    check = MigrationsGraph(paths=("x", "y/db/versions", "y/db/env.py", "y/db/script.py.mako"))

    assert proven(check, memory(files)).bit == (
        "put a second head into x/db",
        "put a revision outside of x/db",
        "put a second head into y/db",
    )


def test_a_folder_in_which_no_new_file_would_be_read_has_no_canary() -> None:
    check = MigrationsGraph(paths=("db/versions/?.py", "db/env.py", "db/script.py.mako"))

    assert proven(check, memory(LINE)).reason == "there is no migration that another could be put beside"
