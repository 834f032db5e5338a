"""What the map says is so."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Extractor, File, Finding, Repository, Seen, Strictness, Tree
from selfcheck_observability.checks.map import NAME, MapCheck, told
from selfcheck_observability.map import differences, references
from selfcheck_observability.map.differences import Difference
from selfcheck_observability.map.measure import asked
from selfcheck_observability.map.model import Map
from selfcheck_observability.map.references import Aspect
from selfcheck_observability.map.survey import Opened, Survey, surveyed

OF_DIFFERENCES = {
    "module": Aspect.MODULES,
    "size": Aspect.SIZES,
    "imports": Aspect.IMPORTS,
    "routes": Aspect.ROUTES,
}
NOWHERE = "selfcheck/canary/nowhere"
REGENERATE = "run `selfcheck map generate`, and read what it changed"
FAR = 1_000_000


class MapCurrent(MapCheck, kw_only=True):
    """Every path, goal, guardrail, route, objective and number in the intelligence map is real."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"aspects": Strictness.MORE, "tolerance": Strictness.LESS}

    tolerance: Annotated[float, Meta(ge=0, le=1)] = 0.1
    aspects: tuple[Aspect, ...] = tuple(Aspect)

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each name that leads nowhere, each number that is off, and each module that was not measured."""
        opened = self.opened(repo)
        survey = self.survey(repo)
        yield Evidence("maps", scope=1, examined=1)
        yield from survey.unread
        if names := references.count(opened.whole):
            untold = references.untold(opened.whole, survey.known) if Aspect.ROUTES in self.aspects else 0
            yield Evidence("names in it", scope=names, examined=names - untold)
        if modules := len(survey.taken.measured.modules):
            yield Evidence("modules measured", scope=modules, examined=modules)
        for aspect, finding in self._judge(opened, survey):
            if aspect in self.aspects:
                yield finding

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What is counted of each source."""
        yield from asked(tree, Map(version="0")).items()

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each aspect, something in the map that is not so."""
        written = self.written(repo)
        path = next(iter(written["modules"]))
        measured = self.survey(repo).taken.measured.modules
        known = self.opened(repo).whole.measured
        own = next((each for each in measured if known is not None and each in known.modules), None)
        for aspect in self.aspects:
            document = deepcopy(written)
            key = _spoiled(document, aspect, path, own)
            if key is not None:
                yield self.changed(f"let the map be wrong of {aspect}", document, key)

    def survey(self, repo: Repository) -> Survey:
        """What the map is held against, read once a run."""
        names = tuple(each.id for each in repo.guardrails)
        return repo.subject(surveyed, repo.tree, repo.facts, self.map, names)

    def _judge(self, opened: Opened, survey: Survey) -> Iterator[tuple[Aspect, Finding]]:
        now = survey.taken.measured.modules
        for each in references.dead(opened.whole, survey.known):
            yield each.aspect, told(opened, each.key, each.message, each.hint, _quoted(each.name), name=each.name)
        for each in references.claims(opened.whole, now, self.tolerance):
            place = each.key.rpartition(" in modules.")[2]
            said = f"modules.{place} {each.message}"
            yield each.aspect, told(opened, each.key, said, each.hint, _quoted(place), _quoted(each.name), name=place)
        if opened.whole.measured is None:
            said = "nothing in it was ever measured"
            yield Aspect.MODULES, told(opened, "measured", said, REGENERATE, "{", name="measured")
            return
        for one in differences.measured(opened.whole.measured.modules, now, self.tolerance):
            if one.what in OF_DIFFERENCES:
                yield OF_DIFFERENCES[one.what], _differs(opened, one)


def _differs(opened: Opened, each: Difference) -> Finding:
    said = f"{each.name}: its {each.what}: {each.how}" if each.what != "module" else f"module {each.name} {each.how}"
    return told(opened, f"{each.what} {each.name}", said, REGENERATE, '"measured"', _quoted(each.name), name=each.name)


def _spoiled(document: dict[str, Any], aspect: Aspect, path: str, own: str | None) -> str | None:
    """The key of what comes of making a map wrong of something; None where it holds nothing of the kind."""
    goals = document.setdefault("business_goals", {})
    dependencies = document.setdefault("resilience_dependencies", {})
    module = document["modules"][path]
    match aspect:
        case Aspect.PATHS:
            goals[NAME] = {"modules": [NOWHERE]}
            return f"path {NOWHERE} in business_goals.{NAME}"
        case Aspect.GOALS:
            module.setdefault("business_goals", []).append(NAME)
            return f"goal {NAME} in modules.{path}"
        case Aspect.DEPENDENCIES:
            module.setdefault("resilience_dependencies", []).append(NAME)
            return f"dependency {NAME} in modules.{path}"
        case Aspect.GUARDRAILS:
            dependencies[NAME] = {"guardrails": [NAME]}
            return f"guardrail {NAME} in resilience_dependencies.{NAME}"
        case Aspect.OBJECTIVES:
            goals[NAME] = {"slo_targets": [NAME]}
            return f"objective {NAME} in business_goals.{NAME}"
        case Aspect.CLAIMS:
            module.setdefault("architectural_concerns", []).append(f"{FAR} lines")
            return f"claim {FAR} lines in modules.{path}"
        case Aspect.ROUTES | Aspect.SIZES | Aspect.IMPORTS | Aspect.MODULES:
            return _mismeasured(document, aspect, own)


def _mismeasured(document: dict[str, Any], aspect: Aspect, own: str | None) -> str | None:
    if own is None:
        return None
    modules = document["measured"]["modules"]
    match aspect:
        case Aspect.MODULES:
            modules[NOWHERE] = {"files": 1, "lines": 1}
            return f"module {NOWHERE}"
        case Aspect.SIZES:
            modules[own]["lines"] += FAR
            return f"size {own}"
        case _:
            what = "imports" if aspect is Aspect.IMPORTS else "routes"
            modules[own].setdefault(what, []).append(NAME)
            return f"{what} {own}"


def _quoted(name: str) -> str:
    return f'"{name}"'
