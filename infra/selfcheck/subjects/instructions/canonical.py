"""One form for equal values: NFC, one kind of line end, canonical JSON (RFC 8785), and its digest."""

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any, cast

import rfc8785

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader reads alike: RFC 8785, 3.2.2.3."""
DEEPEST = 60


class Unfit(Exception):
    """A value that canonical JSON has no form for; the message says why."""


def normal(value: Any, depth: int = 0) -> Any:
    """A value of a document with its texts in NFC and its lines ended by LF.

    Raises:
        Unfit: it has no canonical form.
    """
    match value:
        case str():
            return _text(value)
        case None | bool():
            return value
        case int():
            if abs(value) > LARGEST:
                raise Unfit(
                    "holds a whole number beyond 2^53, which not every reader of JSON reads alike; make it a text"
                )
            return value
        case float():
            if not math.isfinite(value):
                raise Unfit("holds a number that is none, or is infinite")
            return value
        case _:
            return _nested(value, depth + 1)


def canonical(value: Any) -> bytes:
    """The bytes of a normal value as RFC 8785 has them."""
    if value is None or isinstance(value, bool | int | str):
        # For these Python writes what the RFC asks for, and much faster.
        return json.dumps(value, ensure_ascii=False).encode()
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """32 hex digits of the SHA-256 of a normal value."""
    return hashlib.sha256(canonical(value)).hexdigest()[:32]


def as_mapping(value: object) -> Mapping[str, Any] | None:
    """A value of a document, if it is a mapping."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def as_list(value: object) -> list[Any] | None:
    """A value of a document, if it is a list."""
    if not isinstance(value, list):
        return None
    items: list[Any] = cast("Any", value)
    return items


def _nested(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unfit(f"is nested more than {DEEPEST} levels deep")
    items, table = as_list(value), as_mapping(value)
    if items is not None:
        return [normal(each, depth) for each in items]
    if table is not None:
        found = {_text(str(key)): normal(each, depth) for key, each in table.items()}
        if len(found) != len(table):
            raise Unfit("has two keys that are one once Unicode is normalised")
        return found
    raise Unfit(f"holds a {type(value).__name__}, which JSON has no form for")


def _text(value: str) -> str:
    if value.isascii():
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unfit("holds half of a surrogate pair") from None
    return unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
