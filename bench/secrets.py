"""The shapes of `tests/settings/corpus.py` under selfcheck and other tools, and the settings of 5,000 files cold and warm."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.settings.corpus import BENIGN, INSECURE, Files

from bench.clock import SELFCHECK, Candidate, compete, row, table
from bench.history import file, imported
from bench.peers import KEPT, PIP

TOOLS = ("bandit==1.9.4", "ruff==0.17.5", "detect-secrets==1.5.0", "kingfisher-bin==2.14.0")
"""Semgrep is left out: its rules come from the network."""
FILES = 5_000
RULEBOOK = """\
version: 1
guardrails:
  - {id: secrets, title: No secret works unset, why: Thieves., severity: low, check: {use: secret-defaults}}
"""
COLD, WARM = "selfcheck run --no-cache", "selfcheck run, nothing changed"
Rows = Callable[[Any], Iterator[str]]


def tables(folder: Path) -> Iterator[str]:
    """Two tables: what each tool finds of the shapes, and how long the settings of many files take."""
    yield _side_by_side(folder / "shapes")
    repository = folder / "repository"
    _generate(repository)
    cache = ["--cache-dir", str(folder / "cache")]
    candidates = {
        COLD: Candidate([SELFCHECK, "run", "--no-cache"], repository, codes=(0,)),
        WARM: Candidate([SELFCHECK, "run", *cache], repository, codes=(0,)),
    }
    yield table(f"Settings of {FILES:,} files", compete(candidates), COLD, {COLD: 2.0, WARM: 0.3})


def _side_by_side(folder: Path) -> str:
    _shapes(folder, "insecure", INSECURE)
    _shapes(folder, "benign", BENIGN)
    heads = ["tool", f"insecure found, of {len(INSECURE)}", f"benign told of, of {len(BENIGN)}"]
    lines = ["### Secret defaults: shapes of our own", "", row(heads), row(["---"] * len(heads))]
    for name, (command, rows) in _tools().items():
        told = {
            tuple(path.split("/")[:2])
            for path in _found(command, rows, folder)
            if not path.endswith(".yaml") or "guardrails" not in path
        }
        lines.append(row([name, *(str(sum(shape[0] == each for shape in told)) for each in ("insecure", "benign"))]))
    return "\n".join((*lines, ""))


def _shapes(folder: Path, kind: str, shapes: Mapping[str, Files]) -> None:
    """Each shape in a folder of its own, with a rulebook of its own."""
    for number, files in enumerate(shapes.values()):
        for path, text in files.items():
            place = folder / kind / f"s{number}" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        folder.joinpath(kind, f"s{number}", "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")


def _found(command: Sequence[str], rows: Rows, folder: Path) -> Iterator[str]:
    """The paths that a tool tells of, from the folder."""
    if command[0] == SELFCHECK:
        for shape in sorted(folder.glob("*/*")):
            ended = subprocess.run([*command], cwd=shape, capture_output=True)
            if any(each["findings"] for each in json.loads(ended.stdout)["verdicts"]):
                yield f"{shape.relative_to(folder)}/x"
        return
    ended = subprocess.run([*command], cwd=folder, capture_output=True)
    for path in rows(json.JSONDecoder().raw_decode((ended.stdout or b"[]").decode())[0]):
        yield os.path.relpath(path, folder) if os.path.isabs(path) else os.path.normpath(path)


def _tools() -> dict[str, tuple[Sequence[str], Rows]]:
    folder = _installed()
    bandit = [f"{folder}/bandit", "-q", "-r", "-t", "B105,B106,B107", "-f", "json", "."]
    ruff = [f"{folder}/ruff", "check", "--isolated", "--select", "S105,S106,S107", "--output-format", "json", "."]
    detect = [f"{folder}/detect-secrets", "scan", "--all-files", "--no-verify", "."]
    kingfisher = [f"{folder}/kingfisher", "scan", ".", "--no-validate", "--git-history", "none", "--no-update-check"]
    return {
        "selfcheck": ([SELFCHECK, "run", "--no-cache", "--format", "json"], _none),
        "bandit B105-B107": (bandit, lambda data: (each["filename"] for each in data["results"])),
        "ruff S105-S107": (ruff, lambda data: (each["filename"] for each in data)),
        "detect-secrets": (detect, lambda data: iter(data["results"])),
        "kingfisher, confidence low": ([*kingfisher, "-c", "low", "--format", "json"], _kingfisher),
    }


def _none(_: Any) -> Iterator[str]:
    return iter(())


def _kingfisher(data: Any) -> Iterator[str]:
    for each in data.get("findings", []) if isinstance(data, dict) else data:
        yield each["finding"]["path"]


def _installed() -> Path:
    """The programs of the other tools, in an environment of their own that is made where it is missing."""
    known = hashlib.sha256(f"{sys.version} {TOOLS}".encode()).hexdigest()
    folder = KEPT / f"scanners-{known[:8]}"
    if not folder.joinpath("complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([str(folder / "bin/python"), *PIP, "install", *TOOLS], check=True)
        folder.joinpath("complete").touch()
    return folder / "bin"


def _generate(folder: Path) -> None:
    """Modules of 30 lines, one of twenty of which reads variables; scripts, compose files and images among them."""
    stream = [b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx"]
    for number in range(FILES - 1):
        name, text = _file(number)
        stream.append(file(f"pkg/p{number % 50}/{name}", text))
    stream.append(file("guardrails.yaml", RULEBOOK))
    imported(folder, stream)


def _file(number: int) -> tuple[str, str]:
    variable = f"SETTING_{number}"
    if number % 100 == 1:
        return (
            f"compose.{number}.yml",
            f"services:\n  web:\n    environment:\n      {variable}_PASSWORD: ${{{variable}:?}}\n",
        )
    if number % 20 == 2:
        return f"m{number}.ts", f"export const value{number} = process.env.{variable} ?? 'x';\n" * 5
    reads = [f'import os\nSECRET_{number} = os.environ["{variable}_SECRET"]'] * (number % 20 == 0)
    body = (f"def f{line}(x):\n    return x + {number * line}\n" for line in range(15))
    return f"m{number}.py", "\n".join((*reads, *body))
