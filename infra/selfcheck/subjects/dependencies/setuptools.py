"""Dependencies as setuptools has them: setup.cfg, and what setup.py says in so many words; it is never run."""

import ast
import configparser
import warnings
from collections.abc import Iterable
from typing import cast

from selfcheck.errors import Unreadable
from selfcheck.subjects.dependencies.declared import Declared, Group, as_list, listed
from selfcheck.subjects.dependencies.tables import Read

COMPUTED = "its `install_requires` is computed"


def setup_cfg(path: str, text: str) -> Read | None:
    """What a setup.cfg declares; None where it only configures tools.

    Raises:
        Unreadable: it is no INI file, or one of its dependencies is no requirement.
    """
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise Unreadable(f"is no INI file: {next(iter(str(error).splitlines()), '')}") from None
    if not parser.has_section("metadata") and not parser.has_section("options"):
        return None
    runtime = parser.get("options", "install_requires", fallback="")
    found: list[Declared] = []
    files: tuple[tuple[str, Group], ...] = ()
    if runtime.strip().startswith("file:"):
        named = runtime.strip().removeprefix("file:").split(",")
        files = tuple((each.strip(), Group.RUNTIME) for each in named)
    else:
        found += _lines(runtime, path, text, Group.RUNTIME)
    for option in ("setup_requires", "tests_require"):
        found += _lines(parser.get("options", option, fallback=""), path, text, Group.DEVELOPMENT)
    if parser.has_section("options.extras_require"):
        for _, several in parser.items("options.extras_require"):
            found += _lines(several, path, text, Group.OPTIONAL)
    return Read(parser.get("metadata", "name", fallback=None), tuple(found), files)


def setup_py(path: str, text: str) -> Read | None:
    """What the call of `setup` in a setup.py says in literal lists; None where there is no such call.

    Raises:
        Unreadable: it does not parse, or one of its dependencies is no requirement.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the judged source does wrong otherwise is not ours to tell
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise Unreadable("does not parse as Python") from None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)]
    if not calls:
        return None
    given = {each.arg: _literal(each.value, tree) for call in calls for each in call.keywords if each.arg}
    found: list[Declared] = []
    computed = COMPUTED if given.get("install_requires", []) is None or _has_more(calls) else None
    found += listed(_list(given.get("install_requires")), path, text, Group.RUNTIME)
    for option in ("setup_requires", "tests_require"):
        found += listed(_list(given.get(option)), path, text, Group.DEVELOPMENT)
    extras = given.get("extras_require")
    for several in cast("dict[object, object]", extras).values() if isinstance(extras, dict) else ():
        found += listed(_list(several), path, text, Group.OPTIONAL)
    name = given.get("name")
    return Read(name if isinstance(name, str) else None, tuple(found), computed=computed)


def _lines(text: str, path: str, source: str, group: Group) -> Iterable[Declared]:
    lines = [line.partition(" #")[0].strip() for line in text.splitlines()]
    return listed([line for line in lines if not line.startswith("#")], path, source, group)


def _is_setup(function: ast.expr) -> bool:
    return "setup" in (getattr(function, "id", None), getattr(function, "attr", None))


def _has_more(calls: Iterable[ast.Call]) -> bool:
    """`setup(**options)` may give anything."""
    return any(each.arg is None for call in calls for each in call.keywords)


def _literal(value: ast.expr, tree: ast.Module) -> object:
    """A literal, also by the name that it is assigned to at the top level; None for whatever is computed."""
    if isinstance(value, ast.Name):
        assigned = [
            node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name) and target.id == value.id
        ]
        if len(assigned) != 1:
            return None
        value = assigned[0]
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _list(value: object) -> list[object]:
    return list(value.splitlines()) if isinstance(value, str) else as_list(value)
