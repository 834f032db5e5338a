"""A repository with a file of rules, a mirror, and what is expected of both once they are in step."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfcheck.actions.sync.engine import apply
from selfcheck.actions.sync.opening import writer
from selfcheck.actions.sync.request import Outcome, Request
from selfcheck.checks.instructions.parity import InstructionsParity
from selfcheck.subjects.instructions.layout import Field
from selfcheck.subjects.instructions.plan import Strategy
from tests.instructions.databases import VARIABLE, Database, rules_file

FIELDS = (Field(source="text", search=True), Field(source="quadrant"))


def parity(**options: Any) -> InstructionsParity:
    return InstructionsParity(**{"file": "rules.json", "database": VARIABLE, "fields": FIELDS, **options})


def request(root: Path, database: Database, /, **options: Any) -> Request:
    ours = {name: options.pop(name) for name in ("allow_mass_orphan", "wait", "strategy") if name in options}
    return Request(guardrail="rules", check=parity(**options), root=root, environ=database.environ, **ours)


def synced(root: Path, database: Database, /, **options: Any) -> Outcome:
    asked = request(root, database, **options)
    return apply(asked, writer(asked))


def in_step(root: Path, database: Database, rules: Mapping[str, Mapping[str, Any]], /, **options: Any) -> None:
    """Both sides hold these rules and were synced."""
    rules_file(root, rules)
    synced(root, database, **options)


def shape(database: Database) -> dict[str, tuple[Any, Any, bool]]:
    """The rows by id: text, quadrant, active."""
    return {each["id"]: (each.get("text"), each.get("quadrant"), bool(each["active"])) for each in database.rows()}


def backed_up(root: Path) -> list[dict[str, Any]]:
    """Every rule in every backup."""
    files = sorted((root / ".claude/backups").glob("orphaned-rules-*.json"))
    return [rule for file in files for rule in json.loads(file.read_text(encoding="utf-8"))["rules"]]


__all__ = ["Strategy", "backed_up", "in_step", "parity", "request", "shape", "synced"]
