"""A rule file in the format of a living architecture guide, good rules and rotten ones, and a repository around it."""

from collections.abc import Mapping

from tests.foreign.importing import carried, guardrails

FILE = "infra/selfcheck/guardrails.yaml"
AROUND: Mapping[str, str | bytes] = {
    "backend/__init__.py": "",
    "backend/main.py": "@app.get('/health')\n@app.get('/ready')\n",
    "backend/orders.py": "import backend.main\n",
    "docs/audit/FINDINGS.md": "# Findings\n",
    "docs/ARCHITECTURE.md": "# How it is built\n",
    "infra/selfcheck/check_circular_deps.py": "scan('backend')\n",
    **{
        f"infra/selfcheck/check_{name}.py": ""
        for name in ("adr_alignment", "secrets", "cors", "env_example", "health", "migrations", "schema")
    },
    "infra/selfcheck/check_environs.py": "",
    "manage.py": "",
    "infra/selfcheck/check_decisions.py": "scan('docs/decisions')\n",
    "infra/selfcheck/check_shape.sh": "#!/bin/sh\nmake shape\nexit 0\n",
    "tests/test_orders.py": "",
}
"""The files that the rules are about."""


def rule(check: str, **more: str) -> str:
    """A file with one rule, whose check is written as YAML reads it."""
    keys = {"check": check, "severity": "high", **more}
    return "house:\n  ours:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items())


def block(check: str, **more: str) -> str:
    """A file with one rule whose check is this text, whatever it holds."""
    lines = "".join(f"      {line}\n" for line in check.split("\n"))
    return rule(f"|-\n{lines}".rstrip("\n"), **more)


def said(check: str, **more: str) -> str:
    """What is said of a rule with this check."""
    (note,) = carried(FILE, block(check, **more), AROUND).notes
    return note.fate


def checks(check: str) -> list[dict[str, object]]:
    """The checks that a rule with this check becomes."""
    return [dict(each["check"]) for each in guardrails(carried(FILE, block(check), AROUND))]
