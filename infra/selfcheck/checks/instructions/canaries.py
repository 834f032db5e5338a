"""Edits of an instruction file that part it from its mirror."""

import json
from collections.abc import Iterator
from typing import Any

from selfcheck.check import Canary, File, Tree, Unprovable, Write
from selfcheck.subjects.instructions.canonical import as_list, as_mapping
from selfcheck.subjects.instructions.layout import FieldType, Layout
from selfcheck.subjects.instructions.plan import Plan
from selfcheck.subjects.instructions.records import Records
from selfcheck.subjects.instructions.source import MARKDOWN, YAML
from selfcheck.subjects.instructions.yaml import load

NEW = "canary"


def canaries(tree: Tree, layout: Layout, read: Records, planned: Plan, several: int) -> Iterator[Canary]:
    """As many rules as make a warning are changed, and one is added and one taken out where one makes a warning."""
    file = tree.file(layout.file)
    differing = {item.rule for item in planned.items}
    same = [each for each in read.by_id.values() if each.id not in differing]
    if file is None or len(same) < several:
        raise Unprovable("too few rules are in step: bring them in step with `selfcheck sync apply`")
    chosen = [each.id for each in same[:several]]
    if layout.file.endswith(MARKDOWN):
        column = next((each.name for each in layout.fields if each.source == "text"), None)
        if column is None:
            raise Unprovable("the text of the rules is not mirrored")
        lines = (file.text or "").split("\n")
        for name in chosen:
            lines[read.by_id[name].line - 1] += " canary"
        yield Canary(f"change {chosen[0]}", (_written(file, "\n".join(lines)),), f"{chosen[0]}: {column}")
        return
    yield from _structured(file, layout, chosen, read)


def _structured(file: File, layout: Layout, chosen: list[str], read: Records) -> Iterator[Canary]:
    field = next(
        (
            each
            for each in layout.fields
            if each.type is FieldType.TEXT and each.values is None and "." not in each.source
        ),
        None,
    )
    if field is not None:
        document, rules = _document(file, layout)
        for rule in rules:
            if rule.get(layout.id) in chosen:
                rule[field.source] = f"{rule.get(field.source) or ''} canary"
        yield Canary(f"change {chosen[0]}", (_written(file, document),), f"{chosen[0]}: {field.name}")
    if len(chosen) > 1:
        return
    name = next(
        each for each in (NEW, *(f"{NEW}-{number}" for number in range(len(read.by_id)))) if each not in read.by_id
    )
    document, rules = _document(file, layout)
    rules.append(
        {**next(each for each in rules if each.get(layout.id) == chosen[0]), layout.id: name, layout.active: True}
    )
    yield Canary(f"add the rule {name}", (_written(file, document),), name)
    if read.by_id[chosen[0]].active:
        document, rules = _document(file, layout)
        rules[:] = [each for each in rules if each.get(layout.id) != chosen[0]]
        yield Canary(f"take out {chosen[0]}", (_written(file, document),), chosen[0])


def _document(file: File, layout: Layout) -> tuple[Any, list[dict[str, Any]]]:
    """The whole document and, within it, its list of rules; both are the caller's to change."""
    text = file.text or ""
    document: Any = load(text)[0] if layout.file.endswith(YAML) else json.loads(text)
    found: Any = document
    if layout.items is not None:
        for step in layout.items.split("."):
            found = found[step]
    elif (held := as_mapping(document)) is not None:
        found = next(items for each in held.values() if (items := as_list(each)) is not None)
    return document, found


def _written(file: File, document: Any) -> Write:
    """The document as JSON, which is YAML as well; a text as it is."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False, indent=2)
    return Write(file.path, text.encode())
