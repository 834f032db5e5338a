"""What the pages show is what happens."""

from pathlib import Path

import pytest

from tests.docs.page import ROOT, blocks, pages, played

WITH_DIALOGUES = [
    page.relative_to(ROOT).as_posix() for page in pages() if blocks(page.read_text(encoding="utf-8"), "console")
]


@pytest.mark.parametrize("name", WITH_DIALOGUES)
def test_every_command_of_a_page_says_what_the_page_says(name: str, tmp_path: Path) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    real = played(text, tmp_path)

    assert real == text, "if that is right now: python -m tests.docs"


def test_the_readme_and_every_check_page_hold_a_dialogue() -> None:
    checks = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/checks").glob("*.md")}

    assert checks | {"README.md"} <= set(WITH_DIALOGUES)


def test_a_page_that_shows_another_output_is_told_apart(tmp_path: Path) -> None:
    text = "```console\n$ selfcheck --version\nselfcheck 0.0.0\n$ echo $?\n1\n```\n"

    real = played(text, tmp_path)

    assert real == "```console\n$ selfcheck --version\nselfcheck 0.1.0\n$ echo $?\n0\n```\n"
