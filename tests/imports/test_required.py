"""`imports-required`: what must not be forgotten is imported."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.required import ImportsRequired
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

SHOP = {
    "shop/__init__.py": "",
    "shop/breaker.py": "import time\n",
    "shop/client.py": "from shop.breaker import guard\n",
    "shop/payments/__init__.py": "",
    "shop/payments/card.py": "import shop.client\n",
    "shop/mail.py": "",
}
BREAKER = ("shop.breaker",)


def test_an_importer_that_imports_what_it_must_keeps_the_promise() -> None:
    verdict = assert_keeps(ImportsRequired(modules=BREAKER, importers=("shop.client",)), memory(SHOP))

    assert verdict.evidence == (
        Evidence("modules", 6, 6),
        Evidence("import statements between them", 3, 2),
        Evidence("importers at shop.client", 1, 1),
        Evidence("modules at shop.breaker", 1, 1),
    )


def test_an_importer_that_does_not_is_one_finding_as_the_report_shows_it() -> None:
    check = ImportsRequired(modules=BREAKER, importers=("shop.client", "shop.mail"))

    findings = assert_breaks(check, memory(SHOP), "shop.mail -> shop.breaker")

    assert findings == (
        Finding(
            key="shop.mail -> shop.breaker",
            message="shop.mail does not import shop.breaker",
            at=Location("shop/mail.py"),
            hint="import shop.breaker there and use it",
            data={"importer": "shop.mail", "module": "shop.breaker"},
        ),
    )


def test_where_one_is_enough_none_is_one_finding_at_the_module() -> None:
    check = ImportsRequired(modules=BREAKER, importers=("shop.payments", "shop.mail"), any=True)

    findings = assert_breaks(check, memory(SHOP), "shop.breaker")

    assert findings == (
        Finding(
            key="shop.breaker",
            message="none of 2 importers imports shop.breaker",
            at=Location("shop/breaker.py"),
            hint="import it in one of shop.payments, shop.mail, or take shop.breaker out where it is not needed",
            data={"module": "shop.breaker", "importers": ["shop.mail", "shop.payments"]},
        ),
    )


@pytest.mark.parametrize(
    ("modules", "importers", "options", "keys"),
    [
        ("shop.breaker", "shop.payments", {}, ["shop.payments -> shop.breaker"]),
        ("shop.breaker", "shop.payments", {"indirect": True}, []),
        ("shop.breaker", "shop.mail", {"indirect": True}, ["shop.mail -> shop.breaker"]),
        ("shop.breaker", "shop.mail shop.client", {"any": True}, []),
        ("shop.breaker", "shop.mail shop.payments", {"any": True, "indirect": True}, []),
        # A package imports what one of its modules does; for each of its modules, ask for each.
        ("shop.client", "shop.payments", {}, []),
        ("shop.client", "shop.payments.*", {}, []),
        ("shop.client", "shop.payments.** shop.payments", {}, []),
        ("shop.breaker", "shop", {}, []),
        ("shop.breaker", "shop.*", {}, ["shop.mail -> shop.breaker", "shop.payments -> shop.breaker"]),
        (
            "shop.breaker",
            "shop.**",
            {"indirect": True},
            ["shop.mail -> shop.breaker"],
        ),
        # Each module that a wildcard stands for is required.
        ("shop.*", "shop.payments.card", {}, [f"shop.payments.card -> shop.{each}" for each in ("breaker", "mail")]),
        # A package is imported where one of its modules is.
        ("shop.payments", "shop.mail", {}, ["shop.mail -> shop.payments"]),
        ("shop", "shop.mail other", {}, []),
    ],
)
def test_who_must_import_what(modules: str, importers: str, options: dict[str, Any], keys: list[str]) -> None:
    repo = memory({**SHOP, "other.py": "from shop.payments import card"})
    check = ImportsRequired(modules=tuple(modules.split()), importers=tuple(importers.split()), **options)

    verdict = judged(check, repo)

    assert sorted(ruling.seen.key for ruling in verdict.findings) == sorted(keys), verdict


def test_a_chain_is_asked_for_in_the_words_of_the_option() -> None:
    check = ImportsRequired(modules=BREAKER, importers=("shop.mail",), indirect=True)

    (finding,) = assert_breaks(check, memory(SHOP), "shop.mail -> shop.breaker")

    assert finding.message == "shop.mail does not import shop.breaker, neither directly nor through others"


@pytest.mark.parametrize(
    "source",
    [
        "# import shop.breaker",
        "'''\nimport shop.breaker\n'''",
        "import shop.breakers",
        "import shop",
        "def f():\n  import shop.breaker",
        "if TYPE_CHECKING:\n  import shop.breaker",
    ],
)
def test_what_is_nearly_an_import_is_none(source: str) -> None:
    repo = memory({**SHOP, "shop/mail.py": source})

    assert_breaks(ImportsRequired(modules=BREAKER, importers=("shop.mail",)), repo, "shop.mail -> shop.breaker")


def test_an_import_in_a_function_is_enough_where_its_kind_counts() -> None:
    repo = memory({**SHOP, "shop/mail.py": "def f():\n  import shop.breaker"})

    assert_keeps(ImportsRequired(modules=BREAKER, importers=("shop.mail",), kinds=(Kind.FUNCTION,)), repo)


def test_a_circle_around_the_importer_ends() -> None:
    repo = memory({"a.py": "import b", "b.py": "import a, c", "c.py": "import b", "d.py": "import d"})

    assert_keeps(ImportsRequired(modules=("c",), importers=("a",), indirect=True), repo)
    assert_breaks(ImportsRequired(modules=("d",), importers=("a",), indirect=True), repo, "a -> d")


def test_an_import_through_another_module_is_a_chain() -> None:
    repo = memory({"p/__init__.py": "", "p/a.py": "import p.b", "p/b.py": "", "c.py": "import p.a"})

    assert_keeps(ImportsRequired(modules=("p.b",), importers=("c",), indirect=True), repo)
    assert_breaks(ImportsRequired(modules=("p.b",), importers=("c",)), repo, "c -> p.b")


@pytest.mark.parametrize(
    ("modules", "importers", "empty"),
    [
        ("gone", "shop", "importers at shop and no modules at gone"),
        ("shop.breaker", "shop.mail gone.*", "importers at gone.*"),
        # Nothing is asked of a module about itself.
        ("shop.breaker", "shop.breaker", "importers at shop.breaker and no modules at shop.breaker"),
    ],
)
def test_an_expression_that_leads_to_nothing_is_no_pass(modules: str, importers: str, empty: str) -> None:
    repo = memory({**SHOP, "shop/mail.py": "import shop.breaker"})

    verdict = judged(ImportsRequired(modules=(modules,), importers=tuple(importers.split())), repo)

    reason = f"examined nothing: no {empty} in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_an_exempt_import_does_not_meet_the_demand() -> None:
    exempt = (Exemption(imports="shop.client -> shop.breaker", reason="it imports the name only"),)
    check = ImportsRequired(modules=BREAKER, importers=("shop.client",), exempt=exempt)

    assert_breaks(check, memory(SHOP), "shop.client -> shop.breaker")


def test_an_importer_that_does_not_parse_is_unread() -> None:
    repo = memory({**SHOP, "shop/mail.py": "import ("})

    verdict = judged(ImportsRequired(modules=BREAKER, importers=("shop.client",)), repo)

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")


MODULES = [f"m{number}" for number in range(6)]


@given(st.sets(st.tuples(st.sampled_from(MODULES), st.sampled_from(MODULES)), max_size=12))
def test_a_chain_is_found_exactly_where_the_closure_of_the_imports_has_one(edges: set[tuple[str, str]]) -> None:
    files = {f"{name}.py": "".join(f"import {to}\n" for of, to in sorted(edges) if of == name) for name in MODULES}
    closure = set(edges)
    for middle in MODULES:
        closure |= {(a, d) for a, b in closure if b == middle for c, d in closure if c == middle}

    verdict = judged(ImportsRequired(modules=("m0",), importers=("*",), indirect=True), memory(files))

    missing = {f"{name} -> m0" for name in MODULES[1:] if (name, "m0") not in closure}
    assert {ruling.seen.key for ruling in verdict.findings} == missing


@pytest.mark.parametrize(
    ("modules", "importers", "options", "bit"),
    [
        ("shop.breaker", "shop.client shop.mail", {}, ["empty what of shop.client imports shop.breaker"]),
        (
            "shop.breaker shop.client",
            "shop.*",
            {},
            ["empty what of shop.client imports shop.breaker", "empty what of shop.payments imports shop.client"],
        ),
        (
            "shop.breaker",
            "shop.payments",
            {"indirect": True},
            ["empty what of shop.payments imports shop.breaker"],
        ),
        ("shop.breaker", "shop shop.*", {"any": True}, ["empty every importer of shop.breaker"]),
        ("shop.client", "shop", {}, ["empty what of shop imports shop.client"]),
    ],
)
def test_the_canary_takes_the_import_away(
    modules: str, importers: str, options: dict[str, Any], bit: list[str]
) -> None:
    check = ImportsRequired(modules=tuple(modules.split()), importers=tuple(importers.split()), **options)

    assert proven(check, memory(SHOP)) == Proof(outcome=Proven.PROVEN, bit=tuple(bit))


def test_where_nobody_imports_it_there_is_nothing_to_take_away() -> None:
    found = proven(ImportsRequired(modules=("shop.mail",), importers=("shop.client",)), memory(SHOP))

    reason = "as the repository stands, no importer imports what it must"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)
