"""What holds for every test."""

import os
from pathlib import Path

# Coverage of the processes that tests start in other folders belongs to this run, not into those folders.
os.environ.setdefault("COVERAGE_FILE", str(Path(__file__).parents[1] / ".coverage"))

pytest_plugins = ["pytester"]
