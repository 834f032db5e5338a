"""The pack for Python code, guardrail by guardrail."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from selfcheck.check import Check
from selfcheck.cli import guarded
from selfcheck.guardrail import Severity
from selfcheck.model import Outcome
from selfcheck.registry import Registry
from selfcheck.rulebook import Rulebook, parse
from selfcheck.testing import judged, memory
from tests.rulebook.examples import source, write

EXTENDING = "version: 1\nextends: [pack:python]\n"
BROKEN: Mapping[str, Mapping[str, str]] = {
    "python-imports-acyclic": {"a.py": "import b\n", "b.py": "import a\n"},
    "python-imports-resolve": {"a/__init__.py": "", "a/b.py": "import a.c\n"},
    "python-dependencies-declared": {"pyproject.toml": "[project]\nname='a'\nversion='1'\n", "a.py": "import attr\n"},
    "python-module-size": {"a.py": "x = 1\n" * 1001},
    "python-no-debugger": {"a.py": "def f():\n    breakpoint()\n"},
    "python-no-conflict-markers": {"a.py": "x = 1\n<<<<<<< HEAD\n"},
}
KEPT = {
    "pyproject.toml": "[project]\nname='a'\nversion='1'\ndependencies=['pdbpp']\n",
    "a.py": "import b\n# no breakpoint here, and no pdb\ntext = '<<<<<<<'\n",
    "b.py": "import pdbpp\n",
}


def rulebook() -> Rulebook:
    return parse([source(EXTENDING)], Registry(plugins=False))


def checks() -> dict[str, Check]:
    return {case.guardrail.id: case.check for case in rulebook().cases if isinstance(case.check, Check)}


def test_the_python_pack_is_a_rulebook_by_itself() -> None:
    assert [(case.guardrail.id, case.guardrail.severity) for case in rulebook().cases] == [
        ("python-imports-acyclic", Severity.HIGH),
        ("python-imports-resolve", Severity.HIGH),
        ("python-dependencies-declared", Severity.LOW),
        ("python-module-size", Severity.LOW),
        ("python-no-debugger", Severity.HIGH),
        ("python-no-conflict-markers", Severity.CRITICAL),
    ]


@pytest.mark.parametrize("name", BROKEN)
def test_each_guardrail_of_the_python_pack_breaks_where_its_promise_is_broken(name: str) -> None:
    assert judged(checks()[name], memory(BROKEN[name])).outcome is Outcome.FAIL


@pytest.mark.parametrize("name", BROKEN)
def test_each_guardrail_of_the_python_pack_keeps_where_only_words_are_alike(name: str) -> None:
    assert judged(checks()[name], memory(KEPT)).outcome is Outcome.PASS


def test_the_python_pack_is_validated_at_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"guardrails.yaml": EXTENDING})
    monkeypatch.chdir(tmp_path)

    code = guarded(["validate", "--no-plugins"])

    assert (code, capsys.readouterr().out[:30]) == (0, "guardrails.yaml: 6 guardrails,")
