"""`audit.jsonl`: what is changed, taken out, put in or cut is named, across files."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from selfcheck_observability.audit import Anchor, Audit, Held
from tests.cli.calling import called

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def written(folder: Path, entries: int, largest: int = 10_000_000) -> list[Anchor]:
    """What each of some entries was."""
    return [Audit(folder, largest).append("said", NOW, what=number) for number in range(1, entries + 1)]


def lines(folder: Path) -> list[str]:
    """The lines of the file."""
    return (folder / "audit.jsonl").read_text(encoding="ascii").splitlines()


def put(folder: Path, content: list[str]) -> None:
    """Other lines in their place."""
    (folder / "audit.jsonl").write_text("".join(f"{line}\n" for line in content), encoding="ascii")


def test_a_chain_that_nobody_touched_holds(tmp_path: Path) -> None:
    *_, last = written(tmp_path, 3)

    found = Audit(tmp_path).verify()

    assert (found.entries, found.head, found.bad) == (3, last, None)


def test_a_chain_goes_on_across_files(tmp_path: Path) -> None:
    *_, last = written(tmp_path, 20, largest=1000)

    found = Audit(tmp_path).verify()

    assert len(list(tmp_path.glob("audit.*.jsonl"))) > 3
    assert (found.entries, found.head, found.bad) == (20, last, None)


def test_a_whole_file_that_is_gone_is_named(tmp_path: Path) -> None:
    written(tmp_path, 20, largest=1000)
    second = sorted(tmp_path.glob("audit.*.jsonl"))[1]
    second.unlink()

    bad = Audit(tmp_path).verify().bad

    assert bad is not None
    assert bad.reason.endswith("one was taken out, put in or moved")


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda all_: [all_[0], all_[1].replace('"what":2', '"what":9'), *all_[2:]], 2, "was changed"),
        (lambda all_: [all_[0], *all_[2:]], 2, "does not follow entry 1"),
        (lambda all_: [all_[1], all_[0], *all_[2:]], 1, "does not follow entry 0"),
        (lambda all_: [*all_[:2], all_[1], *all_[2:]], 3, "does not follow entry 2"),
        (lambda all_: [*all_[:2], "{}", *all_[2:]], 3, "is no entry: fields"),
        (lambda all_: [*all_[:2], "[]", *all_[2:]], 3, "is no entry: a part"),
        (lambda all_: [*all_, all_[-1][:40]], 5, "is no entry: a part"),
    ],
)
def test_the_first_bad_entry_is_named(
    change: Callable[[list[str]], list[str]], place: int, reason: str, tmp_path: Path
) -> None:
    written(tmp_path, 4)
    put(tmp_path, change(lines(tmp_path)))

    bad = Audit(tmp_path).verify().bad

    assert bad is not None
    assert (bad.place, bad.reason.startswith(reason)) == (f"audit.jsonl:{place}", True)


def test_a_tail_that_was_cut_is_seen_by_what_a_run_holds(tmp_path: Path) -> None:
    anchors = written(tmp_path, 4)
    put(tmp_path, lines(tmp_path)[:2])

    alone = Audit(tmp_path).verify()
    held = Audit(tmp_path).verify([Held(7, anchors[1]), Held(8, anchors[3])])

    assert alone.bad is None
    assert held.bad is not None
    assert held.bad.reason == "is cut: run 8 ended with entry 4, which is not there"


def test_a_chain_that_was_written_anew_is_seen_by_what_a_run_holds(tmp_path: Path) -> None:
    anchors = written(tmp_path, 2)
    (tmp_path / "audit.jsonl").unlink()
    chain = json.dumps(anchors[0].chain)
    written(tmp_path, 2)

    found = Audit(tmp_path).verify([Held(1, Anchor(json.loads(lines(tmp_path)[0])["chain"], 2, anchors[1].head))])

    assert chain not in lines(tmp_path)[0]
    assert found.bad is not None
    assert found.bad.reason == "is not the entry that run 1 ended with"


def test_what_a_full_disk_left_of_an_entry_is_put_aside_and_said(tmp_path: Path) -> None:
    written(tmp_path, 2)
    with (tmp_path / "audit.jsonl").open("a", encoding="ascii") as file:
        file.write('{"number":3,"at"')

    Audit(tmp_path).append("said", NOW)

    found = Audit(tmp_path).verify()
    assert (found.entries, found.bad) == (4, None)
    assert json.loads(lines(tmp_path)[2])["event"] == "torn entry put aside"
    assert (tmp_path / "audit.jsonl.torn").read_bytes() == b'{"number":3,"at"'


def test_the_command_names_it_and_fails(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    called(capsys, "run", "--record")
    sound = called(capsys, "audit", "verify")
    put(repo / ".selfcheck", lines(repo / ".selfcheck")[:2])

    cut = called(capsys, "audit", "verify")

    assert (sound.code, sound.stdout.startswith("4 entries, each follows the one before; 2 runs hold one;")) == (
        0,
        True,
    )
    assert cut == (
        1,
        "audit.jsonl, the end after entry 2: is cut: run 2 ended with entry 4, which is not there\n",
        "",
    )


def test_a_log_that_was_taken_away_is_seen(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    (repo / ".selfcheck/audit.jsonl").unlink()

    assert called(capsys, "audit", "verify").code == 1


def test_a_head_that_was_kept_elsewhere_must_be_there(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    head = json.loads(lines(repo / ".selfcheck")[-1])["hash"]

    assert called(capsys, "audit", "verify", "--expect", head).code == 0
    assert called(capsys, "audit", "verify", "--expect", "0" * 64).code == 1


def test_a_log_of_nothing_is_no_pass(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "audit", "verify").code == 3
