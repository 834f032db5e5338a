"""Thirty nights over a real repository: findings come, go, come back and are waived; each night says exactly that."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.cli.process import rulebook
from tests.observability.github import fake
from tests.trees.working_copy import git, working_copy

SMALL = """\
  - {{id: small, title: Files are short, why: Long ones are not read., severity: high,
     check: {{use: max-lines, limit: 2, paths: ["src/**"]}}{waivers}}}
"""
WAIVER = """,
     waivers: [{match: src/b.py, reason: is split next, owner: "@li", until: "2099-12-31"}]"""
LONG, SHORT = b"1\n2\n3\n", b"1\n"

# By night: what is long when it ends, whether src/b.py is waived, and what the report must say of which file.
SCRIPT: Mapping[int, tuple[str, bool, str]] = {
    1: ("", False, ""),
    2: ("a", False, "new a"),
    3: ("a", False, "recurring a"),
    4: ("ab", False, "new b, recurring a"),
    5: ("b", False, "recurring b, fixed a"),
    6: ("b", True, "accepted b"),
    7: ("b", True, ""),
    8: ("ab", True, "regressed a"),
    9: ("ab", False, "lapsed b, recurring a"),
    10: ("ab", True, "recurring a, accepted b"),
    11: ("", False, "fixed a, fixed b"),
    12: ("", False, ""),
    13: ("a", False, "regressed a"),
    14: ("", False, "fixed a"),
    15: ("c", False, "new c"),
    16: ("c", False, "recurring c"),
    17: ("ac", False, "regressed a, recurring c"),
    18: ("b", False, "regressed b, fixed a, fixed c"),
    19: ("b", True, "accepted b"),
    20: ("", False, "fixed b"),
    **dict.fromkeys(range(21, 26), ("", False, "")),
    26: ("d", False, "new d"),
    27: ("d", False, "recurring d"),
    28: ("d", False, "recurring d"),
    29: ("", False, "fixed d"),
    30: ("", False, ""),
}


def commit(repo: Path, *several: Mapping[str, bytes]) -> list[str]:
    """The commits of these contents, one on the other, checked out."""
    stream = b""
    for number, files in enumerate(several):
        stream += b"commit refs/heads/main\nmark :%d\ncommitter A <a@example.org> 1767225600 +0000\ndata 4\nwork\n" % (
            number + 1
        )
        stream += b"" if number else b"from refs/heads/main^0\n"
        for name, content in files.items():
            stream += b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(content), content)
        stream += b"get-mark :%d\n" % (number + 1)
    told = git(repo, "fast-import", "--quiet", "--cat-blob-fd=1", stdin=stream)
    git(repo, "reset", "--hard", "--quiet")
    return told.decode().split()


@pytest.mark.slow
def test_thirty_nights_are_told_exactly_and_kept_in_one_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {f"src/{name}.py": SHORT for name in "abcd"}
    repo = working_copy(tmp_path / "repo", {**files, "guardrails.yaml": rulebook(SMALL.format(waivers="")).encode()})
    monkeypatch.chdir(repo)
    told: dict[int, str] = {}
    blamed: dict[int, bool] = {}
    with fake() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        before = ""
        for night, (long, waived, _) in SCRIPT.items():
            sources = {f"src/{name}.py": LONG if name in long else SHORT for name in "abcd"}
            rules = {"guardrails.yaml": rulebook(SMALL.format(waivers=WAIVER if waived else "")).encode()}
            _, bad, _ = commit(repo, {}, sources, rules)
            done = called(capsys, "drift", "--output", "json", "--post", "github-issue", "--jobs", "1")
            report = json.loads(done.stdout)
            told[night] = ", ".join(f"{each['class']} {each['key'][4]}" for each in report["findings"])
            fresh = [each for each in report["findings"] if each["class"] in ("new", "regressed")]
            blamed[night] = all(each["first_bad"] == bad for each in fresh)
            before += "b" if report["exit"] else "."
            assert github.issues[0]["state"] == ("open" if report["exit"] else "closed"), night
        issues, comments = github.issues, [text.partition(":")[0] for _, text in github.comments]
        proposed = called(capsys, "suggest").stdout.splitlines()
        status = called(capsys, "drift", "status", "--from", "github-issue").code

    assert told == {night: said for night, (_, _, said) in SCRIPT.items()}
    assert all(blamed.values())
    assert len(issues) == 1
    assert comments.count("Drift again") == before.count(".b")
    assert sum(each.startswith("Every promise is kept again") for each in comments) == before.count("b.")
    assert status == 0
    assert [line.partition(": ")[0] for line in proposed if not line.startswith((" ", "`"))] == [
        "nightly",
        "reopened",
        "waived",
    ]
