"""Projects: which manifest speaks for which file."""

import pytest

from selfcheck.model import Unread
from selfcheck.subjects.dependencies import MANIFESTS, read
from selfcheck.trees import Memory

MONOREPO = {
    "pyproject.toml": '[project]\nname = "root"\ndependencies = ["a"]',
    "api/pyproject.toml": '[project]\nname = "api"\ndependencies = ["b"]',
    "api/requirements/base.txt": "c",
    "api/requirements/dev.txt": "-r base.txt\nd",
    "web/setup.cfg": "[metadata]\nname = web\n[options]\ninstall_requires = e",
    "web/inner/Pipfile": '[packages]\nf = "*"',
    "tools/pyproject.toml": "[tool.ruff]",
}


def memory(files: dict[str, str]) -> Memory:
    """A tree of these files."""
    return Memory({path: text.encode() for path, text in files.items()})


def test_the_manifests_of_a_folder_make_one_project() -> None:
    projects = read(memory(MONOREPO), MANIFESTS)

    found = {each.folder: (each.name, sorted({d.name for d in each.declared})) for each in projects.by_folder.values()}
    assert found == {
        "": ("root", ["a"]),
        "api": ("api", ["b", "c", "d"]),
        "web": ("web", ["e"]),
        "web/inner": (None, ["f"]),
    }
    assert projects.unread == ()


@pytest.mark.parametrize(
    ("path", "owner", "around"),
    [
        ("x.py", "", [""]),
        ("api/x.py", "api", ["api", ""]),
        ("api/deep/er/x.py", "api", ["api", ""]),
        ("api/requirements/x.py", "api", ["api", ""]),
        ("tools/x.py", "", [""]),
        ("web/inner/x.py", "web/inner", ["web/inner", "web", ""]),
        ("webb/x.py", "", [""]),
    ],
)
def test_a_file_belongs_to_the_innermost_project_and_may_use_those_around_it(
    path: str, owner: str, around: list[str]
) -> None:
    projects = read(memory(MONOREPO), MANIFESTS)

    project = projects.owner(path)

    assert project is not None
    assert (project.folder, [each.folder for each in projects.around(project)]) == (owner, around)


def test_a_file_outside_all_projects_belongs_to_none() -> None:
    assert read(memory({"api/setup.cfg": "[options]"}), MANIFESTS).owner("x.py") is None


@pytest.mark.parametrize(
    ("files", "unread"),
    [
        ({"setup.py": "setup(install_requires=read())"}, ["setup.py"]),
        ({"setup.py": "setup(install_requires=read())", "requirements.txt": "a"}, []),
        ({"setup.py": "setup(**x)", "pyproject.toml": '[project]\ndependencies = ["a"]'}, []),
        ({"pyproject.toml": '[project]\ndynamic = ["dependencies"]'}, ["pyproject.toml"]),
        ({"pyproject.toml": '[project]\ndynamic = ["dependencies"]', "requirements.in": "a"}, []),
        ({"pyproject.toml": "[project"}, ["pyproject.toml"]),
        ({"setup.cfg": "x"}, ["setup.cfg"]),
    ],
)
def test_what_is_computed_and_stands_nowhere_else_is_unread(files: dict[str, str], unread: list[str]) -> None:
    assert [each.path for each in read(memory(files), MANIFESTS).unread] == unread


def test_a_file_that_setuptools_reads_has_any_name() -> None:
    text = '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["../needs", "needs"]}'

    projects = read(memory({"pyproject.toml": text, "needs": "a"}), MANIFESTS)

    assert [each.name for each in projects.by_folder[""].declared] == ["a"]
    assert projects.unread == (Unread("pyproject.toml", "names the requirement file ../needs, which is not there"),)


def test_the_user_says_which_manifests_count() -> None:
    projects = read(memory(MONOREPO), ("**/pyproject.toml", "!api"))

    assert list(projects.by_folder) == [""]


def test_the_packages_of_another_language_are_left_out() -> None:
    assert read(memory({"node_modules/x/setup.py": "setup()"}), MANIFESTS).by_folder == {}
