"""A pull request that only loosens the rules that judge it fails, unless the base's rulebook names what allows it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from selfcheck.testing import git_repository
from tests.cli.calling import called
from tests.gate.repositories import Found, commit, found
from tests.trees.working_copy import git, write

SOONER, SOON, LATER = (datetime.now(UTC).date() + timedelta(days=days) for days in (20, 30, 60))
LABELS = "approvals: {labels: [rules, loosen]}\n"
RULES = f"""\
version: 1
fail_on: high
guardrails:
  - id: no-todo
    title: Todos have an owner
    why: They rot.
    severity: high
    tags: [words]
    check: {{use: text-forbids, pattern: TODO, paths: ["src/**", "docs/**"]}}
    waivers: [{{match: src/waived.py, reason: "#812", owner: "@li", until: "{SOON}"}}]
    canaries: [{{append: {{path: src/old.py, text: "TODO"}}}}]
  - id: short
    title: Files are short
    why: Long ones are not read.
    severity: high
    check: {{use: max-lines, limit: 3, paths: ["src/**"]}}
  - id: no-cycles
    title: No circles
    why: They cannot be moved in parts.
    severity: critical
    waivable: false
    check: {{use: imports-acyclic, roots: [src, docs]}}
"""
FILES = {
    "src/old.py": "# TODO\n",
    "src/other.py": "# TODO\n",
    "src/waived.py": "# TODO\n",
    "docs/page.py": "",
    "src/long.py": "1\n2\n3\n4\n",
}


def rules(old: str, new: str) -> dict[str, str]:
    """The rulebook with one text for another."""
    assert old in RULES
    return {"guardrails.yaml": RULES.replace(old, new, 1)}


def line(**changes: object) -> dict[str, str]:
    """A baseline of one line."""
    about = {"guardrail": "no-todo", "key": "src/old.py", "count": 1, "since": "2026-01-01", "reason": "old"}
    return {"guardrails/baseline.jsonl": f"{json.dumps(about | changes)}\n"}


SHORT = RULES[RULES.index("  - id: short") : RULES.index("  - id: no-cycles")]
WAIVER = '{{match: {}, reason: more, owner: "@li", until: "{}"}}'
LOOSER: dict[str, tuple[Mapping[str, str], str]] = {
    "adds a waiver": (
        rules("waivers: [", f"waivers: [{WAIVER.format('src/old.py', SOON)}, "),
        "waiver no-todo: src/old.py",
    ),
    "lets a waiver end later": (rules(f"{SOON}", f"{LATER}"), "waiver no-todo: src/waived.py"),
    "lets a waiver cover more": (
        rules("match: src/waived.py, ", 'match: "src/*d.py", count: 2, '),
        "waiver no-todo: src/*d.py",
    ),
    "narrows a root": (rules("roots: [src, docs]", "roots: [src]"), "option no-cycles: roots"),
    "narrows paths": (rules('paths: ["src/**", "docs/**"]', 'paths: ["src/**"]'), "option no-todo: paths"),
    "takes a file out": (
        rules('paths: ["src/**", "docs/**"]', 'paths: ["src/**", "docs/**", "!docs/page.py"]'),
        "option no-todo: paths",
    ),
    "raises a limit": (rules("limit: 3", "limit: 4"), "option short: limit"),
    "looks for another pattern": (rules("pattern: TODO", "pattern: 'TODO\\b'"), "option no-todo: pattern"),
    "asks another check": (
        rules("use: imports-acyclic, roots: [src, docs]", "use: files-exist, paths: [src/old.py]"),
        "check no-cycles",
    ),
    "lowers a severity": (rules("severity: high", "severity: medium"), "severity no-todo"),
    "lowers a severity that blocks still": (rules("severity: critical", "severity: high"), "severity no-cycles"),
    "only warns": (rules("severity: high", "severity: high\n    enforce: warn"), "enforce no-todo"),
    "is kept later": (
        rules("severity: high", f"severity: high\n    pending: {{until: '{SOON}', reason: later}}"),
        "pending no-todo",
    ),
    "switches a guardrail off": (
        rules("severity: high", "severity: high\n    enabled: {value: false, reason: noisy}"),
        "enabled no-todo",
    ),
    "deletes a guardrail": (rules(SHORT, ""), "removed short"),
    "renames a guardrail": (rules("id: short", "id: shortish"), "removed short"),
    "blocks at a higher severity": (rules("fail_on: high", "fail_on: critical"), "fail_on"),
    "lets an empty scope pass": (
        rules("severity: high", "severity: high\n    allow_empty: true"),
        "allow_empty no-todo",
    ),
    "may be waived now": (rules("    waivable: false\n", ""), "waivable no-cycles"),
    "loses a tag": (rules("    tags: [words]\n", ""), "tag no-todo: words"),
    "loses a canary": (
        rules('    canaries: [{append: {path: src/old.py, text: "TODO"}}]\n', ""),
        "canaries no-todo",
    ),
    "adds a line to the baseline": (line(), "baseline no-todo: src/old.py"),
    "adds a comment": (
        {"src/old.py": f"TODO = 1  # selfcheck: ignore[no-todo] owner=@li until={SOON} -- more\n"},
        "comment no-todo: src/old.py",
    ),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a repository with old findings that nothing accepts."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def based(root: Path, files: Mapping[str, str] = {}, approvals: str = "") -> None:
    """A base with the rulebook, what it says of approvals, and further files; a branch of its own is checked out."""
    git_repository(root, {"guardrails.yaml": RULES + approvals, **FILES, **files})
    git(root, "checkout", "--quiet", "-b", "work")


def approving(changes: Mapping[str, str], approvals: str) -> dict[str, str]:
    """The changes with the base's approvals kept."""
    return {path: text + approvals if path == "guardrails.yaml" else text for path, text in changes.items()}


@pytest.mark.parametrize(("changes", "key"), LOOSER.values(), ids=LOOSER)
def test_what_asks_for_less_fails_without_the_label_that_the_base_names(
    changes: Mapping[str, str],
    key: str,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    based(root, approvals=LABELS)
    commit(root, approving(changes, LABELS))

    alone = found(capsys, "--base", "main")
    monkeypatch.setenv("CI_MERGE_REQUEST_LABELS", "urgent,loosen")
    approved = found(capsys, "--base", "main")

    assert (alone, approved) == (Found(1, {"rulebook-loosened": [key]}), Found(0, {}))


STRICTER = {
    "adds a guardrail": rules("guardrails:\n", f"guardrails:\n{SHORT.replace('id: short', 'id: shorter')}"),
    "raises a severity": rules("severity: high", "severity: critical"),
    "blocks at a lower severity": rules("fail_on: high", "fail_on: low"),
    "takes a waiver out, and what it waived": {
        **rules(f'    waivers: [{{match: src/waived.py, reason: "#812", owner: "@li", until: "{SOON}"}}]\n', ""),
        "src/waived.py": "",
    },
    "lets a waiver end sooner": rules(f"{SOON}", f"{SOONER}"),
    "blocks what blocks anyway": rules("severity: high", "severity: high\n    enforce: block"),
    "gains a tag and a canary": {
        "guardrails.yaml": RULES.replace("[words]", "[words, more]").replace(
            "canaries: [", "canaries: [{delete: docs/page.py}, "
        )
    },
    "says why in other words": rules("why: They rot.", "why: They rot, and nobody reads them.\n    owner: '@li'"),
    "orders guardrails otherwise": {"guardrails.yaml": RULES.replace(SHORT, "") + SHORT},
    "moves a guardrail to another file": {
        "guardrails.yaml": None,
        "guardrails/a.yaml": RULES.replace(SHORT, ""),
        "guardrails/b.yaml": f"version: 1\nguardrails:\n{SHORT}",
    },
}


@pytest.mark.parametrize("changes", STRICTER.values(), ids=STRICTER)
def test_what_asks_for_as_much_or_more_is_no_finding(
    changes: Mapping[str, str | None], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root)
    commit(root, changes)

    assert found(capsys, "--base", "main") == Found(0, {})


def test_a_baseline_line_for_what_the_base_accepts_already_is_no_loosening(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, line())
    commit(root, line(reason="for another reason", owner="@li"))

    assert found(capsys, "--base", "main") == Found(0, {})


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (line(), line(count=2), "src/old.py"),
        (
            line(guardrail="short", key="src/long.py", amount=4),
            line(guardrail="short", key="src/long.py", amount=5),
            "src/long.py",
        ),
    ],
    ids=["more often", "more of it"],
)
def test_a_baseline_line_that_accepts_more_is_one(
    before: Mapping[str, str], after: Mapping[str, str], key: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, before)
    commit(root, after)

    ended = found(capsys, "--base", "main")

    guardrail = json.loads(next(iter(after.values())))["guardrail"]
    assert ended == Found(1, {"rulebook-loosened": [f"baseline {guardrail}: {key}"]})


def test_the_label_may_stand_in_the_event_of_a_pull_request(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, approvals=LABELS)
    commit(root, approving(rules("severity: critical", "severity: low"), LABELS))
    write(root / ".git", {"event.json": b'{"pull_request": {"labels": [{"name": "urgent"}, {"name": "loosen"}]}}'})
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(root / ".git" / "event.json"))

    ended = called(capsys, "run", "--base", "main", "--format", "json")

    [allowed] = next(
        each["findings"] for each in json.loads(ended.stdout)["verdicts"] if each["id"] == "rulebook-loosened"
    )
    assert (ended.code, allowed["status"], allowed["accepted"]["reason"]) == (
        0,
        "waived",
        'the pull request has the label "loosen"',
    )


@pytest.mark.parametrize("label", ["urgent", "Loosen", "loosen everything", ""])
def test_another_label_allows_nothing(
    label: str, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, approvals=LABELS)
    commit(root, approving(rules("severity: critical", "severity: low"), LABELS))
    monkeypatch.setenv("CI_MERGE_REQUEST_LABELS", label)

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["severity no-cycles"]})


def test_a_label_that_only_the_head_names_allows_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root)
    commit(root, approving(rules("severity: critical", "severity: low"), LABELS))
    monkeypatch.setenv("CI_MERGE_REQUEST_LABELS", "loosen")

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["approvals", "severity no-cycles"]})


CODEOWNERS = "approvals: {codeowners: true}\n"
OWNED = {
    "the file": (".github/CODEOWNERS", "/guardrails.yaml @arch\n", True),
    "all files": ("CODEOWNERS", "* @arch # everything\n", True),
    "the kind of file": ("docs/CODEOWNERS", "# rules\n\n*.yaml @arch @ops\n", True),
    "in a section": (".gitlab/CODEOWNERS", "[Rules][2] @leads\n/guardrails.yaml @arch\n", True),
    "in an optional section": ("CODEOWNERS", "^[Rules] @leads\n/guardrails.yaml @arch\n", False),
    "by nobody, said last": ("CODEOWNERS", "* @arch\n/guardrails.yaml\n", False),
    "by nobody, taken out": ("CODEOWNERS", "* @arch\n!/guardrails.yaml\n", False),
    "another file": ("CODEOWNERS", "/src/ @arch\n", False),
    "what is no pattern": ("CODEOWNERS", "! @arch\n\\ @arch\n[z-a] @arch\n", False),
    "in a file of another name": ("OWNERS", "* @arch\n", False),
}


@pytest.mark.parametrize(("path", "content", "allowed"), OWNED.values(), ids=OWNED)
def test_owners_of_the_rulebook_allow_a_change_that_they_must_review(
    path: str, content: str, allowed: bool, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, {path: content}, CODEOWNERS)
    commit(root, approving(rules("severity: critical", "severity: low"), CODEOWNERS))

    ended = found(capsys, "--base", "main")

    assert ended == (Found(0, {}) if allowed else Found(1, {"rulebook-loosened": ["severity no-cycles"]}))


def test_owners_that_only_the_head_names_allow_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    based(root, approvals=CODEOWNERS)
    commit(root, {"CODEOWNERS": "* @arch\n", **approving(rules("severity: critical", "severity: low"), CODEOWNERS)})

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["severity no-cycles"]})


def test_owners_allow_nothing_that_the_base_does_not_leave_to_them(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, {"CODEOWNERS": "* @arch\n"}, LABELS)
    commit(root, approving(rules("severity: critical", "severity: low"), LABELS))

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["severity no-cycles"]})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"guardrails/b.yaml": None}, "removed short"),
        ({"guardrails/b.yaml": f"version: 1\nfail_on: critical\nguardrails:\n{SHORT}"}, "fail_on"),
    ],
)
def test_owners_of_one_file_allow_nothing_that_is_changed_in_another(
    changes: Mapping[str, str | None], key: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = RULES.replace(SHORT, "").replace("fail_on: high\n", CODEOWNERS)
    git_repository(
        root,
        {**FILES, "guardrails/a.yaml": first, "guardrails/b.yaml": f"version: 1\nguardrails:\n{SHORT}"},
        {"CODEOWNERS": "/guardrails/a.yaml @arch\n"},
    )
    git(root, "checkout", "--quiet", "-b", "work")
    commit(root, changes)

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": [key]})


def test_a_star_in_owners_is_for_the_files_of_its_folder_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    based(root, {"CODEOWNERS": "/src/* @arch\n", "src/deep/old.py": "TODO = 1\n"}, CODEOWNERS)
    comment = f"TODO = 1  # selfcheck: ignore[no-todo] owner=@li until={SOON} -- more\n"
    commit(root, {"src/old.py": comment, "src/deep/old.py": comment})

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["comment no-todo: src/deep/old.py"]})


def test_a_rulebook_of_its_own_for_a_folder_loosens_what_judged_it_before(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root)
    own = SHORT.replace("limit: 3", "limit: 9").replace("src/**", "*.py")
    commit(root, {"src/guardrails.yaml": f"version: 1\nguardrails:\n{own}"})
    monkeypatch.chdir(root / "src")

    ended = found(capsys, "--base", "main")

    loosened = ["option short: limit", "option short: paths", "removed no-cycles", "removed no-todo"]
    assert (ended.code, sorted(ended.new["rulebook-loosened"])) == (1, loosened)


def test_to_take_the_rulebook_of_a_folder_away_loosens_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    based(root, {"src/guardrails.yaml": f"version: 1\nguardrails:\n{SHORT.replace('id: short', 'id: own')}"})
    commit(root, {"src/guardrails.yaml": None})
    monkeypatch.chdir(root / "src")

    assert found(capsys, "--base", "main") == Found(1, {"rulebook-loosened": ["removed own"]})
