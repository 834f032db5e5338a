"""Other scanners, run where they are installed: never over the network, and nothing of what they found is kept but its place."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from selfcheck.check import CannotJudge

Name = Literal["kingfisher", "gitleaks", "betterleaks", "detect-secrets"]
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")
SECONDS = 600


class Told(NamedTuple):
    """What a scanner told of: where, and by which of its rules."""

    scanner: str
    rule: str
    path: str
    line: int


class Scanner(NamedTuple):
    """How a program is called, with what it may end, and how its output is read."""

    command: Callable[[str, str, str], Sequence[str]]
    ends: tuple[int, ...]
    read: Callable[[Any, str], Iterator[tuple[str, str, int]]]


def scan(name: Name, folder: Path, environ: Mapping[str, str]) -> list[Told]:
    """All that a scanner finds in a folder.

    Raises:
        CannotJudge: it is not installed, or did not do its work.

    """
    program = shutil.which(name, path=environ.get("PATH", os.defpath))
    if program is None:
        raise CannotJudge(f"{name} is not installed", "install it, or take it out of `scanners`")
    scanner = SCANNERS[name]
    passed = {key: environ[key] for key in PASSED_ON if key in environ}
    with tempfile.TemporaryDirectory() as place:
        output = Path(place) / "found.json"
        ended = subprocess.run(
            scanner.command(program, str(folder), str(output)),
            cwd=folder,
            env=passed,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
        if ended.returncode not in scanner.ends:
            raise CannotJudge(f"{name} ended with exit status {ended.returncode}")
        content = output.read_bytes() if output.exists() else ended.stdout
    try:
        rows = list(scanner.read(_json(content), str(folder)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotJudge(f"{name} wrote what is not its format") from error
    return [Told(name, rule, path, line) for rule, path, line in rows]


def _json(content: bytes) -> Any:
    text = content.decode("utf-8", "replace").strip()
    if not text:
        return []
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def _relative(path: str, folder: str) -> str:
    inner = os.path.relpath(path, folder) if os.path.isabs(path) else path
    return os.path.normpath(inner).replace(os.sep, "/")


def _gitleaks(program: str, folder: str, output: str) -> Sequence[str]:
    options = ("--no-banner", "--redact=100", "--report-format", "json", "--report-path", output, "--exit-code", "0")
    return (program, "dir", folder, *options)


def _gitleaks_rows(data: Any, folder: str) -> Iterator[tuple[str, str, int]]:
    for each in data or ():
        yield str(each["RuleID"]), _relative(str(each["File"]), folder), int(each["StartLine"])


def _kingfisher(program: str, folder: str, output: str) -> Sequence[str]:
    options = (
        "--no-validate",
        "--git-history",
        "none",
        "--no-update-check",
        "--redact",
        "--format",
        "json",
        "--output",
        output,
    )
    return (program, "scan", folder, *options)


def _kingfisher_rows(data: Any, folder: str) -> Iterator[tuple[str, str, int]]:
    """Findings, in one document or in each of several lines; a line that sums the run up holds their number."""
    for document in cast("list[dict[str, Any]]", data if isinstance(data, list) else [data]):
        found = document.get("findings")
        for each in cast("list[dict[str, Any]]", found) if isinstance(found, list) else ():
            place = each["finding"]
            yield str(each["rule"]["id"]), _relative(str(place["path"]), folder), int(place["line"])


def _detect_secrets(program: str, _folder: str, _output: str) -> Sequence[str]:
    return (program, "scan", "--all-files", "--no-verify", ".")


def _detect_secrets_rows(data: Any, folder: str) -> Iterator[tuple[str, str, int]]:
    for path, several in cast("dict[str, Any]", data["results"]).items():
        for each in several:
            rule = re.sub(r"[^a-z0-9]+", "-", str(each["type"]).lower()).strip("-")
            yield rule, _relative(str(path), folder), int(each["line_number"])


SCANNERS: Mapping[str, Scanner] = {
    "kingfisher": Scanner(_kingfisher, (0, 200, 205), _kingfisher_rows),
    "gitleaks": Scanner(_gitleaks, (0,), _gitleaks_rows),
    "betterleaks": Scanner(_gitleaks, (0,), _gitleaks_rows),
    "detect-secrets": Scanner(_detect_secrets, (0,), _detect_secrets_rows),
}
