"""Real input: Django, whose circles are known, and the same graph as another tool sees it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import networkx
import pytest

from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.model import Evidence, Outcome, Verdict
from selfcheck.subjects.imports import Kind
from selfcheck.testing import judged, over, proven
from selfcheck.trees import Directory
from tests.imports.packages import wheel

EVERY = tuple(kind for kind in Kind if kind is not Kind.DYNAMIC)
GRIMP = """
import json, grimp
graph = grimp.build_graph("django", cache_dir=None)
print(json.dumps({module: sorted(graph.find_modules_directly_imported_by(module)) for module in graph.modules}))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def django(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds Django's package."""
    # Not in pytest's cache, which git ignores: there a directory has no files.
    unpacked = tmp_path_factory.mktemp("django")
    with zipfile.ZipFile(wheel(request.config, "django")) as archive:
        archive.extractall(unpacked)
    return unpacked


def circles(verdict: Verdict) -> list[frozenset[str]]:
    """The modules of each finding, the largest first."""
    found = [frozenset(ruling.seen.parts) for ruling in verdict.findings]
    return sorted(found, key=lambda members: (-len(members), sorted(members)))


def test_the_circles_of_django_are_found(django: Path) -> None:
    verdict = judged(ImportsAcyclic(roots=("django",)), over(Directory(django)))

    found = circles(verdict)
    assert (verdict.outcome, verdict.unread) == (Outcome.FAIL, ())
    assert verdict.evidence[0] == Evidence("modules", 885, 885)
    assert [len(members) for members in found] == [36, 14, 3, 3, 3, 2]
    assert sum(len(members) for members in found) == 61


def test_with_every_import_counted_they_are_those_that_networkx_finds_in_the_graph_of_grimp(django: Path) -> None:
    verdict = judged(ImportsAcyclic(roots=("django",), kinds=EVERY), over(Directory(django)))

    found = circles(verdict)
    assert (len(found), sum(len(members) for members in found)) == (14, 227)
    assert set(found) == _circles_by_grimp(django)


def test_a_circle_can_be_added_to_django(django: Path) -> None:
    assert proven(ImportsAcyclic(roots=("django",)), over(Directory(django))).reason is None


def _circles_by_grimp(folder: Path) -> set[frozenset[str]]:
    environ = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run([sys.executable, "-c", GRIMP], cwd=folder, env=environ, capture_output=True, check=True)
    graph: networkx.DiGraph[str] = networkx.DiGraph(json.loads(done.stdout))
    return {frozenset(found) for found in networkx.strongly_connected_components(graph) if len(found) > 1}
