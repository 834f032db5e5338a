"""`selfcheck graph`: what is asked for is drawn, a mistake draws nothing, and what is missing is said."""

import json
import os
import shutil
from pathlib import Path

import pytest

from selfcheck.cli.graph import MANY
from selfcheck.cli.graphviz import svg
from selfcheck.drawings import mermaid
from selfcheck.errors import CannotOpen
from tests.cli.calling import Called, called
from tests.cli.process import KEPT, rulebook, selfcheck
from tests.drawings.shop import SHOP
from tests.trees.working_copy import git, working_copy

GRAPHVIZ = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed here")
EDGES = '  "shop" -> "shop.api.orders" [tooltip="shop/__init__.py:1"]\n'


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: the shop, without a rulebook."""
    folder = working_copy(tmp_path / "repo", {path: text.encode() for path, text in SHOP.items()})
    monkeypatch.chdir(folder)
    return folder


def drawn(capsys: pytest.CaptureFixture[str], *arguments: str) -> Called:
    """The command, with nothing remembered."""
    return called(capsys, "graph", "--no-cache", *arguments)


def edges(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The edges that are drawn."""
    done = drawn(capsys, "--format", "json", *arguments)
    assert done.code == 0, done.stderr
    return [f"{edge['importer']} -> {edge['imported']}" for edge in json.loads(done.stdout)["edges"]]


def test_the_whole_repository_is_drawn_for_graphviz(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys)

    assert (done.code, done.stderr, done.stdout.count(" -> ")) == (0, "", 5)
    assert EDGES in done.stdout


def test_two_runs_write_the_same(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [drawn(capsys, "--format", form).stdout for form in ("dot", "mermaid", "json")] == [
        drawn(capsys, "--format", form).stdout for form in ("dot", "mermaid", "json")
    ]


def test_a_root_is_relative_to_the_current_folder(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from_above = edges(capsys, "shop/core")
    monkeypatch.chdir(repo / "shop")

    assert (
        edges(capsys, "core")
        == from_above
        == [
            "shop.core.prices -> shop.core.stock",
            "shop.core.stock -> shop.core.prices",
        ]
    )


def test_without_a_root_everything_is_drawn_from_wherever_it_is_asked(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = edges(capsys)
    monkeypatch.chdir(repo / "shop/core")

    assert edges(capsys) == whole


def test_modules_are_called_as_the_rulebook_that_is_in_force_calls_them(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "shop/core/guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    monkeypatch.chdir(repo / "shop/core")

    assert '"prices"' in drawn(capsys).stdout


def test_around_a_module_is_what_is_near_it(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edges(capsys, "--around", "shop.api.orders", "--direction", "imported-by") == ["shop -> shop.api.orders"]


def test_the_distance_is_counted_in_imports(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    near = edges(capsys, "--around", "shop.core.stock", "--direction", "imported-by")
    far = edges(capsys, "--around", "shop.core.stock", "--direction", "imported-by", "--distance", "2")

    assert set(far) - set(near) == {"shop -> shop.api.orders", "shop.api.orders -> shop.core.prices"} | (
        {"shop.core.stock -> shop.core.prices"}
    )


def test_packages_are_drawn_by_depth(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edges(capsys, "--depth", "2") == ["shop -> shop.api", "shop.api -> shop.core"]


def test_circles_alone_are_drawn(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert edges(capsys, "--cycles") == ["shop.core.prices -> shop.core.stock", "shop.core.stock -> shop.core.prices"]


def test_no_circle_is_an_answer_that_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys, "shop/api", "--cycles")

    assert (done.code, done.stderr) == (0, "selfcheck: no module is in a circle there: nothing is drawn\n")


def test_kinds_are_those_that_are_named(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    in_function = "shop.tasks -> shop.api.orders"

    assert in_function not in edges(capsys)
    assert in_function in edges(capsys, "--kinds", "star, function")
    assert in_function in edges(capsys, "--kinds", "all")
    assert in_function not in edges(capsys, "--kinds", "none")


def test_packages_above_are_imported_too_where_that_is_asked_for(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(edges(capsys, "--ancestors")) - set(edges(capsys)) == {
        "shop -> shop.api",
        "shop.api.orders -> shop.core",
    }


def test_other_distributions_are_drawn_where_that_is_asked_for(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(edges(capsys, "--external")) - set(edges(capsys)) == {"shop.api.orders -> requests"}


def test_a_revision_is_drawn_as_git_holds_it(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit = git(repo, "rev-parse", "HEAD").decode().strip()
    (repo / "shop/tasks.py").write_text("import shop\n", encoding="utf-8")

    done = drawn(capsys, "--format", "json", "--rev", "HEAD")

    told = json.loads(done.stdout)
    assert told["revision"] == commit
    assert "shop.tasks" not in {edge["importer"] for edge in told["edges"]}
    assert "shop.tasks -> shop" in edges(capsys)


def test_a_file_is_written_whole_in_the_format_of_its_ending(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys, "--output", "shop.mmd")

    assert done == (0, "wrote shop.mmd: 7 modules, 5 imports, 1 circle\n", "")
    assert (repo / "shop.mmd").read_text(encoding="utf-8").startswith("flowchart LR\n")


def test_the_format_that_is_given_goes_before_the_ending(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn(capsys, "-o", "shop.txt", "--format", "json")

    assert json.loads((repo / "shop.txt").read_text(encoding="utf-8"))["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--around", "shop.core.price"],
            '--around: unknown module "shop.core.price"; did you mean "shop.core.prices"?',
        ),
        (["--around", "shop.*.cart"], '--around: no module matches "shop.*.cart"'),
        (
            ["--around", "shop.core.prices", "--depth", "2"],
            '--around: unknown package "shop.core.prices"; did you mean "shop.core"?',
        ),
        (["shop/cor"], 'unknown root "shop/cor"; did you mean "shop/core"?'),
        (["--kinds", "functions"], 'unknown kind of import "functions"; did you mean "function"?'),
        (["--distance", "2"], "--distance and --direction say what is near a module; name it with --around MODULE"),
        (["--rev", "v9"], "revision 'v9': names no commit of this clone"),
        (["--output", "nowhere/shop.dot"], "--output nowhere/shop.dot: is no file in an existing folder"),
        (["--output", "shop"], "--output shop: is no file in an existing folder"),
        (
            ["--output", "shop.png"],
            "--output shop.png: its ending names no format (.dot, .gv, .mmd, .mermaid, .json, .svg); give --format",
        ),
    ],
)
def test_a_mistake_draws_nothing_and_says_what_was_probably_meant(
    arguments: list[str], said: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drawn(capsys, *arguments) == (2, "", f"selfcheck: {said}\n")


def test_a_root_outside_of_the_repository_is_a_mistake(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys, "..")

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == f"selfcheck: ..: is outside of {repo.resolve()}\n"


def test_a_file_name_that_no_system_takes_is_a_mistake(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"{'x' * 300}.dot"

    assert drawn(capsys, "-o", name) == (2, "", f"selfcheck: --output {name}: File name too long\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_file_that_cannot_be_written_is_told_of(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys, "-o", "/dev/full", "--format", "json")

    assert done == (3, "", "selfcheck: /dev/full: No space left on device\n")


def test_a_revision_outside_of_git_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    done = drawn(capsys, "--rev", "HEAD")

    assert done == (2, "", f"selfcheck: --rev HEAD: {tmp_path.resolve()} is in no git repository\n")


def test_a_repository_without_python_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(working_copy(tmp_path / "bare", {"README.md": b""}))

    assert drawn(capsys).code == 2


def test_an_unread_file_is_named_and_the_rest_is_drawn(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "shop/broken.py").write_text("import (\n", encoding="utf-8")

    done = drawn(capsys)

    assert (done.code, EDGES in done.stdout) == (3, True)
    assert done.stderr.startswith("selfcheck: warning: shop/broken.py: does not parse as Python")
    assert done.stderr.endswith("; its imports are missing\n")


def test_too_many_modules_for_a_picture_are_told_of_and_drawn(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(MANY):
        (repo / f"m{number}.py").write_text("", encoding="utf-8")

    done = drawn(capsys)

    assert (done.code, done.stdout.count('\n  "m')) == (0, MANY)
    assert "307 modules, 5 imports, 1 circle: too much for one picture" in done.stderr
    assert drawn(capsys, "--format", "json").stderr == ""


def test_more_edges_than_mermaid_draws_are_told_of(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"n{number}" for number in range(23)]
    for name in names:
        (repo / f"{name}.py").write_text(f"import {', '.join(names)}\n", encoding="utf-8")

    done = drawn(capsys, "--format", "mermaid")

    assert f"Mermaid draws nothing of more than {mermaid.MOST} edges" in done.stderr


def test_a_hostile_file_name_is_a_label_and_no_line_of_its_own(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = 'x"]\n  evil --> m0\n%%.py'
    (repo / hostile).write_text("import shop\n", encoding="utf-8")

    assert "\n  evil" not in drawn(capsys, "--format", "mermaid").stdout
    assert "\n  evil" not in drawn(capsys, "--format", "dot").stdout
    assert hostile.removesuffix(".py") in {
        node["name"] for node in json.loads(drawn(capsys, "--format", "json").stdout)["nodes"]
    }


@GRAPHVIZ
def test_a_picture_is_drawn_by_graphviz(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = drawn(capsys, "-o", "shop.svg")

    assert done.code == 0
    assert (repo / "shop.svg").read_text(encoding="utf-8").count('class="node"') == len(SHOP)


def test_without_graphviz_the_error_says_what_to_do(repo: Path) -> None:
    found = shutil.which("git")
    assert found is not None
    (repo.parent / "bin").mkdir()
    (repo.parent / "bin/git").symlink_to(found)

    done = selfcheck("graph", "--format", "svg", cwd=repo, environ={"PATH": str(repo.parent / "bin")})

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "selfcheck: svg is drawn by graphviz, and there is no `dot` on PATH; install graphviz, or use --format dot\n"
    )


def program(folder: Path, script: str) -> str:
    """A program that stands for graphviz's."""
    path = folder / "dot"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_layout_that_does_not_end_is_ended(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=r"was not done after 0\.2 s; draw less"):
        svg("digraph {}", program(tmp_path, "exec sleep 60"), seconds=0.2)


def test_what_graphviz_complains_of_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=r"draws nothing: no such layout$"):
        svg("digraph {}", program(tmp_path, "echo no such layout >&2; exit 1"))


def test_a_program_that_does_not_start_is_told_of(tmp_path: Path) -> None:
    broken = tmp_path / "dot"
    broken.write_bytes(b"\x7fELF")
    os.chmod(broken, 0o755)

    with pytest.raises(CannotOpen, match="does not start"):
        svg("digraph {}", str(broken))
