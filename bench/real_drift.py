"""`python -m bench.real_drift FOLDER INTERPRETERS`: what `migrations-drift` says of real projects, against what is known.

FOLDER holds unpacked distributions, one folder each; INTERPRETERS a virtual environment of the same name for each, in
which it is installed. What differs from what was found by hand with alembic itself is printed, and ends with status 1.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from selfcheck.check import Repository
from selfcheck.checks.migrations.drift import MigrationsDrift
from selfcheck.testing import TODAY, judged
from selfcheck.trees import Directory


class Expected(NamedTuple):
    """A project, how it is asked, the keys that are found, or a part of why it cannot be judged."""

    project: str
    options: dict[str, Any]
    keys: tuple[str, ...] = ()
    reason: str = ""


STAMPED = {"bootstrap": "create_all_then_stamp"}
STORE = {"paths": ["mlflow/store/**"]}
OPTUNA = ("trial_heartbeats missing", "trial_values.trial_id nullability", "trials: index ix_trials_study_id missing")
EXPECTED = (
    Expected("optuna", {}, (*OPTUNA, "trials: index trials_study_id_key only in the migrations")),
    Expected("jupyterhub", {}, reason="no such table: users"),
    Expected("jupyterhub", STAMPED),
    Expected("mlflow", STORE, reason="no such table: metrics"),
    Expected("dagster", {}, reason="currently upgrading instance not set"),
)


def main(folder: Path, interpreters: Path) -> int:
    """Print one line for each; 1 where one is not as expected."""
    wrong = 0
    for each in EXPECTED:
        python = interpreters / each.project / "bin" / "python"
        if not (folder / each.project).is_dir() or not python.is_file():
            print(f"absent   {each.project}")
            continue
        begun = time.perf_counter()
        said = _differing(each, folder / each.project, python)
        wrong += bool(said)
        asked = " ".join(map(str, each.options.values()))
        print(
            f"{'WRONG' if said else 'as known':<8} {each.project} {asked} ({time.perf_counter() - begun:.1f} s) {said}"
        )
    return int(wrong > 0)


def _differing(each: Expected, folder: Path, python: Path) -> str:
    check = msgspec.convert({**each.options, "python": str(python)}, MigrationsDrift)
    with tempfile.TemporaryDirectory() as scratch:
        tree = Directory(folder)
        repo = Repository(tree, environ=dict(os.environ), today=TODAY, scratch=Path(scratch), base=tree)
        verdict = judged(check, repo)
    keys = sorted(ruling.seen.key for ruling in verdict.findings)
    reason = verdict.reason or ""
    return (
        ""
        if keys == sorted(each.keys) and each.reason in reason and bool(each.reason) == bool(reason)
        else f"{keys} {reason}"
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
