"""Loops over what is written out, in the loop itself or under a name: which names stand for what in each turn."""

import ast
from collections.abc import Iterator, Mapping, Sequence

MOST = 500
"""How many turns are taken; a list that is longer holds data."""


def listed(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The lists, tuples and mappings of a module, by the names that they stand under."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() | ast.Tuple() | ast.Dict() as value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.List() | ast.Tuple() | ast.Dict() as value):
                yield name, value
            case _:
                pass


def turns(over: ast.expr, several: Mapping[str, ast.expr]) -> Sequence[ast.expr]:
    """What a loop goes over, one after the other; nothing where that is worked out."""
    found = several.get(over.id) if isinstance(over, ast.Name) else over
    match found:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return parts[:MOST]
        case ast.Call(func=ast.Attribute(value=inner, attr="items"), args=[]):
            mapping = several.get(inner.id) if isinstance(inner, ast.Name) else inner
            pairs = zip(mapping.keys, mapping.values, strict=True) if isinstance(mapping, ast.Dict) else ()
            return [ast.Tuple(elts=[key, value]) for key, value in pairs if key is not None][:MOST]
        case _:
            return ()


def bound(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """The names of a loop, each with what it stands for in one turn."""
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ((ast.Tuple(elts=names) | ast.List(elts=names)), (ast.Tuple(elts=parts) | ast.List(elts=parts))):
            for inner, part in zip(names, parts, strict=False):
                yield from bound(inner, part)
        case _:
            return
