"""`make bench`: start-up, a small repository, and a thousand guardrails, each beside what it is compared with."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import history
from bench.clock import SELFCHECK, race, table

SMALL = """\
version: 1
guardrails:
  - {id: readme, title: There is a readme, why: Newcomers., severity: high, check: {use: files-exist, paths: [README.md]}}
  - {id: cycles, title: No cycles, why: They rot., severity: high, check: {use: imports-acyclic}}
  - {id: length, title: Short files, why: Reading., severity: low, check: {use: max-lines, limit: 300, paths: ["**/*.py"]}}
"""
ONE = """\
  - id: guardrail-{number}
    title: Guardrail number {number}
    why: Because somebody promised it in meeting {number}.
    severity: high
    check: {{use: text-forbids, pattern: 'forbidden{number}\\b', paths: ["src/part{number}/**/*.py", "!src/part{number}/old"]}}
    refs: [ADR-{number}]
    tags: [bench]
"""


def main() -> None:
    """Print all tables."""
    with tempfile.TemporaryDirectory() as folder:
        small, thousand = Path(folder, "small"), Path(folder, "thousand")
        _small(small)
        _thousand(thousand)
        print(_start_up(small))
        print(_rulebook(thousand))
        for each in history.tables(Path(folder)):
            print(each)


def _start_up(small: Path) -> str:
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "selfcheck --help": [SELFCHECK, "--help"],
        "selfcheck run, 3 guardrails, 4 files": [SELFCHECK, "run"],
        "lint-imports --help": [str(Path(SELFCHECK).with_name("lint-imports")), "--help"],
    }
    goals = {"selfcheck --help": 0.15, "selfcheck run, 3 guardrails, 4 files": 0.5}
    return table("Start-up, whole processes", race(commands, small), "python -c pass", goals)


def _rulebook(thousand: Path) -> str:
    commands = {
        "yaml.load with the C loader": [
            sys.executable,
            "-c",
            "import yaml; yaml.load(open('guardrails.yaml'), Loader=yaml.CSafeLoader)",
        ],
        "selfcheck validate, 1000 guardrails": [SELFCHECK, "validate"],
    }
    goals = {"selfcheck validate, 1000 guardrails": 0.5}
    return table(
        "A thousand guardrails, whole processes", race(commands, thousand), "yaml.load with the C loader", goals
    )


def _small(folder: Path) -> None:
    folder.mkdir()
    folder.joinpath("README.md").write_text("# Small\n")
    folder.joinpath("a.py").write_text("import b\n")
    folder.joinpath("b.py").write_text("import json\n")
    folder.joinpath("guardrails.yaml").write_text(SMALL)
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def _thousand(folder: Path) -> None:
    folder.mkdir()
    guardrails = "".join(ONE.format(number=number) for number in range(1000))
    folder.joinpath("guardrails.yaml").write_text(f"version: 1\nguardrails:\n{guardrails}")


if __name__ == "__main__":
    main()
