"""`adr-required`: what of a change asks for a decision, and what is one."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from selfcheck.check import Change, Repository
from selfcheck.checks.decisions.required import AdrRequired
from selfcheck.cli.comparing import Comparison
from selfcheck.cli.opening import open_working_tree
from selfcheck.git.base import request
from selfcheck.model import Outcome
from selfcheck.registry import Registry
from selfcheck.testing import assert_breaks, assert_keeps, git_repository, judged, memory
from tests.decisions.houses import NYGARD

CORE = AdrRequired(paths=("core/",))
BASE: Mapping[str, str] = {
    **NYGARD,
    "core/a.py": "a = 1\n",
    "core/uv.lock": "1",
    "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["click"]\n',
    "shop/__init__.py": "",
}
MANIFEST = BASE["pyproject.toml"].replace('"click"', '"click", "redis"')


def changed(files: Mapping[str, str | None], *texts: str, authors: tuple[str, ...] = ()) -> Repository:
    """The base with these files in place of its own, and what was said of them."""
    after = {path: text for path, text in {**BASE, **files}.items() if text is not None}
    return memory(after, base=BASE, change=Change(texts, authors))


@pytest.mark.parametrize(
    ("files", "keys"),
    [
        ({"core/a.py": "a = 2\n"}, ["paths"]),
        ({"core/b.py": ""}, ["paths"]),
        ({"core/a.py": None}, ["paths"]),
        ({"pyproject.toml": MANIFEST}, ["dependency redis"]),
        ({"till/__init__.py": ""}, ["package till"]),
        (
            {"core/a.py": "a = 2\n", "pyproject.toml": MANIFEST, "till/__init__.py": ""},
            ["paths", "dependency redis", "package till"],
        ),
    ],
)
def test_a_change_that_asks_for_a_decision_and_has_none_breaks(
    files: Mapping[str, str | None], keys: list[str]
) -> None:
    verdict = judged(CORE, changed(files))

    assert sorted(each.seen.key for each in verdict.findings) == sorted(keys)


@pytest.mark.parametrize(
    "files",
    [
        {"shop/b.py": ""},
        {"core/uv.lock": "2"},
        {"core/a.py": None, "core/moved.py": "a = 1\n"},
        {"shop/__init__.py": None, "src/shop/__init__.py": ""},
        {"shop/inner/__init__.py": ""},
        {"pyproject.toml": BASE["pyproject.toml"].replace('["click"]', "[]")},
        {"dev-requirements.txt": "pytest\n"},
    ],
)
def test_a_change_of_something_else_asks_for_none(files: Mapping[str, str | None]) -> None:
    assert judged(CORE, changed(files)).outcome is Outcome.PASS


NEW = "# 4. Change it\n\n## Status\n\n{}\n\n## Decision\n\nx\n"


@pytest.mark.parametrize(
    ("files", "texts", "authors", "kept"),
    [
        ({"doc/adr/0004-x.md": NEW.format("Proposed")}, (), (), True),
        ({"doc/adr/0004-x.md": NEW.format("Rejected")}, (), (), False),
        ({"core/a.py": "a = 2  # ADR-2\n"}, (), (), True),
        ({"core/a.py": "a = 2  # ADR-1\n"}, (), (), False),
        ({}, ("Change it\n\nADR: ADR-0002",), (), True),
        ({}, ("see adr-1, ADR-3 and ADR-99",), (), False),
        ({}, ("Change it\n\nADR-exempt: mends a slip of the pen",), (), True),
        ({}, ("ADR-exempt: no",), (), False),
        ({}, (), ("renovate[bot]",), True),
        ({}, (), ("renovate[bot]", "Li"), False),
    ],
)
def test_a_decision_that_is_new_or_cited_and_holds_or_a_reason_is_enough(
    files: Mapping[str, str | None], texts: tuple[str, ...], authors: tuple[str, ...], kept: bool
) -> None:
    repo = changed({"core/a.py": "a = 2\n", **files}, *texts, authors=authors)

    assert (judged(CORE, repo).outcome is Outcome.PASS) == kept


def test_the_changed_files_are_parts_so_that_one_more_is_more() -> None:
    (finding,) = assert_breaks(CORE, changed({"core/a.py": "a = 2\n", "core/b.py": ""}), "paths")

    assert finding.parts == ("core/a.py", "core/b.py")


def test_it_can_fail_where_nothing_is_changed_and_without_a_base_it_is_skipped() -> None:
    assert_keeps(CORE, changed({}))
    assert judged(CORE, memory(BASE)).outcome is Outcome.SKIP


def test_paths_that_lead_nowhere_are_no_pass() -> None:
    assert judged(AdrRequired(paths=("gone",)), changed({})).outcome is Outcome.ERROR


def test_the_words_of_a_change_are_those_of_its_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "version: 1\nguardrails:\n  - {id: a, title: a, why: a, severity: high, check: {use: adr-required}}\n"
    git_repository(tmp_path, {"guardrails.yaml": rules}, {"a.md": "1"}, {"a.md": "2"})
    monkeypatch.chdir(tmp_path)

    comparison = Comparison(open_working_tree(None, Registry(plugins=False)), "HEAD~1", {})

    assert comparison.change == Change(("commit 3",), ("A Committer",))


def test_the_words_of_a_request_are_those_that_the_system_tells(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(
        '{"pull_request": {"title": "T", "body": null, "user": {"login": "renovate[bot]"}}}', encoding="utf-8"
    )
    gitlab = {
        "CI_MERGE_REQUEST_IID": "1",
        "CI_MERGE_REQUEST_TITLE": "T",
        "CI_MERGE_REQUEST_DESCRIPTION": "D",
        "GITLAB_USER_LOGIN": "li",
    }

    assert request({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}) == ("T", "", "renovate[bot]")
    assert request(gitlab) == ("T", "D", "li")
    assert request({}) == ("", "", "")
