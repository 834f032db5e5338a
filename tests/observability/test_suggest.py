"""`selfcheck suggest`: what is proposed of which history, as guardrails that parse and are switched off."""

from pathlib import Path
from typing import Any

import pytest

from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck_observability.suggestions import Faults, document, suggested
from selfcheck_observability.tracks import Change, State, Track
from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, rulebook
from tests.formats.reports import guardrail
from tests.trees.working_copy import git, working_copy

QUIET = {"g": Faults(9, 1)}


def track(name: str = "a.py", **changes: Any) -> Track:
    """A finding that was seen once."""
    about: dict[str, Any] = {"fingerprint": name, "guardrail": "g", "key": name, "message": "m", "path": name}
    about |= {"line": None, "state": State.OPEN, "first_run": 1, "first_seen": "2026-11-21", "opened_run": 1}
    about |= {"opened": "2026-11-21", "last_run": 1, "changed_run": 1, "change": Change.NEW, "changed": "2026-11-21"}
    return Track(**(about | {"runs": 1, "reopened": 0, "accepted": 0, "nightly": 0} | changes))


def kinds(*tracks: Track, gate: dict[str, Faults] | None = None, churn: dict[str, int] | None = None) -> list[str]:
    """Why something is suggested."""
    given = QUIET if gate is None else gate
    return [each.kind.value for each in suggested(tracks, [guardrail("g")], given, churn or {}, frozenset({"hot.py"}))]


@pytest.mark.parametrize(
    ("tracks", "expected"),
    [
        ([track(reopened=3)], ["reopened"]),
        ([track(reopened=2)], []),
        ([track(accepted=3)], ["waived"]),
        ([track(accepted=2)], []),
        ([track(name, runs=10) for name in "abc"], ["recurring"]),
        ([track(name, runs=10) for name in "ab"], []),
        ([track(name, runs=10, state=State.FIXED) for name in "abc"], []),
        ([track(reopened=9, guardrail="gone")], []),
    ],
)
def test_what_a_history_suggests(tracks: list[Track], expected: list[str]) -> None:
    assert kinds(*tracks) == expected


@pytest.mark.parametrize(
    ("gate", "expected"), [({}, ["nightly"]), ({"g": Faults(5, 0)}, ["nightly"]), ({"g": Faults(5, 1)}, [])]
)
def test_what_only_the_night_finds_is_for_the_gate(gate: dict[str, Faults], expected: list[str]) -> None:
    assert kinds(track(nightly=2), gate=gate) == expected


@pytest.mark.parametrize(("path", "changes", "expected"), [("new.py", 30, 1), ("hot.py", 30, 0), ("new.py", 19, 0)])
def test_a_file_that_changes_all_the_time_and_that_nothing_guards_is_a_hotspot(
    path: str, changes: int, expected: int
) -> None:
    churn = {path: changes, **{f"{number}.py": 2 for number in range(9)}}

    assert kinds(churn=churn) == ["hotspot"] * expected


def test_every_stub_is_a_guardrail_that_is_switched_off_whatever_a_key_holds() -> None:
    evil = track('a"\n- {id: evil}\n\u2028# x', reopened=3, accepted=3, nightly=2)
    churn = {'odd "name\n.py': 99, **{f"{number}.py": 2 for number in range(9)}}
    rule = guardrail("g", title="T: [x", check={"use": "max-lines", "limit": 3, "paths": ["a: b", "#"]})
    found = suggested([evil], [rule], {}, churn, frozenset())

    cases = parse([Source("guardrails/proposed.yaml", document(found).encode())], Registry(plugins=False)).cases

    assert len(cases) == len(found) == 4
    assert all(case.guardrail.switched_off for case in cases)


def test_they_are_written_once_and_the_rulebook_still_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"README.md": b"", "guardrails/main.yaml": rulebook(KEPT, BROKEN).encode()}
    repo = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(repo)
    for state in ("", "x", "", "x"):
        (repo / "LICENCE").unlink(missing_ok=True)
        if state:
            (repo / "LICENCE").write_text(state, encoding="utf-8")
        called(capsys, "drift", "--no-bisect")
    (repo / "LICENCE").unlink()

    done = called(capsys, "suggest", "--write")
    again = called(capsys, "suggest", "--write")

    assert (done.code, done.stdout.splitlines()[-1]) == (
        0,
        "wrote guardrails/proposed.yaml: 1 proposed, all switched off",
    )
    assert (again.code, called(capsys, "validate").code, called(capsys, "run").code) == (2, 0, 1)


def test_a_rulebook_of_one_file_is_not_given_a_second_place(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        called(capsys, "drift", "--no-bisect")
        (repo / "LICENCE").write_text("", encoding="utf-8")
        called(capsys, "drift", "--no-bisect")
        (repo / "LICENCE").unlink()

    assert called(capsys, "suggest", "--write").code == 2
    assert not (repo / "guardrails").exists()


def test_where_there_is_nothing_to_suggest_that_is_said(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    git(repo, "add", "--all")

    assert called(capsys, "suggest").stdout.startswith("nothing to suggest: ")
