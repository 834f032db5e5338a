"""Generated repositories of ever more modules with as many imports each: the time per import must not grow with them."""

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.clock import SELFCHECK, Candidate, compete, once, row

SIZES = (1_000, 5_000, 20_000, 60_000)
EACH = 8
"""Imports of other modules, a module; two of the standard library come with them."""
PACKAGE = 100
"""Modules in a package."""
FLAT = 1.2
"""The largest time per import over the smallest."""
RULEBOOK = """\
version: 1
guardrails:
  - {id: cycles, title: No cycles, why: They rot., severity: high, check: {use: imports-acyclic, roots: [pkg]}}
"""


def growth(folder: Path, peer: Sequence[str], rounds: int) -> str:
    """A table without a cache, less what one module takes; unchanged and a peer, once a size, beside it."""
    folders = {size: _grown(folder / str(size), size) for size in (1, *SIZES)}
    candidates: dict[str, Candidate] = {}
    for size, here in folders.items():
        cache = str(folder / f"cache-{size}")
        candidates[f"cold {size}"] = Candidate([SELFCHECK, "run", "--no-cache"], here, codes=(0,))
        candidates[f"warm {size}"] = Candidate([SELFCHECK, "run", "--cache-dir", cache], here, codes=(0,))
    timings = compete(candidates, rounds)
    start = timings["cold 1"].median
    heads = [
        "modules",
        "imports",
        "median s",
        "min - max s",
        "µs an import",
        "MB",
        "MB all",
        "unchanged s",
        "grimp, once, s",
    ]
    lines = ["### Growth: selfcheck, --no-cache", "", row(heads), row(["---"] * len(heads))]
    costs = {size: (timings[f"cold {size}"].median - start) / (size * EACH) * 1e6 for size in SIZES}
    for size, cost in costs.items():
        cold, warm = timings[f"cold {size}"], timings[f"warm {size}"]
        other = once(Candidate([*peer, "pkg"], folders[size], codes=(0,)))
        beside = (f"{warm.median:.3f}", f"{other.median:.2f}")
        lines.append(row([f"{size:,}", f"{size * EACH:,}", *cold.cells, f"{cost:.2f}", *cold.room, *beside]))
    spread = max(costs.values()) / min(costs.values())
    said = (
        f"One module takes {start:.3f} s, which is taken off. The dearest import costs {spread:.2f} times the cheapest"
    )
    return "\n".join((*lines, "", f"{said}; at most {FLAT:g} is wanted.", ""))


def _grown(folder: Path, size: int) -> Path:
    """So many modules in packages of a hundred, each importing eight others in every spelling there is; committed."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE) as git:
        assert git.stdin is not None
        git.stdin.writelines(_stream(size))
    assert git.returncode == 0
    subprocess.run(["git", "reset", "--quiet", "--hard", "main"], cwd=folder, check=True)
    return folder


def _stream(size: int) -> Iterator[bytes]:
    yield b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx\n"
    yield _file("guardrails.yaml", RULEBOOK)
    for package in ("", *(f"p{number}/" for number in range(-(-size // PACKAGE)))):
        yield _file(f"pkg/{package}__init__.py", "")
    for number in range(size):
        yield _file(f"pkg/p{number // PACKAGE}/m{number}.py", _module(number))


def _module(number: int) -> str:
    """A module that imports only ones before it, near and far; the first few import the standard library instead."""
    lines = ['"""A module.\n\nIt says `import nothing` here.\n"""', "from __future__ import annotations", "import json"]
    for each in range(EACH):
        other = number - 1 - (each * each * 37 + each) % max(number, 1)
        if other < 0 or number <= EACH:
            lines.append("import os.path")
            continue
        package = f"pkg.p{other // PACKAGE}"
        spelled = (
            f"from {package} import m{other}",
            f"from {package}.m{other} import (\n    VALUE_1,\n    VALUE_2,\n)",
            f"import {package}.m{other} as other_{each}",
            f"from .m{other} import VALUE_3" if other // PACKAGE == number // PACKAGE else f"import {package}.m{other}",
        )
        lines.append(spelled[each % len(spelled)])
    body = (f"VALUE_{line} = ({number}, 'text {line}')  # a value" for line in range(10))
    functions = (
        f'def function_{line}(first: int, second: str = "x") -> str:\n    """Say it {line} times."""\n'
        f"    return json.dumps([first, second, {{'key': {line}}}])\n"
        for line in range(5)
    )
    return "\n".join((*lines, *body, *functions))


def _file(path: str, text: str) -> bytes:
    content = text.encode()
    return b"M 644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
