"""Import names of distributions, and words that stand for a use without an import."""

import re
from importlib.metadata import packages_distributions

import pytest

from selfcheck.subjects.dependencies import (
    Declared,
    Group,
    Matching,
    is_tool,
    least_known,
    mentioned,
    normal,
    providers,
)
from selfcheck.subjects.dependencies.names import COMPANIONS
from selfcheck.subjects.dependencies.requirements import BROUGHT
from selfcheck.trees import Memory

MATCHING = Matching({"acme-sdk": ("acme.client", "acme_extra")})


@pytest.mark.parametrize(
    ("name", "top", "provided"),
    [
        # From the table.
        ("pyyaml", "yaml", True),
        ("pillow", "PIL", True),
        ("pillow", "pil", False),
        ("python-dateutil", "dateutil", True),
        ("google-cloud-storage", "google", True),
        ("requests", "requests", True),
        ("requests", "urllib3", False),
        # As the user says.
        ("acme-sdk", "acme", True),
        ("acme-sdk", "acme_extra", True),
        ("acme-sdk", "acme_sdk", False),
        # By likeness, where nothing is known.
        ("company-python-widgets", "widgets", True),
        ("widgets-ng", "widgets", True),
        ("Widgets_NG", "widgets_ng", True),
        ("pyab", "ab", False),
        ("company-widgets", "gadgets", False),
        # A fork is called like what it comes from.
        ("pydantic-to-typescript2", "pydantic2ts", True),
        # Stubs provide nothing at run time.
        ("types-requests", "requests", False),
        ("pandas-stubs", "pandas", False),
    ],
)
def test_a_distribution_has_the_names_of_the_table_or_those_that_it_is_like(
    name: str, top: str, provided: bool
) -> None:
    assert MATCHING.provides(normal(name), top) is provided


@pytest.mark.parametrize(
    ("name", "top"), [("types-requests", "requests"), ("pandas-stubs", "pandas"), ("types-pyyaml", "yaml")]
)
def test_stubs_have_the_names_of_what_they_are_about_for_a_type_checker(name: str, top: str) -> None:
    assert MATCHING.provides(name, top, stubs=True)


@pytest.mark.parametrize(
    ("top", "declared", "unknown"),
    [
        ("oddity", "acme-internal", True),
        ("oddity", "requests", False),
        ("oddity", "types-odd pytest-odd odd-stubs", False),
        ("oddity", "widgets-ng", False),
        # It is known where this one comes from.
        ("yaml", "acme-internal", False),
    ],
)
def test_a_name_of_nobody_may_come_from_a_distribution_that_nothing_is_known_of(
    top: str, declared: str, unknown: bool
) -> None:
    several = [Declared(name, name, "r.txt", 1, Group.RUNTIME) for name in declared.split()]

    assert MATCHING.may_be_unknown(top, several, {"widgets", top}) is unknown


def test_the_table_agrees_with_what_is_installed_here() -> None:
    installed = {name: {normal(each) for each in several} for name, several in packages_distributions().items()}
    known = {name: set(providers(name)) for name in installed if providers(name) and name.isidentifier()}

    wrong = {name: installed[name] for name, ours in known.items() if not ours & installed[name]}
    assert len(known) >= 30
    assert wrong == {}


def test_the_distributions_that_canaries_use_are_imported_by_their_own_name() -> None:
    assert len(least_known()) > 100
    assert all(re.fullmatch(r"[a-z]\w*", name) and name in providers(name) for name in least_known())


@pytest.mark.parametrize(
    "name", ["pytest-xdist", "types-requests", "ruff", "mypy", "gunicorn", "tzdata", "pandas-stubs"]
)
def test_tools_and_what_others_look_for_are_of_use_without_an_import(name: str) -> None:
    assert is_tool(name)


@pytest.mark.parametrize("name", ["requests", "flask", "pytz", "numpy", "sqlalchemy"])
def test_a_library_is_of_use_by_its_import(name: str) -> None:
    assert not is_tool(name)


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("settings.py", "APPS = ['rest_framework.authtoken']", True),
        ("settings.py", 'URL = "postgresql+rest_framework://x"', True),
        ("settings.py", "APPS = ['x.rest_framework']", False),
        ("settings.py", "APPS = ['rest_framework-x']", False),
        ("settings.py", "rest_framework = 1  # rest_framework", False),
        ("Dockerfile", "RUN rest_framework --x", True),
        ("ci.yml", "run: rest_framework", True),
        ("ci.yml", "run: my_rest_framework", False),
        ("README.md", "We use rest_framework", False),
        ("requirements.txt", "rest_framework", False),
        ("pyproject.toml", "rest_framework", False),
        ("package-lock.json", '"rest_framework"', False),
        ("other/ci.yml", "rest_framework", True),
        ("elsewhere.yml", "rest_framework" + " " * 1_000_001, False),
    ],
)
def test_a_word_counts_in_settings_scripts_and_at_the_beginning_of_strings(path: str, text: str, found: bool) -> None:
    tree = Memory({path: text.encode()})

    assert mentioned(tree, "", ["rest_framework"], ["pyproject.toml"]) == ({"rest_framework"} if found else set())


def test_a_word_counts_below_the_folder_only() -> None:
    tree = Memory({"a/x.yml": b"one", "b/x.yml": b"two", "ab.yml": b"two"})

    assert mentioned(tree, "a", ["one", "two"], []) == {"one"}


def test_every_distribution_on_a_list_is_named_as_it_is_compared() -> None:
    assert {name for name in COMPANIONS | BROUGHT if normal(name) != name or name.strip("-") != name} == set()
