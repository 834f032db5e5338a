"""The differences that alembic tells of, as plain mappings."""

from __future__ import annotations

from typing import Any


def flat(found: Any) -> Any:
    """The differences of alembic, each as a mapping."""
    for each in found:
        if isinstance(each, list):
            yield from flat(each)
        else:
            yield difference(each)


def difference(said: Any) -> dict[str, Any]:
    """One difference: what it is, of which table, about what."""
    op = str(said[0])
    thing = said[1]
    told: dict[str, Any] = {"op": op, "table": None, "about": None, "was": None, "now": None}
    if op in ("add_column", "remove_column"):
        told.update(table=_name(said[1], said[2]), about=said[3].name)
    elif op.startswith("modify_"):
        told.update(table=_name(said[1], said[2]), about=said[3], was=_said(said[5]), now=_said(said[6]))
    elif op.endswith(("_table", "_table_comment")):
        told.update(table=_name(thing.schema, thing.name))
    elif getattr(thing, "table", None) is not None:
        columns = ", ".join(str(getattr(each, "name", None) or each) for each in _columns(thing))
        told.update(table=_name(thing.table.schema, thing.table.name), about=str(thing.name or f"({columns})"))
    return told


def _columns(thing: Any) -> Any:
    return getattr(thing, "expressions", None) or getattr(thing, "columns", ())


def _name(schema: str | None, table: str) -> str:
    return f"{schema}.{table}" if schema else str(table)


def _said(value: Any) -> str | None:
    if value is None or value is False:
        return None
    argument = getattr(value, "arg", value)
    return str(getattr(argument, "text", argument))[:200]
