"""`imports-protected`: what is protected is imported through its interface, or by those that may."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.checks.imports.contract import Exemption
from selfcheck.checks.imports.protected import ImportsProtected
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

SHOP = {
    "shop/__init__.py": "",
    "shop/orders/__init__.py": "from shop.orders.api import place\n",
    "shop/orders/api.py": "from shop.orders import store\n",
    "shop/orders/store.py": "",
    "shop/web.py": "import shop.orders.api\n",
    "shop/admin/tools.py": "import shop.orders.store\n",
}
ORDERS = ("shop.orders",)


def test_whoever_is_allowed_and_the_package_itself_keep_the_promise() -> None:
    check = ImportsProtected(protected_modules=ORDERS, allowed_importers=("shop.admin", "shop.web"))

    verdict = assert_keeps(check, memory(SHOP))

    assert verdict.evidence == (
        Evidence("modules", 6, 6),
        Evidence("import statements between them", 4, 4),
        Evidence("modules at shop.orders", 3, 3),
    )


def test_an_import_from_outside_is_one_finding_as_the_report_shows_it() -> None:
    check = ImportsProtected(protected_modules=ORDERS, interface=("shop.orders.api",))

    findings = assert_breaks(check, memory(SHOP), "shop.admin.tools -> shop.orders.store")

    assert findings == (
        Finding(
            key="shop.admin.tools -> shop.orders.store",
            message="shop.admin.tools imports shop.orders.store, which is in shop.orders, which is protected",
            at=Location("shop/admin/tools.py", 1),
            hint="import it from the interface instead: shop.orders.api",
            data={
                "protected": "shop.orders",
                "importer": "shop.admin.tools",
                "imported": "shop.orders.store",
                "path": "shop/admin/tools.py",
                "line": 1,
            },
        ),
    )


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({}, "nothing outside may import it: take the import out, or give it an `interface`"),
        ({"allowed_importers": ("shop.admin",)}, "go through one of those that may import it: shop.admin"),
    ],
)
def test_the_hint_names_the_way_that_is_open(options: dict[str, Any], hint: str) -> None:
    verdict = judged(ImportsProtected(protected_modules=ORDERS, **options), memory(SHOP))

    assert {ruling.seen.hint for ruling in verdict.findings} == {hint}


def test_several_imports_of_one_module_are_one_finding_at_the_first() -> None:
    repo = memory({"p/a.py": "", "b.py": "\nimport p.a\nimport p.a\n"})

    (finding,) = assert_breaks(ImportsProtected(protected_modules=("p",)), repo, "b -> p.a")

    assert finding.at == Location("b.py", 2)


PACKAGES = {
    "p/__init__.py": "",
    "p/a.py": "",
    "p/q/__init__.py": "",
    "p/q/b.py": "",
    "r/__init__.py": "",
    "r/c.py": "",
    "main.py": "",
}
# (protected, allowed, interface, importer's path, its import) -> whether it breaks the contract
Row = tuple[str, str, str, str, str, bool]
ROWS: list[Row] = [
    ("p", "", "", "main.py", "p", True),
    ("p", "", "", "main.py", "p.a", True),
    ("p", "", "", "main.py", "p.q.b", True),
    ("p", "", "", "main.py", "r.c", False),
    ("p", "", "", "p/a.py", "p.q.b", False),
    ("p", "", "", "p/q/b.py", "p", False),
    ("p.q", "", "", "p/a.py", "p.q.b", True),
    ("p.q", "", "", "p/a.py", "p.q", True),
    ("p.q", "", "", "p/q/b.py", "p.a", False),
    ("p", "main", "", "main.py", "p.a", False),
    ("p", "r", "", "r/c.py", "p.a", False),
    ("p", "r.c", "", "r/__init__.py", "p.a", True),
    # Two protected packages are outside each other; what is protected once more within is outside of its neighbours.
    ("p r", "", "", "p/a.py", "r.c", True),
    ("p p.q", "", "", "p/a.py", "p.q.b", True),
    ("p p.q", "", "", "p/q/b.py", "p.a", False),
    # Each package that a wildcard stands for is one of its own.
    ("*", "", "", "p/a.py", "r.c", True),
    ("*", "", "", "p/a.py", "p.q.b", False),
    ("p.*", "", "", "p/a.py", "p.q.b", True),
    ("p.*", "", "", "main.py", "p", False),
    ("p.**", "", "", "main.py", "p.q.b", True),
    ("p", "*.c", "", "r/c.py", "p.a", False),
    # The interface is the modules that are named, not all below them.
    ("p", "", "p", "main.py", "p", False),
    ("p", "", "p", "main.py", "p.a", True),
    ("p", "", "p.q", "main.py", "p.q.b", True),
    ("p", "", "p.**", "main.py", "p.q.b", False),
    ("p", "", "p.a", "main.py", "p.a", False),
]


@pytest.mark.parametrize(("protected", "allowed", "interface", "importer", "imported", "broken"), ROWS)
def test_who_may_import_what(
    protected: str, allowed: str, interface: str, importer: str, imported: str, broken: bool
) -> None:
    check = ImportsProtected(
        protected_modules=tuple(protected.split()),
        allowed_importers=tuple(allowed.split()),
        interface=tuple(interface.split()),
    )

    verdict = judged(check, memory({**PACKAGES, importer: f"import {imported}\n"}))

    assert verdict.outcome is (Outcome.FAIL if broken else Outcome.PASS), verdict


@pytest.mark.parametrize(
    ("protected", "allowed", "importer", "imported", "broken"),
    [
        ("p", "", "main.py", "p", True),
        ("p", "", "main.py", "p.a", False),
        ("p", "", "p/a.py", "p", True),
        ("p.a", "", "p/q/b.py", "p.a", True),
        ("p", "r", "r/c.py", "p", True),
        ("p", "r.c", "r/c.py", "p", False),
    ],
)
def test_modules_alone_protect_nothing_below_them(
    protected: str, allowed: str, importer: str, imported: str, broken: bool
) -> None:
    check = ImportsProtected(
        protected_modules=(protected,), allowed_importers=tuple(allowed.split()), as_packages=False
    )

    verdict = judged(check, memory({**PACKAGES, importer: f"import {imported}\n"}))

    assert verdict.outcome is (Outcome.FAIL if broken else Outcome.PASS), verdict


def test_what_is_reached_through_another_module_is_nearly_a_finding() -> None:
    repo = memory({**PACKAGES, "r/c.py": "import p.a", "main.py": "import r.c"})

    assert judged(ImportsProtected(protected_modules=("p",), allowed_importers=("r",)), repo).outcome is Outcome.PASS


def test_an_import_in_a_function_counts_where_it_is_asked_for() -> None:
    repo = memory({**PACKAGES, "main.py": "def f():\n  import p.a\n"})

    assert judged(ImportsProtected(protected_modules=("p",)), repo).outcome is Outcome.PASS
    assert_breaks(ImportsProtected(protected_modules=("p",), kinds=(Kind.FUNCTION,)), repo, "main -> p.a")


@pytest.mark.parametrize(
    ("options", "empty"),
    [
        ({"protected_modules": ("gone",)}, "modules at gone"),
        ({"protected_modules": ("p", "gone.*")}, "modules at gone.*"),
        ({"protected_modules": ("p",), "allowed_importers": ("gone",)}, "modules at gone"),
        ({"protected_modules": ("p",), "interface": ("p.gone",)}, "protected modules at p.gone"),
        ({"protected_modules": ("p",), "interface": ("main",)}, "protected modules at main"),
    ],
)
def test_an_expression_that_leads_to_nothing_is_an_error(options: dict[str, Any], empty: str) -> None:
    verdict = judged(ImportsProtected(**options), memory(PACKAGES))

    reason = f"examined nothing: no {empty} in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_an_exempt_import_is_no_finding_and_an_idle_exemption_is_one() -> None:
    exempt = Exemption(imports="main -> p.a", reason="until the move")
    check = ImportsProtected(protected_modules=("p",), exempt=(exempt,))

    assert_keeps(check, memory({**PACKAGES, "main.py": "import p.a"}))
    assert_breaks(check, memory(PACKAGES), "exempt main -> p.a")


def test_a_module_that_does_not_parse_is_unread_and_the_rest_is_judged() -> None:
    verdict = judged(
        ImportsProtected(protected_modules=("p",)), memory({**PACKAGES, "main.py": "import p.a", "r/c.py": "def ("})
    )

    assert verdict.outcome is Outcome.FAIL
    assert [each.seen.path for each in verdict.unread] == ["r/c.py"]


@given(st.permutations(sorted(SHOP)), st.permutations(["shop.admin", "shop.web", "shop"]))
def test_the_order_of_files_and_of_expressions_changes_nothing(paths: list[str], allowed: list[str]) -> None:
    protected = ("shop.orders", "shop.orders.store")
    check = ImportsProtected(protected_modules=protected, allowed_importers=("shop.web", "shop.orders.api"))

    mixed = judged(
        msgspec.structs.replace(check, protected_modules=protected[::-1]),
        memory({path: SHOP[path] for path in paths}),
    )

    assert mixed.findings == judged(check, memory(SHOP)).findings


@pytest.mark.parametrize(
    ("check", "bit"),
    [
        (ImportsProtected(protected_modules=("p",)), ("let main import p",)),
        (ImportsProtected(protected_modules=("p", "r")), ("let main import p", "let main import r")),
        (ImportsProtected(protected_modules=("p",), interface=("p",)), ("let main import p.a",)),
        (ImportsProtected(protected_modules=("p",), allowed_importers=("main",)), ("let r import p",)),
        (ImportsProtected(protected_modules=("p",), as_packages=False), ("let main import p",)),
        # Nobody is left who may not: a new module may not.
        (
            ImportsProtected(protected_modules=("p",), allowed_importers=("main", "r")),
            ("let a new module selfcheck_canary import p",),
        ),
        (
            ImportsProtected(protected_modules=("p.q",), allowed_importers=("main", "r", "p", "p.a")),
            ("let a new module selfcheck_canary import p.q",),
        ),
    ],
)
def test_the_canary_is_an_import_by_one_that_may_not(check: ImportsProtected, bit: tuple[str, ...]) -> None:
    assert proven(check, memory(PACKAGES)) == Proof(outcome=Proven.PROVEN, bit=bit)


def test_the_canary_bites_where_the_contract_is_broken_already() -> None:
    repo = memory({**PACKAGES, "main.py": "import p, p.a, p.q.b, p.q"})

    assert proven(ImportsProtected(protected_modules=("p",)), repo).outcome is Proven.PROVEN


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (
            ImportsProtected(protected_modules=("p",), interface=("p", "p.**")),
            "every module at p is in the interface",
        ),
        (
            ImportsProtected(protected_modules=("p",), allowed_importers=("*",)),
            "every module below the roots may import those at p",
        ),
    ],
)
def test_where_everybody_may_import_all_it_cannot_be_proven(check: ImportsProtected, reason: str) -> None:
    assert proven(check, memory(PACKAGES)) == Proof(outcome=Proven.UNPROVABLE, reason=reason)
