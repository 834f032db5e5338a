"""This repository judges itself by its own guardrails as test items; `make guardrails` judges by all of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_our_own_layers_are_kept_as_test_items() -> None:
    ours = ["-p", "selfcheck.pytest_plugin", "--selfcheck", "selfcheck::", "-p", "no:cacheprovider", "-q"]

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            *ours,
            "-m",
            "selfcheck(tag='code', check='imports-layers') or selfcheck(check='imports-forbidden')",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )

    said = re.sub(r", \d+ deselected in .*", "", done.stdout.splitlines()[-1])
    assert (done.returncode, said) == (pytest.ExitCode.OK, "2 passed"), done.stdout
