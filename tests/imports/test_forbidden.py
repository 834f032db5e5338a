"""`imports-forbidden`: what some modules must not import, nor have others import for them."""

from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.forbidden import HINT, ImportsForbidden
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.imports.naive import EDGES, MODULES, Pairs, breaches, found, is_led, repository, within

SHOP = {
    "shop/__init__.py": "",
    "shop/web/pages.py": "import shop.orders, shop.money\n",
    "shop/orders.py": "import shop.db.tables\n",
    "shop/db/__init__.py": "import sqlalchemy.orm\n",
    "shop/db/tables.py": "import shop.db\n",
    "shop/money.py": "from decimal import Decimal, localcontext\n",
}


def forbidden(source: str, *modules: str, **options: Any) -> ImportsForbidden:
    """One source that must not import these modules."""
    return ImportsForbidden(source_modules=(source,), forbidden_modules=modules, **options)


def test_a_source_that_nothing_leads_to_what_is_forbidden_keeps_the_promise() -> None:
    verdict = assert_keeps(forbidden("shop.db", "shop.web", "requests"), memory(SHOP))

    assert verdict.evidence == (
        Evidence("modules", 6, 6),
        Evidence("import statements between them", 7, 4),
        Evidence("source modules", 2, 2),
        Evidence("forbidden packages outside the roots", 1, 1),
    )


def test_an_import_of_what_is_forbidden_is_one_finding_as_the_report_shows_it() -> None:
    findings = assert_breaks(forbidden("shop.orders", "shop.db"), memory(SHOP), "shop.orders -> shop.db.tables")

    step = {"importer": "shop.orders", "imported": "shop.db.tables", "path": "shop/orders.py", "line": 1}
    assert findings == (
        Finding(
            key="shop.orders -> shop.db.tables",
            message="shop.orders must not import shop.db: shop.orders -> shop.db.tables [shop/orders.py:1]",
            at=Location("shop/orders.py", 1),
            hint=HINT,
            data={"chain": [step]},
        ),
    )


def test_a_chain_to_what_is_forbidden_is_one_finding_with_all_that_it_reaches() -> None:
    repo = memory(SHOP | {"shop/money.py": "\nimport shop.db\n"})

    (finding,) = assert_breaks(forbidden("shop.web", "shop.db"), repo, "shop.web.pages -> … -> shop.db")

    assert (finding.parts, finding.at) == (
        ("shop.web.pages -> shop.db", "shop.web.pages -> shop.db.tables"),
        Location("shop/web/pages.py", 1),
    )
    assert finding.message == (
        "shop.web.pages must not import shop.db, not even through others: "
        "shop.web.pages -> shop.money [shop/web/pages.py:1] -> shop.db [shop/money.py:2]"
    )


def test_where_indirect_imports_are_allowed_only_direct_ones_are_found() -> None:
    check = forbidden("shop", "sqlalchemy", "decimal", allow_indirect_imports=True)

    assert_breaks(check, memory(SHOP), "shop.db -> sqlalchemy", "shop.money -> decimal")
    assert_keeps(forbidden("shop.web", "shop.db", allow_indirect_imports=True), memory(SHOP))


def test_another_distribution_is_reached_through_modules_of_ours() -> None:
    (finding,) = assert_breaks(forbidden("shop.web", "sqlalchemy"), memory(SHOP), "shop.web.pages -> … -> sqlalchemy")

    assert finding.parts == ("shop.web.pages -> sqlalchemy",)
    assert [step["imported"] for step in finding.data["chain"]] == [
        "shop.orders",
        "shop.db.tables",
        "shop.db",
        "sqlalchemy",
    ]


def test_what_is_imported_from_a_foreign_package_is_no_finding_of_its_own() -> None:
    assert_breaks(forbidden("shop.money", "decimal"), memory(SHOP), "shop.money -> decimal")


@pytest.mark.parametrize(
    ("expression", "key"),
    [
        ("sqlalchemy.orm", "shop.db -> sqlalchemy.orm"),
        ("sqlalchemy.*", "shop.db -> sqlalchemy.orm"),
        ("*.orm", "shop.db -> sqlalchemy.orm"),
        ("sqlalchemy.**", "shop.db -> sqlalchemy.orm"),
        ("**", "shop.db -> sqlalchemy"),
    ],
)
def test_a_part_of_a_foreign_package_can_be_forbidden(expression: str, key: str) -> None:
    assert key in found(judged(forbidden("shop.db", expression), memory(SHOP)))


def test_another_part_of_a_foreign_package_is_free() -> None:
    assert_keeps(forbidden("shop", "sqlalchemy.ext", "sqlalchemy.ormx", "decimals"), memory(SHOP))


def test_a_compiled_module_of_a_forbidden_package_is_forbidden_as_well() -> None:
    repo = memory({"p/db/__init__.py": "", "p/db/fast.so": "", "p/web.py": "from p.db.fast import go"})

    assert_breaks(forbidden("p.web", "p.db"), repo, "p.web -> p.db")


def test_a_module_that_is_not_there_is_reached_through_its_package() -> None:
    repo = memory({"p/db/__init__.py": "", "p/web.py": "from p.db.gone import go"})

    assert_breaks(forbidden("p.web", "p.db"), repo, "p.web -> p.db")


def test_the_standard_library_can_be_forbidden_beside_a_module_of_ours_by_its_name() -> None:
    repo = memory({"a/logging.py": "", "a/x.py": "from . import logging", "a/y.py": "import logging"})

    assert_breaks(forbidden("a", "logging"), repo, "a.y -> logging")


def test_a_source_may_import_its_own_part_of_what_is_forbidden() -> None:
    repo = memory({"p/a/x.py": "import p.a.y", "p/a/y.py": "import p.b", "p/b.py": "", "p/c.py": ""})

    assert_breaks(forbidden("p.*", "p.*"), repo, "p.a.y -> p.b")


def test_what_is_around_a_forbidden_part_is_a_source() -> None:
    repo = memory({"p/old/x.py": "import p.old.y", "p/old/y.py": "", "p/new.py": "import p.old.x"})

    assert_breaks(forbidden("p", "p.old"), repo, "p.new -> p.old.x")


def test_of_forbidden_packages_within_each_other_the_outermost_is_told() -> None:
    repo = memory({"a.py": "import m", "m.py": "import p.q.r", "p/q/r.py": ""})

    assert_breaks(forbidden("a", "p.q", "p", "p.**"), repo, "a -> … -> p")


def test_a_chain_through_what_is_forbidden_to_others_only_is_found() -> None:
    files = {"p/a.py": "import p.b", "p/b.py": "import db", "db.py": "", "q.py": ""}
    check = ImportsForbidden(source_modules=("p.a", "q"), forbidden_modules=("p", "db"))

    assert_breaks(check, memory(files), "p.a -> … -> db")
    assert_breaks(check, memory(files | {"q.py": "import p.a", "p/b.py": ""}), "q -> p.a")


def test_modules_that_are_no_packages_stand_for_themselves_alone() -> None:
    files = {"p/__init__.py": "import q.x", "p/a.py": "import q", "q/__init__.py": "", "q/x.py": ""}

    assert_breaks(forbidden("p", "q"), memory(files), "p -> q.x", "p.a -> q")
    assert_keeps(forbidden("p", "q", as_packages=False), memory(files))
    assert_breaks(forbidden("p.**", "q", as_packages=False), memory(files), "p.a -> q")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "def f():\n  import b", "b.py": ""}, id="in a function"),
        pytest.param({"a.py": "if TYPE_CHECKING:\n  import b", "b.py": ""}, id="for a type checker"),
        pytest.param({"a.py": "import bb", "bb.py": "", "b.py": ""}, id="a name that begins so"),
        pytest.param({"a.py": "", "b.py": "import a", "c.py": "import b"}, id="the other way round"),
        pytest.param({"a.py": "import c", "b.py": "", "c.py": "def f():\n  import b"}, id="a chain that is cut"),
        pytest.param({"a.py": "from c import b", "b.py": "", "c/b.py": ""}, id="another of its name"),
    ],
)
def test_what_is_nearly_a_breach_is_none(files: dict[str, str]) -> None:
    assert judged(forbidden("a", "b"), memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "key"),
    [
        pytest.param({"a/__init__.py": "from b import *", "b.py": ""}, "a -> b", id="a star"),
        pytest.param(
            {"a/x.py": "try:\n  import b\nexcept ImportError:\n  b = None", "b.py": ""}, "a.x -> b", id="guarded"
        ),
        pytest.param(
            {"a.py": "import c", "b.py": "", "c.py": "import d", "d.py": "import c, b"}, "a -> … -> b", id="a circle"
        ),
        pytest.param({"a.py": "import b.c as x", "b/c.py": ""}, "a -> b.c", id="by another name"),
        pytest.param(
            {"src/a/x.py": "import b", "src/a/__init__.py": "", "src/b.py": ""}, "a.x -> b", id="a source folder"
        ),
    ],
)
def test_no_dress_hides_a_breach(files: dict[str, str], key: str) -> None:
    assert_breaks(forbidden("a", "b"), memory(files), key)


@pytest.mark.parametrize("name", ["b", "requests"])
def test_function_level_imports_count_where_kinds_say_so(name: str) -> None:
    repo = memory({"a.py": f"def f():\n  import {name}", "b.py": ""})

    assert judged(forbidden("a", name), repo).outcome is Outcome.PASS
    assert_breaks(forbidden("a", name, kinds=(Kind.FUNCTION,)), repo, f"a -> {name}")


def test_with_ancestors_a_package_that_runs_before_is_imported_too() -> None:
    repo = memory({"a.py": "import p.x", "p/__init__.py": "import requests", "p/x.py": ""})

    assert judged(forbidden("a", "requests"), repo).outcome is Outcome.PASS
    assert_breaks(forbidden("a", "requests", ancestors=True), repo, "a -> … -> requests")


def test_imports_of_ours_and_of_others_can_be_exempt() -> None:
    exempt = (
        Exemption(imports="shop.db -> sqlalchemy", reason="known"),
        Exemption(imports="shop.orders -> shop.db.tables", reason="known"),
    )

    verdict = assert_keeps(forbidden("shop.*", "shop.db", "sqlalchemy", exempt=exempt), memory(SHOP))

    assert verdict.findings == ()


def test_an_exemption_that_hides_nothing_is_a_finding() -> None:
    exempt = (
        Exemption(imports="shop.db -> requests", reason="none"),
        Exemption(imports="shop.orders -> shop.db.tables", reason="none"),
    )

    assert_breaks(
        forbidden("shop.money", "requests", exempt=exempt),
        memory(SHOP),
        "exempt shop.db -> requests",
        "exempt shop.orders -> shop.db.tables",
    )


def test_each_source_and_each_forbidden_expression_has_a_canary() -> None:
    check = ImportsForbidden(
        source_modules=("shop.money", "shop.db"),
        forbidden_modules=("shop.web", "shop.db", "requests", "django.*.models"),
    )

    assert proven(check, memory(SHOP)) == Proof(
        outcome=Proven.PROVEN,
        bit=(
            "let shop.money import shop.web.pages",
            "let shop.money import shop.db",
            "let shop.money import requests",
            "let shop.money import django.selfcheck_canary.models",
            "let shop.db import shop.web.pages",
            "let shop.db import requests",
            "let shop.db import django.selfcheck_canary.models",
        ),
    )


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (
            forbidden("shop.money", "decimal"),
            "every module that must not import decimal does so, or has another module of that name",
        ),
        (
            forbidden("shop.orders", "shop.db.tables"),
            "no new import could be made up between shop.orders and shop.db.tables",
        ),
    ],
)
def test_where_every_source_imports_it_already_the_promise_is_unprovable(check: ImportsForbidden, reason: str) -> None:
    assert proven(check, memory(SHOP)) == Proof(outcome=Proven.UNPROVABLE, reason=reason)


@pytest.mark.parametrize(
    ("check", "nothing"),
    [
        (forbidden("shop.gone", "requests"), "modules at shop.gone"),
        (forbidden("shop.web", "shop.gone"), "modules at shop.gone"),
        (forbidden("shop.web", "shop.*.gone"), "modules at shop.*.gone"),
        (forbidden("shop.web", "*.gone"), "modules at *.gone"),
        (forbidden("shop.web", "shop.web", "requests"), "source modules outside shop.web"),
        (forbidden("shop.web", "shop"), "source modules outside shop"),
        (forbidden("shop.web", "shop.orders", as_packages=False), "modules at shop.web"),
    ],
)
def test_what_stands_for_nothing_is_an_error(check: ImportsForbidden, nothing: str) -> None:
    verdict = judged(check, memory(SHOP))

    assert verdict.outcome is Outcome.ERROR
    assert verdict.reason == f"examined nothing: no {nothing} in its scope (`allow_empty: true` accepts it)"


@pytest.mark.parametrize(
    "options",
    [
        {"source_modules": ["a"]},
        {"source_modules": ["a"], "forbidden_modules": []},
        {"source_modules": [], "forbidden_modules": ["a"]},
        {"source_modules": ["a..b"], "forbidden_modules": ["a"]},
        {"source_modules": ["a"], "forbidden_modules": ["a*"]},
        {"source_modules": ["a"], "forbidden_modules": ["b"], "as_packages": "no"},
    ],
)
def test_options_that_are_none_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, ImportsForbidden)


def test_the_order_of_files_changes_nothing() -> None:
    files = {
        "a.py": "import m, n",
        "m.py": "import b.x, os.path",
        "n.py": "import b.y, os",
        "b/x.py": "",
        "b/y.py": "import m",
    }

    results = {
        str(found(judged(forbidden("a", "b", "os"), memory(dict(order))))) for order in permutations(files.items())
    }

    assert len(results) == 1


@settings(deadline=None)
@given(edges=EDGES, names=st.permutations(["p.a", "p.b", "p.c", "p.d", "q"]), size=st.integers(1, 3))
def test_it_finds_what_trying_every_path_finds(edges: Pairs, names: list[str], size: int) -> None:
    sources, targets = names[:2], names[2 : 2 + size]

    verdict = judged(
        ImportsForbidden(source_modules=tuple(sources), forbidden_modules=tuple(targets)), repository(edges)
    )

    importers = [module for source in sources for module in within(source)]
    barred = {*importers, *(module for target in targets for module in within(target))}
    expected: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    for target in targets:
        expected |= breaches(edges, importers, target, barred)
    assert found(verdict) == expected


NAMES = st.sets(st.sampled_from(["p", "p.a", "p.a.x", "p.b", "p.b.y", "p.c", "q"]), min_size=1, max_size=3)


@settings(deadline=None, max_examples=300)
@given(edges=EDGES, sources=NAMES, targets=NAMES)
def test_it_breaks_wherever_any_path_leads_however_the_packages_overlap(
    edges: Pairs, sources: set[str], targets: set[str]
) -> None:
    check = ImportsForbidden(source_modules=tuple(sorted(sources)), forbidden_modules=tuple(sorted(targets)))

    keys = found(judged(check, repository(edges)))

    importers = [module for source in sources for module in within(source)]
    outside = {target: [each for each in importers if each not in within(target)] for target in targets}
    assert bool(keys) == any(is_led(edges, outside[target], within(target)) for target in targets)
    assert all(set(way) <= {*MODULES} for _, way in keys.values())
