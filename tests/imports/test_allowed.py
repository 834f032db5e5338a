"""`imports-allowed`: nothing is imported but what may be."""

from typing import Any

import pytest

from selfcheck.checks.imports.allowed import ImportsAllowed
from selfcheck.checks.imports.contract import Exemption
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

FILES = {
    "shop/__init__.py": "",
    "shop/orders/__init__.py": "",
    "shop/orders/place.py": "",
    "shop/orders/cancel.py": "",
    "shop/money.py": "",
    "shop/db/__init__.py": "",
    "shop/db/session.py": "",
}
PLACE = "shop/orders/place.py"
ORDERS = ("shop.orders",)


def test_sources_that_import_what_they_may_keep_the_promise() -> None:
    repo = memory({**FILES, PLACE: "import json\nfrom shop import money\nfrom . import cancel\n"})

    verdict = assert_keeps(ImportsAllowed(source_modules=ORDERS, allowed_modules=("shop.money",)), repo)

    assert verdict.evidence == (
        Evidence("modules", 7, 7),
        Evidence("import statements between them", 3, 2),
        Evidence("modules at shop.orders", 3, 3),
    )


def test_another_module_of_ours_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory({**FILES, PLACE: "\nimport shop.db.session\n"})

    findings = assert_breaks(ImportsAllowed(source_modules=ORDERS), repo, "shop.orders.place -> shop.db.session")

    assert findings == (
        Finding(
            key="shop.orders.place -> shop.db.session",
            message="shop.orders.place imports shop.db.session, which it may not",
            at=Location(PLACE, 2),
            hint="take it out, or add shop.db.session to `allowed_modules` if it belongs there",
            data={"importer": "shop.orders.place", "imported": "shop.db.session", "path": PLACE, "line": 2},
        ),
    )


def test_all_that_is_imported_of_another_distribution_is_one_finding() -> None:
    repo = memory({**FILES, PLACE: "from requests import get, post\nimport requests.adapters\nimport attrs\n"})

    _, requests = assert_breaks(
        ImportsAllowed(source_modules=ORDERS), repo, "shop.orders.place -> requests", "shop.orders.place -> attrs"
    )[::-1]

    assert (requests.message, requests.at) == (
        "shop.orders.place imports requests, which it may not",
        Location(PLACE, 1),
    )


@pytest.mark.parametrize(
    ("source", "options", "keys"),
    [
        ("import shop.money", {}, ["shop.money"]),
        ("import shop", {}, ["shop"]),
        ("import shop.orders", {}, []),
        ("from ..db import session", {}, ["shop.db.session"]),
        ("import json, os.path", {}, []),
        ("import json, os.path", {"standard_library": False}, ["json", "os"]),
        ("import yaml", {}, ["yaml"]),
        ("import yaml", {"third_party": True}, []),
        ("import yaml, json", {"third_party": True, "standard_library": False}, ["json"]),
        # Other distributions are not what is ours and missing.
        ("import shop.money", {"third_party": True}, ["shop.money"]),
        ("def f():\n  import yaml", {}, []),
        ("def f():\n  import yaml", {"kinds": (Kind.FUNCTION,)}, ["yaml"]),
        ("from yaml import *", {}, ["yaml"]),
        ("# import yaml", {}, []),
    ],
)
def test_what_else_is_imported_is_found(source: str, options: dict[str, Any], keys: list[str]) -> None:
    verdict = judged(ImportsAllowed(source_modules=ORDERS, **options), memory({**FILES, PLACE: source}))

    assert [ruling.seen.key for ruling in verdict.findings] == [f"shop.orders.place -> {each}" for each in keys]


@pytest.mark.parametrize(
    ("allowed", "source", "keys"),
    [
        ("shop.db", "import shop.db.session", []),
        ("shop.db.session", "import shop.db.session, shop.db", ["shop.orders.place -> shop.db"]),
        ("shop.*.session", "import shop.db.session", []),
        ("shop.**", "import shop.db.session, shop.money", []),
        ("google.cloud.storage", "from google.cloud import storage", []),
        ("google.cloud.storage", "import google.cloud.storage.blob", []),
        (
            "google.cloud.storage",
            "from google.cloud import storage, bigquery",
            ["shop.orders.place -> google"],
        ),
        ("yaml", "def f():\n  import yaml", []),
        ("json", "import json", []),
        # Allowances that nothing uses.
        ("yaml", "", ["allowed_modules yaml"]),
        ("shop.money shop.db", "import shop.money", ["allowed_modules shop.db"]),
        ("shop.orders.cancel", "import shop.orders.cancel", ["allowed_modules shop.orders.cancel"]),
        ("shop.mony", "import shop.money", ["allowed_modules shop.mony", "shop.orders.place -> shop.money"]),
    ],
)
def test_what_may_be_imported_must_be_needed(allowed: str, source: str, keys: list[str]) -> None:
    check = ImportsAllowed(source_modules=ORDERS, allowed_modules=tuple(allowed.split()))

    verdict = judged(check, memory({**FILES, PLACE: source}))

    assert [ruling.seen.key for ruling in verdict.findings] == keys


def test_an_allowance_that_only_others_use_is_unused() -> None:
    repo = memory({**FILES, "shop/money.py": "import shop.db"})

    (finding,) = assert_breaks(
        ImportsAllowed(source_modules=ORDERS, allowed_modules=("shop.db",)), repo, "allowed_modules shop.db"
    )

    assert finding.message == "the allowance `shop.db` is used by no import of shop.orders"


@pytest.mark.parametrize(
    ("sources", "broken"),
    [("shop.orders shop.db", True), ("shop.*", True), ("shop", False), ("shop.orders.place", True)],
)
def test_each_package_that_a_source_stands_for_is_one_of_its_own(sources: str, broken: bool) -> None:
    repo = memory({**FILES, PLACE: "import shop.db.session"})

    verdict = judged(ImportsAllowed(source_modules=tuple(sources.split())), repo)

    assert verdict.outcome is (Outcome.FAIL if broken else Outcome.PASS)


def test_a_module_named_like_one_of_the_standard_library_is_not_of_it() -> None:
    repo = memory({"p/a.py": "import p.json", "p/json.py": "", "q.py": ""})

    assert_breaks(ImportsAllowed(source_modules=("p.a",)), repo, "p.a -> p.json")


def test_a_source_that_leads_to_nothing_is_an_error() -> None:
    verdict = judged(ImportsAllowed(source_modules=("shop.orders", "gone.*")), memory(FILES))

    reason = "examined nothing: no modules at gone.* in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_an_exempt_import_may_lead_out_of_the_roots() -> None:
    repo = memory({**FILES, PLACE: "import yaml\nfrom yaml import load, dump"})
    exempt = (Exemption(imports="shop.orders.place -> yaml", reason="until the move"),)

    assert_keeps(ImportsAllowed(source_modules=ORDERS, exempt=exempt), repo)


def test_a_source_that_does_not_parse_is_unread() -> None:
    verdict = judged(ImportsAllowed(source_modules=ORDERS), memory({**FILES, PLACE: "import ("}))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, "1 file could not be read")


@pytest.mark.parametrize(
    ("sources", "options", "bit"),
    [
        ("shop.orders", {}, ["let shop.orders import shop", "let shop.orders import selfcheck_canary"]),
        (
            "shop.orders",
            {"standard_library": False},
            [
                "let shop.orders import shop",
                "let shop.orders import selfcheck_canary",
                "let shop.orders import this",
            ],
        ),
        ("shop.orders", {"third_party": True}, ["let shop.orders import shop"]),
        ("shop", {}, ["let shop import selfcheck_canary"]),
        (
            "shop.orders shop.db",
            {},
            [f"let shop.{each} import {what}" for each in ("orders", "db") for what in ("shop", "selfcheck_canary")],
        ),
    ],
)
def test_the_canary_is_an_import_of_each_sort_that_is_barred(
    sources: str, options: dict[str, Any], bit: list[str]
) -> None:
    check = ImportsAllowed(source_modules=tuple(sources.split()), **options)

    assert proven(check, memory(FILES)) == Proof(outcome=Proven.PROVEN, bit=tuple(bit))


def test_where_all_may_be_imported_it_cannot_be_proven() -> None:
    found = proven(ImportsAllowed(source_modules=("shop",), third_party=True), memory(FILES))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="the sources may import whatever there is")
