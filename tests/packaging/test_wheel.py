"""The wheel holds both packages and all that they read, and every entry point of it loads."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "dist", "build", "node_modules", "*.egg-info")
LOADS_ALL = """\
import importlib.metadata, pathlib, sys
site = pathlib.Path(sys.argv[1])
distribution = importlib.metadata.distribution("selfcheck")
assert pathlib.Path(distribution.locate_file("")) == site, distribution.locate_file("")
for point in distribution.entry_points:
    loaded = point.load()
    assert callable(loaded) or point.group == "pytest11", point
    assert pathlib.Path(sys.modules[point.module].__file__).is_relative_to(site), point
    print(point.group, point.name)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel of a copy of this checkout is unpacked."""
    folder = tmp_path_factory.mktemp("packaging")
    shutil.copytree(ROOT, folder / "checkout", ignore=NOT_COPIED)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist"],
        cwd=folder / "checkout",
        stdout=subprocess.DEVNULL,
        check=True,
    )
    [wheel] = (folder / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def environment(site: Path) -> dict[str, str]:
    """Ours, with the unpacked wheel in the place of the checkout; what is measured is the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return kept | {"PYTHONPATH": str(site)}


def modules(root: Path) -> set[str]:
    """The files of a source root, without what Python has made of them."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.mark.slow
def test_the_wheel_holds_both_packages_and_nothing_else(site: Path) -> None:
    held = modules(site)

    packages = {
        *(f"selfcheck/{path}" for path in modules(ROOT / "infra" / "selfcheck")),
        *(
            f"selfcheck_observability/{path}"
            for path in modules(ROOT / "src" / "observability" / "selfcheck_observability")
        ),
    }
    assert {path for path in held if ".dist-info/" not in path} == packages
    assert {"selfcheck/packs/python.yaml", "selfcheck/py.typed", "selfcheck_observability/py.typed"} <= held
    assert {f"selfcheck/formats/html/page.{ending}" for ending in ("html", "css", "js")} <= held


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / "LICENSE").exists(), reason="there is no licence yet")
def test_the_wheel_holds_the_licence(site: Path) -> None:
    [licence] = site.glob("*.dist-info/licenses/LICENSE")

    assert licence.read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.slow
def test_every_entry_point_of_the_wheel_loads(site: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = {f"{group} {name}" for group, points in project["entry-points"].items() for name in points}

    done = subprocess.run(
        [sys.executable, "-c", LOADS_ALL, site],
        env=environment(site),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.splitlines()) == written | {f"console_scripts {name}" for name in project["scripts"]}


@pytest.mark.slow
def test_a_rulebook_that_extends_a_pack_is_judged_by_the_wheel(site: Path, tmp_path: Path) -> None:
    (tmp_path / "guardrails.yaml").write_text("version: 1\nextends: [pack:python]\n", encoding="utf-8")
    (tmp_path / "a.py").write_text("import os\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", "from selfcheck.cli import main; main()", "run", "--no-plugins"],
        cwd=tmp_path,
        env=environment(site),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("6 passed in ")


@pytest.mark.slow
def test_the_wheel_holds_what_a_page_is_made_of(site: Path, tmp_path: Path) -> None:
    (tmp_path / "guardrails.yaml").write_text("version: 1\nextends: [pack:python]\n", encoding="utf-8")
    (tmp_path / "a.py").write_text("import os\n", encoding="utf-8")

    done = subprocess.run(
        [
            *(sys.executable, "-c", "from selfcheck.cli import main; main()"),
            *("run", "--no-plugins", "--format", "html"),
        ],
        cwd=tmp_path,
        env=environment(site),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "All 6 guardrails hold." in done.stdout
