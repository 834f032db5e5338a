"""The JSON Schema of rulebooks, made from the same types that rulebooks are converted to."""

import inspect
import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from selfcheck.check import Check
from selfcheck.guardrail import Promise
from selfcheck.rulebook.parse import Outline

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OVERRIDE = "A guardrail of a pack, overridden: `id` and the keys that differ."


def outline_schema() -> dict[str, Any]:
    """The schema of a file, its guardrails left open."""
    return _schema(Outline)


def promise_schema() -> dict[str, Any]:
    """The schema of a guardrail, its check's options left open."""
    schema = _schema(Promise)
    check = schema["properties"]["check"]
    check.update({"required": ["use"], "properties": {"use": {"type": "string"}}})
    return schema


def check_schema(check: type[Check]) -> dict[str, Any]:
    """The schema of a check's options."""
    return _own(check, "")


def rulebook_schema(checks: Mapping[str, type[Check]], packed: Iterable[str]) -> dict[str, Any]:
    """The schema of a whole file for editors: every check's options by its `use`, packs' guardrails overridable."""
    definitions: dict[str, Any] = {}
    guardrail = _hoisted(promise_schema(), definitions)
    names = sorted(checks)
    whole = {"oneOf": [_use(name, checks[name], definitions) for name in names]}
    # An override may leave out `use` and any option, so that no check's own schema applies to it.
    some = {"type": "object", "properties": {"use": {"enum": names}}}
    guardrail["properties"]["check"] = {"description": "The check, and its options as written."}
    guardrail["if"] = {"properties": {"id": {"enum": sorted(packed)}}, "required": ["id"]}
    guardrail["then"] = {"description": OVERRIDE, "properties": {"check": some}}
    guardrail["else"] = {"required": guardrail.pop("required"), "properties": {"check": whole}}
    document = _hoisted(outline_schema(), definitions)
    document["properties"]["guardrails"] = {"type": ["array", "null"], "items": {"$ref": "#/$defs/guardrail"}}
    ordered = dict(sorted(definitions.items()))
    return {
        "$schema": DIALECT,
        **document,
        "title": "selfcheck rulebook",
        "$defs": {"guardrail": {**guardrail, "title": "guardrail"}, **ordered},
    }


def _own(check: type[Check], prefix: str) -> dict[str, Any]:
    return {**_schema(check, prefix), **check.schema_rules}


def _use(name: str, check: type[Check], definitions: dict[str, Any]) -> dict[str, Any]:
    options = _hoisted(_own(check, f"{name}."), definitions)
    properties = {"use": {"const": name}, **options.pop("properties", {})}
    return {**options, "title": name, "properties": properties, "required": ["use", *options.get("required", ())]}


def _hoisted(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    definitions.update(schema.pop("$defs", {}))
    return schema


def _schema(struct: type[Any], prefix: str = "") -> dict[str, Any]:
    """The struct's own schema at the top level, beside the definitions that it refers to, their names with a prefix."""
    (schema,), definitions = msgspec.json.schema_components(
        [struct], schema_hook=_of_class, ref_template=f"#/$defs/{prefix}{{name}}"
    )
    own = definitions.pop(schema["$ref"].removeprefix(f"#/$defs/{prefix}"))
    named = {f"{prefix}{name}": definition for name, definition in definitions.items()}
    return _plain({**own, "$defs": named} if named else own)


def _of_class(wanted: Any) -> dict[str, Any]:
    """The schema of an option of a class of its own, such as `Pattern`."""
    return dict(wanted.json_schema)


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as JSON would give it back: tuples are lists."""
    plain: dict[str, Any] = json.loads(msgspec.json.encode(schema), object_hook=_unindented)
    return plain


def _unindented(found: dict[str, Any]) -> dict[str, Any]:
    """A docstring as every version of Python would give it: from 3.13 on, its indentation is taken out."""
    text = found.get("description")
    return {**found, "description": inspect.cleandoc(text)} if isinstance(text, str) else found
