"""Decisions and instructions that keep every promise about them."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from selfcheck.subjects.instructions.documents import rendered
from selfcheck.subjects.instructions.platforms import by_id
from selfcheck.testing import guardrail
from tests.instructions.databases import Sql
from tests.instructions.syncing import in_step

UNKEPT = "\n## Guardrail\n\nEnforcement: none: nobody can see whether we do.\n"
KEEPER = f"\n## Guardrail\n\nThe guardrail `{guardrail().id}` keeps it.\n"


def decision(number: int, title: str, status: str, more: str = "") -> str:
    """A decision after Nygard."""
    return (
        f"# {number}. {title}\n\nDate: 2026-01-0{number}\nDeciders: Ann\n\n## Status\n\n{status}\n\n"
        "## Context\n\nIt was [asked](../../README.md).\n\n## Decision\n\nWe do.\n\n## Consequences\n\nIt is done.\n"
        f"{more}"
    )


def index(folder: str) -> str:
    """A list of all decisions."""
    names = ("0001-tables", "0002-rows", "0003-pages", "0004-prices")
    return "# Decisions\n\n" + "".join(f"- [{name}]({folder}{name}.md)\n" for name in names)


DECISIONS = {
    "README.md": "# Shop\n",
    "docs/all.md": index("adr/"),
    "docs/adr/README.md": index(""),
    "docs/adr/0001-tables.md": decision(1, "Tables", "Superseded by [2. Rows](0002-rows.md)"),
    "docs/adr/0002-rows.md": decision(2, "Rows", "Accepted\n\nSupersedes [1. Tables](0001-tables.md)", UNKEPT),
    "docs/adr/0003-pages.md": decision(3, "Pages", "Accepted", UNKEPT),
    "docs/adr/0004-prices.md": decision(4, "Prices", "Proposed"),
    "src/a.py": "# ADR-0002\n",
    "lib/b.py": "# ADR-0003\n",
}
SOURCE = f"# Shop\n\n{KEEPER}"
INSTRUCTIONS = {
    "AGENTS.md": SOURCE,
    **{
        platform.copy: rendered("AGENTS.md", SOURCE, platform.front)
        for platform in (by_id("claude-code"), by_id("gemini"))
        if platform is not None and platform.copy is not None
    },
    "rules/a.md": KEEPER,
    "docs/adr/0001-tables.md": DECISIONS["docs/adr/0001-tables.md"],
}


class Mirrored:
    """A file of rules with a mirror that is in step."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        root = Path(self._folder.name)
        database = Sql(f"sqlite:///{root}/mirror.sqlite")
        in_step(root, database, {name: {"text": f"text of {name}", "quadrant": "SYSTEM"} for name in ("r_1", "r_2")})
        self.environ: Mapping[str, str] = database.environ
        self.files = {"rules.json": (root / "rules.json").read_text(encoding="utf-8")}


MIRRORED = Mirrored()
