"""`selfcheck prove` names the guardrails whose rot no reading can show, and proves their healthy twins."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.lint.rot import repository
from tests.lint.rotten_proofs import PROOFS
from tests.lint.test_rotten import written

PROVEN = {rot.name: "proven" for rot in PROOFS}


def outcomes(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The exit code of `selfcheck prove` in the current folder, and the outcome of each guardrail with a rot of its own."""
    done = called(capsys, "prove", "--no-plugins", "--no-cache", *PROVEN)
    assert done.stderr == ""
    return done.code, {
        name: outcome
        for outcome, name in re.findall(r"^(proven|missed|unprovable|error) +([a-z-]+)", done.stdout, re.MULTILINE)
    }


def test_every_kind_of_rot_that_only_a_proof_shows_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, repository(PROOFS, healthy=False, today=datetime.now(UTC).date()))
    monkeypatch.chdir(tmp_path)

    assert outcomes(capsys) == (1, {rot.name: rot.by for rot in PROOFS})


def test_the_healthy_twins_are_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, repository(PROOFS, healthy=True, today=datetime.now(UTC).date()))
    monkeypatch.chdir(tmp_path)

    assert outcomes(capsys) == (0, PROVEN)
