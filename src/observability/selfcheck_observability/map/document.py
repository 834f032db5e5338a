"""The map as a file: read whole, and its measured part written anew without a touch on any other byte."""

import json
import re
from typing import Any, NamedTuple

import msgspec

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.suggest import short
from selfcheck_observability.map.model import Map, Measured

KEY = "measured"
LARGEST = 50_000_000
BLANK = re.compile(r"[ \t\r\n]*")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Span(NamedTuple):
    """Where a value stands in a text."""

    start: int
    end: int


class Outline(NamedTuple):
    """Where the values of the outermost object stand by their names, and where its closing brace is."""

    members: dict[str, Span]
    close: int


def parse(content: bytes) -> Map:
    """The map that a file holds.

    Raises:
        Unreadable: it is no JSON, or no map; the reason says where.
    """
    text = _text(content)
    outline(text)
    try:
        return msgspec.json.decode(text.removeprefix(BOM), type=Map)
    except msgspec.MsgspecError as error:
        raise Unreadable(f"is no intelligence map: {error}") from error


WRITTEN = Extractor("intelligence map", 1, Map, parse)
"""What a file says, as a fact."""


def outline(text: str) -> Outline:
    """Where the values of the outermost object are.

    Raises:
        Unreadable: there is none, or a name stands twice.
    """
    try:
        return _outline(text)
    except RecursionError as error:
        raise Unreadable("is nested too deep") from error
    except (ValueError, IndexError) as error:
        at = getattr(error, "lineno", None)
        raise Unreadable(f"is no JSON object{f': line {at}' if at else ''}") from error


def with_measured(content: bytes, measured: Measured) -> bytes:
    """The file with this measured part; every byte that stands outside of it is as it was."""
    text = _text(content)
    found = outline(text)
    end = "\r\n" if "\r\n" in text else "\n"
    value = rendered(measured).replace("\n", end)
    if KEY in found.members:
        span = found.members[KEY]
        return f"{text[: span.start]}{value}{text[span.end :]}".encode()
    last = max((span.end for span in found.members.values()), default=0)
    before = last or text.index("{") + 1
    comma = "," if last else ""
    # What stood before the closing brace stays before it.
    return f'{text[:before]}{comma}{end}  "{KEY}": {value}{text[before:]}'.encode()


def rendered(measured: Measured) -> str:
    """The measured part as JSON, one module a line."""
    modules = ",\n".join(f"      {_json(path)}: {_json(each)}" for path, each in sorted(measured.modules.items()))
    hotspots = ",\n".join(f"      {_json(path)}" for path in measured.hotspots)
    return (
        f'{{\n    "commits": {measured.commits},\n    "hotspots": {_block("[", hotspots, "]")},\n'
        f'    "modules": {_block("{", modules, "}")}\n  }}'
    )


def _block(begin: str, lines: str, end: str) -> str:
    return f"{begin}\n{lines}\n    {end}" if lines else begin + end


def _json(value: Any) -> str:
    return json.dumps(msgspec.to_builtins(value), ensure_ascii=False)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise Unreadable("is too large for a map")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("is not in UTF-8") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of two values of one name the first would be lost."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise Unreadable(f'says "{short(next(name for name in names if names.count(name) > 1))}" twice')
    return found


_decoder = json.JSONDecoder(object_pairs_hook=_unique)


def _outline(text: str) -> Outline:
    members: dict[str, Span] = {}
    place = _after_blanks(text, 1 if text.startswith(BOM) else 0)
    if text[place] != "{":
        raise ValueError
    place = _after_blanks(text, place + 1)
    while text[place] != "}":
        if members:
            place = _after(text, place, ",")
        if text[place] != '"':
            raise ValueError
        key, place = _decoder.raw_decode(text, place)
        name = str(key)
        place = _after(text, _after_blanks(text, place), ":")
        _, end = _decoder.raw_decode(text, place)
        if name in members:
            raise Unreadable(f'says "{short(name)}" twice')
        members[name] = Span(place, end)
        place = _after_blanks(text, end)
    if _after_blanks(text, place + 1) != len(text):
        raise ValueError
    return Outline(members, place)


def _after(text: str, place: int, mark: str) -> int:
    if text[place] != mark:
        raise ValueError
    return _after_blanks(text, place + 1)


def _after_blanks(text: str, place: int) -> int:
    found = BLANK.match(text, place)
    return found.end() if found else place
