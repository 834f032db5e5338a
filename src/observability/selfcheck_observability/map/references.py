"""Whether what a map names is there: paths, goals, dependencies, guardrails, routes, objectives, numbers in words. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from selfcheck.subjects.routes import Routes
from selfcheck.subjects.routes.paths import ends_with, is_served
from selfcheck_observability.map.differences import off
from selfcheck_observability.map.model import Map, Measure, Step

ROUTE = re.compile(r"([A-Z]{3,9}) (/\S*)")
CLAIM = re.compile(r"(?<![\d.,_])(\d{1,3}(?:[,_]\d{3})+|\d{1,9})(\+?) (lines|files|routes)\b")
PATHLIKE = re.compile(r"(?!https?://)[\w@.-]+(?:/[\w@.*-]+)+/?")
SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,9})?) ?%")
ANY = frozenset(("*", "ALL"))


class Aspect(StrEnum):
    """What of a map is held against the repository."""

    PATHS = "paths"
    GOALS = "goals"
    DEPENDENCIES = "dependencies"
    GUARDRAILS = "guardrails"
    ROUTES = "routes"
    OBJECTIVES = "objectives"
    CLAIMS = "claims"
    MODULES = "modules"
    SIZES = "sizes"
    IMPORTS = "imports"


class Dead(NamedTuple):
    """Something that a map names and that is not so: a key that stays, where to look it up, and words."""

    aspect: Aspect
    key: str
    name: str
    message: str
    hint: str


class Known(Struct, frozen=True, kw_only=True):
    """What is there. `exists` is of paths; objectives have their targets, as shares from 0 to 1."""

    exists: Callable[[str], bool]
    guardrails: frozenset[str]
    routes: Routes
    operations: frozenset[tuple[str, str]]
    """Methods and paths of OpenAPI documents."""
    objectives: Mapping[str, float | None]

    def answers(self, method: str, path: str) -> bool | None:
        """Whether a route answers; None where something that was not read may."""
        for other, own in self.operations:
            if method == other and is_served(own, path):
                return True
        for route in self.routes.routes:
            served = is_served(route.path, path) if route.whole else ends_with(path, route.path)
            if served and {method, *ANY} & set(route.methods):
                return True
        lost = any(
            is_served(f"{each.prefix.rstrip('/')}/{{*}}", path) for each in self.routes.opaque if not each.static
        )
        return None if lost or not (self.routes.routes or self.operations) else False


def dead(whole: Map, known: Known) -> Iterator[Dead]:
    """Everything that leads nowhere in what people wrote, numbers aside."""
    for path, module in whole.modules.items():
        place = f"modules.{path}"
        yield from _paths(known, place, [path, *filter(PATHLIKE.fullmatch, map(_document, module.audit_references))])
        yield from _named(Aspect.GOALS, "goal", place, module.business_goals, whole.business_goals)
        yield from _named(
            Aspect.DEPENDENCIES, "dependency", place, module.resilience_dependencies, whole.resilience_dependencies
        )
        yield from _objectives(known, place, module.slo_impacts)
    for name, goal in whole.business_goals.items():
        place = f"business_goals.{name}"
        routes = [each for each in goal.critical_paths if ROUTE.fullmatch(each)]
        yield from _paths(known, place, [*goal.modules, *(each for each in goal.critical_paths if each not in routes)])
        yield from _routes(known, place, routes)
        yield from _objectives(known, place, goal.slo_targets)
    for name, dependency in whole.resilience_dependencies.items():
        place = f"resilience_dependencies.{name}"
        yield from _paths(known, place, dependency.modules_dependent)
        yield from _named(Aspect.GUARDRAILS, "guardrail", place, dependency.guardrails, known.guardrails)
    yield from _paths(
        known, "evolution_path", [ref for step in steps(whole) for ref in filter(PATHLIKE.fullmatch, step.refs)]
    )


def steps(whole: Map) -> tuple[Step, ...]:
    """All steps, the next ones first."""
    return (*whole.evolution_path.immediate, *whole.evolution_path.short_term, *whole.evolution_path.long_term)


def untold(whole: Map, known: Known) -> int:
    """How many of the critical paths nobody can tell of: something that was not read may answer them."""
    asked = (ROUTE.fullmatch(each) for goal in whole.business_goals.values() for each in goal.critical_paths)
    return sum(known.answers(found[1], found[2]) is None for found in asked if found)


def count(whole: Map) -> int:
    """How many names stand in what people wrote."""
    return sum(
        (
            *(
                1 + len(each.business_goals) + len(each.resilience_dependencies) + len(each.slo_impacts)
                for each in whole.modules.values()
            ),
            *(
                len(each.modules) + len(each.critical_paths) + len(each.slo_targets)
                for each in whole.business_goals.values()
            ),
            *(len(each.modules_dependent) + len(each.guardrails) for each in whole.resilience_dependencies.values()),
        )
    )


def claims(whole: Map, now: Mapping[str, Measure], tolerance: float) -> Iterator[Dead]:
    """Numbers in the words on a module that are not so, such as 2,298 lines of a file of 144."""
    for path, module in whole.modules.items():
        measure = now.get(path.rstrip("/"))
        counts = {} if measure is None else _counts(measure)
        for text in module.texts if counts else ():
            for number, more, what in CLAIM.findall(text):
                real = counts[what]
                said = int(re.sub("[,_]", "", number))
                if off(said, real, tolerance) and not (more and real >= said):
                    yield Dead(
                        Aspect.CLAIMS,
                        f"claim {said} {what} in modules.{path}",
                        text,
                        f"is said to have {number}{more} {what}, and has {real:,}",
                        "mend the words, or leave the number to the measured part",
                    )


def _counts(measure: Measure) -> dict[str, int]:
    return {"lines": measure.lines, "files": measure.files, "routes": len(measure.routes)}


def _paths(known: Known, place: str, paths: Sequence[str]) -> Iterator[Dead]:
    for path in dict.fromkeys(paths):
        if not known.exists(path.rstrip("/")):
            yield Dead(
                Aspect.PATHS,
                f"path {path} in {place}",
                path,
                f"{place}: there is no {path}",
                "mend the path, or take it out",
            )


def _named(
    aspect: Aspect, what: str, place: str, names: Sequence[str], there: Mapping[str, object] | frozenset[str]
) -> Iterator[Dead]:
    for name in dict.fromkeys(names):
        if name not in there:
            yield Dead(
                aspect,
                f"{what} {name} in {place}",
                name,
                f'{place}: there is no {what} "{name}"',
                "mend the name, or add it",
            )


def _routes(known: Known, place: str, routes: Sequence[str]) -> Iterator[Dead]:
    for each in dict.fromkeys(routes):
        method, _, path = each.partition(" ")
        if known.answers(method, path) is False:
            yield Dead(
                Aspect.ROUTES,
                f"route {each} in {place}",
                each,
                f"{place}: no route answers {each}",
                "mend the path, or take it out",
            )


def _objectives(known: Known, place: str, targets: Sequence[str]) -> Iterator[Dead]:
    """`NAME`, or `NAME: in words`; a share in the words is that of the objective."""
    for each in dict.fromkeys(targets):
        name, _, words = each.partition(":")
        own = plain(name)
        if own not in known.objectives:
            yield Dead(
                Aspect.OBJECTIVES,
                f"objective {own} in {place}",
                each,
                f'{place}: no file of objectives has "{name.strip()}"',
                "begin with the name of an objective, as `api-availability: 99.9%`",
            )
            continue
        target, said = known.objectives[own], SHARE.search(words)
        if target is not None and said is not None and abs(float(said[1]) - 100 * target) > 1e-9:
            yield Dead(
                Aspect.OBJECTIVES,
                f"target of {own} in {place}",
                each,
                f"{place}: {own} is said to be {said[1]} %, and is {100 * target:.10g} %",
                "say what the objective says, or leave the number out",
            )


def plain(name: str) -> str:
    """A name without regard to case, blanks and underscores."""
    return re.sub(r"[\s_-]+", "-", name.strip().casefold())


def _document(reference: str) -> str:
    """The document of a reference, without the place in it."""
    return reference.partition("#")[0]
