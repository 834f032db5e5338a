"""The README's first commands, rulebooks and the check that it writes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck.errors import RulebookError
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from tests.docs.page import ROOT, Stage, blocks, section

README = (ROOT / "README.md").read_text(encoding="utf-8")
RULEBOOKS = [
    block for block in blocks(README, "yaml") if block.path == "guardrails.yaml" and "no-todo" not in block.body
]


def test_the_first_two_commands_are_make_run_and_make_test() -> None:
    commands = [line.partition("#")[0].strip() for block in blocks(README, "sh") for line in block.body.splitlines()]

    assert commands[:2] == ["make run", "make test"]


def test_the_first_rulebook_has_ten_lines() -> None:
    assert len(RULEBOOKS[0].body.splitlines()) == 10


def test_every_rulebook_parses_but_the_one_that_shows_faults() -> None:
    wrong = [number for number, block in enumerate(RULEBOOKS) if _faults(block.body)]

    assert [len(_faults(RULEBOOKS[number].body)) for number in wrong] == [2]
    assert "hihg" in RULEBOOKS[wrong[0]].body


def test_the_check_of_the_readme_fits_twenty_lines() -> None:
    source = blocks(section(README, "## Write a check"), "python")[0].body

    lines = [line for line in source.partition("class ")[2].splitlines() if line.strip()]

    assert len(lines) <= 20


def test_the_tests_of_the_check_of_the_readme_pass(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for block in blocks(section(README, "## Write a check"), "python")[:2]:
        assert block.path is not None
        stage.write(block.path, block.body)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-cov", "."],
        cwd=tmp_path / "project/no-todo",
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_line_for_bash_completes_commands_and_options() -> None:
    (line,) = re.findall(r'^eval "\$\(_SELFCHECK_COMPLETE=bash_source selfcheck\)"', README, re.MULTILINE)
    script = f"""
        PATH="{Path(sys.executable).parent}:$PATH"
        {line}
        COMP_WORDS=(selfcheck ru); COMP_CWORD=1; _selfcheck_completion selfcheck; echo "${{COMPREPLY[@]}}"; COMPREPLY=()
        COMP_WORDS=(selfcheck run --fo); COMP_CWORD=2; _selfcheck_completion selfcheck; echo "${{COMPREPLY[@]}}"
    """

    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)

    assert done.stdout.splitlines() == ["run", "--format"], done.stderr


def _faults(body: str) -> tuple[object, ...]:
    try:
        parse([Source("guardrails.yaml", body.encode())], Registry(plugins=False))
    except RulebookError as error:
        return error.faults
    return ()
