"""Decisions by guardrails, with the last verdict on each: as Markdown, as a page, as data."""

from collections.abc import Mapping, Sequence
from html import escape

import msgspec
from msgspec import Struct

MARKS = {"pass": "\N{CHECK MARK}", "fail": "\N{MULTIPLICATION SIGN}", "error": "!", "skip": "\N{EN DASH}"}
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    ".pass{color:#176f2c}.fail,.error{color:#b3261e}.bare{background:#fdf0ef}@media(prefers-color-scheme:dark)"
    "{body{background:#16181b;color:#e6e6e6}td,th{border-color:#444}.pass{color:#7bd88f}.fail,.error{color:#ff8a80}.bare{background:#3a2220}}"
)


class Cell(Struct, frozen=True):
    """One guardrail that keeps a decision: which side says so, and what came of it last; None where that is not known."""

    guardrail: str
    named: bool
    refers: bool
    outcome: str | None = None


class Row(Struct, frozen=True):
    """One decision and what keeps it. `in_force` says whether it has to be kept."""

    id: str
    path: str
    title: str
    status: str | None
    in_force: bool
    guardrails: tuple[Cell, ...]
    reason: str | None = None

    @property
    def covered(self) -> bool:
        """Whether something keeps it, or it says why nothing can."""
        return bool(self.guardrails) or bool(self.reason)


class Matrix(Struct, frozen=True):
    """All rows; and the guardrails that refer to no decision."""

    version: int
    rows: tuple[Row, ...]
    unrelated: tuple[str, ...]

    @property
    def covered(self) -> tuple[int, int]:
        """How many decisions in force are kept, and how many are in force."""
        held = [row for row in self.rows if row.in_force]
        return sum(row.covered for row in held), len(held)


def with_outcomes(rows: Sequence[Row], outcomes: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows with what came of each guardrail."""
    return tuple(
        msgspec.structs.replace(
            row,
            guardrails=tuple(
                msgspec.structs.replace(cell, outcome=outcomes.get(cell.guardrail)) for cell in row.guardrails
            ),
        )
        for row in rows
    )


def json(matrix: Matrix) -> str:
    """The matrix as data, with the coverage."""
    kept, held = matrix.covered
    data = {**msgspec.to_builtins(matrix), "coverage": {"kept": kept, "in_force": held}}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def markdown(matrix: Matrix) -> str:
    """A table with one line a decision."""
    lines = ["| decision | status | kept by |", "| --- | --- | --- |"]
    for row in matrix.rows:
        kept = ", ".join(f"`{cell.guardrail}`{_mark(cell)}" for cell in row.guardrails)
        title = f"{row.id}: {_cell(row.title)}"
        lines.append(f"| {title} | {row.status or ''} | {kept or _why(row)} |")
    return "\n".join([*lines, "", f"{coverage(matrix)}."]) + "\n"


def html(matrix: Matrix) -> str:
    """One page that needs nothing else."""
    body = "".join(_row(row) for row in matrix.rows)
    unrelated = ", ".join(f"<code>{escape(each)}</code>" for each in matrix.unrelated) or "none"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Decisions and guardrails</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body><h1>Decisions and guardrails</h1>'
        f"<p>{escape(coverage(matrix))}.</p>\n<table><thead><tr><th>Decision</th><th>Status</th><th>Kept by</th></tr></thead>"
        f"<tbody>\n{body}</tbody></table>\n<p>Guardrails that refer to no decision: {unrelated}.</p></body></html>\n"
    )


def coverage(matrix: Matrix) -> str:
    """One sentence: how many of the decisions in force are kept."""
    kept, held = matrix.covered
    share = f", {100 * kept // held} %" if held else ""
    return f"{kept} of {held} decisions in force are kept or say why not{share}"


def _row(row: Row) -> str:
    cells = ", ".join(
        f'<span class="{escape(cell.outcome or "")}"><code>{escape(cell.guardrail)}</code>{escape(_mark(cell))}</span>'
        for cell in row.guardrails
    )
    bare = ' class="bare"' if row.in_force and not row.covered else ""
    return (
        f"<tr{bare}><td><strong>{escape(row.id)}</strong> {escape(row.title)}</td><td>{escape(row.status or '')}</td>"
        f"<td>{cells or escape(_why(row))}</td></tr>\n"
    )


def _mark(cell: Cell) -> str:
    return f" {MARKS.get(cell.outcome, '?')} {cell.outcome}" if cell.outcome else ""


def _why(row: Row) -> str:
    if row.reason:
        return f"none: {_cell(row.reason)}"
    return "nothing" if row.in_force else ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
