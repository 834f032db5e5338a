"""The `html` format in a real browser: search and filters by the address, no complaint, no sideways scrolling."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import pytest
from msgspec import structs

from selfcheck.check import Finding, Location
from selfcheck.formats.html import render
from selfcheck.guardrail import Severity
from selfcheck.model import Report
from tests.formats.pages import CIRCLE, having, lines, parsed, said, section
from tests.formats.reports import SOME, compared, everything, guardrail, report, verdict

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason=f"there is no browser: none of {', '.join(NAMES)} is on the path"),
]


class Opened(NamedTuple):
    """A page after its scripts have run, and what the browser said of it on its console."""

    page: Element
    console: list[str]


def opened(path: Path, fragment: str = "") -> Opened:
    """The file as the browser holds it once it is loaded."""
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER,
            *OPTIONS,
            "--enable-logging=stderr",
            "--virtual-time-budget=2000",
            f"--user-data-dir={path.parent / 'profile'}",
            "--dump-dom",
            f"{path.as_uri()}{fragment}",
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return Opened(parsed(done.stdout), [line for line in done.stderr.splitlines() if "CONSOLE" in line])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A page on findings of two guardrails."""
    size = guardrail("module-size", Severity.MEDIUM, owner="@core", tags=("size",))
    return written(
        tmp_path,
        report(
            verdict(guardrail("few", owner="@a b", tags=("size", "code")), SOME, *lines(3)),
            verdict(size, SOME, *lines(30)),
            verdict(guardrail("licence"), SOME),
        ),
    )


def written(folder: Path, of: Report) -> Path:
    """The page in a file."""
    path = folder / "report.html"
    path.write_text(render(of), encoding="utf-8")
    return path


def shown(page: Element) -> dict[str, list[str]]:
    """The guardrails that are not hidden, each with the places of those of its rows that are not."""
    return {
        str(card.get("data-id")): [
            said(next(iter(row))) for row in having(card, kind="row") if row.get("hidden") is None
        ]
        for card in having(page, kind="card")
        if card.get("hidden") is None
    }


@pytest.mark.parametrize("of", [report(), everything(), compared()], ids=["nothing", "everything", "compared"])
def test_the_browser_has_nothing_to_complain_about(of: Report, tmp_path: Path) -> None:
    page, console = opened(written(tmp_path, of))

    assert console == []
    assert [each.get("hidden") for each in having(page, id="filter")] == [None]


def test_a_policy_that_is_broken_is_a_complaint(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("</body>", "<script>document.title = 'x'</script></body>"))

    page, console = opened(file)

    assert "Content Security Policy" in "".join(console)
    assert [said(each) for each in page.iter("title")] == ["Failed · selfcheck"]


@pytest.mark.parametrize(
    ("fragment", "found"),
    [
        ("#q=m2.py", {"few": ["src/m2.py:2"], "module-size": ["src/m2.py:2"]}),
        ("#q=M2.PY+core", {"module-size": ["src/m2.py:2"]}),
        ("#q=what+licence+promises%3F", {}),
        ("#q=What+licence+promises", {"licence": []}),
        ("#q=m3+is+odd&severity=high", {"few": ["src/m3.py:3"]}),
        ("#owner=%40a+b", {"few": ["src/m1.py:1", "src/m2.py:2", "src/m3.py:3"]}),
        ("#tag=code&tag=none", {"few": ["src/m1.py:1", "src/m2.py:2", "src/m3.py:3"]}),
        ("#outcome=pass", {"licence": []}),
        ("#status=waived", {}),
    ],
)
def test_the_address_says_what_is_looked_for(file: Path, fragment: str, found: dict[str, list[str]]) -> None:
    page, console = opened(file, fragment)

    assert (shown(page), console) == (found, [])
    assert [each.get("hidden") for each in having(page, id="nothing")] == [None if not found else ""]


def test_what_is_found_is_counted_and_unfolded(file: Path) -> None:
    page, _ = opened(file, "#q=m9.py")

    [told] = having(page, id="told")
    [fold] = [each for each in having(page, kind="fold") if each.get("hidden") is None]
    assert said(told) == "1 of 3 guardrails, 1 of 33 listed findings"
    assert fold.get("open") is not None


def test_a_filter_that_is_set_is_told_as_pressed(file: Path) -> None:
    page, _ = opened(file, "#severity=high&q=odd")

    assert [each.get("value") for each in having(page, **{"aria-pressed": "true"})] == ["high"]
    assert [each.get("hidden") for each in having(page, id="clear")] == [None]


def test_without_a_filter_everything_is_shown_as_it_was_written(file: Path) -> None:
    page, _ = opened(file)

    before = parsed(file.read_text(encoding="utf-8"))
    assert {name: len(rows) for name, rows in shown(page).items()} == {"few": 3, "module-size": 30, "licence": 0}
    assert [each.get("open") for each in page.iter("details")] == [each.get("open") for each in before.iter("details")]


def test_a_link_to_a_folded_guardrail_opens_it(file: Path) -> None:
    page, _ = opened(file, "#guardrail-licence")

    [card] = having(section(page, "passed"), kind="card")
    assert [each.get("open") for each in card.iter("details")] == [""]


@pytest.mark.parametrize("fragment", ["#nowhere", "#%E0%A4%A", "#&&="])
def test_an_address_that_leads_nowhere_hides_nothing(file: Path, fragment: str) -> None:
    page, console = opened(file, fragment)

    assert console == []
    assert list(shown(page)) == ["few", "module-size", "licence"]


@pytest.mark.parametrize("width", [320, 768])
def test_no_page_is_wider_than_its_window(width: int, tmp_path: Path) -> None:
    """Measured in a frame, since a browser's window has a least width; everything is unfolded for it."""
    steps = [{**each, "path": f"{'deep/' * 20}{'a' * 90}.py"} for each in CIRCLE]
    long = Finding(
        key="a",
        message="x" * 400,
        at=Location(f"{'b' * 200}.py", 3),
        hint="y" * 300,
        data={"cycle": steps, "output": "z" * 500},
    )
    wide = guardrail(
        "a" * 80, title="w" * 120, why="v" * 120, owner=f"@{'u' * 80}", tags=("t" * 80, "s"), refs=("r" * 99,)
    )
    of = compared()
    page = render(structs.replace(of, verdicts=(*of.verdicts, verdict(wide, SOME, long))))
    page = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page).replace("<details", "<details open")
    measure = (
        "<style>.card, .row { content-visibility: visible !important }</style>"
        "<script>addEventListener('load', () => parent.postMessage(document.documentElement.scrollWidth - document.documentElement.clientWidth, '*'))</script>"
    )
    (tmp_path / "inner.html").write_text(page.replace("</head>", f"{measure}</head>"), encoding="utf-8")
    outer = tmp_path / "outer.html"
    outer.write_text(
        "<!doctype html><title>-</title><script>addEventListener('message', (e) => { document.title = e.data })</script>"
        f'<iframe src="inner.html" width="{width}" height="600" frameborder="0"></iframe>',
        encoding="utf-8",
    )

    found, _ = opened(outer)

    assert [said(each) for each in found.iter("title")] == ["0"]


@pytest.mark.parametrize(
    ("does", "becomes"),
    [
        ("press(document.body, '/'); document.activeElement.id", "query"),
        ("query.focus(); press(query, '/') + document.activeElement.id", "truequery"),
        ("press(document.body, '/', {ctrlKey: true}) + document.activeElement.tagName", "trueBODY"),
        ("query.value = 'm2 odd'; query.dispatchEvent(new Event('input')); location.hash", "#q=m2+odd"),
        ("chip('high').click(); chip('size').click(); location.hash", "#severity=high&tag=size"),
        ("chip('high').click(); chip('high').click(); location.hash", ""),
        (
            "chip('@a b').click(); chip('high').click(); clear.click(); location.hash + document.activeElement.id",
            "query",
        ),
        ("dispatchEvent(new Event('beforeprint')); document.querySelectorAll('main details:not([open])').length", "0"),
        (
            (
                "dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint')); "
                "document.querySelectorAll('main details:not([open])').length"
            ),
            "2",
        ),
    ],
)
def test_keys_and_clicks_do_what_they_say(file: Path, does: str, becomes: str) -> None:
    """What a person would do, done by a script for which the page's policy is taken out."""
    acts = (
        "const query = document.getElementById('query'), clear = document.getElementById('clear');"
        "const chip = (value) => [...document.querySelectorAll('button')].find((each) => each.value === value);"
        "const press = (on, key, more) =>"
        " on.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, ...more}));"
    )
    page = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", file.read_text(encoding="utf-8"))
    head, _, last = does.rpartition("; ")
    script = f"<script>{{ {acts} {head}; document.title = {last} }}</script>"
    file.write_text(page.replace("</body>", f"{script}</body>"), encoding="utf-8")

    found, console = opened(file)

    assert ([said(each) for each in found.iter("title")], console) == ([becomes], [])
