"""What every check of the rulebook asks of it: the guardrails in force, where a word of one stands, and canaries among them."""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from msgspec import structs

from selfcheck.check import Canary, Evidence, Finding, Location, Repository
from selfcheck.guardrail import Guardrail, Place, Severity

PACK = "pack:"
CANARY = "canary"


def in_force(repo: Repository) -> tuple[Guardrail, ...]:
    """The guardrails that are not switched off."""
    return tuple(each for each in repo.guardrails if each.switched_off is None)


def account(repo: Repository) -> Evidence:
    """The evidence that these were looked at."""
    count = len(in_force(repo))
    return Evidence("guardrails", scope=count, examined=count)


def is_own(guardrail: Guardrail, *path: str | int) -> bool:
    """Whether the value that a path leads to is written in a file of the rulebook, not in a pack."""
    return not guardrail.at(*path).file.startswith(PACK)


def holds(declared: Any, wanted: Any) -> bool:
    """Whether the type of an option is another, is an alternative to it, or is a list of it."""
    return bool(declared == wanted) or any(holds(each, wanted) for each in get_args(declared))


def listed(value: Any) -> tuple[str, ...] | None:
    """The texts of an option that holds several, as written; None where it holds anything else."""
    return tuple(map(str, cast("Iterable[Any]", value))) if isinstance(value, list | tuple) else None


def found(
    guardrail: Guardrail, path: Iterable[str | int], about: str, message: str, hint: str, data: Mapping[str, Any]
) -> Finding:
    """What is wrong with one guardrail, at the value that the path leads to; a pack's file has no place in a tree."""
    place = guardrail.at(*path)
    at = None if place.file.startswith(PACK) else Location(place.file, place.line)
    return Finding(
        key=f"{guardrail.id}: {about}",
        message=f"{guardrail.id}: {message}" + ("" if at else f" ({place})"),
        at=at,
        hint=hint,
        data={"guardrail": guardrail.id, **data},
    )


def fresh(repo: Repository, **check: Any) -> Guardrail:
    """A guardrail for a canary, with this check and an id that none has."""
    taken = {each.id for each in repo.guardrails}
    name = next(each for each in (CANARY, *(f"{CANARY}-{number}" for number in range(len(taken)))) if each not in taken)
    place = next((each.place for each in repo.guardrails if is_own(each)), Place("guardrails.yaml", 1))
    return Guardrail(
        id=name,
        title="The canary is noticed",
        why="What does not notice it notices nothing.",
        severity=Severity.HIGH,
        check=check,
        place=place,
    )


def added(repo: Repository, title: str, guardrail: Guardrail, about: str) -> Canary:
    """A canary that adds a guardrail to the rulebook."""
    return Canary(title, (), f"{guardrail.id}: {about}", guardrails=(*repo.guardrails, guardrail))


def changed(repo: Repository, title: str, guardrail: Guardrail, about: str, **changes: Any) -> Canary:
    """A canary that changes keys of a guardrail."""
    after = structs.replace(guardrail, **changes)
    guardrails = tuple(after if each is guardrail else each for each in repo.guardrails)
    return Canary(title, (), f"{guardrail.id}: {about}", guardrails=guardrails)
