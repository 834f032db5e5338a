"""Every contract type of import-linter, in both of its notations, with every option."""

import pytest

from tests.foreign.importing import SHOP, carried, checks, guardrails, notes

ROOT = "[importlinter]\nroot_package = shop\n"


def contract(kind: str, *lines: str) -> str:
    """An INI file of one contract, whose header stands in line 3."""
    return f"{ROOT}[importlinter:contract:ours]\nname = Ours\ntype = {kind}\n" + "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("kind", "lines", "check"),
    [
        (
            "layers",
            ("layers =", "  web", "  orders|prices", "  (tools):(kit)"),
            {"use": "imports-layers", "layers": ["web", "orders | prices", "(tools) : (kit)"], "containers": ["shop"]},
        ),
        ("independence", ("modules =", "  shop.web", "  shop.prices"), {"modules": ["shop.web", "shop.prices"]}),
        (
            "forbidden",
            (
                "source_modules = shop.*",
                "forbidden_modules = django",
                "as_packages = FALSE",
                "allow_indirect_imports = true",
            ),
            {
                "source_modules": ["shop.*"],
                "forbidden_modules": ["django"],
                "allow_indirect_imports": True,
                "as_packages": False,
            },
        ),
        (
            "protected",
            ("protected_modules = shop.prices", "allowed_importers =", "  shop.web", "as_packages = False"),
            {"protected_modules": ["shop.prices"], "allowed_importers": ["shop.web"], "as_packages": False},
        ),
    ],
)
def test_the_options_of_a_contract_are_those_of_the_check(
    kind: str, lines: tuple[str, ...], check: dict[str, object]
) -> None:
    more = ("containers = shop", "exhaustive = True", "exhaustive_ignores =", "  kit2") if kind == "layers" else ()
    use = {"independence": "imports-independent"}.get(kind, f"imports-{kind}")
    exhaustive = {"exhaustive": True, "exhaustive_ignores": ["kit2"]} if more else {}

    found = checks(".importlinter", contract(kind, *lines, *more))

    assert found == [{"use": use, **check, **exhaustive}]


def test_a_contract_in_toml_is_the_one_in_ini() -> None:
    toml = """
        [tool.importlinter]
        root_packages = ["shop"]
        [[tool.importlinter.contracts]]
        name = "Ours"
        id = "ours"
        type = "forbidden"
        source_modules = ["shop.web"]
        forbidden_modules = ["shop.prices"]
        allow_indirect_imports = true
    """
    ini = contract(
        "forbidden", "source_modules = shop.web", "forbidden_modules = shop.prices", "allow_indirect_imports = True"
    )

    (one,), (other,) = guardrails(carried("pyproject.toml", toml)), guardrails(carried("setup.cfg", ini))

    assert one | {"why": ""} == other | {"why": ""}


def test_a_guardrail_has_the_id_the_name_and_the_guidance_of_its_contract() -> None:
    text = contract(
        "independence", "modules = shop.web", " shop.prices", "broken_contract_guidance = Ask: the", "  owner"
    )

    (found,) = guardrails(carried(".importlinter", text))

    assert found == {
        "id": "ours",
        "title": "Ours",
        "why": "Ask: the\nowner",
        "severity": "high",
        "check": {
            "use": "imports-independent",
            "roots": ["src/shop"],
            "kinds": ["function", "type-checking", "guarded", "lazy", "star"],
            "modules": ["shop.web", "shop.prices"],
        },
    }


def test_without_guidance_the_comment_above_a_contract_says_why_or_else_where_it_came_from() -> None:
    bare = contract("independence", "modules = shop.*")
    told = bare.replace("[importlinter:c", "# Prices and the web\n# sell apart.\n[importlinter:c")

    whys = [guardrails(carried(".importlinter", text))[0]["why"] for text in (told, bare)]

    assert whys == [
        "Prices and the web sell apart.",
        "It was a contract of import-linter in .importlinter; say here what it costs when it is broken.",
    ]


def test_contracts_of_one_name_get_ids_of_their_own() -> None:
    one = '[[tool.importlinter.contracts]]\nname = "No Ünsinn!"\ntype = "independence"\nmodules = ["shop.web"]\n'

    found = guardrails(carried("pyproject.toml", f'[tool.importlinter]\nroot_package = "shop"\n{one}{one}'))

    assert [each["id"] for each in found] == ["no-nsinn", "no-nsinn-2"]


def test_imports_for_a_type_checker_count_unless_the_file_leaves_them_out() -> None:
    text = contract("independence", "modules = shop.*").replace(
        "shop\n[", "shop\nexclude_type_checking_imports = True\n[", 1
    )

    (found,) = guardrails(carried(".importlinter", text))

    assert found["check"]["kinds"] == ["function", "guarded", "lazy", "star"]


@pytest.mark.parametrize(
    ("package", "files", "roots"),
    [
        ("shop", {"shop/__init__.py": ""}, ["shop"]),
        ("shop", {"src/shop/__init__.py": "", "a/b/shop/__init__.py": ""}, ["src/shop"]),
        ("shop", {"infra/shop/__init__.py": "", "x/__init__.py": "", "x/shop/__init__.py": ""}, ["infra/shop"]),
        ("shop", {"shop/a.py": "", "docs/shop.txt": ""}, ["shop"]),
        ("shop", {"lib/shop.py": ""}, ["lib/shop.py"]),
        ("acme.shop", {"libs/acme/shop/__init__.py": ""}, ["libs/acme"]),
        ("shop", {"other.py": ""}, ["shop"]),
    ],
)
def test_the_roots_are_where_the_root_packages_stand(package: str, files: dict[str, str], roots: list[str]) -> None:
    text = contract("independence", "modules = shop.*").replace("= shop\n", f"= {package}\n", 1)

    (found,) = guardrails(carried(".importlinter", text, files))

    assert found["check"]["roots"] == roots


# ignored imports


LAYERS = ("layers =", "  shop.web", "  shop.orders", "ignore_imports =")


def test_a_wildcard_exemption_counts_what_it_covers_and_an_exact_one_needs_no_count() -> None:
    wild = checks(".importlinter", contract("layers", *LAYERS, "  shop.orders.* -> shop.web.**"))
    exact = checks(".importlinter", contract("layers", *LAYERS, "  shop.orders.models->shop.web.views"))

    reason = "carried over from .importlinter:10, where no reason stands"
    assert [wild[0]["exempt"], exact[0]["exempt"]] == [
        [{"imports": "shop.orders.* -> shop.web.**", "reason": reason, "count": 1}],
        [{"imports": "shop.orders.models -> shop.web.views", "reason": reason}],
    ]


def test_an_exemption_that_covers_nothing_or_changes_nothing_is_left_out_and_said() -> None:
    text = contract("layers", *LAYERS, "  shop.orders -> shop.web", "  shop.web.views -> shop.orders")

    found = carried(".importlinter", text)

    (draft,) = found.drafts
    assert "exempt" not in draft.check
    assert draft.left == (
        "line 10: shop.orders -> shop.web: covers no import here and is left out",
        "line 11: shop.web.views -> shop.orders: has no effect here and is left out",
    )
    assert str(found.notes[-1]) == f"Ours: carried as imports-layers, {'; '.join(draft.left)}"


def test_where_the_package_is_not_found_exemptions_are_kept_and_the_count_is_asked_for() -> None:
    text = contract("layers", *LAYERS, "  shop.orders.* -> shop.web.**")

    found = carried(".importlinter", text, {"README.md": ""})

    assert "count" not in guardrails(found)[0]["check"]["exempt"][0]
    assert [str(note) for note in found.notes] == [
        (
            "shop: not found around the file: mend `roots` where they are no folders, and give each wildcard exemption its "
            "`count`"
        ),
        "Ours: carried exactly, as imports-layers",
    ]


def test_the_reason_of_an_exemption_is_the_comment_beside_it() -> None:
    files = {**SHOP, "src/shop/orders/a.py": "import shop.web\n", "src/shop/orders/b.py": "import shop.web\n"}
    toml = """[tool.importlinter]
root_package = "shop"
[[tool.importlinter.contracts]]
name = "Ours"
type = "layers"
layers = ["shop.web", "shop.orders"]
ignore_imports = [
    # Goes with #812,
    # says Li.
    "shop.orders.models -> shop.web.views",
    "shop.orders.a -> shop.web",  # A moves in May.

    "shop.orders.b -> shop.web",
]
"""

    (found,) = checks("pyproject.toml", toml, files)

    assert [each["reason"] for each in found["exempt"]] == [
        "Goes with #812, says Li.",
        "A moves in May.",
        "carried over from pyproject.toml:13, where no reason stands",
    ]


def test_a_comment_above_several_exemptions_is_the_reason_of_the_first_and_cited_for_the_others() -> None:
    files = {**SHOP, "src/shop/orders/a.py": "import shop.web\n"}
    lines = ("  # Known since 2019.", "  shop.orders.models -> shop.web.views", "  shop.orders.a -> shop.web")

    (found,) = checks(".importlinter", contract("layers", *LAYERS, *lines), files)

    assert [each["reason"] for each in found["exempt"]] == [
        "Known since 2019.",
        'carried over from .importlinter:12, where it follows "Known since 2019."',
    ]


def test_an_external_package_may_be_exempt() -> None:
    files = {**SHOP, "src/shop/web/net.py": "import requests.sessions\n"}
    lines = ("source_modules = shop.web", "forbidden_modules = requests", "ignore_imports = shop.web.net -> requests")

    (found,) = checks(".importlinter", contract("forbidden", *lines), files)

    assert [each["imports"] for each in found["exempt"]] == ["shop.web.net -> requests"]


# circles among siblings


def test_each_generation_of_siblings_is_judged_at_its_depth_and_the_last_as_modules() -> None:
    found = guardrails(carried(".importlinter", contract("acyclic_siblings", "ancestors = shop")))

    assert [(each["id"], each["title"], each["check"].get("depth")) for each in found] == [
        ("ours-depth-2", "Ours (depth 2)", 2),
        ("ours-depth-3", "Ours (depth 3)", None),
    ]


def test_a_depth_ends_the_generations_and_several_ancestors_have_their_own() -> None:
    text = contract("acyclic_siblings", "ancestors =", "  shop", "  shop.*", "depth = 0", "skip_descendants = shop.web")

    found = carried(".importlinter", text)

    assert [(each["id"], each["check"]["roots"], each["check"].get("depth")) for each in guardrails(found)] == [
        ("ours-shop", ["src/shop"], 2),
        ("ours-shop-orders", ["src/shop/orders"], None),
        ("ours-shop-web", ["src/shop/web"], None),
    ]
    assert str(found.notes[-1]) == (
        "Ours: carried as imports-acyclic, stricter: a package's own __init__.py counts beside what is in it; "
        "stricter: `skip_descendants` has no counterpart, they are judged as well"
    )


def test_where_the_package_is_not_found_three_generations_and_the_modules_are_judged() -> None:
    found = carried(".importlinter", contract("acyclic_siblings", "ancestors = shop"), {})

    assert [each["check"].get("depth") for each in guardrails(found)] == [2, 3, 4, None]


# what is said


def test_what_is_forbidden_within_a_source_is_said_to_be_stricter() -> None:
    text = contract("forbidden", "source_modules = shop", "forbidden_modules = shop.prices")

    assert notes(".importlinter", text) == [
        "3: Ours: carried as imports-forbidden, stricter: shop.prices is forbidden to what stands beside it in a source"
    ]


def test_of_each_contract_is_said_what_became_of_it() -> None:
    text = (
        contract("independence", "modules = shop.*", "ignore_imports = shop.web.views -> shop.orders")
        + "unmatched_ignore_imports_alerting = warn\n"
        + "[importlinter:contract:own]\nname = Our own\ntype = own\nanything = 1\n"
    ).replace("= shop\n", "= shop\ncontract_types =\n  own: tools.Own\n", 1)

    assert notes(".importlinter", text, {**SHOP, "src/shop/bare/x.py": ""}) == [
        "2: shop: stricter: modules in folders without __init__.py are judged, which import-linter leaves out (1 of them)",
        "5: Ours: carried as imports-independent, stricter: an exemption that covers no import is a finding",
        '11: Our own: not carried: "own" is a contract type of its own; write a check for it (README)',
    ]


def test_a_wildcard_ancestor_without_its_package_is_not_carried() -> None:
    text = contract("acyclic_siblings", "ancestors = shop.*")

    assert notes(".importlinter", text, {})[1:] == [
        "3: Ours: not carried: its wildcards can be written out only where its packages are found"
    ]


def test_contracts_in_one_array_are_read_and_stand_in_its_line() -> None:
    text = (
        '[tool.importlinter]\nroot_package = "shop"\ncontracts = [\n'
        '  {name = "A", type = "independence", modules = ["shop.web", "shop.prices"]},\n]\n'
    )

    assert notes("pyproject.toml", text) == ["3: A: carried exactly, as imports-independent"]


def test_a_contract_that_cannot_be_judged_keeps_its_exemptions() -> None:
    lines = ("modules =", "  shop", "  shop.web", "ignore_imports = shop.orders.models -> shop.web.views")

    (found,) = checks(".importlinter", contract("independence", *lines))

    assert [each["imports"] for each in found["exempt"]] == ["shop.orders.models -> shop.web.views"]
