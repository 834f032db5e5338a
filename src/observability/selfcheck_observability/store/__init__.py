"""Runs, verdicts, findings and evidence, kept in SQLite or PostgreSQL. Importing this costs SQLAlchemy."""

from selfcheck_observability.store.database import Database, open_database
from selfcheck_observability.store.journal import Begun, Journal

__all__ = ["Begun", "Database", "Journal", "open_database"]
