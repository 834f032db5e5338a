"""What the exchange with other tools shares: what people wrote as a text that survives the way there and back."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from selfcheck.errors import UsageError
from selfcheck_observability.map.model import Map

T = TypeVar("T")
ITEMS = ("modules", "resilience_dependencies", "measured")
"""What has elements of its own in the other tools, or is measured anew."""
LONGEST = 63
FIRST = "1.0.0"
"""The version of a map that was made of what no map was."""


def packed(value: object, **more: str) -> str:
    """A value as one text."""
    return json.dumps({**more, **msgspec.to_builtins(value)}, ensure_ascii=True)


def unpacked(text: object, kind: type[T], *names: str) -> tuple[T, dict[str, Any]]:
    """The value of a text, and what was packed with it.

    Raises:
        UsageError: the text is none of ours.
    """
    try:
        found: dict[str, Any] = msgspec.json.decode(str(text), type=dict[str, Any])
        more = {name: found.pop(name) for name in names}
        return msgspec.convert(found, kind), more
    except (msgspec.MsgspecError, LookupError) as error:
        raise UsageError(f"what selfcheck wrote there was changed: {error}") from error


def rest(whole: Map) -> Map:
    """The map without what has elements of its own."""
    return structs.replace(whole, modules={}, resilience_dependencies={}, measured=None)


def slug(name: str) -> str:
    """A name of at most 63 letters, digits, `-`, `_` and `.`, that no other name has."""
    plain = re.sub(r"[-_.]{2,}", "-", re.sub(r"[^A-Za-z0-9_.-]", "-", name)).strip("-_.")
    if plain == name and len(plain) <= LONGEST:
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: LONGEST - 9].strip('-_.')}-{digest}".lstrip("-")


def path_of(name: str) -> str:
    """A name from elsewhere as a path of ours."""
    parts = [part for part in re.sub(r"[\\\x00]", "/", name).split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "unnamed"


def name_of(text: str) -> str:
    """A name from elsewhere as one of ours."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-_.") or "unnamed"


def texts(found: Mapping[str, Any], *keys: str) -> str:
    """The first of some keys that holds a text that is not blank."""
    return next((str(found[key]) for key in keys if isinstance(found.get(key), str) and found[key].strip()), "")


def made(document: Mapping[str, Any]) -> Map:
    """The map that came of it; its names and texts are such as ours are."""
    return msgspec.convert(document, Map)
