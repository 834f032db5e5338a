"""The map as one page that needs nothing else and runs nothing."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from selfcheck_observability.map.figure import mermaid
from selfcheck_observability.map.model import Map, Step

STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:80rem}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "pre{overflow:auto;background:#f6f8fa;padding:1rem}@media(prefers-color-scheme:dark){body{background:#16181b;color:#e6e6e6}"
    "td,th{border-color:#444}pre{background:#222}}"
)
Row = Sequence[str]


def page(whole: Map) -> str:
    """Goals, dependencies, truths, the way on, and every module with its numbers."""
    body = "".join(_tables(whole))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Intelligence map</title>'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{STYLE}</style></head>\n<body><h1>Intelligence map</h1><p>{_text(whole.purpose or '')}</p>\n{body}"
        f"<h2>As Mermaid</h2><pre>{_text(mermaid(whole))}</pre></body></html>\n"
    )


def _tables(whole: Map) -> Iterator[str]:
    yield _table(
        "Business goals",
        ("goal", "modules", "critical paths", "objectives", "needs"),
        (
            (
                name,
                _list(each.modules),
                _list(each.critical_paths),
                _list(each.slo_targets),
                _list(each.resilience_requirements),
            )
            for name, each in whole.business_goals.items()
        ),
    )
    yield _table(
        "Resilience dependencies",
        ("dependency", "modules", "fails by", "mitigations", "guardrails"),
        (
            (
                name,
                _list(each.modules_dependent),
                _list(each.failure_modes),
                _list(each.mitigations),
                _list(each.guardrails),
            )
            for name, each in whole.resilience_dependencies.items()
        ),
    )
    yield _table(
        "Architectural truths",
        ("truth", "what", "enforced by", "why"),
        (
            (name, each.description, _list(each.validations), each.rationale or "")
            for name, each in whole.architectural_truths.items()
        ),
    )
    way = whole.evolution_path
    stages = (("immediate", way.immediate), ("short term", way.short_term), ("long term", way.long_term))
    yield _table(
        "The way on", ("when", "what", "state", "weeks", "see"), (row for each in stages for row in _steps(*each))
    )
    yield _table(
        "Modules",
        ("module", "what for", "goals", "files", "lines", "imports", "imported by", "changes", "owners", "routes"),
        _modules(whole),
    )


def _modules(whole: Map) -> Iterator[Row]:
    measured = whole.measured.modules if whole.measured else {}
    said = {path.rstrip("/"): each for path, each in whole.modules.items()}
    for path in sorted(measured.keys() | said.keys()):
        one, count = said.get(path), measured.get(path)
        numbers = (
            (
                f"{count.files:,}",
                f"{count.lines:,}",
                str(len(count.imports)),
                str(count.imported_by),
                str(count.commits),
            )
            if count
            else ("",) * 5
        )
        more = (_list(count.owners), _list(count.routes)) if count else ("", "")
        yield (path, one.purpose if one else "", _list(one.business_goals) if one else "", *numbers, *more)


def _steps(when: str, steps: Iterable[Step]) -> Iterator[Row]:
    return ((when, each.what, each.state.value, each.weeks or "", _list(each.refs)) for each in steps)


def _table(title: str, columns: Row, rows: Iterable[Row]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>\n" for row in rows)
    head = "".join(f"<th>{_text(each)}</th>" for each in columns)
    return (
        f"<h2>{_text(title)}</h2>\n<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>\n"
        if body
        else ""
    )


def _list(several: Iterable[str]) -> str:
    return ", ".join(several)


def _text(text: str) -> str:
    """A text that is nothing but a text."""
    return escape("".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text))
