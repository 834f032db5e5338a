"""The modules of a tach configuration as guardrails."""

from collections.abc import Iterator, Sequence
from typing import Any

from selfcheck.check import Tree
from selfcheck.foreign import settings
from selfcheck.foreign.around import Around
from selfcheck.foreign.carried import Carried, Draft, Ids, Note, fate
from selfcheck.foreign.interfaces import interface, visibility
from selfcheck.foreign.roots import roots
from selfcheck.foreign.tach import ROOT, Configuration, Dependency, is_expression
from selfcheck.foreign.territory import Territory
from selfcheck.foreign.units import Unit, Units, is_meant
from selfcheck.subjects.imports import Graph, Import

PROGRAM = "tach"
NESTED = (
    "differs: it holds other modules of the file, which are judged as part of it; import the file where the code stands"
)
Part = tuple[str, str, dict[str, Any], str, list[str]]
"""A check, a word for its id, its options, the severity, and what was left out."""


def carry(configuration: Configuration, tree: Tree, around: Around) -> Carried:
    """The guardrails of all modules, then those of the layers and of circles."""
    project = configuration.project
    found, said = roots(project.source_roots, project.exclude, tree)
    graph = around.graph(found) if found else None
    if graph is None:
        found, said = roots(project.source_roots, project.exclude, None)
    kinds = settings.kinds(configuration)
    writer = _Writer(
        Units(configuration, graph, kinds), graph, {"roots": found, "kinds": [str(kind) for kind in kinds]}
    )
    for unit in writer.units.all:
        writer.module(unit)
    writer.whole()
    notes = settings.settings(configuration, said, around.files(settings.DOMAINS))
    return Carried(PROGRAM, configuration.text.name, tuple(writer.drafts), (*writer.notes, *notes))


class _Writer:
    """Collects the drafts and what is said of each module."""

    def __init__(self, units: Units, graph: Graph | None, common: dict[str, Any]) -> None:
        self.units = units
        self.drafts: list[Draft] = []
        self.notes: list[Note] = []
        self._graph = graph
        self._common = common
        self._ids = Ids()

    def module(self, unit: Unit) -> None:
        """The guardrails of one path."""
        if not is_expression(unit.path):
            self._note(
                unit,
                "not carried: it is no module's name; of wildcards `*` and `**` for whole names have a counterpart",
            )
            return
        if self._graph is not None and not self.units.exists(unit):
            self._note(unit, "not carried: no Python module stands here by this name")
            return
        said: list[str] = []
        parts = list(self._parts(unit, said))
        for use, word, options, severity, left in parts:
            self._draft(
                f"{unit.path}-{word}",
                f"{unit.path}: {TITLES[word]}",
                unit.line,
                {"use": use, **options},
                severity,
                left,
            )
        if parts:
            self._note(unit, fate(", ".join(dict.fromkeys(part[0] for part in parts)), said))
        elif said:
            self._note(unit, "; ".join(said))
        else:
            self._note(unit, "promises nothing of its own")

    def whole(self) -> None:
        """The guardrails of the file as a whole."""
        configuration = self.units.configuration
        layered = settings.layers(self.units)
        line = configuration.line("layers")
        if isinstance(layered, str):
            self.notes.append(Note(line, "layers", layered))
        elif layered is not None:
            self._draft("layers", "Layers import downwards only", line, {"use": "imports-layers", **layered[0]})
            self.notes.append(Note(line, "layers", fate("imports-layers", layered[1])))
        if configuration.project.forbid_circular_dependencies:
            key = "forbid_circular_dependencies"
            options, said = settings.cycles(self.units)
            self._draft(
                "no-import-cycles",
                "Modules do not import each other in a circle",
                configuration.line(key),
                {"use": "imports-acyclic", **options},
            )
            self.notes.append(Note(configuration.line(key), key, fate("imports-acyclic", said)))

    def _parts(self, unit: Unit, said: list[str]) -> Iterator[Part]:
        module = unit.module
        if module.unchecked:
            said.append("carried exactly: it is `unchecked`, so nothing that it imports is judged")
        else:
            yield from self._dependencies(unit, said)
        if (seen := visibility(unit, self.units, self._graph)) is not None:
            said += seen[1]
            yield "imports-protected", "visibility", seen[0], "high", []
        public = interface(unit, self.units, self._graph)
        if isinstance(public, str):
            said.append(public)
        elif public is not None:
            said += public[1]
            yield "imports-protected", "interface", public[0], "high", []
        if module.strict:
            said.append("not carried: `strict`; write an interface")

    def _dependencies(self, unit: Unit, said: list[str]) -> Iterator[Part]:
        module = unit.module
        if module.depends_on is not None and (sources := self._sources(unit, said)):
            yield self._allowed(unit, sources, said) if self.units.territory else self._declared(unit, said)
        if module.depends_on is not None and (barred := self._barred_around(unit)):
            yield "imports-forbidden", "around", barred, "high", []
        old = [each.path for each in module.depends_on or () if isinstance(each, Dependency) and each.deprecated]
        if barred := self._barred(unit, old):
            yield "imports-forbidden", "deprecated", barred, "low", []
        never = [each if isinstance(each, str) else each.path for each in module.cannot_depend_on]
        if barred := self._barred(unit, never):
            yield "imports-forbidden", "forbidden", barred, "high", []
        if outside := [each.replace("-", "_") for each in module.cannot_depend_on_external]:
            said.append("differs: `cannot_depend_on_external` names distributions, the check what is imported")
            yield (
                "imports-forbidden",
                "outside",
                _forbidding([unit.path], list(filter(is_expression, outside))),
                "high",
                [],
            )
        if module.depends_on_external is not None:
            said.append("looser: `depends_on_external` is left out; see the check dependencies-declared")
        if self.units.territory is None and self.units.inner(unit):
            said.append(NESTED)

    def _sources(self, unit: Unit, said: list[str]) -> list[str]:
        """Names for the modules of a unit, each for all below it, without other units within it."""
        territory = self.units.territory
        if territory is None or all(territory.is_whole(name) for name in unit.names):
            return [unit.path]
        said.append("looser: what is new beside the other modules within it is not judged")
        return [part for name in unit.names for part in territory.parts(name)]

    def _barred(self, unit: Unit, declared: Sequence[str]) -> dict[str, Any] | None:
        """The options that forbid a unit what it must not import."""
        declared = [each for each in declared if is_expression(each)]
        territory = self.units.territory
        names = [
            name for other in self.units.all for name in other.names if any(is_meant(each, name) for each in declared)
        ]
        if not declared or (territory is not None and not names):
            return None
        if territory is None or all(territory.is_whole(name) for name in (*unit.names, *names)):
            return _forbidding([unit.path], declared)
        return _exactly(territory, [name for own in unit.names for name in territory.exactly(own)], names)

    def _barred_around(self, unit: Unit) -> dict[str, Any] | None:
        """The options that forbid the packages around other units what they may not import: no allowance can name them."""
        territory = self.units.territory
        around = [] if territory is None else [name for own in unit.names for name in territory.around(own)]
        others = ["", *(name for other in self.units.all for name in other.names if other.path != unit.path)]
        barred = [name for name in others if not self.units.allows(unit, name)]
        return None if territory is None or not around or not barred else _exactly(territory, around, barred)

    def _declared(self, unit: Unit, said: list[str]) -> Part:
        """Everything that is declared, where nobody knows what is used."""
        declared = [each if isinstance(each, str) else each.path for each in unit.module.depends_on or ()]
        allowed = [each for each in (*declared, *self.units.free(unit)) if each != ROOT and is_expression(each)]
        said.append(
            "stricter: an allowance that no import uses is a finding, and so is an import of what no module holds"
        )
        return "imports-allowed", "allowed", _allowing([unit.path], allowed, []), "high", []

    def _allowed(self, unit: Unit, sources: list[str], said: list[str]) -> Part:
        """What is used today of what is declared; the rest is left out, unless the file asks for exactly this."""
        territory = self.units.territory
        assert territory is not None
        allowed, exact, used = self._used(unit, sources, territory)
        declared = [each if isinstance(each, str) else each.path for each in unit.module.depends_on or ()]
        idle = [each for each in declared if each != ROOT and not any(is_meant(each, name) for name in used | allowed)]
        left: list[str] = []
        if self.units.configuration.project.exact:
            allowed |= {each for each in idle if self.units.knows(each)}
            idle = [each for each in idle if each not in allowed]
        if idle:
            left = [f"depends_on {each}: used by no import today and left out" for each in idle]
            said.append(f"stricter: what of `depends_on` no import uses is left out: {', '.join(idle)}")
        exempt = [
            {"imports": f"{each.importer} -> {each.imported}", "reason": _reason(unit, self.units)} for each in exact
        ]
        if exempt:
            said.append(
                f"an import of a package around other modules is written as an exemption ({len(exempt)} of them)"
            )
        if self.units.free(unit):
            said.append("stricter: of lower layers and utilities, what is imported today is allowed")
        return "imports-allowed", "allowed", _allowing(sources, sorted(allowed), exempt), "high", left

    def _used(
        self, unit: Unit, sources: Sequence[str], territory: Territory
    ) -> tuple[set[str], list[Import], set[str]]:
        """Names for what a unit may import and imports, the single imports that no name stands for, and whose they are."""
        allowed: set[str] = set()
        exact: list[Import] = []
        owners: set[str] = set()
        whole = list(sources) == [unit.path]
        around = frozenset(name for own in unit.names for name in territory.around(own))
        for own in unit.names:
            for owner, imports in territory.used(own).items():
                if owner == own and whole:
                    continue
                if owner == own or self.units.allows(unit, owner):
                    owners.add(owner)
                    for each in (one for one in imports if one.importer not in around):
                        top = territory.top(each.imported)
                        if top is None:
                            exact.append(each)
                        elif top != territory.top(each.importer):
                            allowed.add(top)
        return allowed, exact, owners

    def _draft(
        self, name: str, title: str, line: int, check: dict[str, Any], severity: str = "high", left: Sequence[str] = ()
    ) -> None:
        place = f"{self.units.configuration.text.name}:{line}"
        comment = self.units.configuration.text.above(line)
        why = comment or f"It was declared for {PROGRAM} in {place}; say here what it costs when it is broken."
        options = {"use": check["use"], **self._common, **check}
        self.drafts.append(
            Draft(
                line=line,
                id=self._ids.new(name),
                title=title,
                why=why,
                check=options,
                severity=severity,
                left=tuple(left),
            )
        )

    def _note(self, unit: Unit, said: str) -> None:
        self.notes.append(Note(unit.line, unit.path, said))


TITLES = {
    "allowed": "it imports only what it declares",
    "deprecated": "what it should no longer import",
    "around": "what the packages around other modules do not import themselves",
    "forbidden": "what it never imports",
    "outside": "which distributions it never imports",
    "visibility": "only those that see it import it",
    "interface": "others go through its interface",
}


def _allowing(sources: list[str], allowed: list[str], exempt: list[dict[str, str]]) -> dict[str, Any]:
    options: dict[str, Any] = {"source_modules": sources, "third_party": True}
    return options | ({"allowed_modules": allowed} if allowed else {}) | ({"exempt": exempt} if exempt else {})


def _forbidding(sources: Sequence[str], barred: Sequence[str]) -> dict[str, Any]:
    return {"source_modules": sources, "forbidden_modules": barred, "allow_indirect_imports": True}


def _exactly(territory: Territory, sources: Sequence[str], names: Sequence[str]) -> dict[str, Any] | None:
    """The same for modules that do not stand for what is below them."""
    barred = sorted({expression for name in names for expression in territory.exactly(name)})
    return {**_forbidding(sources, barred), "as_packages": False} if sources and barred else None


def _reason(unit: Unit, units: Units) -> str:
    place = f"{units.configuration.text.name}:{unit.line}"
    return f"declared in {place}: the package itself, without the other modules in it"
