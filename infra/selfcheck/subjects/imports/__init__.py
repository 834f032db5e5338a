"""Which module imports which, read from paths and sources; nothing is installed, imported or run."""

from selfcheck.subjects.imports.graph import Graph, Import, components, shortest_cycle
from selfcheck.subjects.imports.modules import Module, Modules
from selfcheck.subjects.imports.read import read

__all__ = ["Graph", "Import", "Module", "Modules", "components", "read", "shortest_cycle"]
