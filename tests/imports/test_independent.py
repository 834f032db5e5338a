"""`imports-independent`: modules that do not know of each other."""

from itertools import permutations, product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.independent import HINT, ImportsIndependent
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.imports.naive import EDGES, Pairs, breaches, found, is_led, repository, within

CHECK = ImportsIndependent(modules=("shop.orders", "shop.stock"))
SHOP = {
    "shop/__init__.py": "",
    "shop/orders/__init__.py": "",
    "shop/orders/api.py": "from shop import money, orders\n",
    "shop/stock/api.py": "import shop.money\n",
    "shop/money.py": "",
    "shop/web.py": "import shop.orders.api, shop.stock.api\n",
}


def test_modules_that_a_third_one_joins_and_that_share_another_are_independent() -> None:
    verdict = assert_keeps(CHECK, memory(SHOP))

    assert verdict.evidence == (
        Evidence("modules", 6, 6),
        Evidence("import statements between them", 5, 5),
        Evidence("pairs of independent modules", 1, 1),
    )


def test_an_import_of_one_by_the_other_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory(SHOP | {"shop/stock/count.py": "\nfrom shop.orders.api import place\n"})

    findings = assert_breaks(CHECK, repo, "shop.stock.count -> shop.orders.api")

    assert findings == (
        Finding(
            key="shop.stock.count -> shop.orders.api",
            message="shop.stock and shop.orders must be independent: "
            "shop.stock.count -> shop.orders.api [shop/stock/count.py:2]",
            at=Location("shop/stock/count.py", 2),
            hint=HINT,
            data={
                "chain": [
                    {
                        "importer": "shop.stock.count",
                        "imported": "shop.orders.api",
                        "path": "shop/stock/count.py",
                        "line": 2,
                    }
                ]
            },
        ),
    )


def test_a_chain_through_other_modules_is_one_finding_with_all_that_it_reaches() -> None:
    files = {
        "shop/orders/api.py": "import shop.money",
        "shop/money.py": "\nimport shop.rates\nimport shop.stock.api",
        "shop/rates.py": "import shop.stock.b, shop.money",
        "shop/stock/b.py": "",
    }

    (finding,) = assert_breaks(CHECK, memory(SHOP | files), "shop.orders.api -> … -> shop.stock")

    chain = "shop.orders.api -> shop.money [shop/orders/api.py:1] -> shop.stock.api [shop/money.py:3]"
    assert finding.message == f"shop.orders and shop.stock must be independent: {chain}"
    assert (finding.parts, finding.at) == (
        ("shop.orders.api -> shop.stock.api", "shop.orders.api -> shop.stock.b"),
        Location("shop/orders/api.py", 1),
    )
    assert [step["line"] for step in finding.data["chain"]] == [1, 3]


def test_a_chain_that_leads_through_a_third_of_them_is_only_told_as_its_parts() -> None:
    repo = memory({"a.py": "import b", "b.py": "import c", "c.py": ""})

    assert_breaks(ImportsIndependent(modules=("a", "b", "c")), repo, "a -> b", "b -> c")


def test_of_equally_short_chains_the_first_by_names_is_shown() -> None:
    files = {"a.py": "import z, k, c", "c.py": "import d", "d.py": "import b", "k.py": "import b.x", "z.py": "import b"}
    files |= {"b/__init__.py": "", "b/x.py": ""}

    (finding,) = assert_breaks(ImportsIndependent(modules=("a", "b")), memory(files), "a -> … -> b")

    assert [step["imported"] for step in finding.data["chain"]] == ["k", "b.x"]
    assert finding.parts == ("a -> b", "a -> b.x")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a/x.py": "def f():\n  import b.x", "b/x.py": ""}, id="in a function"),
        pytest.param({"a/x.py": "if TYPE_CHECKING:\n  import b.x", "b/x.py": ""}, id="for a type checker"),
        pytest.param({"a/x.py": "import bb, b_", "bb.py": "", "b_/x.py": "", "b/x.py": ""}, id="a name that begins so"),
        pytest.param({"a/x.py": "import a.y", "a/y.py": "import a.x", "b/x.py": "import b.y", "b/y.py": ""}, id="own"),
        pytest.param({"a/x.py": "import c", "b/x.py": "import c", "c.py": "import c.d"}, id="a common one"),
        pytest.param({"a/x.py": "", "b/x.py": "", "c.py": "import a.x, b.x"}, id="one above both"),
    ],
)
def test_what_is_nearly_a_breach_is_none(files: dict[str, str]) -> None:
    assert judged(ImportsIndependent(modules=("a", "b")), memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "key"),
    [
        pytest.param({"a/x.py": "from b import x", "b/x.py": ""}, "a.x -> b.x", id="from a namespace"),
        pytest.param({"a/__init__.py": "import b", "b.py": ""}, "a -> b", id="a package itself"),
        pytest.param({"a/x.py": "from ..b.x import *", "b/x.py": "", "a/__init__.py": ""}, "a.x -> b.x", id="relative"),
        pytest.param(
            {"a/x.py": "try:\n  import b.x\nexcept ImportError: b = 0", "b/x.py": ""}, "a.x -> b.x", id="guarded"
        ),
        pytest.param(
            {"a/x.py": "import c", "c.py": "import d", "d.py": "import c, b", "b.py": ""},
            "a.x -> … -> b",
            id="a circle",
        ),
        pytest.param({"a/x.py": "import b.x\r\nif 1:\r\timport b.x", "b/x.py": ""}, "a.x -> b.x", id="twice"),
        pytest.param({"a/\u00e9.py": "import b.x", "b/x.py": ""}, "a.\u00e9 -> b.x", id="not ASCII"),
    ],
)
def test_no_dress_hides_a_breach(files: dict[str, str], key: str) -> None:
    assert_breaks(ImportsIndependent(modules=("a", "b")), memory(files), key)


def test_function_level_imports_count_where_kinds_say_so() -> None:
    repo = memory({"a.py": "def f():\n  import b", "b.py": ""})

    assert_breaks(ImportsIndependent(modules=("a", "b"), kinds=(Kind.FUNCTION,)), repo, "a -> b")


def test_with_ancestors_a_package_that_runs_before_is_imported_too() -> None:
    repo = memory({"a.py": "import c.d", "c/__init__.py": "import b", "c/d.py": "", "b.py": ""})
    check = ImportsIndependent(modules=("a", "b"))

    assert judged(check, repo).outcome is Outcome.PASS
    assert_breaks(msgspec.structs.replace(check, ancestors=True), repo, "a -> … -> b")


def test_an_exempt_import_takes_its_chains_along() -> None:
    repo = memory({"a.py": "import m", "m.py": "import b", "b.py": "", "a2.py": ""})
    exempt = Exemption(imports="m -> b", reason="until the split")

    assert_breaks(ImportsIndependent(modules=("a", "b")), repo, "a -> … -> b")
    assert judged(ImportsIndependent(modules=("a", "b"), exempt=(exempt,)), repo).outcome is Outcome.PASS


def test_an_exemption_that_hides_nothing_is_a_finding() -> None:
    exempt = Exemption(imports="shop.web -> shop.orders.api", reason="none")

    assert_breaks(msgspec.structs.replace(CHECK, exempt=(exempt,)), memory(SHOP), "exempt shop.web -> shop.orders.api")


def test_a_canary_is_made_up_beside_an_exempt_import() -> None:
    repo = memory({"a/x.py": "import b", "a/y.py": "", "b.py": ""})
    exempt = (Exemption(imports="a.x -> b", reason="known"), Exemption(imports="b -> a.x", reason="none"))

    proof = proven(ImportsIndependent(modules=("a", "b"), exempt=exempt), repo)

    assert proof == Proof(outcome=Proven.PROVEN, bit=("let a.y import b", "let b import a.y"))


def test_a_wildcard_stands_for_each_module_that_it_matches_and_is_proven_by_two() -> None:
    check = ImportsIndependent(modules=("shop.*.api", "shop.money"))

    verdict = assert_keeps(check, memory(SHOP | {"shop/orders/api.py": "", "shop/stock/api.py": ""}))
    proof = proven(check, memory(SHOP | {"shop/orders/api.py": "", "shop/stock/api.py": ""}))

    assert verdict.evidence[-1] == Evidence("pairs of independent modules", 3, 3)
    assert proof.bit == (
        "let shop.orders.api import shop.stock.api",
        "let shop.stock.api import shop.money",
        "let shop.money import shop.orders.api",
    )


@pytest.mark.parametrize(
    ("modules", "reason"),
    [
        (("shop.orders", "shop.gone"), "examined nothing: no modules at shop.gone in its scope"),
        (("shop.orders", "shop.*.gone"), "examined nothing: no modules at shop.*.gone in its scope"),
        (("shop.orders", "shop.orders"), "examined nothing: no pairs of independent modules in its scope"),
        (
            ("shop.orders", "shop.**"),
            "`modules` stands for both shop.orders and shop.orders.api, which is a part of it; name one of them, or neither",
        ),
    ],
)
def test_what_stands_for_nothing_or_for_its_own_part_is_an_error(modules: tuple[str, ...], reason: str) -> None:
    verdict = judged(ImportsIndependent(modules=modules), memory(SHOP))

    assert verdict.outcome is Outcome.ERROR
    assert verdict.reason is not None
    assert verdict.reason.startswith(reason)


def test_modules_that_cannot_be_imported_by_name_are_unprovable() -> None:
    repo = memory({"a-b.py": "", "c-d.py": ""})

    proof = proven(ImportsIndependent(modules=("a-b", "c-d")), repo)

    assert proof == Proof(outcome=Proven.UNPROVABLE, reason="no new import could be made up between a-b and c-d")


@pytest.mark.parametrize("options", [{}, {"modules": []}, {"modules": ["a b"]}, {"modules": ["a"], "layers": ["a"]}])
def test_options_that_are_none_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, ImportsIndependent)


def test_the_order_of_files_changes_nothing() -> None:
    files = {"a.py": "import m, n", "m.py": "import b.x", "n.py": "import b.y", "b/x.py": "import a", "b/y.py": ""}
    check = ImportsIndependent(modules=("b", "a"))

    results = {str(found(judged(check, memory(dict(order))))) for order in permutations(files.items())}

    assert len(results) == 1


@settings(deadline=None)
@given(edges=EDGES, modules=st.sets(st.sampled_from(["p.a", "p.b", "p.c", "p.d", "q"]), min_size=2))
def test_it_finds_what_trying_every_path_finds(edges: Pairs, modules: set[str]) -> None:
    verdict = judged(ImportsIndependent(modules=tuple(sorted(modules))), repository(edges))

    barred = {each for module in modules for each in within(module)}
    expected: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    for one in modules:
        for other in modules - {one}:
            expected |= breaches(edges, within(one), other, barred)
    led = any(is_led(edges, within(one), within(other)) for one, other in permutations(modules, 2))
    assert found(verdict) == expected
    assert verdict.outcome is (Outcome.FAIL if led else Outcome.PASS)


@settings(deadline=None, max_examples=25)
@given(edges=EDGES)
def test_wherever_an_import_is_missing_it_is_proven(edges: Pairs) -> None:
    proof = proven(ImportsIndependent(modules=("p.a", "p.b", "q")), repository(edges))

    around = [("p.a", "p.b"), ("p.b", "q"), ("q", "p.a")]
    full = any({*product(within(importer), within(imported))} <= {*edges} for importer, imported in around)
    assert proof.outcome is (Proven.UNPROVABLE if full else Proven.PROVEN)
