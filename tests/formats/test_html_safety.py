"""A page of the `html` format holds nothing foreign, needs nothing else, and can be read by anybody."""

import base64
import hashlib
import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec import structs

from selfcheck.check import Evidence, Finding, Location, Unread
from selfcheck.formats import html
from selfcheck.formats.html import render
from selfcheck.guardrail import Guardrail, Place, Severity
from selfcheck.model import Base, Outcome, Report, Ruling, Status, Verdict
from tests.formats.generated import reports
from tests.formats.pages import acceptance, having, parsed, places, read, said, shape
from tests.formats.reports import SOME, compared, everything, guardrail, report, skip, verdict

ANY_SIZE = settings(deadline=None, max_examples=25)
PACKAGE = Path(html.__file__).parent
HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onfocus='alert(1)",
    "</title></details></section></main><h1>Passed</h1>",
    "<!--",
    "]]>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; &#0;",
    "javascript:alert(1)",
]


# Nothing foreign.


def hostile(text: str) -> Report:
    """A report with this text wherever one may stand."""
    promise = Guardrail(
        id="hostile",
        title=text,
        why=text,
        severity=Severity.HIGH,
        check={"use": text},
        refs=(text,),
        owner=text,
        tags=(text,),
        place=Place(text, 1),
    )
    step = {"importer": text, "imported": text, "path": text, "line": 1}
    found = Finding(
        key=text,
        message=text,
        at=Location(text, 1, 1),
        hint=text,
        data={"cycle": [step], "output": text},
    )
    by = acceptance(match=text, reason=text, owner=text)
    by = structs.replace(by, at=Location(text, 3))
    judged = Verdict(
        guardrail=promise,
        outcome=Outcome.FAIL,
        enforce=verdict(guardrail("a"), SOME).enforce,
        reason=text,
        findings=(Ruling(found, Status.NEW, "a", growth=text), Ruling(found, Status.WAIVED, "b", by)),
        evidence=(Evidence(text, 1, 1),),
        unread=(Ruling(Unread(text, text), Status.NEW, "c"),),
        fixed=(Ruling(found, Status.FIXED, "d"),),
        acceptances=(structs.replace(by, match=f"{text} "),),
    )
    other = structs.replace(
        skip(guardrail("other", Severity.LOW, owner="@a", tags=("a",)), text), outcome=Outcome.ERROR
    )
    of = report(judged, other, verdict(guardrail("kept"), Evidence(text, 2, 1)))
    run = structs.replace(of.run, revision=text, base=Base(text, (text,)), folder=text, rulebook=text)
    return structs.replace(of, run=run, source=lambda _path: f"import {text}\n".encode("utf-8", "replace"))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_repository_becomes_markup(text: str) -> None:
    page = read(hostile(text))

    assert shape(page) == shape(read(hostile("harmless!")))
    assert text in "".join(page.itertext())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", r"a\x00b"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ud800", r"\ud800"),
        ("\ufdd0\uffff\U0010fffe", r"\ufdd0\uffff\U0010fffe"),
        ("\x85\u2028\u2066", r"\x85\u2028\u2066"),
    ],
)
def test_text_that_would_hide_reorder_or_break_is_shown_escaped(text: str, shown: str) -> None:
    page = render(hostile(text))

    assert shape(parsed(page)) == shape(read(hostile("harmless!")))
    assert shown in page
    assert not set(text) & set(page) - set("[31m.gnpexab")


def test_a_path_stays_on_one_line() -> None:
    found = Finding(key="a", message="is odd", at=Location("a\nb\rc\td.py", 1))

    assert places(read(report(verdict(guardrail("a"), SOME, found)))) == [r"a\nb\rc\td.py:1"]


@ANY_SIZE
@given(reports())
def test_every_report_is_sound_html_of_known_elements(generated: Report) -> None:
    known = {str(each.tag) for of in (everything(), compared()) for each in read(of).iter()} | {"pre", "wbr", "ol"}

    page = read(generated)

    assert {str(each.tag) for each in page.iter()} <= known
    assert [each.tag for each in page.iter() for name in each.attrib if name.startswith("on") or name == "style"] == []


@ANY_SIZE
@given(reports())
def test_every_guardrail_of_every_report_stands_in_the_page(generated: Report) -> None:
    page = read(generated)

    told = {each.get("data-id") for each in having(page, kind="card")}
    assert told == {each.guardrail.id for each in generated.verdicts}


# It needs nothing else.


@pytest.mark.parametrize("of", [everything(), compared()], ids=["everything", "compared"])
def test_the_page_loads_nothing(of: Report) -> None:
    page = read(of)

    leads = [each.get(name, "") for each in page.iter() for name in ("src", "href", "action", "data", "srcset")]
    css, js = ((PACKAGE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    assert {lead for lead in leads if lead and not lead.startswith("#")} == {"data:,"}
    assert re.findall(r"url\(|@import|@font-face|https?:", css) == []
    assert (
        re.findall(r"https?:|\bimport\b|fetch|XMLHttp|WebSocket|innerHTML|eval|document\.write|cookie|Storage", js)
        == []
    )


def test_the_policy_allows_the_one_style_and_the_one_script_of_the_page() -> None:
    page = read(everything())

    [policy] = having(page, **{"http-equiv": "Content-Security-Policy"})
    hashes = {
        tag: base64.b64encode(hashlib.sha256((each.text or "").encode()).digest()).decode()
        for tag in ("style", "script")
        for each in page.iter(tag)
    }
    assert policy.get("content") == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def test_the_policy_stands_before_what_it_rules() -> None:
    head = list(next(read(report()).iter("head")))

    order = [each.get("http-equiv") or each.tag for each in head]
    assert order.index("Content-Security-Policy") < order.index("style")


# Anybody can read it.


@pytest.mark.parametrize("of", [report(), everything(), compared()], ids=["nothing", "everything", "compared"])
def test_headings_skip_no_level_and_ids_are_unique(of: Report) -> None:
    page = read(of)

    levels = [int(str(each.tag)[1]) for each in page.iter() if re.fullmatch("h[1-6]", str(each.tag))]
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert len(ids) == len(set(ids))


def test_every_landmark_and_control_has_a_name() -> None:
    page = read(compared())

    ids = {each.get("id") for each in page.iter()}
    named = [each for tag in ("nav", "section", "form") for each in page.iter(tag)]
    assert page.get("lang") == "en"
    assert all(each.get("aria-label") or each.get("aria-labelledby") in ids for each in named)
    assert [each.get("for") for each in page.iter("label")] == ["query"]
    assert all(said(each) for each in page.iter("button"))
    assert [len(list(page.iter(tag))) for tag in ("header", "main", "footer")] == [1, 1, 1]


def test_without_scripts_nothing_is_hidden_but_the_search() -> None:
    hidden = [each.get("id") for each in read(compared()).iter() if each.get("hidden") is not None]

    assert hidden == ["filter", "clear", "nothing"]


def test_what_can_be_filtered_by_is_counted() -> None:
    page = read(compared())

    assert [(each.get("data-field"), said(each)) for each in having(page, type="button") if each.get("data-field")] == [
        *(("severity", "critical 1"), ("severity", "high 2"), ("outcome", "pass 1"), ("outcome", "fail 2")),
        *(("status", "new 3"), ("status", "existing 2"), ("status", "baselined 1")),
        *(("status", "waived 1"), ("status", "fixed 2")),
    ]


def test_owners_and_tags_can_be_filtered_by() -> None:
    first = guardrail("a", owner="@b", tags=("code", "api"))
    second = guardrail("b", owner="@a", tags=("code",))

    page = read(report(verdict(first, SOME), verdict(second, SOME)))

    assert [said(each) for each in having(page, **{"data-field": "owner"})] == ["@a 1", "@b 1"]
    assert [said(each) for each in having(page, **{"data-field": "tag"})] == ["api 1", "code 2"]
    assert [(each.get("data-owner"), each.get("data-tags")) for each in having(page, kind="card")] == [
        ("@b", "code\napi"),
        ("@a", "code"),
    ]


def luminance(color: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each scheme, by their names in the style sheet."""
    blocks = re.findall(r":root \{(.*?)\}", (PACKAGE / "page.css").read_text(encoding="utf-8"), re.DOTALL)
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), found, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    """WCAG 2.1 AA: 4.5 for text, 3 for the edges of controls."""
    colors = palettes()[scheme]

    texts = [
        (text, "--", back)
        for text in ("ink", "soft", "link", "fail", "error", "warn", "pass")
        for back in ("ground", "sheet", "well")
    ]
    texts += [("on-tone", "--", back) for back in ("fail", "error", "pass", "link")]
    faint = {(text, back): round(contrast(colors[text], colors[back]), 2) for text, _, back in texts}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}
    if "edge" in colors:
        assert contrast(colors["edge"], colors["sheet"]) >= 3


def test_times_are_utc_whatever_the_year() -> None:
    run = structs.replace(report().run, started=datetime(1970, 1, 2, 3, 4, tzinfo=UTC))

    page = read(structs.replace(report(), run=run))

    assert [each.get("datetime") for each in page.iter("time")] == ["1970-01-02T03:04:00Z"]
    assert date(1970, 1, 2).isoformat() in said(page)
