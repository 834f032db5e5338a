"""Which import leads from a source to what is forbidden to it, and by which name what stands outside is known."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial

from selfcheck.subjects.imports.chains import Chain, Chains, Network
from selfcheck.subjects.imports.expressions import has_wildcard, pattern


class Foreign:
    """Names for what is imported from outside the roots: the forbidden package, not each thing in it.

    What is missing or compiled stands outside too, by the name that is not there; but where a package of ours on the
    way to it is forbidden, the import of that package is told, and not this one.
    """

    def __init__(self, expressions: Iterable[str], ours: Collection[str]) -> None:
        self._names = {each for each in expressions if not has_wildcard(each)}
        self._patterns = [pattern(each) for each in expressions if has_wildcard(each)]
        self._ours = ours
        self._found: dict[str, str | None] = {}

    def package(self, imported: str) -> str | None:
        """The forbidden package of an imported name, or None."""
        if imported not in self._found:
            self._found[imported] = self._package(imported)
        return self._found[imported]

    def _package(self, imported: str) -> str | None:
        name = next(filter(self._is_meant, _prefixes(imported)), None)
        return None if name in self._ours else name

    def _is_meant(self, name: str) -> bool:
        return name in self._names or any(each.fullmatch(name) for each in self._patterns)


class Forbidding:
    """Forbidden packages, each with its modules; a package is not forbidden to what is in it."""

    def __init__(self, packages: Mapping[str, Collection[str]]) -> None:
        self._packages = packages
        self._around: dict[str, list[str]] = {}
        # Of packages within each other the outermost comes first.
        for package in sorted(packages, key=len):
            for module in packages[package]:
                self._around.setdefault(module, []).append(package)
        self._innermost: dict[str, list[str]] = {}
        for module, around in self._around.items():
            self._innermost.setdefault(around[-1], []).append(module)

    def package(self, importer: str, imported: str) -> str | None:
        """The outermost package that a module is in and that is forbidden to the importer."""
        own = self._around.get(importer, ())
        return next((each for each in self._around.get(imported, ()) if each not in own), None)

    def forbids(self, importer: str, imported: str) -> bool:
        """Whether the importer, if it is a source, must not import this module."""
        return self.package(importer, imported) is not None

    def direct(self, network: Network, sources: Iterable[str]) -> Iterator[Chain]:
        """Every single import of a forbidden module by a source."""
        for source in sources:
            for imported, each in network.edges.get(source, {}).items():
                package = self.package(source, imported)
                if package is not None:
                    yield Chain(package, (imported,), (each,))

    def indirect(self, network: Network, sources: Collection[str]) -> Iterator[Chain]:
        """The chains from sources through modules that are neither a source nor forbidden.

        A chain may lead through a package that is forbidden to others only, since there it is no breach itself: one
        that holds sources besides other modules. What leads into such a package is looked for alone.
        """
        among = frozenset(sources)
        mixed = {
            name for name, modules in self._packages.items() if 0 < sum(map(among.__contains__, modules)) < len(modules)
        }
        plain = {name: modules for name, modules in self._packages.items() if name not in mixed}
        barred = among.union(*plain.values())
        yield from self._through(network, sources, plain, barred)
        for name in sorted(mixed):
            modules = self._packages[name]
            yield from self._through(network, sources, {name: modules}, barred.union(modules))

    def _through(
        self, network: Network, sources: Iterable[str], packages: Mapping[str, Collection[str]], barred: Collection[str]
    ) -> Iterator[Chain]:
        chains = Chains(network, packages, barred)
        # Whoever is in the innermost package around a module is in all of them: nothing forbids it that module.
        free = {name: chains.bits(modules) for name, modules in self._innermost.items()}
        for source in sources:
            own = 0
            for name in self._around.get(source, ()):
                own |= free.get(name, 0)
            yield from chains.into(source, ~own, partial(self._among, packages, source))

    def _among(self, packages: Collection[str], importer: str, imported: str) -> str | None:
        package = self.package(importer, imported)
        return package if package in packages else None


def _prefixes(name: str) -> Iterator[str]:
    end = name.find(".")
    while end > 0:
        yield name[:end]
        end = name.find(".", end + 1)
    yield name
