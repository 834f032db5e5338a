"""The JSON Schema of rulebooks, made from the same types that rulebooks are converted to."""

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
    return {**_schema(check), **check.schema_rules}


def rulebook_schema(checks: Mapping[str, type[Check]], packed: Iterable[str]) -> dict[str, Any]:
    """The schema of a whole file for editors: every check's options by its `use`, packs' guardrails overridable."""
    definitions: dict[str, Any] = {}
    guardrail = _hoisted(promise_schema(), definitions)
    guardrail["properties"]["check"] = {"oneOf": [_use(name, checks[name], definitions) for name in sorted(checks)]}
    required = guardrail.pop("required")
    overridden = sorted(packed)
    guardrail["if"] = {"properties": {"id": {"enum": overridden}}, "required": ["id"]}
    guardrail["then"] = {"description": OVERRIDE}
    guardrail["else"] = {"required": required, "properties": {"check": {"required": ["use"]}}}
    document = _hoisted(outline_schema(), definitions)
    document["properties"]["guardrails"] = {"type": "array", "items": {"$ref": "#/$defs/guardrail"}}
    ordered = dict(sorted(definitions.items()))
    return {
        "$schema": DIALECT,
        "title": "selfcheck rulebook",
        **document,
        "$defs": {"guardrail": guardrail, **ordered},
    }


def _use(name: str, check: type[Check], definitions: dict[str, Any]) -> dict[str, Any]:
    options = _hoisted(check_schema(check), definitions)
    properties = {"use": {"const": name}, **options.pop("properties", {})}
    return {**options, "title": name, "properties": properties}


def _hoisted(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    definitions.update(schema.pop("$defs", {}))
    return schema


def _schema(struct: type[Any]) -> dict[str, Any]:
    """The struct's own schema at the top level, beside the definitions that it refers to."""
    (schema,), definitions = msgspec.json.schema_components(
        [struct], schema_hook=_of_class, ref_template="#/$defs/{name}"
    )
    name = schema["$ref"].rpartition("/")[2]
    own = definitions.pop(name)
    return _plain({**own, "$defs": definitions} if definitions else own)


def _of_class(wanted: Any) -> dict[str, Any]:
    """The schema of an option of a class of its own, such as `Pattern`."""
    return dict(wanted.json_schema)


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as JSON would give it back: tuples are lists."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(schema))
    return plain
