"""Edits that take a health endpoint away, or add one that misleads."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from selfcheck.check import Canary, Edit, Tree, Unprovable, Write
from selfcheck.checks.health.faults import Fault
from selfcheck.checks.health.roles import Role
from selfcheck.subjects.routes import Route, Routes
from selfcheck.trees.globs import matcher

NAME = "selfcheck_canary"
ELSEWHERE = "/selfcheck-canary"
HEAD = "from fastapi import Depends, FastAPI\nimport requests\n\napp = FastAPI()\n\n\n"
CHECKED = '    check_database()\n    return {"status": "ok"}\n'
BODIES: Mapping[Fault, tuple[Role | None, str, str, str]] = {
    Fault.CONSTANT: (Role.HEALTH, "", "", '    return {"status": "ok"}\n'),
    Fault.UNTOUCHED: (Role.READINESS, "", "", '    return {"status": "ok"}\n'),
    Fault.TOUCHING: (Role.LIVENESS, "", "", '    session.execute("SELECT 1")\n    return {"status": "ok"}\n'),
    Fault.SWALLOWED: (
        None,
        "",
        "",
        '    try:\n        check_database()\n    except Exception:\n        return {"status": "down"}\n    return {"status": "ok"}\n',
    ),
    Fault.GUARDED: (None, "", "user=Depends(get_current_user)", CHECKED),
    Fault.LIMITED: (None, '@limiter.limit("5/minute")\n', "", CHECKED),
    Fault.UNBOUNDED: (None, "", "", f'    requests.get("http://other/health")\n{CHECKED}'),
    Fault.LEAKING: (
        None,
        "",
        "",
        "    try:\n        check_database()\n    except Exception as error:\n        raise HTTPException(503, str(error))\n",
    ),
}
"""For each fault the role that has it, if only one has, and a decorator, a parameter and a body that show it."""


def taken_away(tree: Tree, held: Mapping[str, Sequence[Route]]) -> Iterator[Canary]:
    """For each role, the literals of all its routes say another path."""
    for path, several in held.items():
        if several:
            edits = tuple(moved(tree, several))
            yield Canary(f"let {path} be answered elsewhere", edits, expect=f"missing {path}")


def moved(tree: Tree, several: Sequence[Route]) -> Iterator[Edit]:
    """The literal paths of these routes changed where they stand."""
    contents: dict[str, list[bytes]] = {}
    spans = {(each.at.path, each.span) for each in several}
    for path, span in sorted(
        spans, key=lambda each: (each[0], each[1].line if each[1] else 0, each[1].start if each[1] else 0), reverse=True
    ):
        file = tree.file(path)
        if span is None or file is None:
            raise Unprovable(f"the path of a route in {path} is no literal, so no edit of it could be made up")
        lines = contents.setdefault(path, file.bytes.splitlines(keepends=True))
        line = lines[span.line - 1]
        lines[span.line - 1] = line[: span.start] + f'"{ELSEWHERE}"'.encode() + line[span.end :]
    yield from (Write(path, b"".join(lines)) for path, lines in contents.items())


def broken(
    every: Routes, paths: Sequence[str], wanted: Mapping[Role, str], faults: Sequence[Fault], *, ready: bool
) -> Iterator[Canary]:
    """For each fault, a new application whose endpoint has it, beside the first that there is."""
    path = beside(every, paths)
    if path is None:
        return
    for fault in faults:
        role, decorator, parameter, body = BODIES[fault]
        asked = next(iter(wanted)) if role is None else role
        if asked not in wanted or (fault is Fault.CONSTANT and ready):
            continue
        at = wanted[asked]
        text = f'{HEAD}@app.get("{at}")\n{decorator}def canary({parameter}):\n{body}'
        yield Canary(f"add an application whose {at} is {fault}", (Write(path, text.encode()),), expect=f"{fault} {at}")


def beside(every: Routes, paths: Sequence[str]) -> str | None:
    """Where a new application would be read, beside the first that there is."""
    if not every.routes:
        return None
    path = posixpath.join(posixpath.dirname(every.routes[0].at.path), f"{NAME}.py")
    return path if matcher(tuple(paths))(path) else None
