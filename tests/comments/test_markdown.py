"""In Markdown a waiver stands in `<!-- -->`, and examples in code are none."""

import pytest

from tests.comments.waivers import TERMS, covers, faults, waiver

NOTE = f"<!-- {waiver()} -->"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (f"{NOTE}\n# Title\n", [(1, 2)]),
        (f"Text. {NOTE}\n", [(1, 1)]),
        (f"<!--\n{waiver()}\n-->\n\nText.\n", [(2, 5)]),
        (f"<!-- a --> {NOTE} b {NOTE}\n", [(1, 1), (1, 1)]),
        (f"- item\n\n    {NOTE}\n    more\n", [(3, 4)]),
        (f"1. item\n   {NOTE}\n", [(2, 2)]),
        (f"Text that goes on\n    {NOTE}\n", [(2, 2)]),
        (f"```\n# a\n```\n{NOTE}\nText\n", [(4, 5)]),
        (f"~~~~ python\n~~~\n~~~~\n{NOTE}\nText\n", [(4, 5)]),
        (f"``` not `a` fence\n{NOTE}\n", [(2, 2)]),
        (f"A lone ` tick {NOTE}\n", [(1, 1)]),
        (f"``a` tick`` {NOTE}\n", [(1, 1)]),
        (f"\\n<!-- {waiver()}", [(1, 1)]),
        (f"> {NOTE}\n", [(1, 1)]),
        (f"# {waiver()}\n// {waiver()}\n", []),
    ],
)
def test_a_comment_is_found_outside_code(source: str, lines: list[tuple[int, int]]) -> None:
    assert covers(source, "a.md") == lines


@pytest.mark.parametrize(
    "source",
    [
        f"```html\n{NOTE}\n```\n",
        f"```python\n# {waiver()}\n```\n",
        f"~~~\n{NOTE}\n```\n{NOTE}\n~~~\n",
        f"````\n```\n{NOTE}\n````\n",
        f"- item\n  ```\n  {NOTE}\n  ```\n",
        f"> ```\n> {NOTE}\n> ```\n",
        f"Text.\n\n    {NOTE}\n",
        f"Text.\n\n\t{NOTE}\n\n    {NOTE}\n",
        f"- item\n\nText.\n\n    {NOTE}\n",
        f"Write `{NOTE}` there.\n",
        f"Write `` `{NOTE} `` there.\n",
        f"```\n{NOTE}\n",
    ],
)
def test_an_example_is_no_waiver(source: str) -> None:
    assert covers(source, "a.md") == []


def test_a_comment_that_lacks_its_terms_is_a_fault() -> None:
    assert faults("Text.\n\n<!-- selfcheck: ignore[a] -->\n", "docs/a.md") == [
        (3, "a waiver has no `until=YYYY-MM-DD`")
    ]


def test_a_dash_does_for_the_two_that_xml_forbids_in_a_comment() -> None:
    source = f"<!-- selfcheck: ignore[a] {TERMS.replace('--', chr(0x2014))} -->\n<a/>\n"

    assert covers(source, "a.xml") == [(1, 2)]
