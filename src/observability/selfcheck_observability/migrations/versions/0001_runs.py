"""Runs with their verdicts, evidence and sightings, and the life of each finding on each branch."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("repository", sa.Text, nullable=False),
        sa.Column("branch", sa.Text, nullable=False),
        sa.Column("revision", sa.Text),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("base", sa.Text),
        sa.Column("rulebook", sa.Text, nullable=False),
        sa.Column("environment", sa.Text, nullable=False),
        sa.Column("started", sa.Text, nullable=False),
        sa.Column("finished", sa.Text),
        sa.Column("seconds", sa.Float),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("exit", sa.Integer),
        sa.Column("promised", sa.Integer, nullable=False),
        sa.Column("passed", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("skipped", sa.Integer, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("process", sa.Integer, nullable=False),
        sa.Column("born", sa.Text, nullable=False),
        sa.Column("audit_chain", sa.Text),
        sa.Column("audit_number", sa.Integer),
        sa.Column("audit_head", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "verdict",
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("guardrail", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("gates", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("counting", sa.Integer, nullable=False),
        sa.Column("examined", sa.Integer, nullable=False),
        sa.Column("proof", sa.Text),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_verdict_run", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "guardrail", name="pk_verdict"),
    )
    op.create_table(
        "evidence",
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("guardrail", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("scope", sa.Integer, nullable=False),
        sa.Column("examined", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_evidence_run", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "guardrail", "number", name="pk_evidence"),
    )
    op.create_table(
        "sighting",
        sa.Column("run", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("guardrail", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("line", sa.Integer),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_sighting_run", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "fingerprint", name="pk_sighting"),
    )
    op.create_table(
        "track",
        sa.Column("repository", sa.Text, nullable=False),
        sa.Column("branch", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("guardrail", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("line", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("first_run", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.Text, nullable=False),
        sa.Column("opened_run", sa.Integer, nullable=False),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("last_run", sa.Integer, nullable=False),
        sa.Column("changed_run", sa.Integer, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("changed", sa.Text, nullable=False),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("nightly", sa.Integer, nullable=False),
        sa.Column("first_bad", sa.Text),
        sa.PrimaryKeyConstraint("repository", "branch", "fingerprint", name="pk_track"),
    )
    op.create_index("ix_run_repository_branch_id", "run", ["repository", "branch", "id"])
    op.create_index("ix_run_state", "run", ["state"])
    op.create_index("ix_verdict_guardrail_outcome", "verdict", ["guardrail", "outcome"])
    op.create_index("ix_sighting_fingerprint", "sighting", ["fingerprint"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("track")
    op.drop_table("sighting")
    op.drop_table("evidence")
    op.drop_table("verdict")
    op.drop_table("run")
