"""What a tach configuration says of all modules at once: layers, circles, and settings that have no counterpart."""

from collections.abc import Iterator
from typing import Any

from selfcheck.foreign.carried import Note
from selfcheck.foreign.tach import Configuration
from selfcheck.foreign.units import Unit, Units
from selfcheck.subjects.imports import Kind
from selfcheck.subjects.imports.expressions import is_within

COUNTED = (Kind.FUNCTION, Kind.GUARDED, Kind.LAZY, Kind.STAR)
DOMAINS = "tach.domain.toml"
WITHOUT = {
    "require_ignore_directive_reasons": "not carried: `tach-ignore` comments are not read; write `exempt` entries instead",
    "unused_external_dependencies": "not carried: use the check dependencies-declared",
    "unused_ignore_directives": "not carried: `tach-ignore` comments are not read; write `exempt` entries instead",
}
"""Rules without a counterpart here, and what to do instead."""


def kinds(configuration: Configuration) -> list[Kind]:
    """The imports that tach counts by these settings."""
    project = configuration.project
    found = [kind for kind in COUNTED if kind is not Kind.FUNCTION or _local(configuration) == "error"]
    found += [] if project.ignore_type_checking_imports else [Kind.TYPE_CHECKING]
    return found + ([Kind.DYNAMIC] if project.include_string_imports else [])


def layers(units: Units) -> tuple[dict[str, Any], list[str]] | str | None:
    """The options of the check for the layers, or why they cannot be carried over; None where there are none."""
    layered = [unit for unit in units.all if unit.module.layer is not None]
    there = [unit for unit in layered if units.exists(unit)]
    members = {layer.name: [unit for unit in there if unit.module.layer == layer.name] for layer in units.layers}
    entries = {name: _outermost(found) for name, found in members.items() if found}
    if len(entries) < 2:
        return "not carried: no two layers have modules" if units.layers else None
    every = [(name, each) for name, found in entries.items() for each in found]
    for layer, path in every:
        if "*" in path:
            return f"not carried: `{path}` stands for several modules, and a layer is named without wildcards"
        above = next((other for at, other in every if at != layer and is_within(path, other)), None)
        if above is not None:
            return f"not carried: {path} stands in {above}, which is in another layer"
    closed = [entries[layer.name][0] for layer in units.layers if layer.closed and layer.name in entries]
    options: dict[str, Any] = {"layers": [" : ".join(found) for found in entries.values()]}
    said = ["stricter: a chain through modules in no layer counts as well"]
    free = [
        unit.path
        for unit in units.all
        if unit.module.layer is None and any(is_within(unit.path, each) for _, each in every)
    ]
    said += [f"stricter: {path}, which has no layer, is in that of what it stands in" for path in free]
    said += [f"stricter: {unit.path} is `unchecked` and judged here" for unit in there if unit.module.unchecked]
    said += [
        f"looser: {unit.path} is left out, since no Python module stands here by this name"
        for unit in layered
        if unit not in there
    ]
    return {**options, **({"closed": closed} if closed else {})}, said


def cycles(units: Units) -> tuple[dict[str, Any], list[str]]:
    """The options of the check for circles: at the depth of the modules where they all have one."""
    depths = {unit.path.count(".") + 1 for unit in units.all}
    whole = len(depths) == 1 and not any("*" in unit.path for unit in units.all)
    told = ["stricter: the imports themselves make a circle, not what `depends_on` declares"]
    if not whole:
        told.append(
            "differs: circles are looked for among Python modules, since the configured ones are of several depths"
        )
    return ({"depth": depths.pop()} if whole else {}), told


def settings(configuration: Configuration, said: list[str], domains: list[str]) -> Iterator[Note]:
    """What becomes of the settings, apart from those that every guardrail holds."""
    project, line = configuration.project, configuration.line
    told = [("source_roots", each) for each in said]
    if _local(configuration) == "warn":
        told.append(("local_imports", "looser: imports inside functions do not count, not even as a warning"))
    if project.include_string_imports:
        literal = "looser: names in calls of import_module and __import__ count, other strings do not"
        told.append(("include_string_imports", literal))
    if project.root_module not in {"ignore", "allow"}:
        told.append(("root_module", "not carried: that every file belongs to a module"))
    told += [(rule, WITHOUT[rule]) for rule in WITHOUT if rule in project.rules]
    yield from (Note(line(key), key, each) for key, each in told)
    if domains:
        several = f"not carried: what {domains[0]} and its like declare; write it into the file first"
        yield Note(1, DOMAINS, several)
    yield from configuration.notes


def _local(configuration: Configuration) -> str:
    return configuration.project.rules.get("local_imports", "error")


def _outermost(units: list[Unit]) -> list[str]:
    """The names of units, without those that are within another of them."""
    names = [name for unit in units for name in unit.names or (unit.path,)]
    return [name for name in names if not any(name != other and is_within(name, other) for other in names)]
