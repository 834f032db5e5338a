"""A foreign file in a repository of a few files, and what it is carried over to."""

from collections.abc import Mapping
from typing import Any

import yaml

from selfcheck.errors import RulebookError
from selfcheck.foreign import Carried, carry
from selfcheck.foreign.document import written
from selfcheck.registry import Registry
from selfcheck.rulebook import Source, parse
from selfcheck.testing import memory

REGISTRY = Registry(plugins=False)
SHOP = {
    "src/shop/__init__.py": "",
    "src/shop/web/__init__.py": "",
    "src/shop/web/views.py": "from shop import orders\n",
    "src/shop/orders/__init__.py": "",
    "src/shop/orders/models.py": "import shop.web.views\n",
    "src/shop/prices.py": "",
}
"""A package in which `web` and `orders` know each other."""


def carried(name: str, content: str | bytes, files: Mapping[str, str | bytes] = SHOP) -> Carried:
    """What a file comes to."""
    return carry(name, content.encode() if isinstance(content, str) else content, memory(files), REGISTRY)


def guardrails(found: Carried) -> list[dict[str, Any]]:
    """The guardrails of the document, which is a rulebook without a fault."""
    document = written(found)
    parse([Source("guardrails.yaml", document.encode())], REGISTRY)
    data: dict[str, Any] = yaml.safe_load(document)
    return list(data["guardrails"])


def checks(name: str, content: str, files: Mapping[str, str | bytes] = SHOP) -> list[dict[str, Any]]:
    """The checks of all guardrails that a file comes to, without the roots and kinds of imports."""
    found = (each["check"] for each in guardrails(carried(name, content, files)))
    return [{key: value for key, value in check.items() if key not in {"roots", "kinds"}} for check in found]


def notes(name: str, content: str, files: Mapping[str, str | bytes] = SHOP) -> list[str]:
    """What is said of each contract."""
    return [f"{note.line}: {note}" for note in carried(name, content, files).notes]


def faults(name: str, content: str | bytes) -> list[str]:
    """What is wrong with a file."""
    try:
        carried(name, content)
    except RulebookError as error:
        return [str(fault) for fault in error.faults]
    return []
