"""Links within the repository lead somewhere."""

from pathlib import Path

import pytest

from tests.docs.page import ROOT, anchors, links, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    broken = [
        f"{path}#{fragment}"
        for path, fragment in links(page.read_text(encoding="utf-8"))
        if not _leads(page, path, fragment)
    ]

    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        targets = {(page.parent / path).resolve() for path, _ in links(page.read_text(encoding="utf-8")) if path}
        waiting += [target for target in targets if target.suffix == ".md" and target not in reached]

    assert set(pages()) <= reached


def _leads(page: Path, path: str, fragment: str) -> bool:
    target = (page.parent / path).resolve() if path else page
    if not target.is_file() or not target.is_relative_to(ROOT):
        return False
    return not fragment or fragment in anchors(target.read_text(encoding="utf-8"))
