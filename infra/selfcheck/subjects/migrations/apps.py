"""One migration of Django, read from its source: what it depends on and replaces, and what its operations do."""

import ast
from collections.abc import Iterator

from msgspec import Struct, structs

from selfcheck.subjects.migrations.columns import argument
from selfcheck.subjects.migrations.literals import Names, assigned, dotted, literal, names_in, statements, text
from selfcheck.subjects.migrations.operations import Does, Operation, Trait

SIMPLE = {
    "CreateModel": (Does.CREATE_TABLE, "name", None),
    "DeleteModel": (Does.DROP_TABLE, "name", None),
    "RenameModel": (Does.RENAME_TABLE, "old_name", "new_name"),
    "AlterModelTable": (Does.RENAME_TABLE, "name", "table"),
    "RemoveField": (Does.DROP_COLUMN, "model_name", "name"),
    "RenameField": (Does.RENAME_COLUMN, "model_name", "old_name"),
    "AddIndex": (Does.CREATE_INDEX, "model_name", None),
    "AddIndexConcurrently": (Does.CREATE_INDEX, "model_name", None),
    "RemoveIndex": (Does.DROP_INDEX, "model_name", "name"),
    "RemoveIndexConcurrently": (Does.DROP_INDEX, "model_name", "name"),
    "RemoveConstraint": (Does.DROP_CONSTRAINT, "model_name", "name"),
}
"""What an operation does, and the names of its first two arguments."""
CONSTRAINTS = {
    "UniqueConstraint": Does.ADD_UNIQUE,
    "CheckConstraint": Does.ADD_CHECK,
    "ExclusionConstraint": Does.ADD_EXCLUDE,
}
MANY = frozenset(("ManyToManyField", "GenericForeignKey", "GenericRelation"))
REFERENCES = frozenset(("ForeignKey", "OneToOneField", "ParentalKey", "TreeForeignKey", "FilerImageField"))
FIRST, LATEST = "__first__", "__latest__"


class Parent(Struct, frozen=True, array_like=True, order=True):
    """A migration by its app's label and its name."""

    label: str
    name: str


class App(Struct, frozen=True, kw_only=True):
    """A migration; `computed` are the attributes that only running it would tell."""

    depends: tuple[Parent, ...] = ()
    replaces: tuple[Parent, ...] = ()
    computed: tuple[str, ...] = ()
    lines: dict[str, int] = {}
    operations: tuple[Operation, ...] = ()


def app(module: ast.Module) -> App | None:
    """What the class `Migration` of a module says; None where it has no base that is one of Django's."""
    names = names_in(module.body)
    classes = [each for each in statements(module) if isinstance(each, ast.ClassDef) and each.name == "Migration"]
    several = [_read(each, names) for each in classes if _is_django(each, module)]
    if not several:
        return None
    # Which of several is defined may depend on what is installed: it comes after all that any comes after.
    depends = {parent: None for each in several for parent in each.depends}
    return structs.replace(several[-1], depends=tuple(depends))


def _is_django(node: ast.ClassDef, module: ast.Module) -> bool:
    """Other tools have migrations that are classes as well: Django's come from `django.db.migrations`."""
    if not node.bases:
        return False
    imports = [each for each in statements(module) if isinstance(each, ast.Import | ast.ImportFrom)]
    modules = [each.module or "" for each in imports if isinstance(each, ast.ImportFrom)]
    modules += [alias.name for each in imports if isinstance(each, ast.Import) for alias in each.names]
    return any(each.partition(".")[0] == "django" for each in modules)


def _read(node: ast.ClassDef, names: Names) -> App:
    given: dict[str, list[ast.expr]] = {}
    lines: dict[str, int] = {}
    # What is assigned in one branch or another holds in one case or another: all of it counts.
    for statement in statements(node):
        for name, value, line in assigned([statement]):
            given.setdefault(name, []).append(value)
            lines[name] = line
    read = {name: [_parents(each, names) for each in given.get(name, ())] for name in ("dependencies", "replaces")}
    atomic = literal(given["atomic"][0], names) is not False if "atomic" in given else True
    found = [each for value in given.get("operations", ()) for each in _operations(value, names, 0)]
    if not atomic:
        found = [structs.replace(each, traits=(*each.traits, Trait.OUTSIDE)) for each in found]
    return App(
        depends=tuple(parent for several, _ in read["dependencies"] for parent in several),
        replaces=tuple(parent for several, _ in read["replaces"] for parent in several),
        computed=tuple(name for name, several in read.items() if any(odd for _, odd in several)),
        lines=lines,
        operations=tuple(found),
    )


def _parents(node: ast.expr, names: Names) -> tuple[tuple[Parent, ...], bool]:
    """The migrations of a list, and whether some of it is computed. What may be swapped is another app's anyway."""
    if isinstance(node, ast.BinOp | ast.IfExp):
        # Of two lists that a setting chooses from, either may hold.
        pair = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.body, node.orelse)
        (left, odd), (right, strange) = (_parents(each, names) for each in pair)
        return (*left, *right), odd or strange
    if not isinstance(node, ast.List | ast.Tuple):
        value = literal(node, names)
        return (), value != ()
    found: list[Parent] = []
    computed = False
    for each in node.elts:
        match literal(each, names):
            case (str(label), str(name)):
                found.append(Parent(label, name))
            case _ if isinstance(each, ast.Call) and dotted(each.func).endswith("swappable_dependency"):
                continue
            case _ if isinstance(each, ast.Starred):
                computed = True
            case _ if isinstance(each, ast.Tuple) and len(each.elts) == 2 and literal(each.elts[1], names) == FIRST:
                continue
            case _:
                computed = True
    return tuple(found), computed


def _operations(node: ast.expr | None, names: Names, depth: int) -> Iterator[Operation]:
    if depth > 10 or not isinstance(node, ast.List | ast.Tuple):
        if isinstance(node, ast.Name) and node.id in names and depth <= 10:
            yield from _operations(names[node.id], {key: names[key] for key in names if key != node.id}, depth + 1)
        return
    for each in node.elts:
        if isinstance(each, ast.Call):
            yield from _operation(each, names, depth)


def _operation(node: ast.Call, names: Names, depth: int) -> Iterator[Operation]:
    what = dotted(node.func).split(".")[-1]
    match what:
        case _ if what in SIMPLE:
            does, table, about = SIMPLE[what]
            traits: tuple[Trait, ...] = (Trait.CONCURRENTLY,) if what.endswith("Concurrently") else ()
            found = _text(node, 1, about, names)
            named = _text(node, 0, table, names)
            yield Operation(does=does, line=node.lineno, table=named, about=found, traits=traits)
        case "AddField":
            yield _added(node, names)
        case "AddConstraint" | "AddConstraintNotValid":
            yield _constraint(node, names, valid=what == "AddConstraint")
        case "AlterUniqueTogether":
            empty = literal(argument(node, 1, "unique_together"), names) in ((), None)
            does = Does.OTHER if empty else Does.ADD_UNIQUE
            yield Operation(does=does, line=node.lineno, table=_text(node, 0, "name", names))
        case "RunPython":
            traits = (Trait.CODE, *_irreversible(argument(node, 1, "reverse_code")))
            yield Operation(does=Does.DATA, line=node.lineno, traits=traits)
        case "RunSQL":
            yield from _sql(node, names)
        case "SeparateDatabaseAndState":
            yield from _operations(argument(node, 0, "database_operations"), names, depth + 1)
        case _:
            yield Operation(does=Does.OTHER, line=node.lineno, about=what)


def _sql(node: ast.Call, names: Names) -> Iterator[Operation]:
    back = _irreversible(argument(node, 1, "reverse_sql"))
    for sql in _statements(argument(node, 0, "sql"), names):
        traits = back if sql is not None else (Trait.CODE, *back)
        yield Operation(does=Does.UNKNOWN, line=node.lineno, sql=sql, traits=traits)


def _added(node: ast.Call, names: Names) -> Operation:
    table, about = _text(node, 0, "model_name", names), _text(node, 1, "name", names)
    given = argument(node, 2, "field")
    if not isinstance(given, ast.Call):
        return Operation(does=Does.ADD_COLUMN, line=node.lineno, table=table, about=about, traits=(Trait.CODE,))
    kind = dotted(given.func).split(".")[-1]
    if kind in MANY:
        return Operation(does=Does.CREATE_TABLE, line=node.lineno, about=about)
    traits = [
        *([] if literal(argument(given, 99, "null"), names) is True else [Trait.NOT_NULL]),
        *([Trait.DEFAULT] if argument(given, 99, "db_default") is not None else []),
        *([Trait.GENERATED] if kind == "GeneratedField" else []),
        *([Trait.REFERENCES] if kind in REFERENCES else []),
        *([Trait.UNIQUE] if literal(argument(given, 99, "unique"), names) is True else []),
    ]
    return Operation(does=Does.ADD_COLUMN, line=node.lineno, table=table, about=about, traits=tuple(traits))


def _constraint(node: ast.Call, names: Names, *, valid: bool) -> Operation:
    given = argument(node, 1, "constraint")
    kind = dotted(given.func).split(".")[-1] if isinstance(given, ast.Call) else ""
    about = text(argument(given, 99, "name"), names) if isinstance(given, ast.Call) else None
    traits = () if valid else (Trait.NOT_VALID,)
    does = CONSTRAINTS.get(kind, Does.ADD_CHECK)
    table = _text(node, 0, "model_name", names)
    return Operation(does=does, line=node.lineno, table=table, about=about, traits=traits)


def _irreversible(reverse: ast.expr | None) -> tuple[Trait, ...]:
    missing = reverse is None or (isinstance(reverse, ast.Constant) and reverse.value is None)
    return (Trait.IRREVERSIBLE,) if missing else ()


def _statements(node: ast.expr | None, names: Names) -> Iterator[str | None]:
    """The SQL of RunSQL: a text, or a list of texts and of pairs of text and parameters."""
    value = None if node is None else literal(node, names)
    if isinstance(value, str):
        yield value
    elif isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            inner = each.elts[0] if isinstance(each, ast.Tuple | ast.List) and each.elts else each
            yield text(inner, names)
    elif value == () or "noop" in (dotted(node) if node is not None else ""):
        return
    else:
        yield None


def _text(node: ast.Call, place: int, keyword: str | None, names: Names) -> str | None:
    if keyword is None:
        return None
    value = literal(argument(node, place, keyword), names)
    return value if isinstance(value, str) else None
