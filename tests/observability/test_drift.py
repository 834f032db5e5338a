"""`selfcheck drift`: one night, its forms, its issue, and what keeps it from being called clean."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import html5lib
import jsonschema
import pytest

from selfcheck_observability.drift.bisect import Blame, Looked, Suspect, first_bad
from selfcheck_observability.drift.github import GitHub, Issue
from selfcheck_observability.drift.markdown import LIMIT, code, rendered
from selfcheck_observability.drift.night import Charted, Class, Item, Night, Previous
from selfcheck_observability.drift.page import page
from selfcheck_observability.drift.posting import Marker, digest, kept, marked, post
from selfcheck_observability.health import Component, Status
from selfcheck_observability.logs import Category, Events
from selfcheck_observability.map.differences import Difference
from selfcheck_observability.store import open_database, tables
from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, UNJUDGED, rulebook
from tests.observability.github import Fake, fake
from tests.trees.working_copy import git, write

EVIL = "</td><script>alert(1)</script> `x` | @everyone --> <!-- \n\u202e"


def item(kind: Class = Class.NEW, **changes: Any) -> Item:
    """A finding."""
    about: dict[str, Any] = {
        "class_": kind,
        "guardrail": "small",
        "severity": "high",
        "key": "a.py",
        "message": "too long",
    }
    about |= {"path": "a.py", "line": 3, "fingerprint": "f" * 32, "since": "2026-11-20T02:00:00+00:00", "days": 1}
    return Item(**(about | {"runs": 2, "reopened": 0} | changes))


def night(*findings: Item, **changes: Any) -> Night:
    """A night with these findings."""
    about: dict[str, Any] = {
        "repository": "acme/shop",
        "branch": "main",
        "run": 2,
        "finished": "2026-11-21T02:00:00+00:00",
    }
    about |= {"revision": "9" * 40, "selfcheck": "1", "rulebook": "sha256:0", "exit": 0, "outcome": "pass", "passed": 1}
    about |= {"failed": 0, "errors": 0, "skipped": 0, "accepted": 0, "findings": findings}
    before = Previous(
        run=1, kind="drift", finished="2026-11-20T02:00:00+00:00", revision="8" * 40, rulebook_changed=False
    )
    return Night(**({"previous": before} | about | changes))


def test_a_first_night_says_that_nothing_can_be_compared(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "drift")

    assert (done.code, done.stdout.splitlines()[0]) == (1, "## The first night: nothing to compare with")
    assert "none of it can be called new, and no drift can be ruled out." in done.stdout
    assert "### What there is (1)" in done.stdout


def test_every_form_is_written_and_valid(repo: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "drift", "--store", url)
    forms = [f"--output={form}=drift.{form}" for form in ("markdown", "html", "json")]

    done = called(capsys, "drift", *forms, "--store", url)

    told = json.loads((repo / "drift.json").read_text(encoding="utf-8"))
    assert (done.code, done.stdout) == (1, "")
    jsonschema.validate(told, json.loads(called(capsys, "drift", "schema").stdout))
    assert [(each["class"], each["key"], each["runs"]) for each in told["findings"]] == [("recurring", "LICENCE", 2)]
    html5lib.HTMLParser(strict=True).parse((repo / "drift.html").read_text(encoding="utf-8"))


def test_a_guardrail_that_cannot_be_judged_fixes_nothing(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "drift")
    broken = BROKEN.replace("use: files-exist, paths: [LICENCE]", 'use: max-lines, limit: 3, paths: ["no/**"]')
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, broken, UNJUDGED), encoding="utf-8")

    done = called(capsys, "drift", "--output", "json")

    told = json.loads(done.stdout)
    assert (done.code, [(each["class"], each["key"]) for each in told["findings"]]) == (3, [("unjudged", "LICENCE")])
    assert [each["guardrail"] for each in told["unjudged"]] == ["licence", "lines"]


def test_a_finding_in_the_working_tree_alone_has_no_first_bad_commit(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called(capsys, "drift")
    (repo / "README.md").unlink()

    told = json.loads(called(capsys, "drift", "--output", "json").stdout)

    (new,) = [each for each in told["findings"] if each["class"] == "new"]
    assert (new["first_bad"], new["searched"][:20]) == (None, "is not in the commit")


def test_a_history_that_was_rewritten_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "drift")
    (repo / "README.md").unlink()
    git(repo, "commit", "-q", "-a", "--amend", "-m", "other")

    told = json.loads(called(capsys, "drift", "--output", "json").stdout)

    (new,) = [each for each in told["findings"] if each["class"] == "new"]
    assert new["searched"].endswith("where the run before was, does not lead here in this clone")


def test_decisions_that_are_cited_no_longer_are_named(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cited = KEPT.replace("severity: high,", "severity: high, refs: [ADR-0001],", 1)
    write(repo, {"guardrails.yaml": rulebook(cited).encode()})
    git(repo, "commit", "-q", "-a", "-m", "cite")
    called(capsys, "drift")
    write(repo, {"guardrails.yaml": rulebook(KEPT).encode()})

    assert json.loads(called(capsys, "drift", "--output", "json").stdout)["cited"] == {
        "decisions": [],
        "added": [],
        "removed": ["ADR-0001"],
    }


def test_an_unknown_form_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "selfcheck: --output pdf: is no form; there are markdown, html, json\n"
    assert called(capsys, "drift", "--output", "pdf") == (2, "", said)


def test_a_nightly_run_that_is_too_old_fails(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    none = called(capsys, "drift", "status")
    called(capsys, "drift")
    fresh = called(capsys, "drift", "status")
    database = open_database(f"sqlite:///{repo}/.selfcheck/store.db")
    old = (datetime.now(UTC) - timedelta(hours=37)).isoformat(timespec="seconds")
    with database.writing() as connection:
        connection.execute(tables.run.update().values(finished=old))
    database.close()
    late = called(capsys, "drift", "status")

    assert (none.code, none.stdout, fresh.code) == (1, "no nightly run of main is known\n", 0)
    assert (late.code, late.stdout.endswith(", 37 h ago\n")) == (1, True)


# bisection


@pytest.mark.parametrize("bad", range(1, 30))
def test_the_first_bad_commit_is_found_wherever_it_is(bad: int) -> None:
    asked: list[str] = []

    def probe(commit: str) -> Looked:
        asked.append(commit)
        return Looked(frozenset({"f"} if int(commit) >= bad else ()))

    found = first_bad([str(number) for number in range(30)], [Suspect("f", "g")], probe)

    assert found == {"f": Blame(str(bad), None)}
    assert len(asked) == len(set(asked)) <= 7


def test_a_commit_that_could_not_be_judged_makes_it_the_latest() -> None:
    def probe(commit: str) -> Looked:
        number = int(commit)
        return Looked(frozenset({"f"} if number > 3 else ()), frozenset({"g"} if 0 < number <= 3 else ()))

    found = first_bad([str(number) for number in range(6)], [Suspect("f", "g")], probe)

    assert found == {"f": Blame("4", "at the latest: a commit before it could not be judged")}


def test_what_the_run_before_had_already_is_a_change_of_the_rules() -> None:
    found = first_bad(["1", "2"], [Suspect("f", "g")], lambda _: Looked(frozenset({"f"})))

    assert found["f"].said == "is in the commit of the run before: the rules changed, not the files"


# forms


def test_nothing_of_a_repository_is_markup() -> None:
    made = night(item(message=EVIL, key=EVIL, path=EVIL))

    text = page(made)

    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script" not in text
    row = next(line for line in rendered(made).splitlines() if "small" in line)
    assert row.count(" | ") == 4
    assert "-->" not in row


def test_text_in_code_ends_no_code() -> None:
    assert [code(text) for text in ("a", "`", "a``b", "a|b", "  ")] == ["`a`", "`` ` ``", "```a``b```", "`a\\|b`", ""]


def test_the_report_fits_an_issue_and_says_what_is_left_out() -> None:
    made = night(*(item(key=f"{number} {'x' * 200}") for number in range(2000)), *[item(Class.FIXED)] * 900)

    text = rendered(made)

    assert len(text) <= LIMIT
    assert text.count("more, for which there is no room here") == 2


# the issue


def test_the_marker_is_read_back_whatever_the_branch_is_called() -> None:
    marker = Marker(branch="a--><b>{}", run=1, finished="2026-11-21T02:00:00+00:00", digest="d", exit=0, clean=True)

    assert marked(f"{marker}\nrest") == marker
    assert str(marker).count("-->") == 1


def test_of_several_issues_that_of_the_branch_is_kept_and_the_oldest() -> None:
    made = [Marker(branch=name, run=1, finished="2026-11-21T02:00:00", digest="", exit=0, clean=True) for name in "aba"]
    issues = [Issue(9 - number, True, "", f"{each}\n") for number, each in enumerate(made)]

    found = kept([Issue(1, True, "", "no marker"), *issues], "a")

    assert found is not None
    assert found[0].number == 7


def test_a_finding_that_was_new_yesterday_is_no_news() -> None:
    assert digest(night(item(Class.NEW))) == digest(night(item(Class.RECURRING, days=9)))
    assert digest(night(item(Class.NEW))) != digest(night())


@pytest.mark.parametrize(
    "made",
    [night(passed=0, skipped=9), night(errors=1, exit=3), night(item(Class.UNJUDGED)), night(item(Class.LAPSED))],
)
def test_a_night_that_did_not_judge_everything_closes_nothing(made: Night) -> None:
    assert not made.clean
    with fake() as github:
        done = [post(hub(github), night(item(), exit=1)).did, post(hub(github), made).did]

    assert done[0] == "opened"
    assert github.issues[0]["state"] == "open"


def test_an_issue_beyond_the_first_page_is_found() -> None:
    with fake() as github:
        post(hub(github), night(item()))
        github.issues += [
            {"number": number, "state": "open", "title": "", "body": "", "labels": ["selfcheck-drift"]}
            for number in range(2, 253)
        ]

        assert post(hub(github), night(item())).number == 1


def test_an_issue_is_closed_reopened_and_commented_on_only_when_something_changed() -> None:
    nights = (night(), night(item()), night(item(Class.RECURRING)), night(), night(item(Class.REGRESSED)))
    with fake() as github:
        done = [post(hub(github), each).did for each in nights]

    assert done == ["closed", "reopened", "left as it was", "closed", "reopened"]
    assert (len(github.issues), len(github.comments)) == (1, 3)


def test_a_github_that_does_not_answer_is_exit_3_and_the_report_is_written(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake() as github:
        for name, value in github.environ.items():
            monkeypatch.setenv(name, value)
        github.broken = True
        done = called(capsys, "drift", "--post", "github-issue")

    assert (done.code, done.stdout.startswith("## The first night")) == (3, True)
    assert done.stderr == "selfcheck: the report was not posted: GitHub: GET issues: 503 try later\n"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"GITHUB_TOKEN": ""}, "GITHUB_TOKEN: is not set"),
        ({"GITHUB_REPOSITORY": "shop"}, "GITHUB_REPOSITORY: is no OWNER/NAME"),
        ({"GITHUB_API_URL": "http://api.example.org"}, "GITHUB_API_URL: is no https address"),
        ({"GITHUB_API_URL": "file:///etc"}, "GITHUB_API_URL: is no https address"),
    ],
)
def test_what_keeps_it_from_posting_is_said_before_anything_is_judged(
    changes: dict[str, str],
    said: str,
    repo: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with fake() as github:
        for name, value in (github.environ | changes).items():
            monkeypatch.setenv(name, value)
        done = called(capsys, "drift", "status", "--from", "github-issue")

    assert (done.code in (2, 3), done.stderr.startswith(f"selfcheck: {said}")) == (True, True)


def hub(state: Fake) -> GitHub:
    """A client of the fake."""
    return GitHub(state.environ)


MAP = '{"version": "1", "modules": {"shop": {"purpose": "%s"}}}\n'
PLACE = "src/observability/system_intelligence_map.json"


def test_what_changed_in_the_map_is_told_since_the_commit_of_the_run_before(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(files: dict[str, bytes]) -> dict[str, Any]:
        write(repo, files)
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "--allow-empty", "--message=work")
        found: dict[str, Any] = json.loads(called(capsys, "drift", "--output", "json", "--no-bisect").stdout)
        return found

    nights = [
        told({}),
        told({PLACE: (MAP % "Sells.").encode(), "shop/a.py": b"", "shop/b.py": b""}),
        told({PLACE: (MAP % "Buys.").encode(), "shop/a.py": b"import jobs.night\n", "jobs/night.py": b"x = 1\n"}),
        told({PLACE: b"{"}),
    ]
    shown = called(capsys, "drift").stdout

    assert [each["map"] for each in nights[:2]] == [
        None,
        {"differences": [], "said": f"{nights[0]['revision'][:12]} had none"},
    ]
    assert [tuple(each.values()) for each in nights[2]["map"]["differences"]] == [
        ("modules, as people wrote it", "shop", "changed"),
        ("module", "jobs", "is new"),
        ("imports", "shop", "+jobs"),
    ]
    assert "it could not be compared: " in nights[3]["map"]["said"]
    assert "What changed in the intelligence map is not known: `it could not be compared" in shown


def test_a_map_without_a_commit_before_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {PLACE: (MAP % "Sells.").encode()})

    done = called(capsys, "drift")

    assert "is not known: `there is no earlier commit to compare it with`." in done.stdout


def test_differences_of_the_map_and_a_late_sync_are_told() -> None:
    late = Component(name="sync", status=Status.WARNING, message="the last sync was long ago", remedy="sync")
    made = night(map=Charted(differences=(Difference(what="module", name="a|b", how="is new"),)), sync=late)

    shown = rendered(made)

    assert (
        "### The intelligence map\n\n| what | which | how |\n| --- | --- | --- |\n| module | `a\\|b` | `is new` |"
        in shown
    )
    assert "Sync is warning: the last sync was long ago; sync." in shown


def test_a_sync_that_is_seen_in_the_events_is_told(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Events(repo / ".selfcheck/events", 10_000).append(Category.SYNC, datetime.now(UTC), "applied")

    assert json.loads(called(capsys, "drift", "--output", "json").stdout)["sync"]["status"] == "healthy"
