"""Three thousand revisions read without running any, beside Python's own parser on the same files."""

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.clock import SELFCHECK, Candidate, compete, table
from bench.history import file, imported

REVISIONS = 3_000
GOAL = 3.0
HEAD = "import sqlalchemy as sa\nfrom alembic import op\n\n"
RULEBOOK = """\
version: 1
guardrails:
  - {id: one-history, title: One history, why: Heads., severity: high, check: {use: migrations-graph}}
  - {id: history-stays, title: It stays, why: Databases., severity: high, check: {use: migrations-immutable}}
  - {id: safe-to-run, title: Safe, why: Locks., severity: high, check: {use: migrations-safe}}
"""
PARSED = "ast.parse of every revision"
COLD, WARM, BASE = "selfcheck run, nothing remembered", "selfcheck run, again", "selfcheck run --base main, again"


def tables(folder: Path) -> Iterator[str]:
    """One table: cold, warm, and compared with a base that has all revisions but one."""
    repository, cache = folder / "repository", folder / "cache"
    _generate(repository)
    parse = "import ast, pathlib; [ast.parse(each.read_bytes()) for each in pathlib.Path('db/versions').iterdir()]"
    warm = [SELFCHECK, "run", "--cache-dir", str(cache)]
    candidates = {
        PARSED: Candidate([sys.executable, "-c", parse], repository),
        COLD: Candidate([SELFCHECK, "run", "--no-cache"], repository),
        WARM: Candidate(warm, repository),
        BASE: Candidate([*warm, "--base", "main"], repository),
    }
    title = f"{REVISIONS:,} revisions of alembic, whole processes"
    yield table(title, compete(candidates), PARSED, {COLD: GOAL, WARM: GOAL, BASE: GOAL})


def _generate(folder: Path) -> None:
    """A line of revisions of some 60 lines each, as alembic writes them; the last is not committed."""
    stream = [b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx"]
    stream += [file(f"db/versions/{number:04}_change.py", _revision(number)) for number in range(REVISIONS - 1)]
    stream += [file("db/env.py", "from alembic import context\n"), file("guardrails.yaml", RULEBOOK)]
    imported(folder, stream)
    last = folder / f"db/versions/{REVISIONS - 1:04}_change.py"
    last.write_text(_revision(REVISIONS - 1), encoding="utf-8")


def _revision(number: int) -> str:
    columns = "".join(
        f'        sa.Column("c{line}", sa.String(length={line + 9}), nullable=True),\n' for line in range(30)
    )
    down = repr(f"{number - 1:012x}") if number else "None"
    return (
        f'"""Change {number}"""\n\n{HEAD}revision = "{number:012x}"\ndown_revision = {down}\nbranch_labels = None\n'
        f'depends_on = None\n\n\ndef upgrade() -> None:\n    op.create_table(\n        "t{number}",\n'
        f'        sa.Column("id", sa.Integer(), nullable=False),\n{columns}        sa.PrimaryKeyConstraint("id"),\n    )\n'
        f'    op.create_index(op.f("ix_t{number}"), "t{number}", ["c1"], unique=False)\n'
        f"    op.execute(\"UPDATE t0 SET c1 = 'x' WHERE id = {number}\")\n\n\n"
        f'def downgrade() -> None:\n    op.drop_table("t{number}")\n'
    )
