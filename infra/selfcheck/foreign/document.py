"""Drafts as the YAML of a rulebook: block style, plain where a plain text reads back as that text."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from selfcheck.foreign.carried import Carried, Draft
from selfcheck.rulebook.documents import as_mapping

PLAIN = re.compile(r"[A-Za-z](?:[\w./-]| (?=[\w./-]))*", re.ASCII)
"""Texts without anything that YAML could read as more than a text."""
WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
"""What YAML 1.2, or 1.1 in an editor, reads as something else than a text."""
WIDTH = 100
"""How long a list in one line may be."""


def written(carried: Carried) -> str:
    """The whole file."""
    head = (
        f"# Carried over from {_commented(carried.file)}, which was written for {carried.program}, by `selfcheck import`.\n"
        "version: 1\n\nguardrails:\n"
    )
    return head + "\n".join(_block(draft) for draft in carried.drafts)


def _block(draft: Draft) -> str:
    keys = {"id": draft.id, "title": draft.title, "why": draft.why, "severity": draft.severity, "check": draft.check}
    first, *rest = _mapping({**keys, **draft.more})
    comments = [f"    # {_commented(each)}" for each in draft.left]
    return "".join(f"{line}\n" for line in (f"  - {first}", *(f"    {line}" for line in rest), *comments))


def _mapping(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield f"{key}:"
            yield from (f"  {line}" for line in _mapping(cast("Mapping[str, Any]", value)))
        elif isinstance(value, list | tuple):
            yield from _list(key, cast("Sequence[Any]", value))
        else:
            yield f"{key}: {scalar(value)}"


def _list(key: str, values: Sequence[Any]) -> Iterator[str]:
    simple = all(isinstance(value, str) for value in values)
    line = f"{key}: [{', '.join(scalar(value) for value in values)}]" if simple else ""
    if simple and len(line) <= WIDTH:
        yield line
        return
    yield f"{key}:"
    for value in values:
        nested = as_mapping(value)
        first, *rest = [scalar(value)] if nested is None else _mapping(nested)
        yield f"  - {first}"
        yield from (f"    {each}" for each in rest)


def scalar(value: str | int) -> str:
    """One value, in quotes where it would else be read as another."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return "".join(each if each.isprintable() else _escaped(each) for each in json.dumps(value, ensure_ascii=False))


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _commented(text: str) -> str:
    """A text in one line that a comment may hold."""
    return "".join(each if each.isprintable() else "?" for each in " ".join(text.split()))
