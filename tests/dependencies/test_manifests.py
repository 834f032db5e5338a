"""Manifests: each tool's way to say what a project depends on."""

import pytest

from selfcheck.errors import Unreadable
from selfcheck.subjects.dependencies import Declared, Group, inline
from selfcheck.subjects.dependencies.setuptools import setup_cfg, setup_py
from selfcheck.subjects.dependencies.tables import Read, pipfile, pyproject

RUNTIME, OPTIONAL, DEVELOPMENT = Group.RUNTIME, Group.OPTIONAL, Group.DEVELOPMENT


POETRY = """
[tool.poetry.dependencies]
python = "^3"
A = "^1"
b = {version = "1", optional = true}
c = [{version = "1"}]
[tool.poetry.dev-dependencies]
d = "*"
[tool.poetry.group.docs.dependencies]
e = "*"
"""


def asked(read: Read | None) -> dict[str, Group]:
    """What a manifest asks for, and for whom."""
    assert read is not None
    return {each.name: each.group for each in read.declared}


def test_a_dependency_has_the_line_that_it_stands_in() -> None:
    read = pyproject("pyproject.toml", '[project]\nname = "shop"\ndependencies = [\n  "Flask>=3",\n]\n')

    flask = Declared("flask", "Flask", "pyproject.toml", 4, RUNTIME)
    assert read == Read("shop", (flask,))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[project]\nname = "p"', {}),
        (
            '[project]\ndependencies = ["a[x]>=1; python_version < \'4\'", "b @ https://x/b.zip"]',
            {"a": RUNTIME, "b": RUNTIME},
        ),
        ('[project.optional-dependencies]\nx = ["a"]\ny = ["b"]', {"a": OPTIONAL, "b": OPTIONAL}),
        ('[dependency-groups]\ndev = ["a", {include-group = "x"}]\nx = ["b"]', {"a": DEVELOPMENT, "b": DEVELOPMENT}),
        ('[project]\n[build-system]\nrequires = ["a"]', {"a": DEVELOPMENT}),
        ('[tool.uv]\ndev-dependencies = ["a"]', {"a": DEVELOPMENT}),
        ('[tool.pdm.dev-dependencies]\ntest = ["a"]', {"a": DEVELOPMENT}),
        (
            '[tool.hatch.envs.test]\ndependencies = ["a"]\nextra-dependencies = ["b"]',
            {"a": DEVELOPMENT, "b": DEVELOPMENT},
        ),
        (
            POETRY,
            {"a": RUNTIME, "b": OPTIONAL, "c": RUNTIME, "d": DEVELOPMENT, "e": DEVELOPMENT},
        ),
        # What is of another shape than it should be is another tool's to complain about.
        ('project = 1\ntool = 2\n[dependency-groups]\nx = 3\ny = ["a"]', {"a": DEVELOPMENT}),
        ('[project]\ndependencies = "a"', {}),
        ('[project]\ndependencies = [1, "", "a"]', {"a": RUNTIME}),
    ],
)
def test_pyproject_says_who_needs_what(text: str, found: dict[str, Group]) -> None:
    assert asked(pyproject("pyproject.toml", text)) == found


@pytest.mark.parametrize("text", ["", "[tool.ruff]\nline-length = 100", "[build-system]\nrequires = []"])
def test_a_pyproject_that_only_configures_tools_is_no_manifest(text: str) -> None:
    assert pyproject("pyproject.toml", text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[project", "is no TOML: "),
        ("a = [" * 5000, "is no TOML: "),
        ('[project]\ndependencies = ["a b"]', "line 2 is no requirement"),
    ],
)
def test_a_broken_pyproject_is_told(text: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        pyproject("pyproject.toml", text)


@pytest.mark.parametrize(
    ("text", "files", "computed"),
    [
        ('[project]\ndynamic = ["version"]', (), None),
        ('[project]\ndynamic = ["dependencies"]', (), "its dependencies are computed by its build"),
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}',
            (("deps.txt", RUNTIME),),
            None,
        ),
        (
            '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = "deps.txt"}',
            (("deps.txt", RUNTIME),),
            None,
        ),
    ],
)
def test_dynamic_dependencies_stand_in_a_file_or_are_computed(
    text: str, files: tuple[tuple[str, Group], ...], computed: str | None
) -> None:
    read = pyproject("pyproject.toml", text)

    assert read is not None
    assert (read.files, read.computed) == (files, computed)


def test_a_pipfile_has_two_tables() -> None:
    text = '[packages]\nFlask = "*"\nb = {version = "1", markers = "x"}\n[dev-packages]\nc = "*"'

    assert asked(pipfile("Pipfile", text)) == {"flask": RUNTIME, "b": RUNTIME, "c": DEVELOPMENT}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[metadata]\nname = p", {}),
        (
            "[options]\ninstall_requires =\n    a>=1\n    b ; python_version < '4'\n    # c\n    d # why",
            {"a": RUNTIME, "b": RUNTIME, "d": RUNTIME},
        ),
        ("[options]\ntests_require = a\nsetup_requires = b", {"a": DEVELOPMENT, "b": DEVELOPMENT}),
        ("[options]\n[options.extras_require]\nx =\n  a\ny = b", {"a": OPTIONAL, "b": OPTIONAL}),
    ],
)
def test_setup_cfg_says_who_needs_what(text: str, found: dict[str, Group]) -> None:
    assert asked(setup_cfg("setup.cfg", text)) == found


def test_a_setup_cfg_may_name_a_file() -> None:
    read = setup_cfg("setup.cfg", "[options]\ninstall_requires = file: a.txt, b.txt")

    assert read == Read(None, (), (("a.txt", RUNTIME), ("b.txt", RUNTIME)))


def test_a_setup_cfg_that_only_configures_tools_is_no_manifest() -> None:
    assert setup_cfg("setup.cfg", "[flake8]\nmax-line-length = 100") is None


def test_a_broken_setup_cfg_is_told() -> None:
    with pytest.raises(Unreadable, match="is no INI file"):
        setup_cfg("setup.cfg", "a = 1")


@pytest.mark.parametrize(
    ("text", "found", "computed"),
    [
        (
            "from setuptools import setup\nsetup(name='p', install_requires=['a>=1', 'b'])",
            {"a": RUNTIME, "b": RUNTIME},
            False,
        ),
        ("import setuptools\nR = ['a']\nsetuptools.setup(install_requires=R)", {"a": RUNTIME}, False),
        ("setup(install_requires='a\\nb')", {"a": RUNTIME, "b": RUNTIME}, False),
        ("setup(extras_require={'x': ['a']}, tests_require=('b',))", {"a": OPTIONAL, "b": DEVELOPMENT}, False),
        ("setup()", {}, False),
        ("setup(install_requires=open('requirements.txt').readlines())", {}, True),
        ("R = ['a']\nR = ['b']\nsetup(install_requires=R)", {}, True),
        ("setup(install_requires=['a'] + more)", {}, True),
        ("setup(**options)", {}, True),
    ],
)
def test_setup_py_is_read_as_far_as_it_says_so_in_so_many_words(
    text: str, found: dict[str, Group], computed: bool
) -> None:
    read = setup_py("setup.py", text)

    assert read is not None
    assert (asked(read), read.computed is not None) == (found, computed)


def test_a_setup_py_without_a_call_is_no_manifest() -> None:
    assert setup_py("setup.py", "print(1)") is None


@pytest.mark.parametrize("text", ["setup(", "\0", "(" * 100_000])
def test_a_setup_py_that_does_not_parse_is_told(text: str) -> None:
    with pytest.raises(Unreadable, match="does not parse as Python"):
        setup_py("setup.py", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "rich",\n# ]\n# ///\nimport rich\n',
            ["rich"],
        ),
        ('#!/usr/bin/env python\n# /// script\n#\n# dependencies = ["a", "b"]\n# ///', ["a", "b"]),
        ('# /// script\r\n# dependencies = ["a"]\r\n# ///\r\n', ["a"]),
        ('# /// script\n# dependencies = ["a"]\n', []),
        ("# /// script\n# dependencies = [\n# ///\n", []),
        ('# /// other\n# dependencies = ["a"]\n# ///\n', []),
        ("", []),
    ],
)
def test_a_script_may_declare_in_a_comment(text: str, found: list[str]) -> None:
    assert [each.name for each in inline(text)] == found


def test_many_beginnings_of_a_comment_that_declares_are_none() -> None:
    assert inline("# /// script\n" * 100_000) == ()
