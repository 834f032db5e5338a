"""What differs between two maps: in what was measured, and in what people wrote. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from selfcheck_observability.map.model import Map, Measure

NEAR = 10
"""By how many lines, files or routes a number may be off however small it is, where it may be off at all."""
PARTS = ("modules", "business_goals", "resilience_dependencies", "architectural_truths")


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that differs: what kind of thing, which, and how."""

    what: str
    name: str
    how: str


def differences(old: Map, new: Map, *, tolerance: float = 0.0) -> tuple[Difference, ...]:
    """Everything that differs; numbers that differ by no more than a share are left out."""
    return (*written(old, new), *measured(_modules(old), _modules(new), tolerance))


def written(old: Map, new: Map) -> Iterator[Difference]:
    """What people added, took out and changed."""
    for part in PARTS:
        before: Mapping[str, object] = getattr(old, part)
        after: Mapping[str, object] = getattr(new, part)
        for name in sorted(before.keys() | after.keys()):
            how = _how(before.get(name), after.get(name))
            if how:
                yield Difference(what=f"{part}, as people wrote it", name=name, how=how)
    if old.evolution_path != new.evolution_path:
        yield Difference(what="evolution_path, as people wrote it", name="evolution_path", how="changed")


def measured(old: Mapping[str, Measure], new: Mapping[str, Measure], tolerance: float) -> Iterator[Difference]:
    """Modules that came and went, and what became of the others."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before is None or after is None:
            how = "is new" if before is None else "is gone"
            yield Difference(what="module", name=name, how=how)
        else:
            yield from _between(name, before, after, tolerance)


def off(said: int, real: int, tolerance: float) -> bool:
    """Whether a number is off by more than a share, and by more than a few where it may be off at all."""
    return abs(said - real) > (max(tolerance * real, NEAR) if tolerance else 0)


def _between(name: str, old: Measure, new: Measure, tolerance: float) -> Iterator[Difference]:
    sizes = [
        f"{before:,} -> {after:,} {what}"
        for what, before, after in (("files", old.files, new.files), ("lines", old.lines, new.lines))
        if off(before, after, tolerance)
    ]
    if sizes:
        yield Difference(what="size", name=name, how=", ".join(sizes))
    for what, before, after in (
        ("imports", old.imports, new.imports),
        ("routes", old.routes, new.routes),
        ("owners", old.owners, new.owners),
    ):
        if said := _lists(before, after):
            yield Difference(what=what, name=name, how=said)


def _lists(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    gained = [f"+{each}" for each in sorted(set(new) - set(old))]
    lost = [f"-{each}" for each in sorted(set(old) - set(new))]
    return " ".join(gained + lost)


def _how(old: object, new: object) -> str | None:
    if old is None or new is None:
        return "is new" if old is None else "is gone"
    return None if old == new else "changed"


def _modules(whole: Map) -> Mapping[str, Measure]:
    return whole.measured.modules if whole.measured else {}
