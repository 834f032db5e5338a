"""Edits by which a probe asks the wrong thing."""

from collections.abc import Iterator, Sequence

from selfcheck.check import Canary, File, Tree, Unprovable, Write
from selfcheck.checks.health.probed import Probed, Wrong, asking
from selfcheck.subjects.probes import Deployment, Probe
from selfcheck.trees.globs import matcher, shares

ELSEWHERE = "/selfcheck-canary"
NAME = "selfcheck-canary"
MANIFEST = f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {NAME}
spec:
  template:
    spec:
      containers:
        - name: app
          image: {NAME}
          ports:
            - containerPort: 8000
"""
PROBE = """          {asks}Probe:
            httpGet:
              path: {path}
              port: {port}
"""


def canaries(
    tree: Tree, deployment: Deployment, probed: Probed, files: Sequence[str], faults: Sequence[Wrong]
) -> Iterator[Canary]:
    """For each fault that can be shown here, an edit that makes it."""
    made = [*_moved(tree, deployment, probed, files, faults), *_added(tree, probed, files, faults)]
    if not made:
        raise Unprovable("no probe names its path where it could be edited, and no manifest may be added")
    yield from made


def _moved(
    tree: Tree, deployment: Deployment, probed: Probed, files: Sequence[str], faults: Sequence[Wrong]
) -> Iterator[Canary]:
    """The first probe in a file of each pattern's."""
    if Wrong.UNKNOWN not in faults or not probed.can_tell(ELSEWHERE):
        return
    edits = {path: text for path, _, probe in asking(deployment) if (text := _edited(tree, path, probe)) is not None}
    for share in shares(files, edits) if edits else ():
        path = share[0]
        yield Canary(
            f"let a probe in {path} ask {ELSEWHERE}", (Write(path, edits[path]),), f"unknown {ELSEWHERE} in {path}"
        )


def _edited(tree: Tree, path: str, probe: Probe) -> bytes | None:
    """The file with another path in its probe, where that stands on its line as it is asked."""
    if not probe.path or probe.path == "/":
        return None
    lines = File(tree, path).bytes.split(b"\n")
    old = probe.path.encode()
    number = next((each for each in range(probe.line - 1, min(probe.line + 5, len(lines))) if old in lines[each]), None)
    if number is None:
        return None
    lines[number] = lines[number].replace(old, ELSEWHERE.encode(), 1)
    return b"\n".join(lines)


def _added(tree: Tree, probed: Probed, files: Sequence[str], faults: Sequence[Wrong]) -> Iterator[Canary]:
    """A workload beside the others; its image is ours as far as anybody can tell."""
    path = f"{NAME}.yaml"
    if not matcher(tuple(files))(path) or path in tree.kinds:
        return
    two = PROBE.format(asks="liveness", path="/live", port=8000) + PROBE.format(
        asks="readiness", path="/live", port=8000
    )
    shown = {
        Wrong.SHARED: (two, f"shared /live of {NAME}/app in {path}"),
        Wrong.PORT: (PROBE.format(asks="readiness", path="/ready", port=8001), f"port 8001 of {NAME}/app in {path}"),
        Wrong.UNPROBED: ("", f"unprobed {NAME}/app in {path}"),
    }
    if probed.can_tell(ELSEWHERE):
        shown[Wrong.UNKNOWN] = (
            PROBE.format(asks="readiness", path=ELSEWHERE, port=8000),
            f"unknown {ELSEWHERE} in {path}",
        )
    if (turned := probed.redirected()) is not None:
        shown[Wrong.REDIRECTED] = (
            PROBE.format(asks="readiness", path=turned, port=8000),
            f"redirected {turned} in {path}",
        )
    for fault, (text, expect) in shown.items():
        if fault in faults:
            yield Canary(f"add a workload whose probe is {fault}", (Write(path, (MANIFEST + text).encode()),), expect)
    if Wrong.TOOL in faults:
        docker = f"{NAME}/Dockerfile"
        if matcher(tuple(files))(docker):
            content = b"FROM python:3.13-slim\nHEALTHCHECK CMD curl -f http://localhost:8000/\n"
            yield Canary("add an image that runs what it has not", (Write(docker, content),), f"tool curl in {docker}")
