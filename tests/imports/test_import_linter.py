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
from tests.foreign.importing import carried, guardrails
from tests.imports.contracts import BROKEN, KEPT, Circle, Row, circles, rows

ROWS = list(rows())
CIRCLES = list(circles())
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
    """What import-linter says of every row, then of every circle, asked in one process."""
    folder = tmp_path_factory.mktemp("packages")
    asked = [*((row.tree, row.sources, row.settings, row.contract) for row in ROWS)]
    asked += [(circle.tree, {}, {}, siblings(circle)) for circle in CIRCLES]
    questions = [_question(folder, number, *each) for number, each in enumerate(asked)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.imports.lint_imports", str(folder)],
        cwd=ROOT,
        input=json.dumps(questions),
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
    assert (
        verdict(USES[row.contract["type"]], files(row.tree, row.sources), kinds(row), options(row.contract)) == row.ours
    )


@pytest.mark.parametrize("number", range(len(CIRCLES)), ids=[circle.says for circle in CIRCLES])
def test_a_circle_is_what_import_linter_says(number: int, theirs: list[str]) -> None:
    assert theirs[len(ROWS) + number] == CIRCLES[number].theirs


@pytest.mark.parametrize("circle", CIRCLES, ids=[circle.says for circle in CIRCLES])
def test_a_circle_is_what_the_check_says_of_modules_and_of_packages(circle: Circle) -> None:
    tree = files(circle.tree)
    exempt = options({"ignore_imports": circle.options.get("ignore_imports", [])})

    modules, children = (verdict("imports-acyclic", tree, KINDS, {**exempt, **each}) for each in ({}, {"depth": 2}))

    assert (modules, children) == (circle.modules, circle.children)


@pytest.mark.parametrize("circle", CIRCLES, ids=[circle.says for circle in CIRCLES])
def test_a_circle_is_what_the_imported_guardrails_say(circle: Circle) -> None:
    tree = files(circle.tree)
    lines = [f"{key} = {json.dumps(value)}" for key, value in siblings(circle).items()]
    contract = "\n".join(("[[tool.importlinter.contracts]]", 'name = "circles"', *lines))
    text = f"[tool.importlinter]\nroot_packages = {json.dumps(roots_of(tree))}\n{contract}\n"

    checks = [dict(each["check"]) for each in guardrails(carried("pyproject.toml", text, tree))]
    found = {verdict(check.pop("use"), tree, check.pop("kinds"), check) for check in checks}

    assert (BROKEN if BROKEN in found else KEPT) == circle.imported


def test_the_tables_have_a_hundred_and_fifty_rows_and_each_says_something_else() -> None:
    said = [*(row.says for row in ROWS), *(circle.says for circle in CIRCLES)]

    assert len(said) >= 150
    assert len(set(said)) == len(said)


def test_where_the_verdicts_differ_the_row_says_why_and_nowhere_else() -> None:
    rows = [row.says for row in ROWS if (row.theirs != row.ours) != bool(row.why)]
    all_same = [{each.theirs, each.modules, each.children, each.imported} for each in CIRCLES]

    assert rows == []
    assert [each.says for each, same in zip(CIRCLES, all_same, strict=True) if (len(same) > 1) != bool(each.why)] == []


def verdict(use: str, tree: Mapping[str, str], kinds: list[str], options: Mapping[str, Any]) -> str:
    """What our check says of a tree; a rulebook that is refused is an error as theirs is."""
    kind = Registry(plugins=False).check(use)
    assert isinstance(kind, type)
    try:
        check: Check = convert({"roots": roots_of(tree), "kinds": kinds, **options}, kind)
    except ValidationError:
        return "error"
    return VERDICTS[judged(check, memory(tree)).outcome]


def siblings(circle: Circle) -> dict[str, Any]:
    """The contract of a circle, about the root package unless it says otherwise."""
    return {"type": "acyclic_siblings", "ancestors": ["p"], **circle.options}


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


def files(tree: str, sources: Mapping[str, str] | None = None) -> dict[str, str]:
    """The sources of a tree; a module that others stand in is a package, and so is all above a module."""
    imports = dict(_modules(tree))
    names = {name for name in imports if name.partition(".")[0] in {"p", "q", "r"}}
    above = {".".join(name.split(".")[:length]) for name in names for length in range(1, name.count(".") + 1)}
    found: dict[str, str] = {}
    for name in sorted(names | above):
        path = name.replace(".", "/")
        lines = "".join(f"import {each}\n" for each in imports.get(name, ()))
        found[f"{path}/__init__.py" if name in above or "." not in name else f"{path}.py"] = lines
    return {**found, **(sources or {})}


def roots_of(tree: Mapping[str, str]) -> list[str]:
    """The root packages."""
    return sorted({path.partition("/")[0] for path in tree})


def renamed(text: str, number: int) -> str:
    """The text with root packages whose names no other row has."""
    return re.sub(r"(?<![\w.])([pqr])(?![\w])", rf"\g<1>{number}", text)


def _question(
    folder: Path,
    number: int,
    tree: str,
    sources: Mapping[str, str],
    settings: Mapping[str, str],
    contract: Mapping[str, Any],
) -> dict[str, Any]:
    """A row as import-linter is asked about it, its packages written to the folder."""
    written = files(tree, sources)
    for path, source in written.items():
        place = folder / renamed(path, number)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(renamed(source, number), encoding="utf-8")
    return {
        "roots": [renamed(root, number) for root in roots_of(written)],
        "settings": settings,
        "contract": json.loads(renamed(json.dumps(contract), number)),
    }


def _modules(tree: str) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for each in filter(None, map(str.strip, tree.split(";"))):
        importer, _, imported = each.partition(" -> ")
        found.setdefault(importer, []).extend(imported.split())
        for name in imported.split():
            found.setdefault(name, [])
    yield from found.items()
