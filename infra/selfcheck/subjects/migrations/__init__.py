"""Migrations of schemas: what a repository holds of them, read from its files alone; nothing of it is run."""

from selfcheck.subjects.migrations.chains import Chain, Node
from selfcheck.subjects.migrations.graph import Graph, Revision
from selfcheck.subjects.migrations.ledgers import Ledger, Numbered
from selfcheck.subjects.migrations.operations import Does, Operation, Trait
from selfcheck.subjects.migrations.places import Place
from selfcheck.subjects.migrations.read import EVERYWHERE, Environment, Migrations, files, read
from selfcheck.subjects.migrations.script import SOURCES, Imported, Script, Way

__all__ = [
    "EVERYWHERE",
    "SOURCES",
    "Chain",
    "Does",
    "Environment",
    "Graph",
    "Imported",
    "Ledger",
    "Migrations",
    "Node",
    "Numbered",
    "Operation",
    "Place",
    "Revision",
    "Script",
    "Trait",
    "Way",
    "files",
    "read",
]
