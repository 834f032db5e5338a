"""Chains of imports from modules into packages, through modules between them; breadth first, from many at once."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from selfcheck.subjects.imports.cycles import condensed
from selfcheck.subjects.imports.graph import Edges, Import


class Chain(NamedTuple):
    """A shortest chain of imports from a module into a package, and all that chains like it reach there."""

    package: str
    reached: tuple[str, ...]
    imports: tuple[Import, ...]


class Network:
    """The edges of a graph, to be followed both ways."""

    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        self.importers: dict[str, list[str]] = {}
        for importer, found in edges.items():
            for imported in found:
                self.importers.setdefault(imported, []).append(importer)


class Chains:
    """The indirect ways into some packages: through one or more modules, none of which is `barred`.

    What each module between reaches is a number with a bit for each module of the packages. It is computed once, over
    the strongly connected components of the modules between, so that the time grows with the edges alone.
    """

    def __init__(self, network: Network, packages: Mapping[str, Collection[str]], barred: Container[str]) -> None:
        self._network = network
        self._packages = packages
        entered = {module for modules in packages.values() for module in modules if self._is_entered(module, barred)}
        self._modules = sorted(entered)
        self._bits = {module: 1 << number for number, module in enumerate(self._modules)}
        self._reach = self._reached_from(self._between(barred))
        self._distances: dict[str, dict[str, int]] = {}

    def bits(self, modules: Iterable[str]) -> int:
        """Modules of the packages, each once, as `into` takes them."""
        return sum(self._bits.get(module, 0) for module in modules)

    def into(self, importer: str, wanted: int, package_of: Callable[[str], str | None]) -> Iterator[Chain]:
        """The chains from a module to these ones, one for each package that they are in, if any."""
        found = 0
        for between in self._network.edges.get(importer, ()):
            found |= self._reach.get(between, 0)
        reached: dict[str, list[str]] = {}
        for module in self._named(found & wanted):
            package = package_of(module)
            if package is not None:
                reached.setdefault(package, []).append(module)
        for package, modules in reached.items():
            yield Chain(package, tuple(modules), self._shortest(importer, package))

    def _is_entered(self, module: str, barred: Container[str]) -> bool:
        return any(importer not in barred for importer in self._network.importers.get(module, ()))

    def _between(self, barred: Container[str]) -> set[str]:
        """All modules that lead into the packages and through which a chain may go."""
        found: set[str] = set()
        waiting = list(self._bits)
        while waiting:
            for importer in self._network.importers.get(waiting.pop(), ()):
                if importer not in found and importer not in barred:
                    found.add(importer)
                    waiting.append(importer)
        return found

    def _reached_from(self, between: Collection[str]) -> dict[str, int]:
        edges, bits = self._network.edges, self._bits
        reach: dict[str, int] = {}
        for component in condensed({each: [to for to in edges[each] if to in between] for each in between}):
            found = 0
            for each in component:
                for to in edges[each]:
                    found |= bits.get(to, 0) | reach.get(to, 0)
            reach.update(dict.fromkeys(component, found))
        return reach

    def _named(self, bits: int) -> Iterator[str]:
        while bits:
            lowest = bits & -bits
            yield self._modules[lowest.bit_length() - 1]
            bits ^= lowest

    def _shortest(self, importer: str, package: str) -> tuple[Import, ...]:
        """Of the shortest chains the first by the names of its modules."""
        edges, distance = self._network.edges, self._distance(package)
        left, here = min((distance[each], each) for each in edges[importer] if distance.get(each))
        chain = [edges[importer][here]]
        for step in range(left - 1, -1, -1):
            nearer = min(each for each in edges[here] if distance.get(each) == step)
            chain.append(edges[here][nearer])
            here = nearer
        return tuple(chain)

    def _distance(self, package: str) -> dict[str, int]:
        """How many imports the modules between are away from a package; its own modules are at 0."""
        if package not in self._distances:
            ring = list(self._packages[package])
            found = self._distances[package] = dict.fromkeys(ring, 0)
            for step in count(1):
                around = {importer for each in ring for importer in self._network.importers.get(each, ())}
                ring = [each for each in around if each in self._reach and each not in found]
                found.update(dict.fromkeys(ring, step))
                if not ring:
                    break
        return self._distances[package]


def across(
    network: Network, packages: Mapping[str, Collection[str]], allowed: Mapping[str, Collection[str]]
) -> Iterator[Chain]:
    """The chains between packages that have no module in common, where the first may not reach the other.

    Direct ones are single imports, one for each edge. The modules between are in none of the packages. `allowed` are
    for each package those that it may reach, itself among them.
    """
    package_of = {module: package for package, modules in packages.items() for module in modules}
    chains = Chains(network, packages, package_of)
    bits = {package: chains.bits(modules) for package, modules in packages.items()}
    every = sum(bits.values())
    for package, modules in packages.items():
        wanted = every & ~sum(bits[each] for each in allowed[package])
        for module in modules:
            for imported, each in network.edges.get(module, {}).items():
                if imported in package_of and package_of[imported] not in allowed[package]:
                    yield Chain(package_of[imported], (imported,), (each,))
            yield from chains.into(module, wanted, package_of.__getitem__)
