"""What the checks of the intelligence map share: where it is, and an edit of it for a canary."""

import json
from typing import Any, ClassVar

from msgspec import convert

from selfcheck.check import Canary, Check, Finding, Location, Repository, Unprovable, Write
from selfcheck.guardrail import RootPath
from selfcheck_observability.map import PLACE
from selfcheck_observability.map.document import with_measured
from selfcheck_observability.map.model import Measured
from selfcheck_observability.map.survey import Opened, opened

NAME = "selfcheck-canary"


class MapCheck(Check, kw_only=True):
    """A check of the map."""

    subject: ClassVar[str | None] = "intelligence map"

    map: RootPath = PLACE

    def opened(self, repo: Repository) -> Opened:
        """The map, read once a run."""
        return repo.subject(opened, repo.tree, repo.facts, self.map)

    def written(self, repo: Repository) -> dict[str, Any]:
        """The map as it is written, to be changed by a canary; there is one.

        Raises:
            Unprovable: there is nothing in it yet.
        """
        found = self.opened(repo)
        document: dict[str, Any] = json.loads(found.text.removeprefix("\ufeff"))
        if not found.whole.modules:
            raise Unprovable("the map names no module")
        return document

    def changed(self, title: str, document: dict[str, Any], expect: str) -> Canary:
        """A canary that writes the map anew."""
        measured = document.pop("measured", None)
        content = f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
        if measured is not None:
            content = with_measured(content, convert(measured, Measured))
        return Canary(title, (Write(self.map, content),), expect)


def told(opened: Opened, key: str, message: str, hint: str, *names: str, **data: Any) -> Finding:
    """A finding at the place of a name in the map."""
    at = Location(opened.file.path, opened.line(*names))
    return Finding(key=key, message=message, at=at, hint=hint, data=data)
