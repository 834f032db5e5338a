"""Every path below guardrails/tests/ is in a fixture, or is a fault."""

from pathlib import Path

import pytest

from selfcheck.fixtures.layout import Fixture, Side, find, is_fixture
from selfcheck.trees import Directory, Memory
from tests.trees.working_copy import working_copy, write

KNOWN = ("no-todo", "no-print")
HERE = "guardrails/tests/no-todo"
KEEPS, BREAKS = Side.KEEPS, Side.BREAKS


def found(*paths: str, links: tuple[str, ...] = ()) -> list[Fixture]:
    """The fixtures of a tree of these paths, without a fault."""
    fixtures, faults = find(Memory(dict.fromkeys(paths, b""), dict.fromkeys(links, "a")), KNOWN)
    assert faults == []
    return fixtures


def faults(*paths: str, links: tuple[str, ...] = ()) -> list[str]:
    return [str(each) for each in find(Memory(dict.fromkeys(paths, b""), dict.fromkeys(links, "a")), KNOWN)[1]]


def test_each_folder_of_a_side_is_a_tree() -> None:
    fixtures = found(
        f"{HERE}/breaks/one/a", f"{HERE}/breaks/two/src/b", f"{HERE}/keeps/one/a", "a", "guardrails/a.yaml"
    )

    assert fixtures == [
        Fixture("no-todo", BREAKS, f"{HERE}/breaks/one"),
        Fixture("no-todo", BREAKS, f"{HERE}/breaks/two"),
        Fixture("no-todo", KEEPS, f"{HERE}/keeps/one"),
    ]
    assert [each.name for each in fixtures] == ["breaks/one", "breaks/two", "keeps/one"]


def test_a_side_with_a_file_is_one_tree() -> None:
    assert found(f"{HERE}/keeps/a", f"{HERE}/keeps/src/b") == [Fixture("no-todo", KEEPS, f"{HERE}/keeps")]


def test_a_side_with_a_link_is_one_tree() -> None:
    fixtures = found(f"{HERE}/keeps/src/b", links=(f"{HERE}/keeps/link",))

    assert fixtures == [Fixture("no-todo", KEEPS, f"{HERE}/keeps")]
    assert fixtures[0].name == "keeps"


def test_fixtures_of_several_guardrails_are_found() -> None:
    fixtures = found(f"{HERE}/keeps/a", "guardrails/tests/no-print/breaks/x/a")

    assert [each.guardrail for each in fixtures] == ["no-print", "no-todo"]


def test_a_fixture_stands_for_the_root() -> None:
    whole = Memory({f"{HERE}/keeps/one/src/a": b"content", "src/b": b""}, {f"{HERE}/keeps/one/out": "../../../b"})

    (fixture,) = find(whole, KNOWN)[0]
    tree = fixture.tree(whole)

    assert (list(tree.kinds), tree.read("src/a"), tree.resolve("out")) == (["out", "src/a"], b"content", None)


def test_where_nothing_stands_nothing_is_found() -> None:
    assert found("a", "guardrails/a.yaml", "tests/no-todo/keeps/a", "guardrails/test/no-todo/keeps/a") == []


def test_a_readme_may_stand_beside_the_trees() -> None:
    assert found("guardrails/tests/README.md", f"{HERE}/README.md") == []


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (
            "guardrails/tests/no-tod/keeps/a",
            'guardrails/tests/no-tod:1:1: unknown guardrail "no-tod"; did you mean "no-todo"?',
        ),
        ("guardrails/tests/x/keep/a", 'guardrails/tests/x:1:1: unknown guardrail "x"; known: no-print, no-todo'),
        (f"{HERE}/keep/a", f'{HERE}/keep:1:1: unknown folder of fixtures "keep"; did you mean "keeps"?'),
        (f"{HERE}/Breaks/a/b", f'{HERE}/Breaks:1:1: unknown folder of fixtures "Breaks"; did you mean "breaks"?'),
        ("guardrails/tests/a.py", "guardrails/tests/a.py:1:1: is no folder; a fixture is a tree below"),
        (f"{HERE}/a.py", f"{HERE}/a.py:1:1: is no folder; a fixture is a tree below"),
        (f"{HERE}/keeps", f"{HERE}/keeps:1:1: is no folder; a fixture is a tree below"),
    ],
)
def test_whatever_is_no_fixture_is_a_fault(path: str, fault: str) -> None:
    assert faults(path)[0].startswith(fault)


@pytest.mark.parametrize("link", ["guardrails", "guardrails/tests", HERE, f"{HERE}/keeps"])
def test_a_link_in_the_place_of_a_folder_is_a_fault(link: str) -> None:
    assert [fault.partition(";")[0] for fault in faults(links=(link,))] in (
        [f"{link}:1:1: is a symbolic link, which is not followed"],
        [f"{link}:1:1: is no folder"],
    )


def test_every_fault_is_told_at_once() -> None:
    assert len(faults("guardrails/tests/a/keeps/a", "guardrails/tests/b/keeps/a", f"{HERE}/keep/a", f"{HERE}/a")) == 4


@pytest.mark.parametrize(
    ("path", "within"),
    [
        (f"{HERE}/keeps/a", True),
        (f"{HERE}/breaks/a/b", True),
        ("guardrails/tests/gone/breaks/a/b", True),
        (f"{HERE}/keeps", False),
        (f"{HERE}/keep/a", False),
        (f"{HERE}/a", False),
        ("guardrails/tests/a", False),
        ("guardrails/tests-of-mine/a/keeps/b", False),
        (f"src/{HERE}/keeps/a", False),
        ("guardrails/a.yaml", False),
    ],
)
def test_only_what_is_within_a_tree_is_no_part_of_the_repository(path: str, within: bool) -> None:
    assert is_fixture(path) is within


def test_a_folder_is_listed_without_its_fixtures(tmp_path: Path) -> None:
    files = {"a": b"", f"{HERE}/keeps/one/b": b"", "guardrails/a.yaml": b"", f"{HERE}/README.md": b""}
    plain, versioned = write(tmp_path / "plain", files), working_copy(tmp_path / "git", files)

    listed = [list(Directory(root, is_fixture).kinds) for root in (plain, versioned)]

    assert listed == [["a", "guardrails/a.yaml", f"{HERE}/README.md"]] * 2


def test_what_is_not_listed_cannot_be_read(tmp_path: Path) -> None:
    tree = Directory(working_copy(tmp_path / "git", {f"{HERE}/keeps/b": b"x"}), is_fixture)

    assert (tree.file(f"{HERE}/keeps/b"), tree.files(), tree.content_id(f"{HERE}/keeps/b")) == (None, (), None)
