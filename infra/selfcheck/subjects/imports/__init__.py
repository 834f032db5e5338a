"""Which module imports which, read from paths and sources; nothing is installed, imported or run."""

from selfcheck.subjects.imports.cycles import components, shortest_cycle
from selfcheck.subjects.imports.graph import Edges, Graph, Import, Unresolved
from selfcheck.subjects.imports.kinds import BY_DEFAULT, Kind
from selfcheck.subjects.imports.modules import Module, Modules
from selfcheck.subjects.imports.read import read
from selfcheck.subjects.imports.statement import Statement
from selfcheck.subjects.imports.statements import CALLED, STATEMENTS

__all__ = [
    "BY_DEFAULT",
    "CALLED",
    "STATEMENTS",
    "Edges",
    "Graph",
    "Import",
    "Kind",
    "Module",
    "Modules",
    "Statement",
    "Unresolved",
    "components",
    "read",
    "shortest_cycle",
]
