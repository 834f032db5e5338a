"""import-linter's contracts mean the same here, row by row; where they do not, the row says why."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import ValidationError

from selfcheck.check import Check
from selfcheck.model import Outcome
from selfcheck.registry import Registry
from selfcheck.rulebook.parse import convert
from selfcheck.testing import judged, memory
from tests.imports.contracts import Row, rows

ROWS = list(rows())
ROOT = Path(__file__).parents[2]
USES = {
    "layers": "imports-layers",
    "independence": "imports-independent",
    "forbidden": "imports-forbidden",
    "protected": "imports-protected",
}
KINDS = ["function", "type-checking", "guarded", "lazy", "star"]
VERDICTS = {Outcome.PASS: "kept", Outcome.FAIL: "broken", Outcome.ERROR: "error", Outcome.SKIP: "skip"}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What import-linter says of every row, asked in one process; each row's packages have names of their own."""
    folder = tmp_path_factory.mktemp("packages")
    asked: list[dict[str, Any]] = []
    for number, row in enumerate(ROWS):
        for path, source in files(row).items():
            place = folder / renamed(path, number)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(renamed(source, number), encoding="utf-8")
        options = json.loads(renamed(json.dumps(row.contract), number))
        roots = [renamed(root, number) for root in roots_of(row)]
        asked.append({"roots": roots, "settings": row.settings, "contract": options})
    done = subprocess.run(
        [sys.executable, "-m", "tests.imports.lint_imports", str(folder)],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[row.says for row in ROWS])
def test_a_row_is_what_import_linter_says(number: int, theirs: list[str]) -> None:
    assert theirs[number] == ROWS[number].theirs


@pytest.mark.parametrize("row", ROWS, ids=[row.says for row in ROWS])
def test_a_row_is_what_the_check_says(row: Row) -> None:
    assert verdict(row) == row.ours


def test_the_table_has_a_hundred_rows_and_each_says_something_else() -> None:
    assert len(ROWS) >= 100
    assert len({row.says for row in ROWS}) == len(ROWS)


def test_where_the_verdicts_differ_the_row_says_why() -> None:
    assert [row.says for row in ROWS if (row.theirs != row.ours) != bool(row.why)] == []


def verdict(row: Row) -> str:
    """What our check says of a row; a rulebook that is refused is an error as theirs is."""
    kind = Registry(plugins=False).check(USES[row.contract["type"]])
    assert isinstance(kind, type)
    try:
        check: Check = convert({"roots": roots_of(row), "kinds": kinds(row), **options(row.contract)}, kind)
    except ValidationError:
        return "error"
    return VERDICTS[judged(check, memory(files(row))).outcome]


def options(contract: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a contract as ours has them."""
    found = {key: value for key, value in contract.items() if key not in {"type", "unmatched_ignore_imports_alerting"}}
    for key in {"exhaustive", "as_packages", "allow_indirect_imports"} & set(found):
        found[key] = found[key].lower() == "true"
    ignored = found.pop("ignore_imports", [])
    if ignored:
        found["exempt"] = [{"imports": each, "reason": "known", "count": 9} for each in ignored]
    return found


def kinds(row: Row) -> list[str]:
    """All statements count, those for a type checker unless the settings say otherwise."""
    return [kind for kind in KINDS if kind != "type-checking" or "exclude_type_checking_imports" not in row.settings]


def files(row: Row) -> dict[str, str]:
    """The sources of a row's tree; a module that others stand in is a package, and so is all above a module."""
    imports = dict(_modules(row.tree))
    names = {name for name in imports if name.partition(".")[0] in {"p", "q", "r"}}
    above = {".".join(name.split(".")[:length]) for name in names for length in range(1, name.count(".") + 1)}
    found: dict[str, str] = {}
    for name in sorted(names | above):
        path = name.replace(".", "/")
        is_package = name in above or "." not in name
        found[f"{path}/__init__.py" if is_package else f"{path}.py"] = "".join(
            f"import {each}\n" for each in imports.get(name, ())
        )
    return {**found, **row.sources}


def roots_of(row: Row) -> list[str]:
    """The root packages."""
    return sorted({path.partition("/")[0] for path in files(row)})


def renamed(text: str, number: int) -> str:
    """The text with root packages whose names no other row has."""
    return re.sub(r"(?<![\w.])([pqr])(?![\w])", rf"\g<1>{number}", text)


def _modules(tree: str) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in filter(None, map(str.strip, tree.split(";"))):
        importer, _, imported = each.partition(" -> ")
        found.setdefault(importer, []).extend(imported.split())
        for name in imported.split():
            found.setdefault(name, [])
    yield from found.items()
