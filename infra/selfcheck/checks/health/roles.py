"""What health endpoints are for, and which routes are such."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from selfcheck.check import Finding, Repository
from selfcheck.subjects import routes
from selfcheck.subjects.routes import Route, Routes
from selfcheck.subjects.routes.paths import REST, ends_with, is_served, segments

UrlPath = Annotated[
    str,
    Meta(
        pattern=r"^/[A-Za-z0-9._~/{}*-]*(?!\n)$",
        description="the path of a URL, from its first slash",
        examples=["/health"],
    ),
]
UrlPaths = Annotated[tuple[UrlPath, ...], Meta(min_length=1)]

NAMED = re.compile(
    r"health(?:z|check|[-_]?checks?)?|_health|liveness|livez?|readiness|readyz?|startupz?|ping|alive|heartbeat|_?up|status"
)
"""The last parts of paths that people ask how somebody is."""


class Role(StrEnum):
    """What an endpoint answers: how it is, whether it can serve now, whether it must be restarted."""

    HEALTH = "health"
    READINESS = "readiness"
    LIVENESS = "liveness"


def found(repo: Repository, paths: tuple[str, ...]) -> Routes:
    """The routes of a repository, read once a run."""
    return repo.subject(routes.read, repo.tree, repo.facts, paths)


def answering(found: Iterable[Route], paths: Sequence[str]) -> list[Route]:
    """The routes that answer GET at one of these paths; where none is known to, those whose beginning is unknown."""
    several = [each for each in found if each.mounted and _is_got(each) and any(_is_at(each, path) for path in paths)]
    return [each for each in several if each.whole] or several


def similar(found: Iterable[Route]) -> list[Route]:
    """The routes whose name says that they are about health, and that are about the whole application."""
    return [each for each in found if _is_got(each) and "{" not in each.path and _is_named(each.path)]


def missing(role: Role, wanted: Sequence[str], every: Routes) -> Finding:
    """No route answers any of the paths of a role."""
    near = dict.fromkeys(f"{each.path} ({each.at})" for each in similar(every.routes) if each.mounted)
    dead = [each for each in every.routes if not each.mounted and any(_is_at(each, path) for path in wanted)]
    around = "".join(f"; no application includes the one in {each.at}" for each in dead[:1])
    there = f"; there is {', '.join([*near][:3])}" if near else ""
    lost = [each for each in every.opaque if not each.static]
    unknown = f"; what {lost[0].at} includes was not read" if lost and not near and not dead else ""
    return Finding(
        key=f"missing {wanted[0]}",
        message=f"no route answers GET {' or '.join(wanted)}{around}{unknown}",
        at=dead[0].at if dead else None,
        hint=f"add it, or name the path that stands for it under `{role}`{there}",
        data={"role": str(role), "paths": list(wanted), "similar": [*near]},
    )


def _is_got(route: Route) -> bool:
    return bool({"GET", "*", "ALL"} & set(route.methods))


def _is_at(route: Route, path: str) -> bool:
    if not route.whole:
        return ends_with(path, route.path)
    own = segments(route.path)
    last = own[-2:-1] if own and own[-1] == REST else own[-1:]
    return bool(last) and "{" not in last[0] and is_served(route.path, path)


def _is_named(path: str) -> bool:
    parts = [part for part in path.split("/") if part]
    return bool(parts) and len(parts) <= 4 and NAMED.fullmatch(parts[-1].lower()) is not None
