"""What import graphs are measured on and against: packages and other tools from the index, kept in the user's cache.

`SELFCHECK_BENCH` names another folder to keep them in. None of this is a dependency of selfcheck.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_cache_path

KEPT = Path(os.environ.get("SELFCHECK_BENCH") or user_cache_path("selfcheck-bench", appauthor=False))
TOOLS = ("grimp==3.19", "import-linter==2.16", "pylint==4.1.4", "ruff==0.17.6", "tach==0.35.3")
LINTER = """\
[importlinter]
root_package = {package}

[importlinter:contract:siblings]
name = Siblings do not import each other in a circle
type = acyclic_siblings
ancestors = {package}
"""
TACH = """\
source_roots = ["."]
root_module = "ignore"
exclude = []
"""
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


class Subject(NamedTuple):
    """A package of the index at one version; four parts of it from high to low, and two that have little in common."""

    distribution: str
    version: str
    package: str
    layers: tuple[str, str, str, str]
    apart: tuple[str, str]

    @property
    def title(self) -> str:
        """What a table is headed with."""
        return f"{self.distribution} {self.version}"


SUBJECTS = (
    Subject("Django", "5.2.19", "django", ("contrib", "forms", "db", "utils"), ("middleware", "dispatch")),
    Subject("sympy", "1.14.0", "sympy", ("physics", "solvers", "core", "external"), ("crypto", "stats")),
    Subject(
        "homeassistant", "2024.3.3", "homeassistant", ("scripts", "components", "helpers", "util"), ("auth", "scripts")
    ),
)


class Peers:
    """The programs of the other tools, in an environment of their own that is made where it is missing."""

    def __init__(self) -> None:
        known = hashlib.sha256(f"{sys.version} {TOOLS}".encode()).hexdigest()
        folder = KEPT / f"peers-{known[:8]}"  # short: it stands in the first line of every script
        self._bin = folder / "bin"
        if not folder.joinpath("complete").exists():
            venv.create(folder, with_pip=True, clear=True)
            subprocess.run([str(self._bin / "python"), *PIP, "install", *TOOLS], check=True)
            folder.joinpath("complete").touch()

    def __getitem__(self, program: str) -> str:
        return str(self._bin / program)


def repository(subject: Subject, copy: str) -> Path:
    """A git repository with the package as it is released and the configuration of the tools, everything committed.

    `copy` tells two of them apart: one stays as it is, another is edited.
    """
    folder = KEPT / f"{subject.package}-{subject.version}-{copy}"
    if folder.joinpath(".git/complete").exists():
        subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=folder, check=True)
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with zipfile.ZipFile(_wheel(subject)) as wheel:
        wheel.extractall(folder, [name for name in wheel.namelist() if name.startswith(f"{subject.package}/")])
    folder.joinpath(".importlinter").write_text(LINTER.format(package=subject.package), encoding="utf-8")
    folder.joinpath("tach.toml").write_text(_tach(parts(folder, subject)), encoding="utf-8")
    committed(folder)
    folder.joinpath(".git/complete").touch()
    return folder


def committed(folder: Path) -> None:
    """The folder as a git repository with everything in it committed."""
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for command in (["init", "--quiet"], ["add", "--all", "--force"], [*who, "commit", "--quiet", "-m", "all"]):
        subprocess.run(["git", "-c", "gc.auto=0", *command], cwd=folder, check=True)


def parts(folder: Path, subject: Subject) -> list[str]:
    """The packages directly below the package, by name."""
    inits = folder.joinpath(subject.package).glob("*/__init__.py")
    return sorted(f"{subject.package}.{path.parent.name}" for path in inits)


def _wheel(subject: Subject) -> Path:
    wheels = KEPT / "wheels"
    pattern = f"{subject.package}-{subject.version}-*.whl"
    if not list(wheels.glob(pattern)):
        wanted = f"{subject.distribution}=={subject.version}"
        options = ["--no-deps", "--only-binary", ":all:", "--dest", str(wheels)]
        subprocess.run([sys.executable, *PIP, "download", *options, wanted], check=True)
    return next(wheels.glob(pattern))


def _tach(names: list[str]) -> str:
    """Every package may use every other one, so that all imports are judged and none is printed."""
    modules = (
        f'\n[[modules]]\npath = "{name}"\ndepends_on = {[other for other in names if other != name]}\n'
        for name in names
    )
    return TACH + "".join(modules)
