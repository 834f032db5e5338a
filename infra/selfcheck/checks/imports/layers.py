"""Layers of Python modules, of which the lower ones do not know the higher."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Location, Repository, Strictness, Write
from selfcheck.checks.imports.breaches import breach
from selfcheck.checks.imports.contract import ImportContract
from selfcheck.checks.imports.levels import Layer, LayerName, Level, Stack, faults, level, stack
from selfcheck.checks.imports.planting import Planting
from selfcheck.subjects.imports import Edges, Graph
from selfcheck.subjects.imports.chains import Network, across
from selfcheck.subjects.imports.expressions import ModuleExpression, has_wildcard, is_within
from selfcheck.subjects.imports.packages import meant

HINT = "move what is needed into a layer that both may import, or let the higher layer pass it in"
Packages = Mapping[str, Sequence[str]]


class ImportsLayers(ImportContract, kw_only=True):
    """Layers of Python modules import downwards only, directly and through modules that are in no layer.

    `layers` are named from high to low, within each of the `containers` if there are any. A layer is a module and all
    below it.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        **ImportContract.strictness,
        "exhaustive": Strictness.MORE,
        "exhaustive_ignores": Strictness.LESS,
        "closed": Strictness.MORE,
    }
    schema_rules: ClassVar[Mapping[str, Any]] = {
        "allOf": [
            {
                "if": {"properties": {"exhaustive": {"const": True}}, "required": ["exhaustive"]},
                "then": {"properties": {"containers": {"minItems": 1}}, "required": ["containers"]},
            },
            {
                "if": {"properties": {"exhaustive_ignores": {"minItems": 1}}, "required": ["exhaustive_ignores"]},
                "then": {"properties": {"exhaustive": {"const": True}}, "required": ["exhaustive"]},
            },
        ]
    }

    layers: Annotated[tuple[Layer, ...], Meta(min_length=1)]
    containers: tuple[ModuleExpression, ...] = ()
    exhaustive: bool = False
    exhaustive_ignores: tuple[LayerName, ...] = ()
    closed: tuple[LayerName, ...] = ()

    def __post_init__(self) -> None:
        wrong = list(faults(self._levels, self.closed))
        if self.exhaustive and not self.containers:
            wrong.append("`exhaustive` needs `containers`")
        if self.exhaustive_ignores and not self.exhaustive:
            wrong.append("`exhaustive_ignores` needs `exhaustive: true`")
        if wrong:
            raise ValueError("; ".join(wrong))

    def judge(self, graph: Graph, edges: Edges) -> Iterator[Finding]:
        """Each import against the layers, each chain like it, and what is in no layer of an exhaustive container."""
        below, network = graph.packages, Network(edges)
        for each in self._stacks(below).values():
            members = {name: below[name] for name in each.names}
            package_of = {module: name for name, modules in members.items() for module in modules}
            for chain in across(network, members, each.allowed):
                yield breach(chain, each.reason(package_of[chain.imports[0].importer], chain.package), HINT)
        if self.exhaustive:
            yield from self._unlisted(graph, below)

    def scope(self, graph: Graph) -> Iterator[Evidence]:
        """Every container and every layer that is not optional is there, and some of them are apart."""
        stacks = self._stacks(graph.packages)
        for expression in self.containers:
            found = self._containers(expression, graph.packages)
            if not any(layers for each in found for layers in stacks[each].levels):
                yield Evidence(f"layers in {expression}", scope=0, examined=0)
        missing = [name for each in stacks.values() for name in each.missing]
        yield from (Evidence(f"modules at {name}", scope=0, examined=0) for name in missing)
        if self.containers:
            yield Evidence("containers", scope=len(stacks), examined=len(stacks))
        if not missing:
            pairs = sum(each.pairs for each in stacks.values())
            yield Evidence("pairs of layers", scope=pairs, examined=pairs)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In one container of each expression, imports against the layers, and a module in none if exhaustive."""
        planting = Planting(self, repo)
        below = planting.graph.packages
        stacks = self._stacks(below)
        firsts = (self._containers(expression, below)[0] for expression in self.containers)
        for container in dict.fromkeys(firsts) if self.containers else ("",):
            for importer, imported in stacks[container].tests():
                yield planting.edge(f"{importer} and {imported}", below[importer], below[imported])
            if self.exhaustive:
                name, path = planting.module(container, below[container][0])
                yield Canary(f"add {name}, which is in no layer", (Write(path, b""),), name)

    @property
    def _levels(self) -> list[Level]:
        return [level(layer) for layer in self.layers]

    def _stacks(self, below: Packages) -> dict[str, Stack]:
        """The layers of each container; without containers one stack of whole names, under no name."""
        levels = self._levels
        if not self.containers:
            return {"": stack(levels, self.closed, "", below)}
        found = (each for expression in self.containers for each in self._containers(expression, below))
        return {container: stack(levels, self.closed, container, below) for container in found}

    @staticmethod
    def _containers(expression: str, below: Packages) -> list[str]:
        """The packages of an expression; one with wildcards does not mean modules that hold no others."""
        found = meant(expression, below)
        return [each for each in found if below[each] != [each]] if has_wildcard(expression) else found

    def _unlisted(self, graph: Graph, below: Packages) -> Iterator[Finding]:
        """The children of containers that have modules in no layer, and ignores that none of these needs."""
        needed: set[str] = set()
        for container, each in self._stacks(below).items():
            children: dict[str, list[str]] = {}
            for module in each.outside(below[container]):
                inner = module[len(f"{container}.") :]
                ignore = next((name for name in self.exhaustive_ignores if is_within(inner, name)), None)
                if ignore is not None:
                    needed.add(ignore)
                elif inner:
                    children.setdefault(f"{container}.{inner.partition('.')[0]}", []).append(module)
            for child, modules in children.items():
                yield _in_no_layer(child, container, modules, graph)
        for name in self.exhaustive_ignores:
            if name not in needed:
                yield Finding(
                    key=f"exhaustive_ignores {name}",
                    message=f"`exhaustive_ignores` names {name}, and no container has a module of that name in no layer",
                    hint="take it out",
                )


def _in_no_layer(child: str, container: str, modules: Sequence[str], graph: Graph) -> Finding:
    return Finding(
        key=child,
        message=f"{child} is in no layer of {container}",
        at=Location(graph.modules[modules[0]].path),
        hint="name it in `layers`, or in `exhaustive_ignores`",
        data={"modules": modules},
    )
