"""Headings and links are those that a CommonMark parser finds, over made documents."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from selfcheck.subjects.decisions.headings import headings
from selfcheck.subjects.decisions.lines import Lines
from selfcheck.subjects.decisions.links import links

PARSER = MarkdownIt("commonmark")
BLOCKS = st.sampled_from(
    [
        "# One",
        "## Status ##",
        "### *Deep*",
        "Title\n=====",
        "Under\n---",
        "A text with [a link](a.md) and [another](<b c.md>).",
        "```\n## Status\n[no](no.md)\n```",
        "~~~~ md\n# No\n~~~\n~~~~",
        "<!-- comment -->",
        "<!--\n## No\n-->",
        "- item [x](x.md)\n- other",
        "> quote",
        "`[code](code.md)` and ![picture](p.png)",
        "| a | b |\n| - | - |\n| [t](t.md) | 2 |",
        "#no heading",
        "1. one\n2. two",
        "***",
        'a `` ` `` b [y](y.md "title")',
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(BLOCKS, max_size=8))
def test_headings_and_links_are_those_of_commonmark(blocks: list[str]) -> None:
    text = "\n\n".join(blocks) + "\n"

    tokens = PARSER.parse(text)
    lines = Lines(text)

    expected = [(int(each.tag[1]), each.map[0] + 1) for each in tokens if each.type == "heading_open" and each.map]
    assert [(each.level, each.line) for each in headings(lines)] == expected
    inline = [child for each in tokens for child in each.children or ()]
    targets = [
        str(each.attrGet("href") or each.attrGet("src")) for each in inline if each.type in ("link_open", "image")
    ]
    assert sorted(each.target.replace(" ", "%20") for each in links(lines)) == sorted(targets)
