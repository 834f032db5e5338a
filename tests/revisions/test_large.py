"""A file of 100 MB is read, from disk and from git's objects, and judged within bounds."""

import subprocess
import sys
from pathlib import Path

import pytest

from selfcheck.testing import git_repository, git_revision
from selfcheck.trees.content import blob_id

SIZE = 100_000_000
RULEBOOK = """version: 1
guardrails:
  - {id: no-z, title: t, why: w, severity: high, timeout: 120, check: {use: text-forbids, pattern: z, paths: ["*.txt"]}}
  - {id: short, title: t, why: w, severity: high, timeout: 120, check: {use: max-lines, limit: 9, paths: ["*.txt"]}}
"""
PEAK = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], capture_output=True).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
def test_a_file_of_100_mb_is_the_same_in_a_working_tree_and_its_revision(tmp_path: Path) -> None:
    content = b"x" * SIZE
    repo = git_repository(tmp_path, {"a.txt": content})

    ids = [blob_id(each.tree.read("a.txt")) for each in (repo, git_revision(tmp_path, "HEAD"))]

    assert ids == [blob_id(content)] * 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the unit of the peak differs")
@pytest.mark.parametrize("options", [(), ("--rev", "HEAD")], ids=["working-tree", "revision"])
def test_a_run_over_one_line_of_100_mb_stays_under_500_mb(tmp_path: Path, options: tuple[str, ...]) -> None:
    root = tmp_path / "r"
    git_repository(root, {"guardrails.yaml": RULEBOOK, "a.txt": b"x" * SIZE})
    command = [str(Path(sys.executable).with_name("selfcheck")), "run", "--no-cache", "--jobs", "1", *options]

    done = subprocess.run([sys.executable, "-P", "-c", PEAK, *command], cwd=root, capture_output=True, check=True)

    code, peak = map(int, done.stdout.split())
    assert (code, peak < 500_000) == (0, True), peak
