"""What is wrong with a probe, seen from the routes that it should ask."""

import posixpath
from collections.abc import Iterator, Sequence
from enum import StrEnum

from selfcheck.check import Finding, Location
from selfcheck.subjects.probes import Asks, Deployment, Probe, Started
from selfcheck.subjects.routes import Route, Routes
from selfcheck.subjects.routes.paths import ends_with, is_served

REDIRECTING = frozenset(("FastAPI", "Starlette", "Django", "Flask", "Quart"))
"""Frameworks that send a request without the slash at the end to the route with it; the first two the other way too."""
BOTH_WAYS = frozenset(("FastAPI", "Starlette"))


class Wrong(StrEnum):
    """The ways in which a probe asks the wrong thing, or nothing."""

    UNKNOWN = "unknown"
    REDIRECTED = "redirected"
    SHARED = "shared"
    PORT = "port"
    TOOL = "tool"
    UNPROBED = "unprobed"


def asking(deployment: Deployment) -> Iterator[tuple[str, Started, Probe]]:
    """Every probe that asks a path of ours."""
    for path, started in deployment.started:
        if started.ours:
            yield from ((path, started, each) for each in started.probes if each.local and each.path is not None)


class Probed:
    """Probes held against routes; `served` are paths that something else answers."""

    def __init__(self, every: Routes, deployment: Deployment, served: Sequence[str]) -> None:
        self._routes = [each for each in every.routes if each.mounted]
        self._opaque = [each for each in every.opaque if not each.static]
        self._served = (*served, *deployment.answered)
        self._deployment = deployment

    def can_tell(self, path: str) -> bool:
        """Whether nothing that was not read may answer a path."""
        return not any(is_served(f"{each.prefix.rstrip('/')}/{{*}}", path) for each in self._opaque)

    def redirected(self) -> str | None:
        """A path that is only redirected to a route, where there is one."""
        for route in self._routes:
            path = route.path.rstrip("/") if route.path.endswith("/") else f"{route.path}/"
            if len(path) > 1 and (route.path.endswith("/") or route.framework in BOTH_WAYS):
                answering = [each for each in self._routes if _is_answered(each, path)]
                if answering and all(_is_redirected(each, path) for each in answering):
                    return path
        return None

    def judge(self) -> Iterator[tuple[Wrong, Finding]]:
        """Every fault of every probe, and what has none."""
        for file, started, probe in asking(self._deployment):
            found = self._route(file, started, probe)
            if found is not None:
                yield found
        for file, started in self._deployment.started:
            if started.ours:
                yield from _shared(file, started)
                yield from _ports(file, started)
                yield from _tools(file, started)
        yield from self._unprobed()

    def _route(self, file: str, started: Started, probe: Probe) -> tuple[Wrong, Finding] | None:
        path = probe.path or "/"
        answering = [each for each in self._routes if _is_answered(each, path)]
        if any(path == other or is_served(other, path) for other in self._served):
            return None
        if not answering:
            return (Wrong.UNKNOWN, self._unknown(file, started, probe)) if self.can_tell(path) else None
        if all(_is_redirected(each, path) for each in answering):
            other = answering[0]
            return Wrong.REDIRECTED, Finding(
                key=f"redirected {path} in {file}",
                message=f"{_label(started, probe)} asks {path}, which is only redirected to {other.path}: a redirect counts as success",
                at=Location(file, probe.line),
                hint=f"ask {other.path}",
                data={"path": path, "route": other.path, "asks": str(probe.asks)},
            )
        return None

    def _unknown(self, file: str, started: Started, probe: Probe) -> Finding:
        last = posixpath.basename((probe.path or "").rstrip("/"))
        near = sorted(
            {each.path for each in self._routes if last and ends_with(each.path, last) and "{" not in each.path}
        )
        return Finding(
            key=f"unknown {probe.path} in {file}",
            message=f"{_label(started, probe)} asks {probe.path}, which no route answers",
            at=Location(file, probe.line),
            hint=f"ask {near[0]}" if near else "mend the path, or list it under `served` if something else answers it",
            data={"path": probe.path, "asks": str(probe.asks), "similar": near},
        )

    def _unprobed(self) -> Iterator[tuple[Wrong, Finding]]:
        ours = [(file, each) for file, each in self._deployment.started if each.ours]
        images = any(each.probes for _, each in ours if each.kind == "Dockerfile")
        probed = {(posixpath.dirname(file), each.name) for file, each in ours if each.probes}
        elsewhere = any(each.probes or each.serves for _, each in ours if each.kind != "Dockerfile")
        for file, each in ours:
            compose = each.kind == "compose" and (images or (posixpath.dirname(file), each.name) in probed)
            # What starts an image is told of, not the image as well.
            image = each.kind == "Dockerfile" and (images or elsewhere)
            if each.serves and not (each.probes or compose or image):
                yield Wrong.UNPROBED, _without(file, each)


def _without(file: str, started: Started) -> Finding:
    what = "the image" if started.kind == "Dockerfile" else f"{started.kind} {started.name}"
    off = "switches its probe off" if started.disabled else "has no probe"
    return Finding(
        key=f"unprobed {started.name} in {file}",
        message=f"{what} {off}: nobody notices when it hangs",
        at=Location(file, started.line),
        hint="let it be asked for a health endpoint",
        data={"name": started.name, "kind": started.kind},
    )


def _is_answered(route: Route, path: str) -> bool:
    if "GET" not in route.methods and "*" not in route.methods and "ALL" not in route.methods:
        return False
    if not route.whole:
        return ends_with(path, route.path)
    same = route.path.endswith("/") == path.endswith("/")
    return is_served(route.path, path) and (same or _may_differ(route))


def _may_differ(route: Route) -> bool:
    """Whether a request with, or without, the slash at the end comes to the route at all."""
    return (
        route.framework in BOTH_WAYS
        or (route.framework in REDIRECTING and route.path.endswith("/"))
        or route.framework not in REDIRECTING | {"aiohttp", "Tornado"}
        or route.path.endswith("{*}")
    )


def _is_redirected(route: Route, path: str) -> bool:
    differs = route.path.endswith("/") != path.endswith("/") and "{" not in route.path
    return route.whole and differs and route.framework in REDIRECTING


def _shared(file: str, started: Started) -> Iterator[tuple[Wrong, Finding]]:
    live = {(each.path, each.port) for each in started.probes if each.asks is Asks.LIVENESS and each.path}
    for each in started.probes:
        if each.asks is Asks.READINESS and each.path and (each.path, each.port) in live:
            yield (
                Wrong.SHARED,
                Finding(
                    key=f"shared {each.path} of {started.name} in {file}",
                    message=f"{started.name} asks {each.path} for liveness and for readiness: what should take it out of service restarts it",
                    at=Location(file, each.line),
                    hint="ask a readiness endpoint for readiness, and for liveness one that needs nothing",
                    data={"path": each.path, "name": started.name},
                ),
            )


def _ports(file: str, started: Started) -> Iterator[tuple[Wrong, Finding]]:
    known = [port for port in started.ports if "$" not in port]
    if not known or len(known) != len(started.ports):
        return
    for each in started.probes:
        if each.port and each.local and each.port not in known and not _in_range(each.port, known):
            yield (
                Wrong.PORT,
                Finding(
                    key=f"port {each.port} of {started.name} in {file}",
                    message=f"{_label(started, each)} asks port {each.port}, and {started.name} says that it listens on {', '.join(known)}",
                    at=Location(file, each.line),
                    hint="ask the port that it listens on",
                    data={"port": each.port, "ports": known, "name": started.name},
                ),
            )


def _in_range(port: str, known: Sequence[str]) -> bool:
    """`EXPOSE 8000-8010`."""
    for each in known:
        first, dash, last = each.partition("-")
        if dash and port.isdigit() and first.isdigit() and last.isdigit() and int(first) <= int(port) <= int(last):
            return True
    return False


def _tools(file: str, started: Started) -> Iterator[tuple[Wrong, Finding]]:
    for each in started.probes:
        if each.tool in started.lacks:
            yield (
                Wrong.TOOL,
                Finding(
                    key=f"tool {each.tool} in {file}",
                    message=f"its HEALTHCHECK runs {each.tool}, which the image has not: it is never healthy",
                    at=Location(file, each.line),
                    hint=f"install {each.tool}, or ask with what is there",
                    data={"tool": each.tool},
                ),
            )


def _label(started: Started, probe: Probe) -> str:
    return "the HEALTHCHECK" if started.kind == "Dockerfile" else f"the {probe.asks} probe of {started.name}"
