"""The checks of the map: what it names is there, what it counts is so, modules serve goals, truths are enforced."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from selfcheck.check import Case, Check, Repository, Unprovable
from selfcheck.checks.command import Command
from selfcheck.checks.files import FilesExist
from selfcheck.guardrail import CanaryEntry, Enabled, Enforce, Severity, WriteEntry
from selfcheck.history import History, Past
from selfcheck.model import Outcome
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory
from selfcheck.trees import Memory
from selfcheck_observability.checks.map_covers import MapCovers
from selfcheck_observability.checks.map_current import MapCurrent
from selfcheck_observability.checks.map_truths import MapTruths
from selfcheck_observability.map import PLACE
from selfcheck_observability.map.references import Aspect

APP = 'from fastapi import FastAPI\napp = FastAPI()\n@app.post("/orders/{id}")\ndef a(): ...\n'
SLO = "slos: {api-availability: {target: 99.9%, endpoint: /x, interval: 60s, window: 30d}}\n"
FILES = {
    "shop/__init__.py": "",
    "shop/web.py": f"from shop import store\n{APP}",
    "shop/store.py": "x = 1\n" * 50,
    "slo-monitors.yml": SLO,
    "docs/a.md": "",
    "openapi.yaml": "openapi: 3.1.0\nservers: [{url: /v1}]\npaths:\n  /health: {get: {}}\n",
}
RIGHT: dict[str, Any] = {
    "version": "1",
    "modules": {
        "shop/web.py": {
            "purpose": "All 1+ routes, in 5 lines.",
            "business_goals": ["sales"],
            "resilience_dependencies": ["db"],
            "audit_references": ["docs/a.md#top", "ADR-1", "https://a.example/b/c"],
            "slo_impacts": ["API availability"],
        },
        "shop": {"purpose": "The rest: 2 files."},
    },
    "business_goals": {
        "sales": {
            "modules": ["shop/web.py"],
            "critical_paths": ["POST /orders/7", "GET /v1/health", "shop/store.py"],
            "slo_targets": ["api-availability: 99.9%"],
        }
    },
    "resilience_dependencies": {"db": {"modules_dependent": ["shop/"], "guardrails": ["exceptions"]}},
    "evolution_path": {"immediate": [{"what": "Go.", "refs": ["#1", "docs/a.md"]}]},
    "measured": {
        "modules": {
            "shop/web.py": {"files": 1, "lines": 5, "imports": ["shop"], "routes": ["POST /orders/{id}"]},
            "shop": {"files": 2, "lines": 50},
        }
    },
}


def mapped(document: Any, **files: str) -> Repository:
    """The shop with this map."""
    return memory({**FILES, **files, PLACE: document if isinstance(document, str) else json.dumps(document)})


def test_a_map_whose_every_name_and_number_is_so_is_kept() -> None:
    verdict = assert_keeps(MapCurrent(), mapped(RIGHT))

    assert [(each.what, each.scope, each.examined) for each in verdict.evidence] == [
        ("maps", 1, 1),
        ("names in it", 12, 12),
        ("modules measured", 2, 2),
    ]


def wrong(**changes: Any) -> dict[str, Any]:
    """The right map, its parts replaced."""
    return {**RIGHT, **changes}


@pytest.mark.parametrize(
    ("document", "keys"),
    [
        (
            wrong(modules={**RIGHT["modules"], "shop/gone.py": {"purpose": "Gone."}}),
            ["path shop/gone.py in modules.shop/gone.py"],
        ),
        (
            wrong(
                modules={
                    "shop/web.py": RIGHT["modules"]["shop/web.py"]
                    | {"business_goals": ["selling"], "resilience_dependencies": ["pool"]},
                    "shop": {"purpose": "S."},
                }
            ),
            ["dependency pool in modules.shop/web.py", "goal selling in modules.shop/web.py"],
        ),
        (
            wrong(
                modules={
                    "shop/web.py": {
                        "purpose": "2,298 lines",
                        "status": "50+ routes",
                        "audit_references": ["docs/audit/B.md"],
                    },
                    "shop": {"purpose": "40+ lines, 3 files"},
                }
            ),
            [
                "claim 2298 lines in modules.shop/web.py",
                "claim 50 routes in modules.shop/web.py",
                "path docs/audit/B.md in modules.shop/web.py",
            ],
        ),
        (
            wrong(
                business_goals={
                    "sales": {
                        "critical_paths": ["GET /orders/7", "POST /order", "lost.py"],
                        "slo_targets": ["latency", "api-availability: 99.5%"],
                    }
                }
            ),
            [
                "objective latency in business_goals.sales",
                "path lost.py in business_goals.sales",
                "route GET /orders/7 in business_goals.sales",
                "route POST /order in business_goals.sales",
                "target of api-availability in business_goals.sales",
            ],
        ),
        (
            wrong(resilience_dependencies={"db": {"modules_dependent": ["nowhere"], "guardrails": ["pool-below-90"]}}),
            ["guardrail pool-below-90 in resilience_dependencies.db", "path nowhere in resilience_dependencies.db"],
        ),
        (
            wrong(evolution_path={"long_term": [{"what": "Go.", "refs": ["docs/gone.md"]}]}),
            ["path docs/gone.md in evolution_path"],
        ),
        ({key: value for key, value in RIGHT.items() if key != "measured"}, ["measured"]),
        (
            wrong(
                measured={
                    "modules": {
                        "shop/web.py": {"files": 1, "lines": 2298, "imports": ["lost"]},
                        "old": {"files": 1, "lines": 1},
                    }
                }
            ),
            ["imports shop/web.py", "module old", "module shop", "routes shop/web.py", "size shop/web.py"],
        ),
    ],
)
def test_what_is_not_so_is_found(document: Any, keys: list[str]) -> None:
    found = assert_breaks(MapCurrent(), mapped(document), *keys)

    assert {finding.at.path for finding in found if finding.at} == {PLACE}


def test_a_number_may_be_off_by_the_tolerance_and_with_none_by_nothing() -> None:
    near = wrong(measured={"modules": {**RIGHT["measured"]["modules"], "shop": {"files": 2, "lines": 60}}})

    assert judged(MapCurrent(), mapped(near)).outcome is Outcome.PASS
    assert_breaks(MapCurrent(tolerance=0.0), mapped(near), "size shop")


def test_only_the_aspects_that_are_asked_for_are_judged() -> None:
    document = wrong(business_goals={"sales": {"modules": ["nowhere"], "slo_targets": ["latency"]}})

    assert_breaks(
        MapCurrent(aspects=(Aspect.OBJECTIVES,)), mapped(document), "objective latency in business_goals.sales"
    )


def test_of_a_path_that_what_was_not_read_may_answer_nothing_is_said() -> None:
    lost = f"{APP}from others import router\napp.include_router(router, prefix='/api')\n"
    goals = {"sales": {"critical_paths": ["POST /api/x"]}}
    whole = {key: value for key, value in wrong(business_goals=goals).items() if key != "measured"}

    verdict = judged(MapCurrent(aspects=(Aspect.ROUTES,)), mapped(whole, **{"shop/more.py": lost}))

    names = next(each for each in verdict.evidence if each.what == "names in it")
    assert (verdict.findings, names.scope - names.examined) == ((), 1)


def test_a_route_whose_beginning_is_unknown_answers_by_its_end() -> None:
    late = (
        "from fastapi import APIRouter\nrouter = APIRouter(prefix=worked_out())\n@router.get('/late')\ndef a(): ...\n"
    )
    goals = {"sales": {"critical_paths": ["GET /some/late", "GET /some/early"]}}
    whole = {key: value for key, value in wrong(business_goals=goals).items() if key != "measured"}

    found = judged(MapCurrent(aspects=(Aspect.ROUTES,)), mapped(whole, **{"shop/late.py": late}))

    assert [each.seen.key for each in found.findings] == ["route GET /some/early in business_goals.sales"]


@pytest.mark.parametrize("check", [MapCurrent(), MapCovers(), MapTruths()])
@pytest.mark.parametrize(
    ("content", "said"), [("{", "is no JSON object"), ('{"version": 1}', "is no intelligence map")]
)
def test_a_map_that_is_none_cannot_be_judged(check: Check, content: str, said: str) -> None:
    verdict = judged(check, mapped(content))

    assert (verdict.outcome, said in (verdict.reason or "")) == (Outcome.ERROR, True)


def test_a_map_that_is_not_there_cannot_be_judged() -> None:
    verdict = judged(MapCurrent(), memory(FILES))

    assert (verdict.outcome, verdict.reason) == (
        Outcome.ERROR,
        f"there is no map at {PLACE}; `selfcheck map generate` begins one",
    )


def test_a_map_without_modules_cannot_be_proven() -> None:
    empty = {
        "version": "1",
        "measured": {"modules": {"shop": {"files": 3, "lines": 55, "routes": ["POST /orders/{id}"]}}},
    }

    assert judged(MapCurrent(), mapped(empty)).outcome is Outcome.PASS
    with pytest.raises(AssertionError, match="unprovable"):
        assert_keeps(MapCurrent(), mapped(empty))


def test_a_map_that_names_nothing_of_a_repository_without_sources_is_current() -> None:
    verdict = judged(MapCurrent(), memory({PLACE: '{"version": "1", "measured": {}}'}))

    assert (verdict.outcome, [each.what for each in verdict.evidence]) == (Outcome.PASS, ["maps"])


def test_what_it_will_ask_for_is_told_ahead() -> None:
    found = {extractor.name: len(files) for extractor, files in MapCurrent().ahead(memory(FILES).tree)}

    assert found["lines of a source"] == 3


GOALS = {
    "version": "1",
    "modules": {"shop/web.py": {"purpose": "W.", "business_goals": ["sales"]}},
    "business_goals": {"sales": {}},
}


def test_every_module_that_serves_a_goal_is_kept_whichever_of_the_two_says_so() -> None:
    verdict = assert_keeps(MapCovers(), mapped(wrong(business_goals={"sales": {"modules": ["shop/"]}})))

    assert [(each.what, each.scope, each.examined) for each in verdict.evidence] == [("sources", 3, 3)]


def test_a_module_without_a_goal_is_found_unless_enough_have_one() -> None:
    assert_breaks(MapCovers(), mapped(GOALS), "module shop")
    assert judged(MapCovers(minimum=0.3), mapped(GOALS)).outcome is Outcome.PASS
    assert judged(MapCovers(exempt_paths=("shop/s*.py", "**/__init__.py")), mapped(GOALS)).outcome is Outcome.PASS


def test_a_goal_that_is_not_there_links_nothing() -> None:
    assert_breaks(MapCovers(), mapped({**GOALS, "business_goals": {"other": {}}}), "module shop", "module shop/web.py")


def test_a_map_whose_goals_nothing_serves_cannot_be_proven() -> None:
    repo = mapped({**GOALS, "business_goals": {}})

    with pytest.raises(Unprovable, match="no module serves a goal"):
        [*MapCovers().canaries(repo)]


def on(name: str, check: Check, use: str, **changes: Any) -> Case:
    """A guardrail in force, with its check."""
    options: dict[str, Any] = msgspec.to_builtins(check)
    whole = msgspec.structs.replace(
        guardrail(severity=Severity.MEDIUM), id=name, check={"use": use, **options}, **changes
    )
    return Case(whole, check)


def truths(*validation: str) -> dict[str, Any]:
    """A map with one truth."""
    return {
        "version": "1",
        "modules": {"shop": {"purpose": "S."}},
        "architectural_truths": {"kept": {"description": "It is kept.", "validation": [*validation]}},
    }


EXISTS = FilesExist(paths=("docs/a.md",))
RUNS = Command(shell="true")


class Known:
    """What was remembered."""

    def __init__(self, proof: str | None) -> None:
        self._past = Past(run=7, finished="2026-01-01", revision=None, outcome="pass", examined=1, proof=proof)

    def last(self, guardrail: str) -> Past | None:
        return self._past

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        return (self._past,) * runs


def under(document: Any, *cases: Case, history: History | None = None) -> Repository:
    """The shop with this map, under a rulebook."""
    tree = Memory({path: text.encode() for path, text in {**FILES, PLACE: json.dumps(document)}.items()})
    return Repository(tree, environ={}, today=date(2026, 1, 1), remembered=lambda: history).under(cases)


def test_a_truth_that_a_proven_guardrail_enforces_is_kept() -> None:
    verdict = assert_keeps(MapTruths(), under(truths("there", "docs/a.md"), on("there", EXISTS, "files-exist")))

    assert [(each.what, each.scope, each.examined) for each in verdict.evidence] == [
        ("truths", 1, 1),
        ("guardrails of truths, proven here", 1, 1),
    ]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            on("there", EXISTS, "files-exist", enabled=Enabled(value=False, reason="too slow")),
            "is switched off: too slow",
        ),
        (on("there", EXISTS, "files-exist", enforce=Enforce.WARN), "only warns"),
        (on("there", MapTruths(), "map-truths"), "is this very kind of guardrail"),
        (
            on(
                "there",
                FilesExist(paths=("gone.md",)),
                "files-exist",
                canaries=(CanaryEntry(write=WriteEntry("b", "b")),),
            ),
            "is missed: write b",
        ),
    ],
)
def test_a_guardrail_that_cannot_stop_anything_enforces_nothing(case: Case, said: str) -> None:
    found = assert_breaks(MapTruths(), under(truths("there"), case), "guardrail there of kept", "truth kept")

    assert said in found[0].message


def test_a_guardrail_whose_check_does_not_load_enforces_nothing() -> None:
    case = on("there", EXISTS, "files-exist")
    repo = Repository(under(truths("there")).tree, environ={}, today=date(2026, 1, 1), guardrails=(case.guardrail,))

    found = assert_breaks(MapTruths(), repo, "guardrail there of kept", "truth kept")

    assert 'has a check, "files-exist", that does not load' in found[0].message


def test_words_enforce_nothing() -> None:
    assert_breaks(MapTruths(), under(truths("SECRET_KEY is set")), "truth kept", "validation SECRET_KEY is set of kept")


@pytest.mark.parametrize(
    ("history", "outcome", "examined"),
    [
        (None, Outcome.PASS, 0),
        (Known(None), Outcome.PASS, 0),
        (Known("proven"), Outcome.PASS, 1),
        (Known("missed"), Outcome.FAIL, 1),
    ],
)
def test_a_guardrail_that_runs_programs_is_as_proven_as_it_was_when_last_recorded(
    history: History | None, outcome: Outcome, examined: int
) -> None:
    verdict = judged(MapTruths(), under(truths("runs"), on("runs", RUNS, "command"), history=history))

    assert (verdict.outcome, verdict.evidence[1].examined) == (outcome, examined)


def test_a_map_without_truths_is_vacuous() -> None:
    assert judged(MapTruths(), under({"version": "1", "modules": {"shop": {"purpose": "S."}}})).outcome is Outcome.ERROR
