"""What is wrong with a health endpoint that is there: it cannot fail, it fails for others, or it tells too much."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from selfcheck.check import Finding, Location
from selfcheck.checks.health.roles import Role
from selfcheck.subjects.routes import Answer, Route

GUARDS = re.compile(
    r"(?:^|[._])(?:get_)?(?:current_?(?:active_?)?(?:super)?user\w*|auth\w*|login_required|requires?_\w+|jwt_\w+|\w*token\w*"
    r"|api_?key\w*|\w*permissions?\w*|verify_\w+|isauthenticated\w*|oauth2\w*)$",
    re.IGNORECASE,
)
LIMITS = re.compile(r"(?:^|[._])(?:limit|rate_?limit\w*|throttl\w*|limiter)$", re.IGNORECASE)


class Fault(StrEnum):
    """The ways in which a health endpoint misleads."""

    CONSTANT = "constant"
    UNTOUCHED = "untouched"
    TOUCHING = "touching"
    SWALLOWED = "swallowed"
    GUARDED = "guarded"
    LIMITED = "limited"
    UNBOUNDED = "unbounded"
    LEAKING = "leaking"


def judged(route: Route, role: Role, answer: Answer | None, *, ready: bool) -> Iterator[Finding]:
    """Every fault of one endpoint; `ready` says that another one tells whether what it needs is there."""
    guards = (*route.guards, *(answer.needs if answer else ()))
    if guard := _first(GUARDS, guards):
        yield _finding(Fault.GUARDED, route, route.at, f"asks for `{guard}`: a probe has no account", "leave it open")
    if limit := _first(LIMITS, guards):
        message = f"is limited by `{limit}`: a probe that is turned away looks like a failure"
        yield _finding(Fault.LIMITED, route, route.at, message, "exempt it from the limit")
    if answer is None:
        return
    if not answer.varies and role is Role.READINESS:
        message = "says that it is ready whatever became of what it needs: its answer is always the same"
        yield _finding(Fault.UNTOUCHED, route, answer.at, message, "ask what a request needs, the database first")
    elif not answer.varies and role is Role.HEALTH and not ready:
        message = "says that all is well whatever happens: its answer is always the same, and nothing else asks"
        yield _finding(
            Fault.CONSTANT, route, answer.at, message, "ask what the application needs, here or in a readiness endpoint"
        )
    if answer.touches is not None and role is Role.LIVENESS:
        message = "asks a database or another service: when that is down, every instance is restarted"
        hint = "answer from the process alone; ask others in the readiness endpoint"
        yield _finding(Fault.TOUCHING, route, answer.touches, message, hint)
    yield from _told(route, answer)


def _told(route: Route, answer: Answer) -> Iterator[Finding]:
    if answer.swallowed is not None:
        message = "answers 200 after an exception: a probe looks at the status alone"
        yield _finding(Fault.SWALLOWED, route, answer.swallowed, message, "answer 503 there")
    if answer.leaks is not None:
        message = "tells the text of an exception, which may hold addresses and passwords"
        yield _finding(Fault.LEAKING, route, answer.leaks, message, "log the exception, and name only what failed")
    if answer.unbounded is not None:
        message = "waits for another service without an end: it hangs where it should say no"
        yield _finding(Fault.UNBOUNDED, route, answer.unbounded, message, "give the call a timeout below the probe's")


def _first(pattern: re.Pattern[str], names: Sequence[str]) -> str | None:
    return next((name for name in names if pattern.search(name) and not name.endswith("exempt")), None)


def _finding(fault: Fault, route: Route, at: Location, message: str, hint: str) -> Finding:
    return Finding(
        key=f"{fault} {route.path}",
        message=f"{route.path} {message}",
        at=at,
        hint=hint,
        data={"fault": str(fault), "path": route.path, "route": str(route.at)},
    )
