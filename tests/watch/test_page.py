"""What the page on `selfcheck watch` shows is what happens."""

from pathlib import Path

import pytest

from selfcheck.cli import saves
from tests.docs.page import ROOT, blocks
from tests.watch.watching import watching

pytest.importorskip("watchfiles")

PAGE = (ROOT / "docs/watch.md").read_text(encoding="utf-8")


def test_a_save_says_what_the_page_says(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for block in blocks(PAGE):
        if block.path is not None:
            (folder / block.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.path).write_text(block.body, encoding="utf-8")
    (shown,) = blocks(PAGE, "text")

    with watching(folder) as running:
        (folder / "shop/prices.py").write_text("discount = 10\n", encoding="utf-8")
        running.hears("failed: readme\n")

    assert f"$ selfcheck watch\n{running.said}" == shown.body


def test_the_page_names_how_long_changes_are_gathered() -> None:
    assert f"within {saves.QUIET} ms of each other" in PAGE
    assert f"after {saves.GATHERED / 1000:g} s of\nchanges" in PAGE
