"""A sync of 10,000 rules with SQLite: plan, first apply, an apply with nothing to do, and the check."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.clock import SELFCHECK, Candidate, compete, table

RULES = 10_000
RULEBOOK = """\
version: 1
guardrails:
  - id: mirrored
    title: The rules are mirrored
    why: Pages show them.
    severity: high
    check: {use: instructions-parity, file: rules.json, fields: [{source: text}, {source: quadrant}]}
"""
START, PLAN, APPLY = "selfcheck --help", "sync plan", "sync apply, 10,000 inserted"
AGAIN, CHECK = "sync apply, in step", "run, in step"


def tables(folder: Path) -> Iterator[str]:
    """One table."""
    empty, full = folder / "empty", folder / "full"
    for each in (empty, full):
        each.mkdir()
        (each / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
        rules = [
            {"id": f"inst_{number:05}", "text": f"rule {number} " * 9, "quadrant": "SYSTEM"} for number in range(RULES)
        ]
        (each / "rules.json").write_text(json.dumps({"instructions": rules}, indent=1), encoding="utf-8")
    mirror = empty / ".selfcheck/instructions.sqlite"
    lose = partial(mirror.unlink, missing_ok=True)
    candidates = {
        START: Candidate([SELFCHECK, "--help"], empty),
        PLAN: Candidate([SELFCHECK, "sync", "plan"], empty, lose),
        APPLY: Candidate([SELFCHECK, "sync", "apply"], empty, lose),
        AGAIN: Candidate([SELFCHECK, "sync", "apply"], full),
        CHECK: Candidate([SELFCHECK, "run"], full),
    }
    yield table(f"{RULES:,} rules, whole processes", compete(candidates, 5), START, {PLAN: 1, APPLY: 5})
