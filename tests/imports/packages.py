"""Packages from the package index: each wheel is downloaded once, and kept with what pytest remembers."""

import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

VERSIONS = {
    "django": "5.2.19",
    "homeassistant": "2024.3.3",
    "pip": "26.3",
    "setuptools": "84.2.1",
    "sqlalchemy": "2.1.9",
    "sympy": "1.14.0",
}
PATIENCE = 120
"""Seconds for the package index to answer."""


def files(config: pytest.Config, name: str) -> dict[str, bytes]:
    """What is in the package of that name: the files of its folder, path to content."""
    with zipfile.ZipFile(wheel(config, name)) as archive:
        paths = [path for path in archive.namelist() if path.startswith(f"{name}/") and not path.endswith("/")]
        return {path: archive.read(path) for path in paths}


def wheel(config: pytest.Config, name: str) -> Path:
    """The wheel of a package, or a skipped test where it cannot be had."""
    assert config.cache is not None
    kept = config.cache.mkdir(name) / f"{VERSIONS[name]}.whl"
    if not kept.exists():
        with TemporaryDirectory(dir=kept.parent) as folder:
            _downloaded(name, Path(folder)).replace(kept)
    return kept


def _downloaded(name: str, folder: Path) -> Path:
    wanted = f"{name}=={VERSIONS[name]}"
    options = (
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--retries=1",
        "--timeout=15",
        "--disable-pip-version-check",
    )
    command = [sys.executable, "-m", "pip", "download", *options, f"--dest={folder}", wanted]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{wanted} could not be downloaded in {PATIENCE} s")
    if done.returncode != 0:
        pytest.skip(f"{wanted} could not be downloaded: pip ended with {done.returncode}")
    (found,) = folder.glob("*.whl")
    return found
