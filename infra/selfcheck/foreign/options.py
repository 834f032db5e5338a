"""The options of import-linter's contract types: which there are, and each as what it must be; faults are collected."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from selfcheck.errors import Fault
from selfcheck.foreign.contracts import Section, Value
from selfcheck.subjects.imports.expressions import PART
from selfcheck.suggest import short, unknown

MODULE = re.compile(rf"{PART}(?:\.{PART})*")
NAME = re.compile(r"[^\s.*>|:()]+(?:\.[^\s.*>|:()]+)*")
ARROW = re.compile(r"\s*->\s*")
COMMON = ("id", "name", "type")
ALERTS = ("error", "warn", "none")


def _lines(value: Value) -> list[str]:
    return [line.strip() for line in ([value] if isinstance(value, str) else value) if line.strip()]


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def _flag(value: Value) -> bool:
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    raise ValueError("must be true or false")


def _number(value: Value) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return int(value)
    raise ValueError("must be a whole number, 0 or more")


def _alert(value: Value) -> str:
    found = value.strip() if isinstance(value, str) else ""
    if found and found not in ALERTS:
        raise ValueError(unknown("value", found, ALERTS))
    return found or "error"


def _modules(value: Value) -> list[str]:
    for line in _lines(value):
        if not MODULE.fullmatch(line):
            raise ValueError(
                f'holds "{short(line)}", which names no module; a wildcard stands for a whole name, and a comment has a '
                "line of its own"
            )
    return list(dict.fromkeys(_lines(value)))


def _imports(value: Value) -> list[str]:
    found: list[str] = []
    for line in _lines(value):
        importer, arrow, imported = ARROW.sub("\0", line, count=1).partition("\0")
        if not (arrow and MODULE.fullmatch(importer) and MODULE.fullmatch(imported)):
            raise ValueError(
                f'holds "{short(line)}", which is no `importer -> imported`; a wildcard stands for a whole name, and a '
                "comment has a line of its own"
            )
        found.append(f"{importer} -> {imported}")
    return list(dict.fromkeys(found))


def _layers(value: Value) -> list[str]:
    layers = [_layer(line) for line in _lines(value)]
    names = [name.strip("() ") for layer in layers for name in re.split(r"[|:]", layer)]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f'names "{short(name)}" twice; a module stands in one layer')
    return layers


def _layer(line: str) -> str:
    if "|" in line and ":" in line:
        raise ValueError(f'mixes `|` and `:` in "{short(line)}"; siblings in one layer are all independent or none is')
    sign = "|" if "|" in line else ":"
    names = [name.strip() for name in line.split(sign)]
    for name in names:
        if not NAME.fullmatch(name[1:-1] if name.startswith("(") and name.endswith(")") else name):
            raise ValueError(f'holds "{short(line)}", which names no layer; a layer is a module, without wildcards')
    return f" {sign} ".join(names)


READ: Mapping[str, Callable[[Value], Any]] = {
    "allow_indirect_imports": _flag,
    "allowed_importers": _modules,
    "ancestors": _modules,
    "as_packages": _flag,
    "broken_contract_guidance": _text,
    "containers": _modules,
    "depth": _number,
    "exhaustive": _flag,
    "exhaustive_ignores": _lines,
    "forbidden_modules": _modules,
    "ignore_imports": _imports,
    "layers": _layers,
    "modules": _modules,
    "name": _text,
    "protected_modules": _modules,
    "skip_descendants": _modules,
    "source_modules": _modules,
    "type": _text,
    "unmatched_ignore_imports_alerting": _alert,
}
ALWAYS = ("broken_contract_guidance", "ignore_imports", "unmatched_ignore_imports_alerting")
TYPES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "acyclic_siblings": (("ancestors",), ("depth", "skip_descendants")),
    "forbidden": (("source_modules", "forbidden_modules"), ("allow_indirect_imports", "as_packages")),
    "independence": (("modules",), ()),
    "layers": (("layers",), ("containers", "exhaustive", "exhaustive_ignores")),
    "protected": (("protected_modules", "allowed_importers"), ("as_packages",)),
}
"""Of each type, the options that it must have and those that it may have."""


def options(section: Section, faults: list[Fault]) -> dict[str, Any]:
    """The options of a contract of a known type, by name; one that is wrong is a fault and left out."""
    kind = str(section.values["type"])
    required, optional = TYPES[kind]
    known = (*COMMON, *required, *optional, *ALWAYS)
    found: dict[str, Any] = {}
    for key, value in section.values.items():
        if key not in known:
            faults.append(_fault(section, key, unknown("option", key, known, f'contract type "{kind}"')))
        elif key in READ:
            try:
                found[key] = READ[key](value)
            except ValueError as error:
                faults.append(_fault(section, key, f"`{key}` {error}"))
    faults += [
        _fault(section, key, f"the contract has no `{key}`, which the type {kind} must have; write it")
        for key in required
        if key not in section.values or (key in found and not found[key] and key != "allowed_importers")
    ]
    if found.get("exhaustive") and not found.get("containers"):
        faults.append(
            _fault(section, "exhaustive", "`exhaustive` without `containers`; name the packages of the layers")
        )
    return found


def _fault(section: Section, key: str, message: str) -> Fault:
    return section.text.fault(section.line(key), message)
