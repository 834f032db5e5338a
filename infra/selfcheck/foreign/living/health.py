"""Searches for the decorators of health endpoints, which `health-endpoints` asks for wherever they are mounted."""

import re
from collections.abc import Sequence
from typing import Any

DECORATED = re.compile(r"""\.(?:get|route|api_route)\(.?["'](/[\w/-]{1,80})(?![\w/-])""")
NAMES = {
    "liveness": re.compile(r"live|livez|liveness|alive"),
    "readiness": re.compile(r"ready|readyz|readiness"),
    "health": re.compile(r"_?health(?:z|check|[-_]checks?)?"),
}
SAID = "stricter: routes are read with their prefixes, and their handlers must be able to say no"


def endpoint(pattern: str) -> tuple[str, str] | None:
    """The role and the path of the health endpoint whose decorator a pattern looks for; None where it looks for none."""
    found = DECORATED.search(pattern.replace("\\", ""))
    if found is None or "|" in pattern:
        return None
    last = found[1].rstrip("/").rpartition("/")[2]
    return next(((role, found[1]) for role, names in NAMES.items() if names.fullmatch(last)), None)


def options(several: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The options that ask for endpoints by role and path, one of each role."""
    return {"roles": [role for role, _ in several], **{role: [path] for role, path in several}}
