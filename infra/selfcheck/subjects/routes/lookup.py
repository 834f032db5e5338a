"""Names followed from file to file: which group, text or function a dotted name means in a module."""

import posixpath
from collections.abc import Callable, Iterator

from selfcheck.facts import Facts
from selfcheck.subjects.imports import Modules, Statement
from selfcheck.subjects.routes.model import Pieces
from selfcheck.subjects.routes.modules import ENDINGS, SCRIPT_NAMES, found, led
from selfcheck.subjects.routes.names import NAMES, Bound, Names
from selfcheck.trees import Tree

FARTHEST = 12
"""How many names are followed one after the other."""
NOTHING = Names({}, (), {}, {})


class Lookup:
    """The names of every module that is asked for, each read once."""

    def __init__(self, tree: Tree, facts: Facts) -> None:
        self._tree = tree
        self._facts = facts
        self._modules = Modules(tree, (".",))
        self._known: dict[str, Names] = {}

    def names(self, path: str) -> Names:
        """The names of a file; none where it cannot be read."""
        if path not in self._known:
            file = self._tree.file(path)
            extractor = SCRIPT_NAMES if path.endswith(ENDINGS) else NAMES
            found = [each for _, each in self._facts.of(extractor, () if file is None else (file,))]
            self._known[path] = next((each for each in found if isinstance(each, Names)), NOTHING)
        return self._known[path]

    def find(self, path: str, name: str, known: Callable[[str, str], bool]) -> tuple[str, str] | None:
        """The file in which a dotted name of another file is known, and its name there."""
        return next(self._found(path, name, known, FARTHEST, set()), None)

    def module(self, path: str, dotted: str) -> str | None:
        """The file of a module by its full name, as this file would import it, or below one of its folders."""
        found = next(iter(self._modules.targets(path, Statement(1, 0, 0, dotted))), None)
        return found or next(self._below_one(path, dotted.replace(".", "/")), None)

    def _below_one(self, path: str, stem: str) -> Iterator[str]:
        """A folder around a file may be where modules are looked for, though nothing in it says so."""
        parts = posixpath.dirname(path).split("/")
        for number in range(len(parts) - 1, -1, -1):
            place = "/".join((*parts[:number], stem))
            yield from (each for each in (f"{place}.py", f"{place}/__init__.py") if self._tree.file(each) is not None)

    def script(self, path: str, module: str) -> str | None:
        """The file of a module by what a script of this file requires."""
        return found(self._tree, path, module)

    def text(self, path: str, pieces: Pieces | None, depth: int = FARTHEST) -> str | None:
        """A text with its names looked up; None where one is not to be found."""
        if pieces is None or depth < 0:
            return None
        found: list[str] = []
        for each in pieces:
            inner = self._named(path, each.text, depth) if each.named else each.text
            if inner is None:
                return None
            found.append(inner)
        return "".join(found)

    def _named(self, path: str, name: str, depth: int) -> str | None:
        place = self.find(path, name, lambda file, inner: inner in self.names(file).texts)
        if place is not None:
            return self.text(place[0], self.names(place[0]).texts[place[1]], depth - 1)
        return self._field(path, name, depth)

    def _field(self, path: str, name: str, depth: int) -> str | None:
        """`settings.API` where `settings = Settings()`, and the class has a field of that name with a text."""
        holder, _, field = name.rpartition(".")
        for _ in range(FARTHEST):
            place = self.find(path, holder, lambda file, inner: inner in self.names(file).made) if holder else None
            if place is None:
                return None
            path, holder = place[0], self.names(place[0]).made[place[1]]
            wanted = f"{holder}.{field}"
            there = self.find(path, wanted, lambda file, inner: inner in self.names(file).texts)
            if there is not None:
                return self.text(there[0], self.names(there[0]).texts[there[1]], depth - 1)
        return None

    def _found(
        self, path: str, name: str, known: Callable[[str, str], bool], depth: int, seen: set[tuple[str, str]]
    ) -> Iterator[tuple[str, str]]:
        if (path, name) in seen:
            return
        seen.add((path, name))
        if known(path, name):
            yield path, name
        if depth < 0:
            return
        for file, inner, farther in self._next(path, name):
            yield from self._found(file, inner, known, depth - farther, seen)

    def _next(self, path: str, name: str) -> Iterator[tuple[str, str, int]]:
        """The files that an import of a name leads to, what it is called there, and how far that is."""
        names = self.names(path)
        head, _, rest = name.partition(".")
        if head in names.bound:
            yield from ((file, inner, 1) for file, inner in self._led(path, names.bound[head], name, rest) if inner)
        else:
            yield from ((file, name, 3) for star in names.stars for file in self._starred(path, star))

    def _starred(self, path: str, star: Bound) -> list[str]:
        if star.level < 0:
            file = found(self._tree, path, star.module)
            return [] if file is None else [file]
        return self._modules.targets(path, Statement(1, 0, star.level, star.module))

    def _led(self, path: str, bound: Bound, name: str, rest: str) -> Iterator[tuple[str, str]]:
        """Where a binding may lead, and what is then left of the name."""
        if bound.level < 0:
            yield from led(self._tree, path, bound, rest)
        elif bound.name:
            base = self._modules.targets(path, Statement(1, 0, bound.level, bound.module)) if bound.module else []
            inner = self._modules.targets(path, Statement(1, 0, bound.level, bound.module, (bound.name,)))
            whole = f"{bound.name}.{rest}" if rest else bound.name
            for file in inner:
                if file in base or not _is_module(file, bound.name):
                    yield file, whole
                else:
                    yield file, rest
            yield from ((file, whole) for file in base if file not in inner)
        else:
            yield from self._whole(path, bound, name, rest)

    def _whole(self, path: str, bound: Bound, name: str, rest: str) -> Iterator[tuple[str, str]]:
        """`import a.b` binds `a`: the longest part of the name that is a module is meant."""
        parts = rest.split(".") if rest else []
        for length in range(len(parts), -1, -1):
            module = ".".join((bound.module, *parts[:length]))
            for file in self._modules.targets(path, Statement(1, 0, 0, module)):
                if _is_module(file, module.rpartition(".")[2]):
                    yield file, ".".join(parts[length:])

    def modules(self, path: str, name: str) -> str | None:
        """The file of the module that a dotted name itself means."""
        head, _, rest = name.partition(".")
        bound = self.names(path).bound.get(head)
        if bound is None or bound.level < 0:
            return None
        whole = ".".join(filter(None, (bound.module, bound.name, rest)))
        return next(iter(self._modules.targets(path, Statement(1, 0, bound.level, whole))), None)


def _is_module(path: str, name: str) -> bool:
    """Whether a file is the module of this name."""
    stem = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
    return stem == name
