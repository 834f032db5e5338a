"""Answers of health endpoints read into one model: health+json, Actuator, MicroProfile, ASP.NET, and what people make up."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from selfcheck.probing.health import Component, Health, Level, level_of, time_of

HOLDERS = ("components", "checks", "results", "entries", "services", "dependencies", "details", "subsystems")
STATUS = ("status", "state", "health", "ok", "healthy", "ready", "alive", "result")
MOST = 500
"""How many components of an answer are kept."""
WIDEST = 200
"""How long a text may be to be a status by itself."""


def read(body: bytes, kind: str = "") -> Health:
    """What an answer says; one that says nothing has neither a level nor components."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _text(body)
    if isinstance(value, dict):
        return _table(cast("dict[str, Any]", value), kind)
    level = level_of(value)
    return Health(form="value", level=level, said="" if level is None else str(value).lower())


def _text(body: bytes) -> Health:
    """`Healthy`, `OK`: ASP.NET's answer, and that of many others."""
    text = body[: WIDEST + 1].decode("utf-8", "replace").strip()
    level = level_of(text) if len(text) <= WIDEST else None
    return Health(form="text" if level is not None else "unknown", level=level, said=text if level is not None else "")


def _table(value: Mapping[str, Any], kind: str) -> Health:
    said = next((value[key] for key in STATUS if key in value and level_of(value[key]) is not None), None)
    holder = next((key for key in HOLDERS if isinstance(value.get(key), dict | list)), None)
    components = tuple(_some(value[holder])) if holder else tuple(_bare(value)) if said is None else ()
    return Health(
        form=_form(value, kind, holder),
        level=None if said is None else level_of(said),
        said="" if said is None else str(said).lower(),
        components=components,
    )


def _form(value: Mapping[str, Any], kind: str, holder: str | None) -> str:
    word = str(value.get("status", ""))
    held: Any = value.get(holder) if holder else None
    if "health+json" in kind or (word in ("pass", "warn", "fail") and holder == "checks"):
        return "health+json"
    if holder == "checks" and isinstance(held, list):
        return "MicroProfile"
    if word in ("UP", "DOWN", "OUT_OF_SERVICE", "UNKNOWN"):
        return "Actuator"
    if word in ("Healthy", "Degraded", "Unhealthy"):
        return "ASP.NET"
    return "own"


def _some(held: Any) -> Iterator[Component]:
    """The components of a mapping by name, or of a list of those with a name."""
    count = 0
    pairs = _pairs(held)
    for name, each in pairs:
        for component in _component(name, each, 0):
            count += 1
            if count > MOST:
                return
            yield component


def _pairs(held: Any) -> list[tuple[str, Any]]:
    if isinstance(held, dict):
        return [*cast("dict[str, Any]", held).items()]
    found: list[tuple[str, Any]] = []
    for number, each in enumerate(cast("Sequence[Any]", held), start=1):
        named = cast("dict[str, Any]", each) if isinstance(each, dict) else {}
        found.append((str(named.get("name") or number), cast("Any", each)))
    return found


def _component(name: str, value: Any, depth: int) -> Iterator[Component]:
    """One component, or those within it; several measurements of one are as many of one name."""
    if isinstance(value, list):
        for each in cast("Sequence[Any]", value):
            if depth < 4:
                yield from _component(name, each, depth + 1)
        return
    if not isinstance(value, dict):
        level = level_of(value)
        said = "?" if level is None else str(value).lower()
        yield Component(name=name, level=Level.UNKNOWN if level is None else level, said=said)
        return
    table = cast("dict[str, Any]", value)
    word = next((table[key] for key in STATUS if key in table and level_of(table[key]) is not None), None)
    inner: Any = table.get("components")
    if isinstance(inner, dict) and depth < 4:
        for below, each in cast("dict[str, Any]", inner).items():
            yield from _component(f"{name}.{below}", each, depth + 1)
    if word is not None or not isinstance(inner, dict):
        level = None if word is None else level_of(word)
        time = time_of(table.get("time") or table.get("timestamp") or table.get("lastChecked"))
        yield Component(
            name=name,
            level=Level.UNKNOWN if level is None else level,
            said="?" if word is None else str(word).lower(),
            time=time,
        )


def _bare(value: Mapping[str, Any]) -> Iterator[Component]:
    """`{"database": "ok", "redis": "down"}`: keys whose values all are words of a status."""
    found = [(name, each) for name, each in value.items() if level_of(each) is not None or _has_status(each)]
    for name, each in found[:MOST]:
        yield from _component(name, each, 0)


def _has_status(value: Any) -> bool:
    return isinstance(value, dict) and any(
        level_of(cast("dict[str, Any]", value).get(key)) is not None for key in STATUS
    )
