"""`dependencies-declared`: what is imported is declared, and what is declared is used."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck.checks.dependencies.declared import DependenciesDeclared, Ignored
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.subjects.imports import Kind
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = DependenciesDeclared()
SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = [\n  "requests>=2",\n  "PyYAML",\n]\n',
    "shop/__init__.py": "",
    "shop/client.py": "import os\nimport requests.adapters\nfrom shop import files\n",
    "shop/files.py": "from yaml import safe_load\n",
}


def with_(**files: str) -> dict[str, str]:
    """The shop with other files; `a__b` is `a/b.py`."""
    return {**SHOP, **{f"{name.replace('__', '/')}.py": text for name, text in files.items()}}


def test_what_is_declared_and_imported_keeps_the_promise() -> None:
    verdict = assert_keeps(CHECK, memory(SHOP))

    assert verdict.evidence == (
        Evidence("manifests", 1, 1),
        Evidence("Python files", 3, 3),
        Evidence("imported packages", 2, 2),
        Evidence("declared distributions", 2, 2),
    )


def test_an_import_that_is_not_declared_is_one_finding_as_the_report_shows_it() -> None:
    repo = memory(with_(shop__mail="import bs4\n", shop__feed="import os\nfrom bs4 import element, dammit\n"))

    findings = assert_breaks(CHECK, repo, "undeclared bs4")

    assert findings == (
        Finding(
            key="undeclared bs4",
            message="shop.feed and 1 more import bs4, which no manifest declares",
            at=Location("shop/feed.py", 2),
            hint="declare beautifulsoup4 in pyproject.toml",
            data={
                "import": "bs4",
                "providers": ["beautifulsoup4"],
                "importers": ["shop.feed", "shop.mail"],
                "manifests": ["pyproject.toml"],
            },
        ),
    )


def test_a_dependency_that_nothing_imports_is_one_finding_as_the_report_shows_it() -> None:
    findings = assert_breaks(CHECK, memory(with_(shop__files="")), "unused pyyaml")

    assert findings == (
        Finding(
            key="unused pyyaml",
            message="PyYAML is declared, and nothing imports yaml",
            at=Location("pyproject.toml", 5),
            hint="take it out; if it is used without an import, list it under `ignore` with the reason",
            data={"distribution": "pyyaml", "imports": ["yaml"], "manifest": "pyproject.toml"},
        ),
    )


@pytest.mark.parametrize(
    "source",
    [
        "import requests",
        "import requests.adapters as r",
        "from requests import get",
        "def f():\n  import requests",
        "try:\n  import requests\nexcept ImportError:\n  pass",
        "if TYPE_CHECKING:\n  import requests",
        "APPS = ['requests.contrib']",
        "import_module('requests')",
    ],
)
def test_every_sort_of_use_is_a_use(source: str) -> None:
    assert judged(CHECK, memory(with_(shop__client=source))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source", ["", "# import requests", "'we use requests'", "requests = 1", "import shop.requests"]
)
def test_what_is_nearly_a_use_is_none(source: str) -> None:
    assert_breaks(CHECK, memory(with_(shop__client=source, shop__requests="")), "unused requests")


@pytest.mark.parametrize(
    "source",
    [
        "import os, sys, json.decoder, tomllib, distutils, asyncore, urllib2",
        "import shop.files, shop",
        "from . import files",
        "try:\n  import bs4\nexcept ImportError:\n  bs4 = None",
        "if TYPE_CHECKING:\n  import bs4",
        "import_module('bs4')",
        "# import bs4",
        '# /// script\n# dependencies = ["beautifulsoup4"]\n# ///\nimport bs4',
    ],
)
def test_what_needs_no_declaration_is_nearly_a_finding(source: str) -> None:
    assert judged(CHECK, memory(with_(shop__other=source))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    "source",
    ["import bs4", "import bs4.element", "from bs4 import *", "def f():\n  import bs4", "class A:\n  import bs4"],
)
def test_no_dress_hides_an_undeclared_import(source: str) -> None:
    assert_breaks(CHECK, memory(with_(shop__other=source)), "undeclared bs4")


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (Kind.GUARDED, "try:\n  import bs4\nexcept ImportError:\n  bs4 = None"),
        (Kind.TYPE_CHECKING, "if TYPE_CHECKING:\n  import bs4"),
    ],
)
def test_a_kind_must_be_declared_where_it_is_asked_for(kind: Kind, source: str) -> None:
    repo = memory(with_(shop__other=source))

    assert_breaks(DependenciesDeclared(kinds=(kind,)), repo, "undeclared bs4")


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        ("requirements.txt", "requests\nPyYAML\nbeautifulsoup4"),
        ("requirements/base.in", "requests\nPyYAML\nbeautifulsoup4"),
        ("setup.cfg", "[options]\ninstall_requires =\n  requests\n  PyYAML\n  beautifulsoup4"),
        ("setup.py", "from setuptools import setup\nsetup(install_requires=['requests', 'PyYAML', 'beautifulsoup4'])"),
        ("Pipfile", '[packages]\nrequests = "*"\nPyYAML = "*"\nbeautifulsoup4 = "*"'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nrequests = "*"\nPyYAML = "*"\nbeautifulsoup4 = "*"'),
        (
            "pyproject.toml",
            '[project]\ndependencies = ["requests", "PyYAML"]\n[project.optional-dependencies]\nx = ["bs4"]',
        ),
        (
            "pyproject.toml",
            '[project]\ndependencies = ["requests", "PyYAML"]\n[dependency-groups]\nx = ["beautifulsoup4"]',
        ),
    ],
)
def test_every_manifest_declares(manifest: str, text: str) -> None:
    files = with_(shop__other="import bs4")
    del files["pyproject.toml"]

    assert judged(CHECK, memory({**files, manifest: text})).outcome is Outcome.PASS


DEV = '[dependency-groups]\ndev = ["pytest", "beautifulsoup4"]\n'


@pytest.mark.parametrize(
    ("path", "source", "broken"),
    [
        ("tests/test_a.py", "import pytest", False),
        ("shop/other.py", "import pytest", True),
        ("shop/other.py", "try:\n  import pytest\nexcept ImportError:\n  pass", False),
    ],
)
def test_what_is_declared_for_development_is_used_where_development_says(path: str, source: str, broken: bool) -> None:
    repo = memory({**SHOP, "pyproject.toml": SHOP["pyproject.toml"] + DEV, path: source})

    assert judged(CHECK, repo).outcome is Outcome.PASS
    if broken:
        (finding,) = assert_breaks(DependenciesDeclared(development=("tests",)), repo, "undeclared pytest")
        assert finding.message == "shop.other imports pytest, which is declared for development only"
    else:
        assert judged(DependenciesDeclared(development=("tests",)), repo).outcome is Outcome.PASS


MONOREPO = {
    "pyproject.toml": '[project]\nname = "root"\ndependencies = ["requests"]',
    "main.py": "import requests",
    "api/pyproject.toml": '[project]\nname = "shop-api"\ndependencies = ["flask"]',
    "api/app.py": "import flask, requests",
    "jobs/requirements.txt": "celery",
    "jobs/run.py": "import celery",
}


def test_each_manifest_speaks_for_its_folder_and_those_around_it_too() -> None:
    assert_keeps(CHECK, memory(MONOREPO))


@pytest.mark.parametrize(
    ("files", "key"),
    [
        ({"main.py": "import requests, flask"}, "undeclared flask"),
        ({"api/more.py": "import celery"}, "undeclared celery in shop-api"),
        ({"jobs/more.py": "import flask"}, "undeclared flask in jobs"),
        ({"api/app.py": "import requests"}, "unused flask in shop-api"),
        ({"jobs/run.py": ""}, "unused celery in jobs"),
    ],
)
def test_a_finding_names_its_project(files: dict[str, str], key: str) -> None:
    assert_breaks(CHECK, memory({**MONOREPO, **files}), key)


def test_a_use_in_a_project_within_is_a_use() -> None:
    assert judged(CHECK, memory({**MONOREPO, "main.py": ""})).outcome is Outcome.PASS


def test_a_project_that_another_depends_on_is_neither_undeclared_nor_unused() -> None:
    files = {
        "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["shop-core"]',
        "main.py": "import shop_core",
        "libs/core/pyproject.toml": '[project]\nname = "shop-core"',
        "libs/core/src/shop_core/__init__.py": "",
    }

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("declared", "imported"),
    [
        # The import name of what nobody knows cannot be told.
        ("acme-internal-sdk", "oddity"),
        ("acme-internal-sdk", ""),
        # Drivers, servers, plugins, stubs.
        ("uvicorn", ""),
        ("psycopg2-binary", ""),
        ("pytest-xdist", ""),
        ("types-requests", ""),
        ("tzdata ; sys_platform == 'win32'", ""),
        ("colorama ; sys_platform == 'win32'", ""),
    ],
)
def test_what_cannot_be_told_is_no_finding_and_is_counted(declared: str, imported: str) -> None:
    files = {"requirements.txt": f"{declared}\n", "main.py": f"import {imported}" if imported else ""}

    verdict = judged(CHECK, memory(files))

    assert verdict.outcome is Outcome.PASS
    assert Evidence("declared distributions", 1, 0) in verdict.evidence
    assert (Evidence("imported packages", 1, 0) in verdict.evidence) is bool(imported)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "CMD celery -A shop worker"),
        (".github/workflows/ci.yml", "run: python -m celery"),
        ("settings.py", "BROKER = 'celery'"),
    ],
)
def test_a_dependency_that_settings_or_scripts_name_is_used(path: str, text: str) -> None:
    files = {"requirements.txt": "celery", "main.py": ""}

    assert_breaks(CHECK, memory(files), "unused celery")
    assert judged(CHECK, memory({**files, path: text})).outcome is Outcome.PASS


def test_a_file_that_a_tool_has_filled_lists_what_others_bring_along() -> None:
    files = {"requirements.txt": "flask==3\nclick==8\nmarkupsafe==3\n", "main.py": "import flask"}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_a_manifest_whose_code_is_elsewhere_is_not_judged_for_what_is_unused() -> None:
    files = {"requirements.txt": "flask\nrequests\ncelery\nattrs\nrich\n", "build.py": "print()"}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS
    assert len(judged(CHECK, memory({**files, "build.py": "import rich"})).findings) == 4


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ({}, ["unused attrs", "undeclared bs4"]),
        ({"undeclared": False}, ["unused attrs"]),
        ({"unused": False}, ["undeclared bs4"]),
        ({"ignore": (Ignored(name="attrs", reason="for its wheels"),)}, ["undeclared bs4"]),
        ({"ignore": (Ignored(name="bs4", reason="vendored"),)}, ["unused attrs"]),
        ({"ignore": (Ignored(name="BeautifulSoup4", reason="vendored"),)}, ["unused attrs"]),
        (
            {"ignore": (Ignored(name="gone", reason="it was needed"),)},
            ["ignore gone", "unused attrs", "undeclared bs4"],
        ),
        ({"import_names": {"Attrs": ("bs4",)}}, []),
        ({"roots": ("other",)}, ["unused attrs"]),
    ],
)
def test_the_options_say_what_is_judged(options: dict[str, Any], keys: list[str]) -> None:
    repo = memory({"requirements.txt": "attrs\n", "shop/main.py": "import bs4", "other/x.py": ""})

    verdict = judged(DependenciesDeclared(**options), repo)

    assert [ruling.seen.key for ruling in verdict.findings] == keys


def test_names_that_the_user_gives_are_known() -> None:
    files = {"requirements.txt": "acme-sdk\n", "main.py": "import acme.client, oddity"}
    check = DependenciesDeclared(import_names={"acme-sdk": ("acme",)})

    assert judged(CHECK, memory(files)).outcome is Outcome.FAIL
    assert_breaks(check, memory(files), "undeclared oddity")
    assert_breaks(check, memory({**files, "main.py": "import json"}), "unused acme-sdk")


def test_a_module_that_is_there_by_another_path_is_no_distribution() -> None:
    assert judged(CHECK, memory(with_(tests__apps__siteapp="", shop__other="import siteapp"))).outcome is Outcome.PASS


def test_a_known_distribution_is_none_of_ours_though_a_module_is_called_like_it() -> None:
    files = with_(shop__deep__bs4="", shop__other="import bs4")

    assert_breaks(CHECK, memory(files), "undeclared bs4")


@pytest.mark.parametrize("other", ["src/_speedups.c", "_speedups.pyx", "_speedups.cpython-311.so"])
def test_a_module_that_is_compiled_here_is_no_distribution(other: str) -> None:
    assert judged(CHECK, memory({**with_(shop__other="import _speedups"), other: ""})).outcome is Outcome.PASS


def test_a_setup_py_needs_setuptools_of_nobody() -> None:
    repo = memory({**SHOP, "setup.py": "import setuptools\nsetuptools.setup()", "shop/v.py": "import pkg_resources"})

    assert_breaks(CHECK, repo, "undeclared pkg_resources")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"main.py": "import flask"}, "examined nothing: no manifests in its scope (`allow_empty: true` accepts it)"),
        (
            {"requirements.txt": "flask"},
            "examined nothing: no Python files in its scope (`allow_empty: true` accepts it)",
        ),
        ({**SHOP, "pyproject.toml": "[project"}, "1 file could not be read"),
        ({**SHOP, "requirements.txt": "-r ../../secret.txt"}, "1 file could not be read"),
        ({**SHOP, "shop/bad.py": "import ("}, "1 file could not be read"),
    ],
)
def test_what_could_not_be_judged_is_no_pass(files: dict[str, str], reason: str) -> None:
    verdict = judged(CHECK, memory(files))

    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


NAMES = {
    "requests": "requests",
    "pyyaml": "yaml",
    "python-slugify": "slugify",
    "beautifulsoup4": "bs4",
    "attrs": "attr",
}


@given(st.sets(st.sampled_from(sorted(NAMES))), st.sets(st.sampled_from(sorted(NAMES))))
def test_exactly_the_difference_between_declared_and_imported_is_found(declared: set[str], used: set[str]) -> None:
    files = {
        "requirements.txt": "\n".join(sorted({*declared, "flask"})),
        "main.py": "".join(f"import {NAMES[name]}\n" for name in sorted(used)) + "import flask\n",
    }

    verdict = judged(CHECK, memory(files))

    wanted = {f"unused {name}" for name in declared - used} | {f"undeclared {NAMES[name]}" for name in used - declared}
    assert {ruling.seen.key for ruling in verdict.findings} == wanted


@pytest.mark.parametrize(
    ("manifest", "text"),
    [
        (
            "pyproject.toml",
            '[project]\nname = "p"\nclassifiers = [\n  "x",\n]\ndependencies = ["flask"]\n[tool.x]\na = 1',
        ),
        ("pyproject.toml", '[project]\nname = "p"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\npython = "^3"\n'),
        ("setup.cfg", "[metadata]\nname = p\n[options]\ninstall_requires =\n    flask\n"),
        ("Pipfile", '[packages]\nflask = "*"\n'),
        ("requirements.txt", "flask"),
    ],
)
def test_the_canaries_are_an_import_that_is_not_declared_and_a_dependency_that_is_not_used(
    manifest: str, text: str
) -> None:
    found = proven(CHECK, memory({manifest: text, "main.py": "import flask"}))

    assert found == Proof(outcome=Proven.PROVEN, bit=("let main.py import daft", f"declare daft in {manifest}"))


def test_each_root_has_a_canary_of_its_own() -> None:
    check = DependenciesDeclared(roots=("lib", "app", "./app"), unused=False)

    found = proven(check, memory({"requirements.txt": "flask\n", "app/a.py": "import flask", "lib/b.py": ""}))

    bit = ("let lib/b.py import daft", "let app/a.py import daft")
    assert found == Proof(outcome=Proven.PROVEN, bit=bit)


def test_a_root_without_a_file_below_a_manifest_cannot_be_proven() -> None:
    check = DependenciesDeclared(roots=("app", "lib"))

    found = proven(check, memory({"app/requirements.txt": "flask\n", "app/a.py": "import flask", "lib/b.py": ""}))

    reason = "no Python file of lib stands below a manifest"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)


def test_a_name_that_is_in_use_is_no_canary() -> None:
    found = proven(CHECK, memory({"requirements.txt": "flask\n", "main.py": "import flask", "x.yml": "daft"}))

    assert found.outcome is Proven.PROVEN
    assert "daft" not in " ".join(found.bit)


def test_where_no_manifest_can_be_written_to_it_cannot_be_proven() -> None:
    found = proven(CHECK, memory({"setup.py": "setup(install_requires=['flask'])", "main.py": "import flask"}))

    reason = "no manifest has a place where a dependency could be written"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)


def test_roots_that_lead_nowhere_are_an_error() -> None:
    verdict = judged(DependenciesDeclared(roots=("gone",)), memory(SHOP))

    reason = "examined nothing: no Python files and no files at gone in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_a_file_that_does_not_parse_is_counted_as_not_examined() -> None:
    verdict = judged(CHECK, memory({**SHOP, "shop/bad.py": "import ("}))

    assert Evidence("Python files", 4, 3) in verdict.evidence
