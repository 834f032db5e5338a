"""What was recorded is asked for by checks and commands that know of no store."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec import structs

from selfcheck.check import Case, Check, Repository
from selfcheck.checks.decisions.done import AdrDone
from selfcheck.checks.migrations.immutable import MigrationsImmutable
from selfcheck.checks.rulebook.idle import RulebookIdle
from selfcheck.errors import CannotOpen
from selfcheck.history import History, Past
from selfcheck.model import Outcome
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory
from selfcheck.trees import Memory
from selfcheck_observability.looking import looked_into
from selfcheck_observability.remembered import history
from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, rulebook
from tests.decisions.houses import phased


class Known:
    """The same verdicts on every guardrail, newest first."""

    def __init__(self, *verdicts: tuple[str, str, int]) -> None:
        numbers = range(len(verdicts), 0, -1)
        self.past = tuple(
            Past(
                run=number,
                finished=f"{day}T00:00:00+00:00",
                revision=None,
                outcome=outcome,
                examined=examined,
                proof=None,
            )
            for number, (outcome, day, examined) in zip(numbers, verdicts, strict=True)
        )

    def last(self, guardrail: str) -> Past | None:
        """The newest."""
        return next(iter(self.past), None)

    def recent(self, guardrail: str, runs: int) -> tuple[Past, ...]:
        """As many as there are."""
        return self.past[:runs]


def remembering(files: dict[str, str], cases: Sequence[Case], known: History | None) -> Repository:
    """A repository under a rulebook, of which something is remembered."""
    tree = Memory({path: text.encode() for path, text in files.items()})
    return Repository(tree, environ={}, today=date(2026, 1, 31), remembered=lambda: known).under(cases)


# rulebook-idle

DAY = "2026-01-01"


def idle(known: History | None, check: Check | None = None) -> Repository:
    """A rulebook of one guardrail."""
    found = structs.replace(guardrail(), id="mine", check={"use": "mine"})
    return remembering({}, [Case(found, check or RulebookIdle())], known)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Known(*[("skip", DAY, 0)] * 3), "was skipped"),
        (Known(*[("error", DAY, 0)] * 3), "could not be judged"),
        (Known(("pass", DAY, 0), ("skip", DAY, 0)), "looked at nothing"),
    ],
)
def test_a_guardrail_that_did_nothing_in_all_of_the_last_runs_is_found(known: History, said: str) -> None:
    (finding,) = assert_breaks(RulebookIdle(runs=2), idle(known), "mine: idle")

    assert finding.message == f"mine: {said} in each of the last 2 recorded runs"


@pytest.mark.parametrize(
    ("known", "examined"),
    [(None, 0), (Known(("skip", DAY, 0)), 0), (Known(("skip", DAY, 0), ("pass", DAY, 1), ("skip", DAY, 0)), 1)],
)
def test_one_that_did_something_or_of_which_too_little_is_known_is_not(known: History | None, examined: int) -> None:
    verdict = assert_keeps(RulebookIdle(runs=2), idle(known))

    assert [each.examined for each in verdict.evidence] == [1, examined]


def test_what_is_skipped_wherever_there_is_no_base_is_not_judged() -> None:
    repo = idle(Known(*[("skip", DAY, 0)] * 10), MigrationsImmutable())

    verdict = judged(RulebookIdle(), repo)

    assert (verdict.outcome, [each.what for each in verdict.evidence]) == (Outcome.PASS, ["guardrails"])
    with pytest.raises(AssertionError, match="without a base"):
        assert_keeps(RulebookIdle(), repo)


# adr-done

ATTESTED = "**Current level**: {level}\n\nL4 attested by @li on 2026-01-11 at 0a1b2c3\nL5 attested by @li on 2026-01-25 at 0a1b2c4"


def implemented(level: str, known: History | None) -> Repository:
    """A decision that claims to be implemented, and a guardrail that refers to it."""
    text = phased("001", "Have one shop", "Implemented", "2026-01-10").replace("- [ ] build it", "- [x] build it")
    text = text.replace("**Current level**: L3", ATTESTED.format(level=level))
    files = {"docs/adr/ADR-001-a.md": text, "tests/shop_test.py": "", "shop/door.py": ""}
    found = structs.replace(guardrail(), id="one-shop", refs=("ADR-001",))
    return remembering(files, [Case(found, AdrDone())], known)


@pytest.mark.parametrize(
    ("level", "known", "missing"),
    [
        (
            "L4",
            Known(("fail", "2026-01-30", 1), ("pass", "2026-01-29", 1)),
            "L4 asks for a pass of one-shop when it was last recorded",
        ),
        (
            "L5",
            Known(("pass", "2026-01-30", 1), ("fail", "2026-01-29", 1)),
            "L5 asks for 14 days in which one-shop passed (run 1 failed)",
        ),
    ],
)
def test_a_level_that_recorded_runs_refute_is_not_reached(level: str, known: History, missing: str) -> None:
    (finding,) = assert_breaks(AdrDone(), implemented(level, known), "docs/adr/ADR-001-a.md: level")

    assert finding.message == f"ADR-001: claims {level}; {missing}"


@pytest.mark.parametrize(
    ("level", "known"),
    [
        ("L5", None),
        ("L5", Known()),
        ("L5", Known(("skip", "2026-01-30", 0), ("error", "2026-01-30", 0))),
        ("L5", Known(("pass", "2026-01-30", 1), ("fail", "2026-01-10", 1))),
        ("L4", Known(("pass", "2026-01-30", 1), ("fail", "2026-01-29", 1))),
        ("L3", Known(("fail", "2026-01-30", 1))),
    ],
)
def test_a_level_that_recorded_runs_do_not_refute_is(level: str, known: History | None) -> None:
    assert judged(AdrDone(), implemented(level, known)).outcome is Outcome.PASS


# the store

PROBED = """\
  - {id: well, title: It is well, why: W., severity: high,
     check: {use: health-live, urls: ["${SHOP}/health"], optional: [x]}}
  - {id: both, title: Both are, why: W., severity: high, check: {use: health-live, urls: ["${SHOP}/a", "${SHOP}/b"]}}
"""


def test_nothing_is_remembered_where_nothing_was_recorded(repo: Path) -> None:
    assert (history({}), memory({}).history) == (None, None)


def test_what_was_recorded_is_told_newest_first(
    url: str, repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for rule in ("readme", "licence", "readme"):
        called(capsys, "run", "--record", "--store", url, "--rule", rule)
    (repo / "README.md").unlink()
    called(capsys, "run", "--record", "--store", url)

    found = history({"SELFCHECK_STORE": url})

    assert found is not None
    assert [(each.run, each.outcome, each.examined) for each in found.recent("readme", 2)] == [
        (4, "fail", 1),
        (3, "pass", 1),
    ]
    last = found.last("licence")
    assert last is not None
    assert (last.run, datetime.fromisoformat(last.finished) <= datetime.now(UTC)) == (4, True)
    assert found.last("gone") is None


def test_a_store_that_cannot_be_read_is_told_and_no_pass(
    repo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lint = "  - {id: idle, title: T, why: W., severity: high, check: {use: rulebook-idle}}\n"
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, lint), encoding="utf-8")
    monkeypatch.setenv("SELFCHECK_STORE", f"sqlite:///{repo / 'gone.db'}")

    done = called(capsys, "run", "--rule", "idle")

    assert done.code == 3
    assert "what is remembered of earlier runs cannot be read" in " ".join(done.stdout.split())


def test_the_matrix_has_the_last_recorded_verdict(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "docs/adr").mkdir(parents=True)
    (repo / "docs/adr/0001-a.md").write_text("# 1. A\n\n## Status\n\nAccepted\n", encoding="utf-8")
    referring = [each.replace("severity:", "refs: [ADR-0001], severity:") for each in (KEPT, BROKEN)]
    (repo / "guardrails.yaml").write_text(rulebook(*referring), encoding="utf-8")
    before = called(capsys, "adr", "matrix").stdout
    called(capsys, "run", "--record", "--rule", "licence")

    after = called(capsys, "adr", "matrix", "--format", "json").stdout

    assert "fail" not in before
    assert {each["guardrail"]: each["outcome"] for each in json.loads(after)["rows"][0]["guardrails"]} == {
        "licence": "fail",
        "readme": None,
    }


def test_recorded_runs_are_probes_of_an_objective(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "slo-monitors.yml").write_text(
        "slos: {up: {target: 90%, endpoint: /health, window: 1d}}\n", encoding="utf-8"
    )
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, PROBED), encoding="utf-8")
    nothing = called(capsys, "slo", "report")
    called(capsys, "run", "--record", "--no-exec")
    with sqlite3.connect(repo / ".selfcheck/store.db") as store:
        store.execute("update verdict set outcome = 'fail' where guardrail in ('well', 'both')")
    store.close()

    done = called(capsys, "slo", "report")

    assert (nothing.code, "no run was recorded" in nothing.stderr) == (2, True)
    assert "(1 of 1 probes failed in 1 d)" in done.stdout


def test_a_run_that_was_skipped_asked_nobody(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "slo-monitors.yml").write_text(
        "slos: {up: {target: 90%, endpoint: /health, window: 1d}}\n", encoding="utf-8"
    )
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, PROBED), encoding="utf-8")
    called(capsys, "run", "--record", "--no-exec")

    assert "(0 of 0 probes failed in 1 d)" in called(capsys, "slo", "report").stdout


# reading without SQLAlchemy


def test_a_store_that_needs_something_done_is_not_read_lightly(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = repo / ".selfcheck/store.db"
    url = f"sqlite:///{file}"
    absent = looked_into(url)
    called(capsys, "run", "--record")
    with sqlite3.connect(file) as store:
        store.execute("update run set state = 'running', process = 1, born = 'never'")
    store.close()
    unfinished = looked_into(url)
    told = called(capsys, "history")
    (repo / "no.db").write_bytes(b"no store at all")

    assert (absent, unfinished, looked_into("postgresql://h/d"), looked_into(f"sqlite:///{repo / 'no.db'}")) == (
        None,
    ) * 4
    assert "run 1 was interrupted" in told.stderr


def test_what_a_store_lacks_is_told(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "run", "--record")
    found = looked_into(f"sqlite:///{repo / '.selfcheck/store.db'}")

    assert found is not None
    with found, pytest.raises(CannotOpen, match="no such table: nowhere"), found.asking() as asking:
        asking.rows("select 1 from nowhere", {})
