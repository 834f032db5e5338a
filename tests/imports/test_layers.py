"""`imports-layers`: what is lower does not know what is higher."""

from itertools import permutations
from typing import Any

import msgspec
import pytest
from grimp import ImportGraph, Layer
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.layers import HINT, ImportsLayers
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven
from tests.imports.naive import EDGES, MODULES, Pairs, breaches, found, is_led, repository, within

CHECK = ImportsLayers(layers=("web", "orders", "db"), containers=("shop",))
SHOP = {
    "shop/__init__.py": "",
    "shop/web/__init__.py": "from shop.web import pages\n",
    "shop/web/pages.py": "from .. import orders\nimport shop.db.tables\n",
    "shop/orders.py": "import shop.db.tables, shop.money\n",
    "shop/db/tables.py": "import shop.money\n",
    "shop/money.py": "",
}


def layers(*names: str, **options: Any) -> ImportsLayers:
    """Layers that are called by their whole names."""
    return ImportsLayers(layers=names, **options)


def test_layers_that_import_downwards_are_kept_whatever_is_in_none() -> None:
    verdict = assert_keeps(CHECK, memory(SHOP))

    assert verdict.evidence == (
        Evidence("modules", 6, 6),
        Evidence("import statements between them", 6, 6),
        Evidence("containers", 1, 1),
        Evidence("pairs of layers", 3, 3),
    )


def test_an_import_upwards_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory(SHOP | {"shop/db/rows.py": "import os\nfrom shop.web.pages import page\n"})

    findings = assert_breaks(CHECK, repo, "shop.db.rows -> shop.web.pages")

    step = {"importer": "shop.db.rows", "imported": "shop.web.pages", "path": "shop/db/rows.py", "line": 2}
    assert findings == (
        Finding(
            key="shop.db.rows -> shop.web.pages",
            message="shop.db is a lower layer than shop.web: shop.db.rows -> shop.web.pages [shop/db/rows.py:2]",
            at=Location("shop/db/rows.py", 2),
            hint=HINT,
            data={"chain": [step]},
        ),
    )


def test_a_chain_upwards_through_what_is_in_no_layer_is_one_finding_with_all_that_it_reaches() -> None:
    files = {"shop/money.py": "import rates\n", "rates.py": "\nimport shop.web.pages\nimport shop.web\n"}

    tables, orders = assert_breaks(
        CHECK, memory(SHOP | files), "shop.db.tables -> … -> shop.web", "shop.orders -> … -> shop.web"
    )

    assert tables.parts == ("shop.db.tables -> shop.web", "shop.db.tables -> shop.web.pages")
    assert orders.parts == ("shop.orders -> shop.web", "shop.orders -> shop.web.pages")
    assert tables.message == (
        "shop.db is a lower layer than shop.web: shop.db.tables -> shop.money [shop/db/tables.py:1] "
        "-> rates [shop/money.py:1] -> shop.web [rates.py:3]"
    )


def test_a_chain_through_a_layer_between_is_only_told_as_its_parts() -> None:
    repo = memory({"high.py": "", "mid.py": "import high", "low.py": "import mid"})

    assert_breaks(layers("high", "mid", "low"), repo, "low -> mid", "mid -> high")


def test_independent_siblings_do_not_import_each_other_and_others_may() -> None:
    repo = memory({"top.py": "import a, b", "a.py": "import b", "b.py": "import c", "c.py": "import a", "low.py": ""})

    assert_breaks(layers("top", "a | b | c", "low"), repo, "a -> b", "b -> c", "c -> a")
    assert_keeps(layers("top", "a : b : c", "low"), repo)


def test_siblings_are_below_what_is_higher_and_above_what_is_lower() -> None:
    repo = memory({"top.py": "", "a.py": "import top", "b.py": "", "low.py": "import b"})

    assert_breaks(layers("top", "a : b", "low"), repo, "a -> top", "low -> b")


def test_past_a_closed_layer_there_is_no_import_not_even_a_long_one() -> None:
    repo = memory(
        {
            "top.py": "import low, x",
            "x.py": "import low.y",
            "mid.py": "import low",
            "low/__init__.py": "",
            "low/y.py": "",
        }
    )

    assert_keeps(layers("top", "mid", "low"), repo)
    _, long = assert_breaks(layers("top", "mid", "low", closed=("mid",)), repo, "top -> low", "top -> … -> low")
    assert long.message == "top must not import low past the closed layer mid: top -> x [top.py:1] -> low.y [x.py:1]"


def test_through_a_closed_layer_and_within_it_imports_are_free() -> None:
    repo = memory(
        {"top.py": "import mid", "mid.py": "import low, side", "side.py": "", "low.py": "import last", "last.py": ""}
    )

    assert_keeps(layers("top", "mid : side", "low", "last", closed=("side",)), repo)


def test_a_closed_layer_that_is_optional_and_not_there_closes_nothing() -> None:
    repo = memory({"top.py": "import low", "low.py": ""})

    assert_keeps(layers("top", "(mid)", "low", closed=("mid",)), repo)


def test_a_layer_in_brackets_need_not_be_there_and_counts_if_it_is() -> None:
    check = layers("top", "(mid)", "low")

    assert_keeps(check, memory({"top.py": "import low", "low.py": ""}))
    assert_breaks(check, memory({"top.py": "", "mid.py": "", "low.py": "import mid"}), "low -> mid")


def test_each_container_has_layers_of_its_own() -> None:
    files = {f"{app}/{layer}.py": "" for app in ("one", "two") for layer in ("web", "db")}
    check = ImportsLayers(layers=("web", "db"), containers=("one", "two"))

    assert_keeps(check, memory(files | {"one/db.py": "import two.web"}))
    assert_breaks(
        check, memory(files | {"one/db.py": "import two.web", "two/web.py": "import one.web"}), "one.db -> … -> one.web"
    )


def test_a_wildcard_stands_for_the_packages_that_it_matches_and_is_proven_by_the_first() -> None:
    files = {
        "apps/a/web.py": "",
        "apps/a/db.py": "",
        "apps/b/web.py": "",
        "apps/b/db.py": "import apps.b.web",
        "apps/c.py": "",
    }
    check = ImportsLayers(layers=("web", "db"), containers=("apps.*",))

    assert_breaks(check, memory(files), "apps.b.db -> apps.b.web")
    assert proven(check, memory(files)).bit == ("let apps.a.db import apps.a.web",)


def test_in_an_exhaustive_container_every_child_is_a_layer_or_ignored() -> None:
    check = msgspec.structs.replace(CHECK, exhaustive=True)

    (finding,) = assert_breaks(
        check, memory(SHOP | {"shop/rates/api.py": "", "shop/money.py": ""}), "shop.money", "shop.rates"
    )[1:]

    assert finding == Finding(
        key="shop.rates",
        message="shop.rates is in no layer of shop",
        at=Location("shop/rates/api.py"),
        hint="name it in `layers`, or in `exhaustive_ignores`",
        data={"modules": ["shop.rates.api"]},
    )
    verdict = assert_keeps(msgspec.structs.replace(check, exhaustive_ignores=("money",)), memory(SHOP))
    assert verdict.outcome is Outcome.PASS


def test_a_part_of_a_child_can_be_a_layer_or_ignored() -> None:
    files = {"p/a/x.py": "", "p/a/y.py": "", "p/b.py": ""}
    check = ImportsLayers(layers=("b", "a.x"), containers=("p",), exhaustive=True)

    assert_breaks(check, memory(files), "p.a")
    assert_keeps(msgspec.structs.replace(check, exhaustive_ignores=("a.y",)), memory(files))


def test_an_ignore_that_nothing_needs_is_a_finding() -> None:
    check = msgspec.structs.replace(CHECK, exhaustive=True, exhaustive_ignores=("money", "gone", "db"))

    assert_breaks(check, memory(SHOP), "exhaustive_ignores db", "exhaustive_ignores gone")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"high.py": "", "low.py": "def f():\n  import high"}, id="in a function"),
        pytest.param({"high.py": "", "low.py": "if TYPE_CHECKING:\n  import high"}, id="for a type checker"),
        pytest.param({"high.py": "", "low.py": "import higher", "higher.py": ""}, id="a name that begins so"),
        pytest.param({"high.py": "import x", "x.py": "import low", "low.py": ""}, id="downwards through another"),
        pytest.param({"high/a.py": "import high.b", "high/b.py": "import high.a", "low.py": ""}, id="within a layer"),
    ],
)
def test_what_is_nearly_a_breach_is_none(files: dict[str, str]) -> None:
    assert judged(layers("high", "low"), memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("files", "key"),
    [
        pytest.param({"high.py": "", "low/__init__.py": "from high import *"}, "low -> high", id="a package itself"),
        pytest.param({"high/a.py": "", "low.py": "from high import a"}, "low -> high.a", id="a namespace package"),
        pytest.param(
            {"high.py": "", "low.py": "try:\n  import high\nexcept ImportError: ..."}, "low -> high", id="guarded"
        ),
        pytest.param({"high.py": "", "low.py": "class A:\n\timport high"}, "low -> high", id="in a class"),
        pytest.param(
            {"high.py": "", "low.py": "import x", "x.py": "import y", "y.py": "import x, high"},
            "low -> … -> high",
            id="a circle",
        ),
    ],
)
def test_no_dress_hides_a_breach(files: dict[str, str], key: str) -> None:
    assert_breaks(layers("high", "low"), memory(files), key)


def test_function_level_imports_count_where_kinds_say_so() -> None:
    repo = memory({"high.py": "", "low.py": "def f():\n  import high"})

    assert_breaks(layers("high", "low", kinds=(Kind.FUNCTION,)), repo, "low -> high")


def test_with_ancestors_a_package_that_runs_before_is_imported_too() -> None:
    repo = memory({"high.py": "", "low.py": "import p.x", "p/__init__.py": "import high", "p/x.py": ""})

    assert judged(layers("high", "low"), repo).outcome is Outcome.PASS
    assert_breaks(layers("high", "low", ancestors=True), repo, "low -> … -> high")


def test_an_exempt_import_is_no_breach_and_one_that_hides_none_is_a_finding() -> None:
    repo = memory({"high.py": "import low", "low.py": "import high"})
    up, down = Exemption(imports="low -> high", reason="known"), Exemption(imports="high -> low", reason="none")

    assert judged(layers("high", "low", exempt=(up,)), repo).outcome is Outcome.PASS
    assert_breaks(layers("high", "low", exempt=(down,)), repo, "exempt high -> low", "low -> high")


def test_every_rule_has_a_canary() -> None:
    repo = memory({f"p/{name}.py": "" for name in "abcdef"})
    check = ImportsLayers(layers=("a", "b | c", "d : e", "f"), containers=("p",), closed=("c",), exhaustive=True)

    proof = proven(check, repo)

    assert proof == Proof(
        outcome=Proven.PROVEN,
        bit=(
            "let p.b import p.a",
            "let p.c import p.a",
            "let p.d import p.b",
            "let p.d import p.c",
            "let p.e import p.b",
            "let p.e import p.c",
            "let p.f import p.d",
            "let p.f import p.e",
            "let p.b import p.c",
            "let p.a import p.d",
            "add p.selfcheck_canary, which is in no layer",
        ),
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"a-b.py": "", "c.py": ""}, "no new import could be made up between c and a-b"),
        ({"a-b.py": "", "c.py": "import sys, os"}, "no new import could be made up between c and a-b"),
    ],
)
def test_layers_that_cannot_be_imported_by_name_are_unprovable(files: dict[str, str], reason: str) -> None:
    assert proven(layers("a-b", "c"), memory(files)) == Proof(outcome=Proven.UNPROVABLE, reason=reason)


def test_an_exhaustive_container_above_the_roots_is_unprovable() -> None:
    repo = memory({"p/__init__.py": "", "p/a/x.py": "", "p/b/x.py": ""})
    check = ImportsLayers(layers=("a", "b"), containers=("p",), exhaustive=True, roots=("p/a", "p/b"))

    assert proven(check, repo) == Proof(outcome=Proven.UNPROVABLE, reason="the folder of p stands above the roots")


@pytest.mark.parametrize(
    ("check", "nothing"),
    [
        (layers("web", "shop.db"), "modules at web"),
        (ImportsLayers(layers=("web", "gone", "db"), containers=("shop",)), "modules at shop.gone"),
        (
            ImportsLayers(layers=("web", "db"), containers=("shop", "gone")),
            "layers in gone",
        ),
        (ImportsLayers(layers=("web", "db"), containers=("shop", "gone.*")), "layers in gone.*"),
        (ImportsLayers(layers=("(x)", "(y)"), containers=("shop",)), "layers in shop and no pairs of layers"),
        (layers("shop.web : shop.db"), "pairs of layers"),
        (layers("shop.web"), "pairs of layers"),
    ],
)
def test_layers_that_are_not_there_are_an_error(check: ImportsLayers, nothing: str) -> None:
    verdict = judged(check, memory(SHOP))

    assert verdict.outcome is Outcome.ERROR
    assert verdict.reason == f"examined nothing: no {nothing} in its scope (`allow_empty: true` accepts it)"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "missing required field `layers`"),
        ({"layers": []}, "length >= 1"),
        ({"layers": ["a | b : c"]}, "Expected `str` matching regex"),
        ({"layers": ["(a"]}, "Expected `str` matching regex"),
        ({"layers": ["a.*"]}, "Expected `str` matching regex"),
        ({"layers": ["a b"]}, "Expected `str` matching regex"),
        ({"layers": ["a\n"]}, "Expected `str` matching regex"),
        ({"layers": ["a", "b | a"]}, "`a` is a layer twice"),
        ({"layers": ["a", "a.b"]}, "`a.b` is a part of `a`, which is a layer too"),
        ({"layers": ["a", "b"], "closed": ["c"]}, "`closed` names `c`, which is no layer"),
        ({"layers": ["a", "b"], "exhaustive": True}, "`exhaustive` needs `containers`"),
        ({"layers": ["a"], "exhaustive_ignores": ["b"]}, "`exhaustive_ignores` needs `exhaustive: true`"),
    ],
)
def test_options_that_are_none_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert(options, ImportsLayers)

    assert said in str(error.value)


@pytest.mark.parametrize("layer", ["a", "a.b", "(a)", "a|b", "a | (b) | c", "(a) : b", "a:b", "\u00e9"])
def test_a_layer_is_written_in_these_ways(layer: str) -> None:
    assert msgspec.convert({"layers": [layer]}, ImportsLayers) == ImportsLayers(layers=(layer,))


def test_the_order_of_files_changes_nothing() -> None:
    files = {"a.py": "", "b/x.py": "import m", "b/y.py": "import n", "m.py": "import a, n", "n.py": "import a, m"}

    results = {str(found(judged(layers("a", "b"), memory(dict(order))))) for order in permutations(files.items())}

    assert len(results) == 1


STACKS = st.permutations(["p.a", "p.b", "p.c", "q"])


@settings(deadline=None)
@given(edges=EDGES, names=STACKS, sibling=st.sampled_from("|:"), closed=st.booleans())
def test_it_finds_what_trying_every_path_finds(edges: Pairs, names: list[str], sibling: str, closed: bool) -> None:
    top, one, other, low = names
    check = layers(top, f"{one} {sibling} {other}", low, closed=(one,) if closed else ())

    verdict = judged(check, repository(edges))

    against = [(one, top), (other, top), (low, top), (low, one), (low, other)]
    against += [(one, other), (other, one)] if sibling == "|" else []
    bypass = [(top, low)] if closed else []
    barred = {module for name in names for module in within(name)}
    expected: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    for importer, imported in against + bypass:
        expected |= breaches(edges, within(importer), imported, barred)
    assert found(verdict) == expected
    if not closed:
        led = any(is_led(edges, within(importer), within(imported)) for importer, imported in against)
        assert verdict.outcome is (Outcome.FAIL if led else Outcome.PASS)


@settings(deadline=None)
@given(
    edges=EDGES, names=STACKS, siblings=st.sampled_from(["|", ":"]), closed=st.sampled_from([(), (0,), (1,), (0, 1)])
)
def test_it_agrees_with_grimp_about_which_layers_break_the_order(
    edges: Pairs, names: list[str], siblings: str, closed: tuple[int, ...]
) -> None:
    high, low = names[:2], names[2:]
    shut = [(high[0], low[0])[number] for number in closed]
    check = layers("p.d", f" {siblings} ".join(high), f" {siblings} ".join(low), "p.e", closed=tuple(shut))

    ways = [way for _, way in found(judged(check, repository(edges))).values()]

    def layer(module: str) -> str:
        return next(name for name in ("p.d", *names, "p.e") if module in within(name))

    graph = ImportGraph()
    for module in {*MODULES, *names, "p", "p.d"}:
        graph.add_module(module)
    for importer, imported in edges:
        graph.add_import(importer=importer, imported=imported)
    free = siblings == "|"
    several = [Layer(*high, independent=free, closed=0 in closed), Layer(*low, independent=free, closed=1 in closed)]
    theirs = graph.find_illegal_dependencies_for_layers(layers=[Layer("p.d"), *several, Layer("p.e")])
    assert {(layer(way[0]), layer(way[-1])) for way in ways} == {(each.importer, each.imported) for each in theirs}
