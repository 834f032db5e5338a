"""`selfcheck sync`: what it says, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.instructions.databases import Sql, rules_file
from tests.instructions.test_writers import CHANGED, RULEBOOK, RULES

PROGRAM = str(Path(sys.executable).parent / "selfcheck")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "guardrails.yaml").write_text(RULEBOOK, encoding="utf-8")
    rules_file(tmp_path, RULES)
    return tmp_path


def said(root: Path, sqlite: Sql, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [PROGRAM, "sync", *arguments], cwd=root, env={**os.environ, **sqlite.environ}, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


def test_plan_and_apply_tell_what_they_would_do_and_did(root: Path, sqlite: Sql) -> None:
    planned = said(root, sqlite, "plan")
    applied = said(root, sqlite, "apply")
    again = said(root, sqlite, "plan")

    lines = "  insert     r_1 is written\n  insert     r_2 is written\n"
    assert planned == (1, f"rules: 2 rules differ (2 insert); file-wins\n{lines}", "")
    assert applied == (0, "rules: brought in step: 2 rules (2 insert)\n", "")
    assert again == (0, "rules: in step; file-wins\n", "")


def test_status_is_data_for_programs(root: Path, sqlite: Sql) -> None:
    said(root, sqlite, "apply")
    rules_file(root, {"r_1": CHANGED["r_1"], "r_3": RULES["r_2"]})

    code, out, _ = said(root, sqlite, "status", "--format", "json")

    (found,) = json.loads(out)["syncs"]
    assert (code, found["status"], found["missing"], found["orphaned"]) == (1, "warning", ["r_3"], ["r_2"])
    assert found["changed"] == {"r_1": ["text"]}
    assert found["plan"]["counts"] == {"insert": 1, "update": 1, "orphan": 1}
    assert (found["last"]["outcome"], found["last"]["runs"], found["last"]["failures"]) == ("done", 1, 0)
    assert len(found["recommendations"]) == 2


def test_status_of_sides_in_step_is_healthy(root: Path, sqlite: Sql) -> None:
    said(root, sqlite, "apply")

    code, out, _ = said(root, sqlite, "status")

    assert (code, out.splitlines()[0]) == (0, "rules: healthy")


def test_what_a_strategy_leaves_is_named_with_exit_1(root: Path, sqlite: Sql) -> None:
    said(root, sqlite, "apply")
    sqlite.edit("r_1", text="by hand")

    code, out, _ = said(root, sqlite, "apply", "--strategy", "manual")

    why = "the database was changed: left for a person to decide"
    assert (code, out) == (
        1,
        f"rules: in step but for what the strategy leaves\n  drifted    r_1 (text) is left as it is: {why}\n",
    )


def test_a_refusal_is_exit_3_and_names_the_way_out(root: Path, sqlite: Sql) -> None:
    said(root, sqlite, "apply")
    rules_file(root, {})

    code, out, err = said(root, sqlite, "apply")

    assert (code, out) == (3, "")
    assert err.startswith("selfcheck: rules: critical: rules.json: the file holds no rule, and all 2 active ones")
    assert "--allow-mass-orphan" in err
    assert said(root, sqlite, "apply", "--allow-mass-orphan")[0] == 0


@pytest.mark.parametrize("command", ["status", "plan", "apply"])
def test_a_database_that_does_not_answer_is_exit_3_without_a_traceback(root: Path, command: str) -> None:
    code, out, err = said(root, Sql("postgresql://u:hunter2secret@127.0.0.1:1/x"), command)

    assert (code, "Traceback" in out + err, "hunter2secret" in out + err) == (3, False, False)


def test_a_guardrail_that_is_not_there_is_wrong_usage(root: Path, sqlite: Sql) -> None:
    code, _, err = said(root, sqlite, "plan", "--rule", "rulez")

    assert (code, 'did you mean "rules"?' in err) == (2, True)


def test_copies_are_written_and_a_dry_run_says_which(tmp_path: Path, sqlite: Sql) -> None:
    rulebook = RULEBOOK.partition("    check:")[0] + "    check: {use: instructions-copies, copies: [gemini]}\n"
    (tmp_path / "guardrails.yaml").write_text(rulebook, encoding="utf-8")
    (tmp_path / "AGENTS.md").write_text("# Us\n", encoding="utf-8")

    found = [said(tmp_path, sqlite, "copies", *more) for more in (["--dry-run"], [], [])]

    assert found == [
        (1, "rules: GEMINI.md is written\n", ""),
        (0, "rules: wrote GEMINI.md\n", ""),
        (0, "rules: 1 copy is up to date\n", ""),
    ]
    assert said(tmp_path, sqlite, "apply")[0] == 2
