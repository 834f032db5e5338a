"""`make bench`: start-up, rulebooks, trees, bases, proofs, imports, migrations and settings, each beside its peers.

`make bench ONLY=imports` measures one of `start`, `rulebook`, `history`, `base`, `prove`, `imports`, `migrations`,
`secrets`, `mirrors`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import base, history, imports, migrations, mirrors, prove, secrets
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


def main(wanted: list[str]) -> None:
    """Print all tables, or those asked for by name, each as soon as it is measured."""
    unknown = set(wanted) - set(TABLES)
    if unknown:
        sys.exit(f"bench: there is no {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted or TABLES:
            here = Path(folder, name)
            here.mkdir()
            for each in TABLES[name](here):
                print(each, flush=True)


def _start_up(folder: Path) -> Iterator[str]:
    small = folder / "small"
    _small(small)
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "selfcheck --help": [SELFCHECK, "--help"],
        "selfcheck run, 3 guardrails, 4 files": [SELFCHECK, "run"],
        "lint-imports --help": [str(Path(SELFCHECK).with_name("lint-imports")), "--help"],
    }
    goals = {"selfcheck --help": 0.15, "selfcheck run, 3 guardrails, 4 files": 0.5}
    yield table("Start-up, whole processes", race(commands, small), "python -c pass", goals)


def _rulebook(folder: Path) -> Iterator[str]:
    thousand = folder / "thousand"
    _thousand(thousand)
    commands = {
        "yaml.load with the C loader": [
            sys.executable,
            "-c",
            "import yaml; yaml.load(open('guardrails.yaml'), Loader=yaml.CSafeLoader)",
        ],
        "selfcheck validate, 1000 guardrails": [SELFCHECK, "validate"],
    }
    goals = {"selfcheck validate, 1000 guardrails": 0.5}
    yield table(
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


TABLES: Mapping[str, Callable[[Path], Iterator[str]]] = {
    "start": _start_up,
    "rulebook": _rulebook,
    "history": history.tables,
    "base": base.tables,
    "prove": prove.tables,
    "imports": imports.tables,
    "migrations": migrations.tables,
    "secrets": secrets.tables,
    "mirrors": mirrors.tables,
}

if __name__ == "__main__":
    main(sys.argv[1:])
