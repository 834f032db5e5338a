"""Every command that edits changes the lines that are meant and no byte besides, in every template."""

import difflib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from selfcheck.actions.adr.change import Change
from selfcheck.actions.adr.new import plan_new
from selfcheck.actions.adr.plan import Plan, apply
from selfcheck.actions.adr.templates import TEMPLATES
from selfcheck.checks.decisions.lint import AdrLint
from selfcheck.checks.decisions.supersede import AdrSupersede
from selfcheck.errors import CannotOpen, UsageError
from selfcheck.facts import Facts
from selfcheck.model import Outcome
from selfcheck.subjects.decisions import Decisions, Status, Verb, read
from selfcheck.testing import judged, memory, over
from selfcheck.trees import Memory, Overlay, Write
from tests.decisions.houses import BODY, HOUSES, House
from tests.decisions.reading import decisions

TODAY = date(2026, 1, 20)
houses = pytest.mark.parametrize(("name", "house"), HOUSES.items(), ids=HOUSES)
ENDS = [("\n", b""), ("\r\n", b""), ("\r\n", b"\xef\xbb\xbf")]


def opened(house: House, end: str = "\n", mark: bytes = b"") -> tuple[Memory, Decisions]:
    """A house with other ends of lines, and a mark at the beginning of each document."""
    tree = Memory({path: mark + text.replace("\n", end).encode() for path, text in house.items()})
    return tree, read(tree, Facts())


def changes(tree: Memory, plan: Plan) -> dict[str, tuple[list[bytes], list[bytes]]]:
    """What lines of each file go and come, as bytes with their ends."""
    found: dict[str, tuple[list[bytes], list[bytes]]] = {}
    for path, content in plan.files.items():
        old = tree.read(path).splitlines(keepends=True) if path in tree.kinds else []
        new = content.splitlines(keepends=True)
        gone: list[bytes] = []
        come: list[bytes] = []
        for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                gone += old[i1:i2]
                come += new[j1:j2]
        found[path] = gone, come
    return found


def after(tree: Memory, plan: Plan) -> Decisions:
    """The decisions once the plan is carried out."""
    return read(Overlay(tree, tuple(Write(path, content) for path, content in plan.files.items())), Facts())


@houses
@pytest.mark.parametrize(("end", "mark"), ENDS, ids=["lf", "crlf", "crlf and mark"])
@pytest.mark.parametrize("status", [Status.REJECTED, Status.ACCEPTED])
def test_a_status_is_changed_in_its_own_lines_alone(
    name: str, house: House, end: str, mark: bytes, status: Status
) -> None:
    tree, found = opened(house, end, mark)
    third = found.all[2]
    if third.status is status:
        status = Status.PROPOSED
    change = Change(tree, found)

    change.decide(third, status)

    plan = change.plan()
    ((path, (gone, come)),) = changes(tree, plan).items()
    again = after(tree, plan).by_path[path]
    assert (path, again.status) == (third.path, status)
    assert len(gone) == len(come) == len(third.readings)
    assert all(line.endswith(end.encode()) and status.value.encode() in line.lower() for line in come)
    assert again.day == third.day
    assert {read.status for _, read in again.readings} == {status}


@houses
@pytest.mark.parametrize(("end", "mark"), ENDS, ids=["lf", "crlf", "crlf and mark"])
def test_superseding_writes_both_sides_and_is_then_found_right(name: str, house: House, end: str, mark: bytes) -> None:
    tree, found = opened({path: text for path, text in house.items() if "two-shops" not in path}, end, mark)
    old, new = found.all
    if name != "phased":
        accepted = Change(tree, found)
        accepted.decide(new, Status.ACCEPTED)
        files = {path: tree.read(path) for path in tree.kinds} | dict(accepted.plan().files)
        tree, found = Memory(files), read(Memory(files), Facts())
        old, new = found.all
    change = Change(tree, found)

    change.supersede(new, old)

    plan = change.plan()
    lines = changes(tree, plan)
    again = after(tree, plan)
    one, two = again.all
    assert set(lines) == {old.path, new.path}
    assert (one.status, again.meant(one, one.related(Verb.SUPERSEDED_BY)[0])) == (Status.SUPERSEDED, [two])
    assert [two] != []
    assert any(again.meant(two, each) == [one] for each in two.related(Verb.SUPERSEDES))
    assert len(lines[old.path][0]) == len(lines[old.path][1]) == len(old.readings)
    assert len(lines[new.path][0]) <= 1
    assert len(lines[new.path][1]) - len(lines[new.path][0]) <= 2
    assert all(line.endswith(end.encode()) for _, come in lines.values() for line in come)


@houses
def test_a_new_decision_takes_the_next_number_in_the_way_of_its_folder(name: str, house: House) -> None:
    tree, found = opened(house)

    plan, path = plan_new(tree, found, title="Café — one door!", today=TODAY)

    new = after(tree, plan).by_path[path]
    expected = {
        "phased": "docs/adr/ADR-004-cafe-one-door.md",
        "scored": "docs/adr/adr-004-cafe-one-door.md",
        "log4brains": "docs/choices/20260120-cafe-one-door.md",
        "backstage": "docs/architecture-decisions/adr004-cafe-one-door.md",
        "folders": "docs/developer/decision-records/2026-01-20-cafe-one-door/README.md",
        "restructured": "docs/decisions/0004-cafe-one-door.md",
        "cosmos": "docs/architecture/adr-004-cafe-one-door.md",
    }
    assert path == expected.get(name, f"{found.folders[0].path}/0004-cafe-one-door.md")
    assert (new.title, new.status, new.day) == ("Café — one door!", Status.PROPOSED, TODAY)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_decision_is_quiet_until_it_is_accepted_as_it_is(template: str) -> None:
    plan, path = plan_new(Memory({}), decisions({}), title="One door", today=TODAY, template=template)
    files = dict(plan.files.items())

    verdict = judged(AdrLint(), memory(files, today=TODAY))
    accepted = {
        path: content.replace(b"Proposed", b"Accepted").replace(b"proposed", b"accepted")
        for path, content in files.items()
    }

    assert (path, verdict.outcome) == ("docs/adr/0001-one-door.md", Outcome.PASS)
    assert f"{path}: template" in {each.seen.key for each in judged(AdrLint(), memory(accepted, today=TODAY)).findings}


@houses
def test_a_new_decision_that_supersedes_another_links_both_sides(name: str, house: House) -> None:
    tree, found = opened(house)
    old = found.all[1]

    plan, path = plan_new(tree, found, title="No shop", today=TODAY, supersedes=(old,))

    again = after(tree, plan)
    new = again.by_path[path]
    assert (new.status, again.by_path[old.path].status) == (Status.ACCEPTED, Status.SUPERSEDED)
    verdict = judged(
        AdrSupersede(), over(Overlay(tree, tuple(Write(each, content) for each, content in plan.files.items())))
    )
    assert [each.seen.key for each in verdict.findings if path in each.seen.key or old.path in each.seen.key] == []


def test_a_proposal_leaves_the_old_one_in_force_until_it_is_accepted() -> None:
    tree, found = opened(HOUSES["nygard"])
    plan, path = plan_new(tree, found, title="No shop", today=TODAY, status=Status.PROPOSED, supersedes=(found.all[1],))
    between = after(tree, plan)
    files = {each: tree.read(each) for each in tree.kinds} | dict(plan.files)
    change = Change(Memory(files), read(Memory(files), Facts()))

    change.decide(between.by_path[path], Status.ACCEPTED)

    assert (between.all[1].status, plan.notes) == (
        Status.ACCEPTED,
        ("ADR-0002 stays in force until ADR-0004 is accepted",),
    )
    assert after(Memory(files), change.plan()).all[1].status is Status.SUPERSEDED


def test_an_index_is_made_anew_between_its_markers_alone() -> None:
    before = "# Ours\r\n\r\nHand-made, [2](0002-one-shop.md).\r\n<!-- selfcheck:adrs -->\r\nold\r\n<!-- /selfcheck:adrs -->\r\nAfter.\r\n"
    tree, found = opened({**HOUSES["nygard"], "doc/adr/README.md": before})

    plan, _ = plan_new(tree, found, title="One door", today=TODAY)

    assert plan.files["doc/adr/README.md"].decode() == before.replace(
        "\r\nold\r\n",
        "\r\n\r\n- [ADR-0001](0001-two-shops.md): Two shops (superseded)\r\n- [ADR-0002](0002-one-shop.md): One shop (accepted)\r\n"
        "- [ADR-0003](0003-one-till.md): One till (proposed)\r\n- [ADR-0004](0004-one-door.md): One door (proposed)\r\n\r\n",
    )


def test_what_stands_behind_a_status_stays() -> None:
    tree, found = opened(
        {"docs/adr/0001-a.md": f"# 1. A\n\n## Status\n\n🤔 **Proposed** (2026-01-10), see #7.\n\n{BODY}"}
    )
    change = Change(tree, found)

    change.decide(found.all[0], Status.ACCEPTED)

    assert "✅ **Accepted** (2026-01-10), see #7.\n" in change.plan().files["docs/adr/0001-a.md"].decode()


@pytest.mark.parametrize(
    ("files", "what"),
    [
        ({"docs/adr/0001-a.md": "\ufeff# 1. A\n\n## Status\n\nAccepted\n".encode("utf-16")}, "is not written in UTF-8"),
        ({"docs/adr/0001-a.md": b"# 1. A\n\n## Status\n\nSuperseded by ADR-2\n"}, "is superseded"),
        ({"docs/adr/0001-a.md": b"# 1. A\n\n## Status\n\nRejected\n"}, "is rejected already"),
    ],
)
def test_what_cannot_be_edited_is_refused(files: dict[str, bytes], what: str) -> None:
    tree = Memory(files)
    found = read(tree, Facts())

    with pytest.raises(UsageError, match=what):
        Change(tree, found).decide(found.all[0], Status.REJECTED)


def states(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield from (
        (path.relative_to(folder).as_posix(), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()
    )


def test_all_files_of_a_change_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/c.md").mkdir()
    before = list(states(tmp_path))

    with pytest.raises(CannotOpen, match="nothing was changed"):
        apply(Plan({"a.md": b"1", "new/d.md": b"2", "b/c.md": b"3"}), tmp_path)

    assert (list(states(tmp_path)), (tmp_path / "new").exists()) == (before, False)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo/adr").symlink_to(tmp_path / "outside")

    with pytest.raises(CannotOpen, match="symbolic link"):
        apply(Plan({"adr/a.md": b"1"}), tmp_path / "repo")

    assert list((tmp_path / "outside").iterdir()) == []


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a")
    (tmp_path / "a.md").chmod(0o755)

    apply(Plan({"a.md": b"1", "b/new.md": b"2"}), tmp_path)

    assert (dict(states(tmp_path)), (tmp_path / "a.md").stat().st_mode & 0o777) == (
        {"a.md": b"1", "b/new.md": b"2"},
        0o755,
    )
