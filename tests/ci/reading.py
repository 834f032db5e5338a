"""Independent readers of what CI systems read: schemas, zizmor, a shell, a lexer."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

BIN = Path(sys.executable).parent
SCHEMAS = {
    ".github/workflows/": ("--builtin-schema", "vendor.github-workflows"),
    "action.yml": ("--builtin-schema", "vendor.github-actions"),
    "gitlab-ci.yml": ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
    # As check-jsonschema's own hook does: https://check-jsonschema.readthedocs.io/en/stable/precommit_usage.html
    "azure-pipelines.yml": (
        *("--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines"),
        *("--regex-variant", "nonunicode"),
    ),
}


def wrong(file: Path) -> str:
    """What the file's schema, or pre-commit itself, says against it; empty where nothing."""
    if file.name == ".pre-commit-config.yaml":
        return _said(str(BIN / "pre-commit"), "validate-config", str(file))
    (schema,) = (schema for part, schema in SCHEMAS.items() if part in file.as_posix())
    return _said(str(BIN / "check-jsonschema"), *schema, "--verbose", str(file))


def insecure(files: Sequence[Path]) -> str:
    """What zizmor says against workflows and actions, at its strictest and without asking anyone; empty where nothing."""
    options = ("--offline", "--strict-collection", "--persona=auditor", "--quiet", "--format=plain")
    return _said(str(BIN / "zizmor"), *options, *map(str, files))


def scripts(value: Any) -> Iterator[str]:
    """Every script in a file of a CI system: each value of `run` and `script`."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name in ("run", "script"):
                yield from [each] if isinstance(each, str) else each
            else:
                yield from scripts(each)
    elif isinstance(value, list):
        for each in value:
            yield from scripts(each)


def unreadable(script: str) -> str:
    """What bash says against a script that it reads and does not run."""
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, encoding="utf-8", timeout=60)
    return done.stderr


def data(text: str) -> Any:
    """YAML as texts: 1.1 would read the key `on` as true."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
