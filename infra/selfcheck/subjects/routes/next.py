"""Next's routes: the path of a file below `app/` or `pages/api/` is the path that it answers."""

import posixpath
import re
from collections.abc import Iterator

from selfcheck.facts import Extractor
from selfcheck.subjects.routes.model import Entry, Group, Piece, Written
from selfcheck.subjects.routes.syntax import Node, field, line, parsed, text, walk

NEXT = "next"
"""The group of what a module exports."""
EXPORTED = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "default"))

ROUTE = re.compile(r"route\.(?:js|jsx|ts|tsx|mjs)")
PAGE = re.compile(r"(.+)\.(?:js|jsx|ts|tsx|mjs)")


def path_of(file: str) -> str | None:
    """The path that a file answers; None where it answers none."""
    parts = file.split("/")
    name = posixpath.basename(file)
    if "app" in parts[:-1] and ROUTE.fullmatch(name):
        folders = parts[parts.index("app") + 1 : -1]
        if any(part.startswith("_") for part in folders):
            return None
        return "/" + "/".join(_segment(part) for part in folders if not re.fullmatch(r"\(.*\)|@.*", part))
    if "pages" in parts[:-1] and (found := PAGE.fullmatch(name)):
        folders = [*parts[parts.index("pages") + 1 : -1], *([] if found[1] == "index" else [found[1]])]
        if parts[parts.index("pages") + 1] == "api" and len(folders) >= 1 and not found[1].startswith("_"):
            return "/" + "/".join(map(_segment, folders))
    return None


def exports(content: bytes) -> Written:
    """What a module exports that Next may call; the path is added by the place of the file.

    Raises:
        Unreadable: it is larger than people write.
    """
    nodes = [node for node in walk(parsed(content, typed=False)) if node.type == "export_statement"]
    found = tuple(each for node in nodes for each in _exported(node))
    group = Group(name=NEXT, kind="app", framework="Next.js", line=1)
    return Written((group,) if found else (), found)


EXPORTS = Extractor("exports of next", 1, Written, exports, parsers=("tree-sitter-typescript",))
"""What a module exports, as a fact."""


def _exported(node: Node) -> Iterator[Entry]:
    """`export async function GET`, `export const POST = …`, `export { handler as GET }`, `export default …`."""
    names = (
        ["default"] if text(node).startswith("export default") else [text(field(field(node, "declaration"), "name"))]
    )
    for child in walk(node):
        if child.type == "statement_block":
            break
        if child.type == "variable_declarator":
            names.append(text(field(child, "name")))
        elif child.type == "export_specifier":
            names.append(text(field(child, "alias") or field(child, "name")))
    for name in dict.fromkeys(names):
        if name in EXPORTED:
            method = "*" if name == "default" else name
            yield Entry(owner=NEXT, path=(Piece(""),), line=line(node), methods=(method,))


def _segment(part: str) -> str:
    if re.fullmatch(r"\[{1,2}\.\.\.[^\]]*\]{1,2}", part):
        return "{*}"
    return re.sub(r"^\[([^\]]+)\]$", r"{\1}", part)
