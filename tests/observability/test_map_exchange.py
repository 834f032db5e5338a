"""A map that goes to another tool and comes back is as people wrote it; what others wrote becomes a map."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import UsageError
from selfcheck_observability.map import backstage, structurizr
from selfcheck_observability.map.exchange import slug
from selfcheck_observability.map.model import (
    Dependency,
    Evolution,
    Goal,
    Map,
    Measure,
    Measured,
    Module,
    Scope,
    State,
    Step,
    Truth,
)

TOOLS = {
    "backstage": (backstage.exported, backstage.imported),
    "structurizr": (structurizr.exported, structurizr.imported),
}
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,4}", fullmatch=True)
paths = st.from_regex(r"[a-z é_-]{1,3}(/[a-z.]{0,2}[a-z]){0,2}", fullmatch=True).filter(str.strip)
texts = st.text(min_size=1, max_size=6).filter(str.strip)
some = st.lists(texts, max_size=2).map(tuple)
several = st.lists(names, max_size=2).map(tuple)
modules = st.builds(
    Module,
    purpose=texts,
    business_goals=several,
    resilience_dependencies=several,
    architectural_concerns=some,
    audit_references=some,
    slo_impacts=some,
    status=st.none() | texts,
    evolution=st.none() | texts,
)
goals = st.builds(
    Goal,
    description=st.none() | texts,
    modules=st.lists(paths, max_size=2).map(tuple),
    critical_paths=st.lists(texts | st.just("POST /orders"), max_size=2).map(tuple),
    resilience_requirements=some,
    slo_targets=some,
)
dependencies = st.builds(
    Dependency,
    description=st.none() | texts,
    modules_dependent=st.lists(paths, max_size=2).map(tuple),
    failure_modes=some,
    mitigations=some,
    guardrails=several,
)
truths = st.builds(
    Truth, description=texts, validation=texts | st.lists(texts, max_size=2).map(tuple), rationale=st.none() | texts
)
steps = st.lists(st.builds(Step, what=texts, state=st.sampled_from(State), refs=some), max_size=2).map(tuple)
maps = st.builds(
    Map,
    version=texts,
    last_updated=st.none() | st.just("2026-11-21"),
    source=st.none() | texts,
    purpose=st.none() | texts,
    scope=st.builds(Scope, paths=st.just(("shop/**",))),
    modules=st.dictionaries(paths, modules, max_size=3),
    business_goals=st.dictionaries(names, goals, max_size=2),
    resilience_dependencies=st.dictionaries(names, dependencies, max_size=2),
    architectural_truths=st.dictionaries(names, truths, max_size=2),
    evolution_path=st.builds(Evolution, immediate=steps, long_term=steps),
)


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=25, deadline=None)
@given(maps)
def test_a_map_comes_back_as_people_wrote_it(tool: str, whole: Map) -> None:
    exported, imported = TOOLS[tool]

    assert imported(exported(whole, "the shop").encode()) == whole


WHOLE = Map(
    version="1",
    purpose="The shop.",
    modules={
        "shop/web": Module(purpose="Pages.", business_goals=("sales",), resilience_dependencies=("db",)),
        "shop/store": Module(purpose="Tables."),
    },
    business_goals={"sales": Goal(modules=("shop/store",), critical_paths=("POST /orders",))},
    resilience_dependencies={"db": Dependency(modules_dependent=("shop/store",))},
    measured=Measured(
        modules={"shop/web": Measure(files=1, lines=1, imports=("shop/store", "shop/jobs"), owners=("@org/web",))}
    ),
)


def test_backstage_gets_entities_that_refer_to_each_other() -> None:
    found = [*yaml.safe_load_all(backstage.exported(WHOLE, "the shop"))]

    assert [(each["kind"], each["metadata"]["name"]) for each in found] == [
        ("Domain", slug("the shop")),
        ("System", "sales"),
        ("API", slug("POST /orders")),
        ("Component", slug("shop/web")),
        ("Component", slug("shop/store")),
        ("Resource", "db"),
    ]
    assert found[3]["spec"] == {
        "type": "library",
        "lifecycle": "production",
        "owner": slug("org/web"),
        "system": "sales",
        "dependsOn": [f"component:{slug('shop/store')}", "resource:db"],
    }


def test_structurizr_gets_containers_that_are_related() -> None:
    model = json.loads(structurizr.exported(WHOLE, "the shop"))["model"]["softwareSystems"]

    web, store = model[0]["containers"]
    assert [each["name"] for each in model] == ["the shop", "db"]
    assert [(each["description"], each["destinationId"]) for each in web["relationships"]] == [
        ("imports", store["id"]),
        ("leans on", model[1]["id"]),
    ]
    assert [each["destinationId"] for each in store["relationships"]] == [model[1]["id"]]


def test_names_of_backstage_are_short_plain_and_apart() -> None:
    found = [slug(each) for each in ("a/b", "a b", "é", "x" * 70, "x" * 71, "a--b", "fine-name")]

    assert found[-1] == "fine-name"
    assert len(set(found)) == len(found)
    assert all(len(each) <= 63 and each.strip("-_.") == each for each in found)


CATALOG = """\
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: sales, description: What earns money.}
spec: {owner: team}
---
kind: Component
metadata: {name: ../shop}
spec: {system: sales, dependsOn: [resource:default/db, component:other, 7]}
---
kind: Component
metadata: {name: alone}
---
kind: Resource
metadata: {name: db}
"""


def test_a_catalog_of_others_becomes_modules_goals_and_dependencies() -> None:
    found = backstage.imported(CATALOG.encode())

    assert found == Map(
        version="1.0.0",
        modules={
            "shop": Module(purpose="../shop", business_goals=("sales",), resilience_dependencies=("db",)),
            "alone": Module(purpose="alone"),
        },
        business_goals={"sales": Goal(description="What earns money.")},
        resilience_dependencies={"db": Dependency()},
    )


def test_a_workspace_of_others_becomes_modules_and_dependencies() -> None:
    system = {
        "id": "1",
        "name": "shop",
        "containers": [
            {
                "id": "2",
                "name": "web",
                "description": "Pages.",
                "relationships": [{"destinationId": "9"}, {"destinationId": "1"}],
                "components": [{"id": "3", "name": "a\\b"}],
            },
        ],
    }
    found = structurizr.imported(
        json.dumps({"model": {"softwareSystems": [system, {"id": "9", "name": "My DB"}]}}).encode()
    )

    assert found == Map(
        version="1.0.0",
        modules={
            "web": Module(purpose="Pages.", resilience_dependencies=("My-DB",)),
            "a/b": Module(purpose="a\\b"),
        },
        resilience_dependencies={"My-DB": Dependency()},
    )


@pytest.mark.parametrize(
    ("tool", "content", "said"),
    [
        ("backstage", b"", "no document has metadata"),
        ("backstage", b"{", "is no YAML"),
        ("backstage", b"a: &x [1]\nb: *x\n", "has anchors"),
        ("backstage", b" " * 5_000_001, "too large"),
        ("backstage", b"kind: Domain\nmetadata: {name: a, annotations: {selfcheck/map: '{}'}}\n", "was changed"),
        ("structurizr", b"", "is no workspace"),
        ("structurizr", b"{}", "is no workspace"),
        ("structurizr", b'{"model": 1}', "is no workspace"),
        ("structurizr", b'{"model": {"softwareSystems": [{"properties": {"selfcheck.map": "x"}}]}}', "was changed"),
    ],
)
def test_what_is_none_of_theirs_is_told(tool: str, content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        TOOLS[tool][1](content)


def test_a_name_that_is_no_name_of_ours_is_told() -> None:
    document: dict[str, Any] = {"model": {"softwareSystems": [{"name": "s", "containers": [{"name": "a\nb"}]}]}}

    found = structurizr.imported(json.dumps(document).encode())

    assert [*found.modules] == ["a\nb"]
