"""The tables, as the newest migration leaves them; a test holds them to the migrations."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("kind", Text, nullable=False),
    Column("repository", Text, nullable=False),
    Column("branch", Text, nullable=False),
    Column("revision", Text),
    Column("folder", Text, nullable=False),
    Column("base", Text),
    Column("rulebook", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("finished", Text),
    Column("seconds", Float),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("exit", Integer),
    Column("promised", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("host", Text, nullable=False),
    Column("process", Integer, nullable=False),
    Column("born", Text, nullable=False),
    Column("audit_chain", Text),
    Column("audit_number", Integer),
    Column("audit_head", Text),
    Index(None, "repository", "branch", "id"),
    Index(None, "state"),
    sqlite_autoincrement=True,
)

verdict = Table(
    "verdict",
    metadata,
    Column("run", Integer, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("guardrail", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("gates", Boolean, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("counting", Integer, nullable=False),
    Column("examined", Integer, nullable=False),
    Column("proof", Text),
    Column("seconds", Float, nullable=False),
    Index(None, "guardrail", "outcome"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("run", Integer, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("guardrail", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("what", Text, nullable=False),
    Column("scope", Integer, nullable=False),
    Column("examined", Integer, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    Column("run", Integer, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("guardrail", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("path", Text),
    Column("line", Integer),
    Index(None, "fingerprint"),
)

track = Table(
    "track",
    metadata,
    Column("repository", Text, primary_key=True),
    Column("branch", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("guardrail", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("path", Text),
    Column("line", Integer),
    Column("state", Text, nullable=False),
    Column("first_run", Integer, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("opened_run", Integer, nullable=False),
    Column("opened", Text, nullable=False),
    Column("last_run", Integer, nullable=False),
    Column("changed_run", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("nightly", Integer, nullable=False),
    Column("first_bad", Text),
)
