"""`selfcheck lint`: which guardrails judge the rulebook, what that costs and what it never does."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import Called, called
from tests.lint.rot import NO_FILES, Files, guardrail
from tests.lint.test_rotten import written

EXIST = "check: {use: files-exist, paths: [LICENSE]}"
BUILT_IN = [
    "rulebook-canaries",
    "rulebook-commands",
    "rulebook-complete",
    "rulebook-deadlines",
    "rulebook-idle",
    "rulebook-paths",
    "rulebook-patterns",
    "rulebook-refs",
    "rulebook-shadowed",
    "rulebook-workflows",
]


class Shop:
    """A repository in a folder, and what `selfcheck lint` says there."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def lint(self, *options: str, files: Files = NO_FILES, head: str = "", **bodies: str) -> Called:
        """The command under a rulebook of these guardrails."""
        rules = "".join(guardrail(name, body) for name, body in bodies.items())
        rulebook = {"guardrails.yaml": f"version: 1\n{head}guardrails:\n{rules}"}
        written(self._folder, {"LICENSE": "Free\n", **files, **rulebook})
        return called(self._capsys, "lint", "--no-plugins", "--no-cache", *options)

    def outcomes(self, *options: str, files: Files = NO_FILES, **bodies: str) -> dict[str, str]:
        """The outcome of each guardrail that it judges."""
        report = json.loads(self.lint("--format", "json", *options, files=files, **bodies).stdout)
        return {verdict["id"]: verdict["outcome"] for verdict in report["verdicts"]}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path, capsys)


def test_every_rule_is_a_built_in_guardrail_where_the_rulebook_has_none(shop: Shop) -> None:
    assert shop.outcomes(a=EXIST) == dict.fromkeys(BUILT_IN, "pass")


def test_a_guardrail_of_the_rulebook_takes_the_place_of_the_built_in_one(shop: Shop) -> None:
    found = shop.outcomes(a=EXIST, mine="check: {use: rulebook-complete, require: [refs]}")

    assert found == {
        "mine": "fail",
        **dict.fromkeys([each for each in BUILT_IN if each != "rulebook-complete"], "pass"),
    }


def test_a_rule_can_be_waived_and_switched_off(shop: Shop) -> None:
    waiver = "waivers: [{match: 'a: why', reason: law, owner: '@li', until: '9998-01-01'}]"
    far = "check: {use: rulebook-deadlines}\nenabled: {value: false, reason: we look ourselves}"

    found = shop.outcomes(a=f"{EXIST}\nwhy: TODO", far=far, mine=f"check: {{use: rulebook-complete}}\n{waiver}")

    assert {name: found[name] for name in ("mine", "far", "exceptions")} == {
        "mine": "pass",
        "far": "skip",
        "exceptions": "pass",
    }


def test_a_waiver_that_covers_nothing_is_found_in_any_guardrail_that_needs_no_program(shop: Shop) -> None:
    waiver = "waivers: [{match: gone.md, reason: law, owner: '@li', until: '2026-01-01'}]"
    waiver = waiver.replace("2026-01-01", "9998-01-01")
    command = f"check: {{use: command, run: [touch, ran]}}\ncanaries: [{{delete: LICENSE}}]\n{waiver}"

    done = shop.lint(a=f"{EXIST}\n{waiver}", b=command)

    assert done.code == 1
    assert "the waiver of a, gone.md, covers nothing" in " ".join(done.stdout.split())
    assert "the waiver of b" not in done.stdout


def test_no_program_is_run(shop: Shop, tmp_path: Path) -> None:
    files = {"tools/a.sh": f"touch {tmp_path}/ran\n", "tools/a.py": f"open('{tmp_path}/ran', 'w')\n"}
    canary = "canaries: [{delete: LICENSE}]"

    done = shop.lint(
        files=files,
        a=f"check: {{use: command, run: [sh, tools/a.sh]}}\n{canary}",
        b=f"check: {{use: command, run: [python3, tools/a.py]}}\n{canary}",
    )

    assert (done.code, (tmp_path / "ran").exists()) == (0, False)


def test_what_only_makes_a_rule_hard_to_understand_warns_unless_more_is_asked(shop: Shop) -> None:
    vague = f"{EXIST}\nwhy: TODO"

    codes = [shop.lint(a=vague).code, shop.lint("--fail-on", "medium", a=vague).code]
    codes.append(shop.lint(a=vague, head="fail_on: medium\n").code)

    assert codes == [0, 1, 1]


def test_the_findings_of_lint_fit_in_eighty_columns(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = "check: {use: text-forbids, pattern: '$KEY', paths: [LICENSE, 'shop/very/long/folder/**/*.py']}"

    done = shop.lint(a=f"{long}\nrefs: [docs/audit/summary.md]", b="check: {use: command, shell: 'make lint || true'}")

    assert done.code == 1
    assert max(map(len, done.stdout.splitlines())) <= 80
