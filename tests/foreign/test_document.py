"""Any text reads back as itself, and whatever a file says, there is a rulebook or a reason."""

import random

from hypothesis import given
from hypothesis import strategies as st

from selfcheck.errors import SelfcheckError
from selfcheck.foreign.document import scalar
from selfcheck.rulebook import documents
from tests.foreign.importing import carried, guardrails

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TOML = b"""[tool.importlinter]
root_package = "shop"
include_external_packages = true
[[tool.importlinter.contracts]]
name = "A"
type = "layers"
layers = ["web", "orders | (tools)"]
containers = ["shop"]
ignore_imports = ["shop.orders.** -> shop.web.*"]  # known
[[tool.importlinter.contracts]]
name = "B"
type = "acyclic_siblings"
ancestors = ["shop"]
depth = 2
"""
INI = b"""[importlinter]
root_packages =
    shop
[importlinter:contract:a]
name = A
type = forbidden
source_modules = shop.web
forbidden_modules =
    shop.orders
    django
ignore_imports =
    # known
    shop.web.views -> shop.orders
"""
TACH = rb"""layers = ["ui", {name = "core", closed = true}]
source_roots = ["src"]
[[modules]]
path = "shop.web"
depends_on = ["shop.orders", {path = "shop.prices", deprecated = true}]
layer = "ui"
[[modules]]
paths = ["shop.orders", "shop.*"]
layer = "core"
visibility = ["shop.web"]
[[interfaces]]
expose = ["models\\..*"]
from = ["shop.orders"]
"""


@given(TEXTS)
def test_a_text_reads_back_as_itself(text: str) -> None:
    document = documents.load(f"key: {scalar(text)}\nlist: [{scalar(text)}]\n".encode(), "any.yaml")

    assert document.data == {"key": text, "list": [text]}


@given(st.sampled_from([("pyproject.toml", TOML), ("setup.cfg", INI), ("tach.toml", TACH)]), st.integers(0, 2**32))
def test_a_damaged_file_is_a_rulebook_or_a_reason(file: tuple[str, bytes], seed: int) -> None:
    name, content = file
    damaged = _damaged(content, random.Random(seed))

    try:
        found = carried(name, damaged)
        outcome = bool(guardrails(found)) if found.drafts else bool(found.notes)
    except SelfcheckError as error:
        outcome = all(str(error).splitlines())

    assert outcome


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """A few lines or bytes taken out, doubled, or changed."""
    for _ in range(chance.randint(1, 4)):
        lines = content.split(b"\n")
        at = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                cut = chance.randrange(len(lines[at]) + 1)
                lines[at] = (
                    lines[at][:cut]
                    + chance.choice([b"*", b"[", b'"', b"%", b"\xff", b"->", b"..", b"="])
                    + lines[at][cut:]
                )
            case _:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
        content = b"\n".join(lines) or b"\n"
    return content
