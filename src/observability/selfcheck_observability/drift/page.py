"""The report of a night as one HTML page that needs nothing else: a chart, then the tables of the Markdown report."""

from html import escape

from selfcheck_observability.charts import chart
from selfcheck_observability.drift.markdown import UNSAFE, all_tables, facts, headline
from selfcheck_observability.drift.night import Class, Night

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1f2328;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}td,th{border:1px solid #d0d7de;padding:.3rem .6rem;
text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f6f8fa}code{font:13px ui-monospace,monospace}
svg{max-width:100%}.bar{display:flex;height:1rem;margin:1rem 0}.bar span{display:block;height:100%}
"""
COLOURS = {
    Class.NEW: "#cf222e",
    Class.REGRESSED: "#8250df",
    Class.LAPSED: "#bc4c00",
    Class.RECURRING: "#d4a72c",
    Class.UNJUDGED: "#57606a",
    Class.FIXED: "#1a7f37",
    Class.ACCEPTED: "#8c959f",
    Class.RETIRED: "#d0d7de",
}


def page(night: Night) -> str:
    """The page. No script runs in it, and nothing is asked of the network."""
    head = escape(headline(night))
    told = "".join(f"<p>{_text(each)}</p>" for each in facts(night))
    tables = "".join(
        f"<h2>{escape(table.title)}</h2><table><tr>{''.join(f'<th>{escape(each)}</th>' for each in table.columns)}</tr>"
        + "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in table.rows)
        + "</table>"
        for table in all_tables(night)
        if table.rows
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{head}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><h1>{head}</h1>{told}{_bar(night)}"
        f"{chart('Findings that count', [float(each) for each in night.trend])}{tables}</body></html>\n"
    )


def _bar(night: Night) -> str:
    """How the findings part into classes."""
    counts = {kind: len(night.of(kind)) for kind in Class}
    total = sum(counts.values())
    if not total:
        return ""
    pieces = "".join(
        f'<span style="width:{100 * count / total:.2f}%;background:{COLOURS[kind]}" title="{count} {kind}"></span>'
        for kind, count in counts.items()
        if count
    )
    return f'<div class="bar">{pieces}</div>'


def _text(cell: str) -> str:
    """A cell of the Markdown report without the marks of code."""
    return escape(UNSAFE.sub("�", cell).replace("`", "").replace("\\|", "|"))
