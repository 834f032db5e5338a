"""Public interfaces and visibility of tach as one check: who may import what is in a module, and what of it anybody may."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.errors import RulebookError
from selfcheck.foreign.tach import Interface, is_expression
from selfcheck.foreign.territory import Territory
from selfcheck.foreign.units import Unit, Units
from selfcheck.patterns import Pattern
from selfcheck.subjects.imports import Graph
from selfcheck.subjects.imports.expressions import is_within, matching, package_pattern

EXPOSED = re.compile(r"(?P<head>\w+(?:\\?\.\w+)*)(?P<tail>(?:\\?\.)?\.\*)?")
"""The regular expressions that say a name, or all below a name."""
NAMES = "looser: of the modules in an interface every name may be imported"


def visibility(unit: Unit, units: Units, graph: Graph | None) -> tuple[dict[str, Any], list[str]] | None:
    """The options for who may import a unit; None where all may."""
    visible = unit.module.visibility
    if visible is None or any(each in {"*", "**"} for each in visible):
        return None
    allowed = [each for each in visible if is_expression(each) and (graph is None or _exists(each, graph))]
    interface = list(_existing(units.inner(unit), graph))
    said = ["stricter: of `visibility`, everybody is judged, also whose `depends_on` is open and what no module holds"]
    return _options(unit, allowed, interface), said


def interface(unit: Unit, units: Units, graph: Graph | None) -> tuple[dict[str, Any], list[str]] | str | None:
    """The options for what of a unit anybody may import; a text where it cannot be said, None where there is none."""
    found = list(_adopted(unit, units))
    expressions = [expression for each in found for expression in each.expose]
    if not found or ".*" in expressions:
        return None
    territory = units.territory
    if graph is None or territory is None:
        return "not carried: its interface; which of the names are modules is known only where they stand"
    odd = next((each for each in expressions if EXPOSED.fullmatch(each) is None), None)
    if odd is not None:
        return f"not carried: its interface; the expression `{odd}` says more than a name and what is below it"
    exposed = sorted({each for expression in expressions for each in _exposed(unit, expression, graph)})
    if not _hidden(unit, exposed, territory, graph):
        return "not carried: its interface; names within a module are not told apart, and every module is in it"
    seers = sorted({each for one in found for each in one.visibility or () if _exists(each, graph)})
    unchecked = sorted({name for other in units.all if other.module.unchecked for name in other.names})
    allowed = [*seers, *(name for name in unchecked if _exists(name, graph)), *_outsiders(unit, units, territory)]
    told = "looser: whoever an interface with `visibility` is for may import the whole module"
    return _options(unit, allowed, [*exposed, *_existing(units.inner(unit), graph)]), [NAMES, *[told] * bool(seers)]


def _options(unit: Unit, allowed: list[str], interface: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"protected_modules": unit.names or (unit.path,)}
    if allowed:
        found["allowed_importers"] = list(dict.fromkeys(allowed))
    if interface:
        found["interface"] = list(dict.fromkeys(interface))
    return found


def _adopted(unit: Unit, units: Units) -> Iterator[Interface]:
    configuration = units.configuration
    for line, each in zip(configuration.interfaces, configuration.project.interfaces, strict=True):
        try:
            patterns = [Pattern(rf"\A(?:{Pattern(expression)})\z") for expression in each.from_modules]
        except ValueError as error:
            text = configuration.text
            raise RulebookError([text.fault(text.find(r"\s*from\s*=", line) or line, f"`from` {error}")]) from None
        if any(pattern.found(name) for pattern in patterns for name in unit.names or (unit.path,)):
            yield each


def _exposed(unit: Unit, expression: str, graph: Graph) -> Iterator[str]:
    """The modules that an expression of names in a unit means: itself and what is below it, or the module that holds it."""
    found = EXPOSED.fullmatch(expression)
    assert found is not None
    parts = found["head"].replace("\\", "").split(".")
    for own in unit.names:
        for length in range(len(parts), -1, -1):
            name = ".".join((own, *parts[:length]))
            if length == len(parts) and found["tail"] and matching(f"{name}.**", graph.modules):
                yield f"{name}.**"
            if name in graph.modules:
                yield name
                break


def _hidden(unit: Unit, exposed: Iterable[str], territory: Territory, graph: Graph) -> bool:
    """Whether any module of a unit is in no interface."""
    public = {name for expression in exposed for name in matching(expression, graph.modules)}
    return any(name not in public and territory.owner(name) in unit.names for name in graph.modules)


def _outsiders(unit: Unit, units: Units, territory: Territory) -> Iterator[str]:
    """Code that no module holds and tach does not look at, as far as it imports the unit today."""
    if units.configuration.project.root_module != "ignore":
        return
    for name, imports in territory.used("").items():
        if name in unit.names:
            yield from sorted({top for each in imports if (top := territory.top(each.importer)) is not None})


def _existing(names: list[str], graph: Graph | None) -> Iterator[str]:
    """Names with all below them, as far as there is something."""
    for name in names:
        if graph is None or name in graph.modules:
            yield name
        if graph is not None and any(name != each and is_within(each, name) for each in graph.modules):
            yield f"{name}.**"


def _exists(expression: str, graph: Graph) -> bool:
    return is_expression(expression) and any(map(package_pattern(expression).fullmatch, graph.modules))
