"""Which change of an option can only ask for more: said of every option, and true of the contracts over imports."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from selfcheck.check import Case, Check, Evidence, Finding, Repository, Strictness
from selfcheck.checks.imports.allowed import ImportsAllowed
from selfcheck.checks.imports.contract import Exemption, ImportContract
from selfcheck.checks.imports.forbidden import ImportsForbidden
from selfcheck.checks.imports.independent import ImportsIndependent
from selfcheck.checks.imports.layers import ImportsLayers
from selfcheck.checks.imports.protected import ImportsProtected
from selfcheck.checks.imports.required import ImportsRequired
from selfcheck.judge import examine
from selfcheck.policy import Finished
from selfcheck.registry import Registry
from selfcheck.subjects.imports import Kind
from selfcheck.testing import guardrail, memory
from tests.docs.page import ROOT, rows, section

REGISTRY = Registry(plugins=False)
PAGE = (ROOT / "docs/loosening.md").read_text(encoding="utf-8")
DECIDED = {row[0].strip("`"): row[1:] for row in rows(section(PAGE, "## Options"))}


def strictness(name: str) -> dict[str, Strictness | None]:
    """Every option of a check, and what is said of it."""
    check = REGISTRY.check(name)
    assert isinstance(check, type)
    return {field.encode_name: check.strictness.get(field.encode_name) for field in structs.fields(check)}


def decided(name: str) -> dict[str, Strictness | None]:
    """The same as the page has it."""
    meaning = (Strictness.MORE, Strictness.LESS, None)
    cells = zip(DECIDED.get(name, ("", "", "")), meaning, strict=True)
    return {option.strip("` "): each for cell, each in cells for option in cell.split(",") if option.strip()}


def test_the_page_decides_for_every_check_that_has_options() -> None:
    assert sorted(DECIDED) == sorted(name for name in REGISTRY.checks() if strictness(name))


@pytest.mark.parametrize("name", REGISTRY.checks())
def test_the_page_decides_for_every_option_as_the_check_does(name: str) -> None:
    """A new option is decided by whoever adds it."""
    assert decided(name) == strictness(name)


@pytest.mark.parametrize("name", REGISTRY.checks())
def test_nothing_is_said_of_an_option_that_there_is_not(name: str) -> None:
    check = REGISTRY.check(name)

    assert isinstance(check, type)
    assert check.strictness.keys() <= strictness(name).keys()


MODULES = ("p.a", "p.b", "p.c", "p.d.x", "p.d.y")
modules = st.sampled_from(MODULES)
names = st.sampled_from((*MODULES, "p.d", "q"))
imports = st.lists(st.tuples(modules, st.sampled_from((*MODULES, "q.z", "json")), st.booleans()), max_size=8)
several = st.lists(names, min_size=1, max_size=2, unique=True).map(tuple)
maybe = st.lists(names, max_size=2, unique=True).map(tuple)


def exemption(one: str, other: str) -> Exemption:
    return Exemption(imports=f"{one} -> {other}", reason="old")


exemptions = st.lists(st.builds(exemption, modules, modules), max_size=2).map(tuple)
shared: dict[str, st.SearchStrategy[Any]] = {
    "kinds": st.sampled_from([(), (Kind.FUNCTION,)]),
    "ancestors": st.booleans(),
    "exempt": exemptions,
}
CONTRACTS: dict[type[ImportContract], dict[str, st.SearchStrategy[Any]]] = {
    ImportsAllowed: {
        "source_modules": several,
        "allowed_modules": maybe,
        "standard_library": st.booleans(),
        "third_party": st.booleans(),
    },
    ImportsForbidden: {
        "source_modules": several,
        "forbidden_modules": several,
        "allow_indirect_imports": st.booleans(),
        "as_packages": st.booleans(),
    },
    ImportsIndependent: {"modules": several},
    ImportsLayers: {
        "layers": st.just(("a", "b | c", "d")),
        "containers": st.just(("p",)),
        "closed": st.sampled_from([(), ("b",)]),
        "exhaustive": st.booleans(),
    },
    ImportsProtected: {
        "protected_modules": several,
        "allowed_importers": maybe,
        "interface": maybe,
        "as_packages": st.booleans(),
    },
    ImportsRequired: {"modules": several, "importers": several, "indirect": st.booleans(), "any": st.booleans()},
}
ABOUT_ITSELF = ("exempt ", "allowed_modules ")
"""Keys of findings about what the options hold and nothing needs: an option that nothing needs may go, or be needed."""


def repository(edges: Sequence[tuple[str, str, bool]]) -> Repository:
    files = {f"{name.replace('.', '/')}.py": "" for name in MODULES} | {"p/__init__.py": "", "p/d/__init__.py": ""}
    for importer, imported, within in edges:
        path = f"{importer.replace('.', '/')}.py"
        files[path] += f"def f():\n    import {imported}\n" if within else f"import {imported}\n"
    return memory(files)


def is_kept(check: Check, repo: Repository) -> bool | None:
    """Whether a contract is kept; None where it could not be judged."""
    found = examine(Case(guardrail(), check), repo)
    if not isinstance(found, Finished) or any(isinstance(each, Evidence) and not each.scope for each in found.seen):
        return None
    broken = (each for each in found.seen if isinstance(each, Finding))
    return not any(not each.key.startswith(ABOUT_ITSELF) for each in broken)


def stricter(before: Mapping[str, Any], option: str, way: Strictness, more: Any) -> Any:
    """An option's value in the direction in which it can only ask for more."""
    value = before[option]
    if isinstance(value, bool):
        return way is Strictness.MORE
    return (*value, *(each for each in more if each not in value)) if way is Strictness.MORE else value[:-1]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_a_contract_that_is_broken_stays_broken_where_its_options_ask_for_more(
    contract: type[ImportContract], data: st.DataObject
) -> None:
    options = shared | CONTRACTS[contract]
    before = {name: data.draw(each) for name, each in options.items()}
    option = data.draw(st.sampled_from(sorted(contract.strictness.keys() & options.keys())))
    after = {**before, option: stricter(before, option, contract.strictness[option], data.draw(options[option]))}
    repo = repository(data.draw(imports))

    was, now = (is_kept(contract(**each), repo) for each in (before, after))

    assert not (was is False and now is True), (option, before, after)
