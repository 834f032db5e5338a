"""The modules of a tach configuration one by one, and which of them may depend on which."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from selfcheck.foreign.tach import ROOT, Configuration, Dependency, Layer, Module, is_expression, is_glob, paths
from selfcheck.foreign.territory import Territory
from selfcheck.subjects.imports import Graph, Kind
from selfcheck.subjects.imports.expressions import is_within, pattern


class Unit(Struct, frozen=True):
    """A path of the configuration with what holds for it, its line, and the names that it stands for."""

    path: str
    line: int
    module: Module
    names: tuple[str, ...]


class Units:
    """All of them; without a graph a path that stands for several is left as it is."""

    def __init__(self, configuration: Configuration, graph: Graph | None, kinds: Sequence[Kind]) -> None:
        self.configuration = configuration
        self.layers = [each if isinstance(each, Layer) else Layer(each) for each in configuration.project.layers]
        self._graph = graph
        self._kinds = kinds

    @cached_property
    def all(self) -> list[Unit]:
        """Every path, in the order of the file; the modules that a concrete path configures belong to no wildcard."""
        rows = list(zip(self.configuration.modules, self.configuration.project.modules, strict=True))
        concrete = {path for _, module in rows for path in paths(module) if not is_glob(path)}
        return [
            Unit(path, line, module, tuple(self._names(path, concrete)))
            for line, module in rows
            for path in paths(module)
            if path != ROOT
        ]

    @cached_property
    def territory(self) -> Territory | None:
        """Who owns which module, where the modules are known."""
        if self._graph is None:
            return None
        return Territory((name for unit in self.all for name in unit.names), self._graph, self._kinds)

    def of(self, name: str) -> Unit | None:
        """The unit that a name is one of."""
        return next((unit for unit in self.all if name in unit.names), None)

    def allows(self, unit: Unit, name: str) -> bool:
        """Whether a unit may import what belongs to a name; the root is called ``."""
        project = self.configuration.project
        declared = unit.module.depends_on or ()
        if not name:
            return project.root_module == "ignore" or any(_path(each) == ROOT for each in declared)
        other = self.of(name)
        layered = None if other is None else self._by_layers(unit.module, other.module)
        if layered is False or any(is_meant(each, name) for each in unit.module.cannot_depend_on):
            return False
        if (layered and not project.layers_explicit_depends_on) or (other is not None and other.module.utility):
            return True
        return any(is_meant(each, name) for each in declared)

    def free(self, unit: Unit) -> list[str]:
        """The other paths that a unit may import without declaring it."""
        others = (other for other in self.all if other.path != unit.path)
        declared = {_path(each) for each in unit.module.depends_on or ()}
        return [
            each.path for each in others if each.path not in declared and self.allows(unit, (*each.names, each.path)[0])
        ]

    def exists(self, unit: Unit) -> bool:
        """Whether a unit stands for any module, as far as that is known."""
        return any(map(self.knows, unit.names)) or self._graph is None

    def knows(self, expression: str) -> bool:
        """Whether a path stands for a module, or for a package with modules in it."""
        names = () if self._graph is None else self._graph.packages
        return is_expression(expression) and any(map(pattern(expression).fullmatch, names))

    def inner(self, unit: Unit) -> list[str]:
        """The names of other units within one."""
        own = unit.names or (unit.path,)
        every = {name for other in self.all for name in (other.names or (other.path,))}
        return sorted(name for name in every if any(name != each and is_within(name, each) for each in own))

    def _names(self, path: str, concrete: set[str]) -> Iterator[str]:
        if not is_glob(path):
            yield path
        elif self._graph is not None and is_expression(path):
            found = [name for name in self._graph.packages if pattern(path).fullmatch(name)]
            for name in sorted(found):
                if name not in concrete and not any(name != each and is_within(name, each) for each in found):
                    yield name

    def _by_layers(self, module: Module, other: Module) -> bool | None:
        """Whether the layers allow it, forbid it, or leave it to what is declared."""
        if module.layer is None or other.layer is None:
            return None
        names = [layer.name for layer in self.layers]
        high, low = names.index(module.layer), names.index(other.layer)
        if high == low:
            return None
        return high < low and not any(layer.closed for layer in self.layers[high + 1 : low])


def is_meant(dependency: str | Dependency, name: str) -> bool:
    """Whether a declared path stands for a name."""
    path = _path(dependency)
    return pattern(path).fullmatch(name) is not None if is_glob(path) and is_expression(path) else path == name


def _path(dependency: str | Dependency) -> str:
    return dependency if isinstance(dependency, str) else dependency.path
