"""What the names of a JavaScript module stand for: imports and exports of either kind, and texts."""

import posixpath
from collections.abc import Iterator

from selfcheck.facts import Extractor
from selfcheck.subjects.routes.model import Pieces
from selfcheck.subjects.routes.names import Bound, Names
from selfcheck.subjects.routes.syntax import Node, dotted, field, parsed, pieces, required, string, text, walk
from selfcheck.trees import Tree

SCRIPT, HERE = -1, -2
"""The levels of a name in another module of scripts, and of another name in the same one."""
ENDINGS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts")


def script_names(content: bytes) -> Names:
    """The names of a source.

    Raises:
        Unreadable: it is larger than people write.
    """
    bound: dict[str, Bound] = {}
    texts: dict[str, Pieces] = {}
    stars: list[Bound] = []
    for node in walk(parsed(content, typed=False)):
        for name, each in _bound(node):
            if name == "*":
                stars.append(each)
            else:
                bound.setdefault(name, each)
        if node.type == "variable_declarator" and (found := pieces(field(node, "value"))) is not None:
            texts.setdefault(text(field(node, "name")), found)
    return Names(bound, tuple(stars), texts, {})


SCRIPT_NAMES = Extractor("names of scripts", 1, Names, script_names, parsers=("tree-sitter-typescript",))
"""The names of a source, as a fact."""


def led(tree: Tree, path: str, bound: Bound, rest: str) -> Iterator[tuple[str, str]]:
    """The file that a binding leads to, and what is then left of the name."""
    inner = ".".join(filter(None, (bound.name, rest)))
    if bound.level == HERE:
        yield path, inner
    elif (file := found(tree, path, bound.module)) is not None:
        yield file, inner or "default"


def found(tree: Tree, path: str, module: str) -> str | None:
    """The file of a relative module, or of one below `@/` or `~/`, which stand for the sources by convention."""
    if module.startswith("."):
        starts = [posixpath.dirname(path)]
    elif module.startswith(("@/", "~/")):
        parts = posixpath.dirname(path).split("/")
        starts = ["/".join(parts[: number + 1]) for number in range(len(parts), -1, -1)]
        starts = [*starts, *(posixpath.join(start, "src") for start in starts)]
        module = module[2:]
    else:
        return None
    for start in starts:
        place = posixpath.normpath(posixpath.join(start, module))
        bare = posixpath.splitext(place)[0] if place.endswith(ENDINGS) else place
        for each in (place, *(f"{bare}{end}" for end in ENDINGS), *(f"{place}/index{end}" for end in ENDINGS)):
            if tree.file(each) is not None and each.endswith(ENDINGS):
                return each
    return None


def _bound(node: Node) -> Iterator[tuple[str, Bound]]:
    if node.type == "import_statement":
        yield from _imported(node)
    elif node.type == "export_statement":
        yield from _exported(node)
    elif node.type == "variable_declarator":
        yield from _required(node)
    elif node.type == "assignment_expression":
        yield from _assigned(node)


def _imported(node: Node) -> Iterator[tuple[str, Bound]]:
    module = string(field(node, "source")) or ""
    for each in walk(node):
        if each.type == "import_clause":
            yield from (
                (text(child), Bound(SCRIPT, module, "default"))
                for child in each.named_children
                if child.type == "identifier"
            )
        elif each.type == "namespace_import" and each.named_children:
            yield text(each.named_children[0]), Bound(SCRIPT, module)
        elif each.type == "import_specifier":
            name = text(field(each, "name"))
            yield text(field(each, "alias")) or name, Bound(SCRIPT, module, name)


def _exported(node: Node) -> Iterator[tuple[str, Bound]]:
    module = string(field(node, "source"))
    for each in node.named_children:
        if each.type == "export_clause":
            for one in each.named_children:
                name = text(field(one, "name"))
                target = Bound(HERE, "", name) if module is None else Bound(SCRIPT, module, name)
                alias = text(field(one, "alias")) or name
                if alias != name or module is not None:
                    yield alias, target
    if module is not None and text(node).startswith("export *"):
        yield "*", Bound(SCRIPT, module)
    value = field(node, "value")
    if value is not None and dotted(value):
        yield "default", Bound(HERE, "", dotted(value))


def _required(node: Node) -> Iterator[tuple[str, Bound]]:
    name, value = field(node, "name"), field(node, "value")
    taken = ""
    if value is not None and value.type == "member_expression":
        taken, value = text(field(value, "property")), field(value, "object")
    module = required(value)
    if module is None or name is None:
        return
    if name.type == "identifier":
        yield text(name), Bound(SCRIPT, module, taken)
    for each in name.named_children if name.type == "object_pattern" else ():
        if each.type == "shorthand_property_identifier_pattern":
            yield text(each), Bound(SCRIPT, module, text(each))
        elif each.type == "pair_pattern":
            yield text(field(each, "value")), Bound(SCRIPT, module, text(field(each, "key")))


def _assigned(node: Node) -> Iterator[tuple[str, Bound]]:
    """`module.exports = router`, `module.exports = { users }`, `exports.users = router`."""
    left, right = text(field(node, "left")), field(node, "right")
    if left in ("module.exports", "exports.default") and right is not None:
        if dotted(right):
            yield "default", Bound(HERE, "", dotted(right))
        for each in right.named_children if right.type == "object" else ():
            key = text(field(each, "key"))
            value = dotted(field(each, "value"))
            if key and value and key != value:
                yield key, Bound(HERE, "", value)
    elif left.startswith(("exports.", "module.exports.")) and dotted(right):
        name = left.rpartition(".")[2]
        if name != dotted(right):
            yield name, Bound(HERE, "", dotted(right))
