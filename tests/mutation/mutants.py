"""Checks spoiled in one way: findings are dropped or name something else, or an option asks for less than is written."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

from msgspec import structs

from selfcheck.check import Check, Finding, Repository, Seen
from selfcheck.strictness import Strictness

NARROWED = {"paths", "roots", "manifests", "modules", "importers", "layers", "containers", "source_modules"} | {
    "forbidden_modules",
    "protected_modules",
}
"""Lists whose every item makes a check look at more, whatever else a change of them would mean to a rulebook."""
SILENT, MISNAMED = "silent", "misnamed"


class Mutant(NamedTuple):
    """A spoiled check, the option that was changed or what else was done, and the change in words."""

    check: Check
    what: str
    how: str


def mutants(check: Check) -> Iterator[Mutant]:
    """The check spoiled in every way. Its canaries stay as they are: those of the whole check."""
    yield Mutant(_seeing(check, _silent), SILENT, "its findings are dropped, its evidence is kept")
    yield Mutant(_seeing(check, _misnamed), MISNAMED, "its findings name something else")
    for option, how, other in _looser(check):
        yield Mutant(_seeing(check, partial(_instead, other)), option, f"{option} {how}")


Sight = Callable[[Repository, Iterator[Seen]], Iterator[Seen]]


def _seeing(check: Check, sight: Sight) -> Check:
    """A check of the same class that sees something else of the repository."""
    kind = type(check)

    def run(self: Check, repo: Repository) -> Iterator[Seen]:
        del self
        return sight(repo, check.run(repo))

    made: Any = type(f"Spoiled{kind.__name__}", (kind,), {"run": run, "__module__": __name__})
    return cast("Check", made(**{name: getattr(check, name) for name in kind.__struct_fields__}))


def _silent(_repo: Repository, seen: Iterator[Seen]) -> Iterator[Seen]:
    return (each for each in seen if not isinstance(each, Finding))


def _misnamed(_repo: Repository, seen: Iterator[Seen]) -> Iterator[Seen]:
    for each in seen:
        yield structs.replace(each, key="something else", parts=()) if isinstance(each, Finding) else each


def _instead(other: Check, repo: Repository, _seen: Iterator[Seen]) -> Iterator[Seen]:
    return other.run(repo)


def _looser(check: Check) -> Iterator[tuple[str, str, Check]]:
    """The check with one option that asks for less, for each such option: its name, the change, the check."""
    for field in structs.fields(check):
        option = field.encode_name
        strictness = Strictness.MORE if option in NARROWED else check.strictness.get(option)
        for how, value in _less(getattr(check, field.name), strictness):
            try:
                yield option, how, structs.replace(check, **{field.name: value})
            except ValueError:
                continue  # it takes no such value


def _less(value: Any, strictness: Strictness | None) -> Iterator[tuple[str, Any]]:
    """What asks for less than a value, and that in words; an empty list is a fault of the rulebook, not a change."""
    match value:
        case bool() if strictness is not None and value is (strictness is Strictness.MORE):
            yield str(not value).lower(), not value
        case int() if strictness is Strictness.LESS and not isinstance(value, bool):
            yield "a thousandfold", value * 1000
        case tuple() if strictness is Strictness.MORE:
            items = cast("Sequence[Any]", value)
            for number, item in enumerate(items):
                if len(items) > 1 and not str(item).startswith("!"):
                    yield f"without {item}", (*items[:number], *items[number + 1 :])
        case _:
            return
