"""A status and a relation where there was none yet, in the way of the folder and the form of the document."""

import pytest

from selfcheck.actions.adr.change import Change
from selfcheck.errors import UsageError
from selfcheck.facts import Facts
from selfcheck.subjects.decisions import Status, read
from selfcheck.trees import Memory

ONE, TWO = "docs/adr/0001-one.md", "docs/adr/0002-two.md"
ACCEPTED = "# 1. One\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"
SECTION = "# 2. Two\n\n## Status\n\nAccepted\n"


def changed(files: dict[str, str], path: str, *, instead_of: str | None = None) -> dict[str, str]:
    """What is written when a decision is accepted, or supersedes another."""
    tree = Memory({name: text.encode() for name, text in files.items()})
    found = read(tree, Facts())
    change = Change(tree, found)
    if instead_of is None:
        change.decide(found.by_path[path], Status.ACCEPTED)
    else:
        change.supersede(found.by_path[path], found.by_path[instead_of])
    return {name: content.decode() for name, content in change.plan().files.items()}


@pytest.mark.parametrize(
    ("one", "two", "written"),
    [
        (ACCEPTED, "# 2. Two\n\n## Context\n\nx\n", "# 2. Two\n\n## Status\n\nAccepted\n\n## Context\n\nx\n"),
        (ACCEPTED, "Two\n===\n\nx\n", "Two\n===\n\n## Status\n\nAccepted\n\nx\n"),
        (
            "---\nstatus: accepted\n---\n# One\n",
            "---\ndate: 2026-01-01\n---\n# Two\n",
            "---\nstatus: accepted\ndate: 2026-01-01\n---\n# Two\n",
        ),
        ("# One\n\n* Status: accepted\n", "# Two\n\nx\n", "# Two\n\n* Status: accepted\n\nx\n"),
        ("# One\n\nx\n", "# Two\n\nx\n", "# Two\n\n## Status\n\nAccepted\n\nx\n"),
    ],
)
def test_a_status_is_added_as_the_others_of_the_folder_write_theirs(one: str, two: str, written: str) -> None:
    assert changed({ONE: one, TWO: two}, TWO) == {TWO: written}


def test_a_status_is_added_to_marked_text_as_a_section() -> None:
    files = {
        "docs/adr/0001-one.rst": "One\n===\n\nStatus\n------\n\nAccepted\n",
        "docs/adr/0002-two.rst": "Two\n===\n\nx\n",
    }

    assert changed(files, "docs/adr/0002-two.rst") == {
        "docs/adr/0002-two.rst": "Two\n===\n\nStatus\n------\n\nAccepted\n\nx\n"
    }


@pytest.mark.parametrize(
    ("two", "written"),
    [
        (SECTION, f"{SECTION}\nSupersedes [1. One](0001-one.md)\n"),
        ("# 2. Two\n\nx\n", "# 2. Two\n\nSupersedes [1. One](0001-one.md)\n\nx\n"),
        (
            "# 2. Two\n\n| Status | Accepted |\n| --- | --- |\n| Date | x |\n",
            "# 2. Two\n\n| Status | Accepted |\n| --- | --- |\n| Supersedes | [1. One](0001-one.md) |\n| Date | x |\n",
        ),
        (
            "# 2. Two\n\n| What | How |\n| --- | --- |\n| Status | Accepted |\n",
            "# 2. Two\n\n| What | How |\n| --- | --- |\n| Status | Accepted |\n| Supersedes | [1. One](0001-one.md) |\n",
        ),
        (
            "---\nstatus: accepted\nsupersedes: [3]\n---\n# Two\n",
            "---\nstatus: accepted\nsupersedes: [3, ADR-0001]\n---\n# Two\n",
        ),
        (
            "---\nstatus: accepted\nsupersedes:\n---\n# Two\n",
            "---\nstatus: accepted\nsupersedes: ADR-0001\n---\n# Two\n",
        ),
        (
            "---\nstatus: accepted\nsupersedes: n/a\n---\n# Two\n",
            "---\nstatus: accepted\nsupersedes: ADR-0001\n---\n# Two\n",
        ),
        (
            "# 2. Two\n\n* Status: Accepted\n* Supersedes: ADR-3\n",
            "# 2. Two\n\n* Status: Accepted\n* Supersedes: ADR-3, [1. One](0001-one.md)\n",
        ),
    ],
)
def test_a_relation_is_written_in_the_form_of_the_document(two: str, written: str) -> None:
    assert changed({ONE: ACCEPTED, TWO: two}, TWO, instead_of=ONE)[TWO] == written


def test_a_key_for_what_supersedes_it_is_filled_too() -> None:
    files = {
        ONE: "---\nstatus: accepted\nsuperseded-by: none\n---\n# One\n",
        TWO: "---\nstatus: accepted\n---\n# Two\n",
    }

    assert changed(files, TWO, instead_of=ONE)[ONE] == (
        "---\nstatus: superseded by ADR-0002\nsuperseded-by: ADR-0002\n---\n# One\n"
    )


def test_the_letters_of_a_status_stay_capitals() -> None:
    files = {ONE: ACCEPTED.replace("Accepted", "ACCEPTED"), TWO: SECTION}

    assert changed(files, TWO, instead_of=ONE)[ONE] == ACCEPTED.replace(
        "Accepted", "SUPERSEDED by [2. Two](0002-two.md)"
    )


@pytest.mark.parametrize(
    ("one", "two", "path", "old", "why"),
    [
        (ACCEPTED, SECTION, ONE, ONE, "docs/adr/0001-one.md: cannot supersede itself"),
        (
            ACCEPTED.replace("Accepted", "Superseded by [2](0002-two.md)"),
            f"{SECTION}\nSupersedes [1](0001-one.md)\n",
            TWO,
            ONE,
            "docs/adr/0001-one.md: is superseded by ADR-0002 already",
        ),
    ],
)
def test_what_supersedes_nothing_more_is_refused(one: str, two: str, path: str, old: str, why: str) -> None:
    with pytest.raises(UsageError) as error:
        changed({ONE: one, TWO: two}, path, instead_of=old)

    assert str(error.value) == why


@pytest.mark.parametrize(
    ("index", "rows"),
    [
        (
            "# All\n\n<!-- adrlog -->\n\n<!-- adrlogstop -->\n",
            "* [ADR-0001](0001-one.md) - One\n* [ADR-0002](0002-two.md) - Two",
        ),
        ("# All\n", None),
    ],
)
def test_an_index_between_markers_follows_and_one_without_is_left_to_people(index: str, rows: str | None) -> None:
    files = {ONE: ACCEPTED, TWO: SECTION.replace("Accepted", "Proposed"), "docs/adr/README.md": index}

    written = changed(files, TWO)

    assert written.get("docs/adr/README.md") == (
        None if rows is None else index.replace("-->\n\n<!", f"-->\n\n{rows}\n\n<!")
    )
