"""What stands below each dotted name, and which of these names an expression stands for."""

from collections.abc import Iterable, Mapping

from selfcheck.subjects.imports.expressions import has_wildcard, matching


def packages(modules: Iterable[str]) -> dict[str, list[str]]:
    """Each dotted name that leads to modules, with these: itself and all below it, sorted."""
    found: dict[str, list[str]] = {}
    for module in sorted(modules):
        end = len(module)
        while end > 0:
            found.setdefault(module[:end], []).append(module)
            end = module.rfind(".", 0, end)
    return found


def meant(expression: str, names: Mapping[str, object]) -> list[str]:
    """The names that a module expression stands for, sorted."""
    if has_wildcard(expression):
        return sorted(matching(expression, names))
    return [expression] if expression in names else []
