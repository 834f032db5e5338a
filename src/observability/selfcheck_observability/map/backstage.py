"""The map as a catalog of Backstage, and a catalog as a map. Nothing that a catalog refers to elsewhere is fetched."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import yaml
from msgspec import structs

from selfcheck.errors import UsageError
from selfcheck_observability.map.exchange import FIRST, made, name_of, packed, path_of, rest, slug, texts, unpacked
from selfcheck_observability.map.model import Dependency, Map, Module
from selfcheck_observability.map.references import ROUTE

VERSION = "backstage.io/v1alpha1"
MAP, MODULE, DEPENDENCY = "selfcheck/map", "selfcheck/module", "selfcheck/dependency"
KEY = "_key"
UNOWNED = "unowned"
LARGEST = 5_000_000


def exported(whole: Map, name: str) -> str:
    """A Domain of everything, a System for each goal, a Component for each module, a Resource for what they lean on."""
    return yaml.safe_dump_all(_entities(whole, name), sort_keys=False, allow_unicode=True, width=120)


def _entities(whole: Map, name: str) -> Iterator[dict[str, Any]]:
    owner = {path: (_owners(whole, path) or [UNOWNED])[0] for path in whole.modules}
    yield _entity("Domain", name, whole.purpose, {MAP: packed(rest(whole))}, {"owner": UNOWNED})
    for key, goal in whole.business_goals.items():
        spec = {"owner": UNOWNED, "domain": slug(name)}
        yield _entity("System", key, goal.description, {}, spec)
        for route in filter(ROUTE.fullmatch, goal.critical_paths):
            about = {
                "type": "openapi",
                "lifecycle": "production",
                "owner": UNOWNED,
                "system": slug(key),
                "definition": route,
            }
            yield _entity("API", route, None, {}, about)
    for path, module in whole.modules.items():
        spec = {"type": "library", "lifecycle": "production", "owner": owner[path], **_related(whole, path, module)}
        yield _entity("Component", path, module.purpose, {MODULE: packed(module, **{KEY: path})}, spec)
    for key, dependency in whole.resilience_dependencies.items():
        about = {DEPENDENCY: packed(dependency, **{KEY: key})}
        yield _entity("Resource", key, dependency.description, about, {"type": "dependency", "owner": UNOWNED})


def _entity(
    kind: str, name: str, said: str | None, annotations: dict[str, str], spec: dict[str, Any]
) -> dict[str, Any]:
    metadata = {"name": slug(name), "title": name, "description": said, "annotations": annotations}
    kept = {key: value for key, value in metadata.items() if value}
    return {"apiVersion": VERSION, "kind": kind, "metadata": kept, "spec": spec}


def _owners(whole: Map, path: str) -> list[str]:
    measured = whole.measured.modules.get(path.rstrip("/")) if whole.measured else None
    return [name for each in (measured.owners if measured else ()) if (name := slug(each.lstrip("@")))]


def _related(whole: Map, path: str, module: Module) -> dict[str, Any]:
    measured = whole.measured.modules.get(path.rstrip("/")) if whole.measured else None
    goals = [key for key, goal in whole.business_goals.items() if key in module.business_goals or path in goal.modules]
    targets = [f"component:{slug(each)}" for each in (measured.imports if measured else ()) if each in whole.modules]
    targets += [f"resource:{slug(each)}" for each in module.resilience_dependencies]
    return {**({"system": slug(goals[0])} if goals else {}), **({"dependsOn": targets} if targets else {})}


def imported(content: bytes) -> Map:
    """A catalog as a map: Components are modules, Systems goals, Resources what modules lean on.

    Raises:
        UsageError: it is no catalog.
    """
    entities = [*_read(content)]
    ours = next((found for each in entities if (found := _annotations(each).get(MAP))), None)
    return _foreign(entities) if ours is None else _unpacked(entities, ours)


def _read(content: bytes) -> Iterator[dict[str, Any]]:
    if len(content) > LARGEST:
        raise UsageError("is too large for a catalog")
    try:
        # Anchors are refused: what they repeat could be repeated without end.
        if any(isinstance(each, yaml.AliasEvent) for each in yaml.parse(content, yaml.CSafeLoader)):
            raise UsageError("has anchors, which no catalog needs")
        documents: list[Any] = [*yaml.load_all(content, yaml.CSafeLoader)]
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"is no YAML: {' '.join(str(error).split())}") from error
    several = [cast("dict[str, Any]", each) for each in documents if isinstance(each, dict)]
    found = [each for each in several if isinstance(each.get("metadata"), dict)]
    if not found:
        raise UsageError("is no catalog of Backstage: no document has metadata")
    yield from found


def _unpacked(entities: list[dict[str, Any]], ours: object) -> Map:
    whole, _ = unpacked(ours, Map)
    modules: dict[str, Module] = {}
    dependencies: dict[str, Dependency] = {}
    for each in entities:
        annotations = _annotations(each)
        if MODULE in annotations:
            module, more = unpacked(annotations[MODULE], Module, KEY)
            modules[more[KEY]] = module
        if DEPENDENCY in annotations:
            dependency, more = unpacked(annotations[DEPENDENCY], Dependency, KEY)
            dependencies[more[KEY]] = dependency
    return structs.replace(whole, modules=modules, resilience_dependencies=dependencies)


def _foreign(entities: list[dict[str, Any]]) -> Map:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for each in entities:
        by_kind.setdefault(str(each.get("kind")), []).append(each)
    goals = {_name(each): _described(each) for each in by_kind.get("System", [])}
    dependencies = {_name(each): _described(each) for each in by_kind.get("Resource", [])}
    modules: dict[str, Any] = {}
    for each in by_kind.get("Component", []):
        spec = _mapping(each, "spec")
        system, wanted = spec.get("system"), spec.get("dependsOn")
        targets = [str(one) for one in cast("Sequence[Any]", wanted)] if isinstance(wanted, list) else []
        resources = [_last(one) for one in targets if one.startswith("resource:")]
        served = [_last(str(system))] if system and _last(str(system)) in goals else []
        modules[path_of(_name(each))] = {
            "purpose": texts(_mapping(each, "metadata"), "description", "title", "name") or "not said",
            "business_goals": served,
            "resilience_dependencies": [one for one in resources if one in dependencies],
        }
    return made(
        {"version": FIRST, "modules": modules, "business_goals": goals, "resilience_dependencies": dependencies}
    )


def _described(entity: dict[str, Any]) -> dict[str, str]:
    said = texts(_mapping(entity, "metadata"), "description", "title")
    return {"description": said} if said else {}


def _name(entity: dict[str, Any]) -> str:
    return name_of(texts(_mapping(entity, "metadata"), "name"))


def _last(reference: str) -> str:
    return name_of(reference.rpartition(":")[2].rpartition("/")[2])


def _annotations(entity: dict[str, Any]) -> dict[str, Any]:
    return _mapping(_mapping(entity, "metadata"), "annotations")


def _mapping(holder: dict[str, Any], key: str) -> dict[str, Any]:
    found = holder.get(key)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
