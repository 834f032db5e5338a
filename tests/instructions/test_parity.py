"""`instructions-parity`: the rules of a file and their mirror in a database are the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from selfcheck.check import Evidence, Repository
from selfcheck.checks.instructions.parity import InstructionsParity
from selfcheck.model import Outcome
from selfcheck.prove import Proven
from selfcheck.subjects.instructions.layout import Field, Unmapped
from selfcheck.testing import assert_breaks, assert_keeps, judged, over, proven
from selfcheck.trees import Directory
from tests.instructions.databases import Database, Sql, rules_file
from tests.instructions.syncing import in_step, parity, synced

RULES = {name: {"text": f"text of {name}", "quadrant": "SYSTEM"} for name in ("r_1", "r_2", "r_3")}


def repository(root: Path, database: Database, today: date = date(2026, 1, 1)) -> Repository:
    return over(Directory(root), environ=database.environ, today=today)


def test_sides_in_step_keep_the_promise_and_each_canary_breaks_it(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, RULES)

    verdict = assert_keeps(parity(), repository(tmp_path, database))

    assert verdict.evidence == (
        Evidence("rules", 3, 3),
        Evidence("active rows", 3, 3),
        Evidence("fields mirrored in full", 2, 2),
    )
    assert proven(parity(), repository(tmp_path, database)).bit == ("change r_1", "add the rule canary", "take out r_1")


def test_what_is_missing_orphaned_and_changed_is_told_by_rule_and_field(tmp_path: Path, database: Database) -> None:
    in_step(tmp_path, database, RULES)
    database.edit("r_1", quadrant="by hand")
    rules_file(
        tmp_path, {"r_1": RULES["r_1"], "r_2": {**RULES["r_2"], "text": "new", "active": False}, "r_4": RULES["r_3"]}
    )

    found = assert_breaks(
        parity(), repository(tmp_path, database), "r_3", "r_1: quadrant", "r_2: active", "r_2: text", "r_4"
    )

    assert {each.key: each.data["kind"] for each in found} == {
        "r_1: quadrant": "drifted",
        "r_2: active": "deactivate",
        "r_2: text": "deactivate",
        "r_3": "orphan",
        "r_4": "insert",
    }
    assert {each.data["status"] for each in found} == {"warning"}
    assert all(each.hint for each in found)


def test_a_value_that_is_the_same_in_another_form_is_no_difference(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, {"r_1": {"text": "é\nb", "quadrant": "SYSTEM"}})
    rules_file(tmp_path, {"r_1": {"text": "e\N{COMBINING ACUTE ACCENT}\r\nb", "quadrant": "SYSTEM"}})

    assert judged(parity(), repository(tmp_path, sqlite)).outcome is Outcome.PASS


def test_no_value_of_a_rule_is_in_a_finding(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, {"r_1": {"text": "hunter2secret", "quadrant": "SYSTEM"}})
    sqlite.edit("r_1", text="another hunter2secret")

    verdict = judged(parity(), repository(tmp_path, sqlite))

    assert (verdict.outcome, "hunter2secret" in repr(verdict)) == (Outcome.FAIL, False)


def test_fewer_differing_rules_than_a_warning_takes_are_healthy(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, RULES)
    sqlite.edit("r_1", text="x")
    repo = repository(tmp_path, sqlite)

    outcomes = [judged(parity(warning=warning), repo).outcome for warning in (1, 2)]

    assert outcomes == [Outcome.FAIL, Outcome.PASS]
    assert proven(parity(warning=2), repo).outcome is Proven.PROVEN


def test_from_six_differing_rules_on_it_is_critical(tmp_path: Path, sqlite: Sql) -> None:
    rules = {f"r_{number}": RULES["r_1"] for number in range(9)}
    in_step(tmp_path, sqlite, rules)
    statuses: list[set[str]] = []
    for count in (5, 6):
        rules_file(
            tmp_path, {**rules, **{f"r_{number}": {"text": "x", "quadrant": "SYSTEM"} for number in range(count)}}
        )
        found = judged(parity(), repository(tmp_path, sqlite)).findings
        statuses.append({each.seen.data["status"] for each in found})

    assert statuses == [{"warning"}, {"critical"}]


def test_a_field_that_is_neither_mirrored_nor_left_out_is_told_once(tmp_path: Path, sqlite: Sql) -> None:
    rules = {name: {**rule, "explicitness": 0.8, "parameters": {"a": 1}} for name, rule in RULES.items()}
    in_step(tmp_path, sqlite, rules)
    repo = repository(tmp_path, sqlite)

    assert_breaks(parity(), repo, "field explicitness", "field parameters")
    assert_breaks(parity(left_out=("parameters",)), repo, "field explicitness")
    assert_keeps(parity(left_out=("parameters", "explicitness")), repo)


def test_words_that_become_one_are_no_full_mirror(tmp_path: Path, sqlite: Sql) -> None:
    words = {"SYSTEM": "SYSTEM", "STOCHASTIC": "STORAGE", "STORAGE": "STORAGE"}
    fields = (Field(source="text"), Field(source="quadrant", values=words))
    rules = {f"r_{word}": {"text": "x", "quadrant": word} for word in words}
    in_step(tmp_path, sqlite, rules, fields=fields)

    verdict = judged(parity(fields=fields), repository(tmp_path, sqlite))

    assert (verdict.outcome, verdict.evidence[2]) == (Outcome.PASS, Evidence("fields mirrored in full", 2, 1))


@pytest.mark.parametrize(
    ("unmapped", "outcome"),
    [(Unmapped.ERROR, Outcome.ERROR), (Unmapped.DEFAULT, Outcome.FAIL), (Unmapped.KEEP, Outcome.FAIL)],
)
def test_a_word_that_is_not_mapped_is_an_error_unless_the_guardrail_says_otherwise(
    tmp_path: Path, sqlite: Sql, unmapped: Unmapped, outcome: Outcome
) -> None:
    in_step(tmp_path, sqlite, RULES)
    rules_file(tmp_path, {**RULES, "r_1": {"text": "x", "quadrant": "NEW"}})
    fields = (
        Field(source="text"),
        Field(source="quadrant", values={"SYSTEM": "SYSTEM"}, unmapped=unmapped, default="?"),
    )

    verdict = judged(parity(fields=fields), repository(tmp_path, sqlite))

    assert verdict.outcome is outcome
    if outcome is Outcome.ERROR:
        assert verdict.unread[0].seen.reason == "line 5: r_1: `quadrant`: NEW is none of SYSTEM"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"database": "NOT_SET"}, "the variable NOT_SET is not set; let it hold the database's URL"),
        ({"file": "nowhere.json"}, "nowhere.json: there is no such file"),
        ({"versions": ("2",)}, "line 1: has version 1.0, and the guardrail knows 2"),
        ({"fields": (Field(source="a.text"), Field(source="b.text"))}, "the column text is named twice"),
        ({"fields": (Field(source="id"),)}, "the column id is named twice"),
        ({"fields": (Field(source="no column"),)}, "`no column` is no name of a column"),
    ],
)
def test_what_cannot_be_judged_is_an_error_that_says_why(
    tmp_path: Path, sqlite: Sql, options: dict[str, Any], said: str
) -> None:
    in_step(tmp_path, sqlite, RULES)

    verdict = judged(parity(**options), repository(tmp_path, sqlite))

    assert verdict.outcome is Outcome.ERROR
    assert said in f"{verdict.reason} {[each.seen.reason for each in verdict.unread]}"


def test_a_database_that_is_not_there_is_an_error_and_is_not_made(tmp_path: Path, sqlite: Sql) -> None:
    rules_file(tmp_path, RULES)

    verdict = judged(parity(), repository(tmp_path, sqlite))

    assert (verdict.outcome, (tmp_path / "mirror.sqlite").exists()) == (Outcome.ERROR, False)
    assert verdict.reason == "SQLite ($RULES_DATABASE): there is no such database; `selfcheck sync apply` makes it"


def test_without_a_variable_the_mirror_is_embedded_and_keeps_itself_out_of_git(tmp_path: Path, sqlite: Sql) -> None:
    rules_file(tmp_path, RULES)

    synced(tmp_path, sqlite, database=None)

    assert assert_keeps(parity(database=None), repository(tmp_path, sqlite)).evidence[0] == Evidence("rules", 3, 3)
    assert (tmp_path / ".selfcheck/.gitignore").read_text() == "*\n"


def test_a_file_without_rules_is_vacuous(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, RULES)
    rules_file(tmp_path, {})
    synced(tmp_path, sqlite, allow_mass_orphan=True)

    assert judged(parity(), repository(tmp_path, sqlite)).outcome is Outcome.ERROR


def test_a_sync_that_failed_is_told_until_one_succeeds(tmp_path: Path, sqlite: Sql) -> None:
    from selfcheck.actions.sync.opening import writer
    from selfcheck.actions.sync.request import new_run
    from selfcheck.subjects.instructions.plan import Strategy
    from tests.instructions.syncing import request

    in_step(tmp_path, sqlite, RULES)
    ours, run = writer(request(tmp_path, sqlite)), new_run("", Strategy.FILE_WINS)
    ours.begin(run)
    assert_breaks(parity(), repository(tmp_path, sqlite), "last sync")
    ours.end(run, "failed", "the disk is full")

    (found,) = assert_breaks(parity(), repository(tmp_path, sqlite), "last sync")
    synced(tmp_path, sqlite)

    assert (found.data["status"], found.message.endswith("was failed: the disk is full")) == ("critical", True)
    assert_keeps(parity(), repository(tmp_path, sqlite))


def test_a_last_sync_that_is_too_old_is_told(tmp_path: Path, sqlite: Sql) -> None:
    in_step(tmp_path, sqlite, RULES)

    verdicts = [
        judged(parity(stale_days=7), repository(tmp_path, sqlite, day)) for day in (date.today(), date(2200, 1, 1))
    ]

    assert [[each.seen.key for each in verdict.findings] for verdict in verdicts] == [[], ["last success"]]


YAML = "instructions:\n  - id: r_1\n    text: text of r_1\n    quadrant: SYSTEM\n"
MARKDOWN = """\
---
title: r_9: no rule
---
# Rules
Prose about r_2.

## r_1: text of r_1

More of it.

```
- **r_8** in code
```

## Others
- **r_2** text
  of two
- `r_3`: text of r_3
- [r_4] text of r_4
- UTF-8 is no rule
"""


def test_yaml_and_markdown_are_read_as_json_is(tmp_path: Path, sqlite: Sql) -> None:
    (tmp_path / "rules.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "rules.md").write_text(MARKDOWN, encoding="utf-8")
    texts = (Field(source="text"),)

    synced(tmp_path, sqlite, file="rules.yaml")
    synced(tmp_path, sqlite, file="rules.md", project="p", into="others", fields=texts)

    repo = repository(tmp_path, sqlite)
    assert assert_keeps(parity(file="rules.yaml"), repo).evidence[0] == Evidence("rules", 1, 1)
    markdown = parity(file="rules.md", project="p", into="others", fields=texts)
    assert assert_keeps(markdown, repo).evidence[0] == Evidence("rules", 4, 4)


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]",
        "a: !!python/object:os.system {}",
        "- {id: a, id: b}",
        "[" * 2000,
        "\t- a",
        "a: [1\n",
        "--- a\n--- b\n",
    ],
)
def test_hostile_yaml_is_unread_with_its_reason(tmp_path: Path, sqlite: Sql, text: str) -> None:
    in_step(tmp_path, sqlite, RULES)
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")

    verdict = judged(parity(file="rules.yaml"), repository(tmp_path, sqlite))

    assert (verdict.outcome, bool(verdict.unread), "crashed" in str(verdict.reason)) == (Outcome.ERROR, True, False)


def test_ten_thousand_rules_of_long_lines_are_read_in_linear_time(tmp_path: Path, sqlite: Sql) -> None:
    rules = [{"id": f"r_{number}", "text": '"id": "' * 50} for number in range(2000)]
    (tmp_path / "rules.json").write_text(json.dumps({"rules": rules}), encoding="utf-8")

    assert len(synced(tmp_path, sqlite, fields=(Field(source="text"),)).plan.items) == 2000  # type: ignore[union-attr]


def test_the_options_make_the_layout() -> None:
    assert InstructionsParity(file="a.json").layout.columns == ("text",)
