"""The map as a workspace of Structurizr, and a workspace as a map. https://github.com/structurizr/json"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any, cast

import msgspec
from msgspec import structs

from selfcheck.errors import UsageError
from selfcheck_observability.map.exchange import FIRST, made, name_of, packed, path_of, rest, texts, unpacked
from selfcheck_observability.map.model import Dependency, Map, Module

MAP, MODULE, DEPENDENCY = "selfcheck.map", "selfcheck.module", "selfcheck.dependency"
KEY = "_key"


def exported(whole: Map, name: str) -> str:
    """One software system whose containers are the modules; what they lean on are systems beside it."""
    numbers = count(2)
    ids = {f"m {path}": str(next(numbers)) for path in whole.modules}
    ids |= {f"d {each}": str(next(numbers)) for each in whole.resilience_dependencies}
    containers = [
        {
            "id": ids[f"m {path}"],
            "name": path,
            "description": each.purpose,
            "tags": "Element,Container",
            "properties": {MODULE: packed(each, **{KEY: path})},
            "relationships": [
                {
                    "id": str(next(numbers)),
                    "sourceId": ids[f"m {path}"],
                    "destinationId": ids[target],
                    "description": verb,
                }
                for target, verb in _related(whole, path)
                if target in ids
            ],
        }
        for path, each in whole.modules.items()
    ]
    own = {
        "id": "1",
        "name": name,
        "description": whole.purpose or "",
        "tags": "Element,Software System",
        "properties": {MAP: packed(rest(whole))},
        "containers": containers,
    }
    others = [
        {
            "id": ids[f"d {key}"],
            "name": key,
            "description": each.description or "",
            "tags": "Element,Software System,Resilience",
            "properties": {DEPENDENCY: packed(each, **{KEY: key})},
        }
        for key, each in whole.resilience_dependencies.items()
    ]
    workspace = {
        "name": name,
        "description": whole.purpose or "",
        "model": {"softwareSystems": [own, *others]},
        "views": {},
    }
    return msgspec.json.format(msgspec.json.encode(workspace), indent=2).decode() + "\n"


def _related(whole: Map, path: str) -> Iterator[tuple[str, str]]:
    measured = whole.measured.modules.get(path.rstrip("/")) if whole.measured else None
    for target in measured.imports if measured else ():
        yield f"m {target}", "imports"
    dependent = (name for name, each in whole.resilience_dependencies.items() if path in each.modules_dependent)
    for name in dict.fromkeys((*whole.modules[path].resilience_dependencies, *dependent)):
        yield f"d {name}", "leans on"


def imported(content: bytes) -> Map:
    """A workspace as a map: containers and components are modules, systems without any are what these lean on.

    Raises:
        UsageError: it is no workspace.
    """
    try:
        workspace = msgspec.json.decode(content, type=dict[str, Any])
        systems = msgspec.convert(workspace["model"].get("softwareSystems") or [], list[dict[str, Any]])
    except (msgspec.MsgspecError, LookupError, AttributeError, RecursionError) as error:
        raise UsageError("is no workspace of Structurizr in JSON") from error
    ours = next((each for each in map(_properties, systems) if MAP in each), None)
    if ours is not None:
        return _unpacked(systems, ours)
    return _foreign(systems)


def _unpacked(systems: list[dict[str, Any]], ours: dict[str, Any]) -> Map:
    whole, _ = unpacked(ours[MAP], Map)
    modules: dict[str, Module] = {}
    dependencies: dict[str, Dependency] = {}
    for system in systems:
        for container in _list(system, "containers"):
            if MODULE in _properties(container):
                module, more = unpacked(_properties(container)[MODULE], Module, KEY)
                modules[more[KEY]] = module
        if DEPENDENCY in _properties(system):
            dependency, more = unpacked(_properties(system)[DEPENDENCY], Dependency, KEY)
            dependencies[more[KEY]] = dependency
    return structs.replace(whole, modules=modules, resilience_dependencies=dependencies)


def _foreign(systems: list[dict[str, Any]]) -> Map:
    holding = [each for each in systems if _list(each, "containers")]
    leaned = {str(each.get("id")): name_of(texts(each, "name")) for each in systems if each not in holding}
    modules: dict[str, Any] = {}
    for system in holding:
        for container in _list(system, "containers"):
            for each in (container, *_list(container, "components")):
                name = texts(each, "name")
                wanted = [str(one.get("destinationId")) for one in _list(each, "relationships")]
                modules[path_of(name)] = {
                    "purpose": texts(each, "description", "name") or "not said",
                    "resilience_dependencies": list(dict.fromkeys(leaned[one] for one in wanted if one in leaned)),
                }
    used = {name for each in modules.values() for name in each["resilience_dependencies"]}
    return made({"version": FIRST, "modules": modules, "resilience_dependencies": {name: {} for name in sorted(used)}})


def _properties(element: dict[str, Any]) -> dict[str, Any]:
    found = element.get("properties")
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _list(element: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = element.get(key)
    several: Sequence[Any] = cast("Sequence[Any]", found) if isinstance(found, list) else ()
    return [cast("dict[str, Any]", each) for each in several if isinstance(each, dict)]
