"""Fly's checks, and what nginx answers or asks itself."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.probes.model import Asks, Deployed, Probe, Started
from selfcheck.trees.text import decode

LOCATION = re.compile(r"location\s+(?:=|\^~|~\*?)?\s*(\S+)\s*\{([^{}]*)\}")
UPSTREAM = re.compile(r"health_check\s[^;]*\buri=(\S+?)[\s;]")


def fly(content: bytes) -> Deployed:
    """The checks of a fly.toml.

    Raises:
        Unreadable: it is no TOML.
    """
    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"is no TOML: {error}") from error
    lines = content.decode("utf-8-sig").split("\n")
    http = _table(document.get("http_service"))
    found = [
        _check(each, lines)
        for holder, keys in (
            (http, ("checks", "http_checks")),
            *((each, ("http_checks",)) for each in _tables(document.get("services"))),
        )
        for key in keys
        for each in _tables(holder.get(key))
    ]
    found += [
        _check(each, lines)
        for each in _tables([*_table(document.get("checks")).values()])
        if each.get("type", "http") == "http"
    ]
    serves = bool(http or document.get("services"))
    name = str(document.get("app", "app"))
    return Deployed((Started(name=name, kind="fly", line=1, ours=True, probes=tuple(found), serves=serves),))


FLY = Extractor("fly probes", 1, Deployed, fly)
"""What a fly.toml says of probes, as a fact."""


def nginx(content: bytes) -> Deployed:
    """The paths that nginx answers without asking anybody, and those that it asks others.

    Raises:
        Unreadable: it is no text.
    """
    text = decode(content)
    answered = tuple(path for path, body in LOCATION.findall(text) if re.search(r"\breturn\s+2\d\d\b", body))
    probes = tuple(
        Probe(asks=Asks.READINESS, line=text.count("\n", 0, found.start()) + 1, path=found[1])
        for found in UPSTREAM.finditer(text)
    )
    started = (
        (Started(name="upstream", kind="nginx", line=1, ours=True, probes=probes, serves=False),) if probes else ()
    )
    return Deployed(started, answered)


NGINX = Extractor("nginx probes", 1, Deployed, nginx)
"""What a configuration of nginx says of probes, as a fact."""


def _check(check: Mapping[str, Any], lines: list[str]) -> Probe:
    path = str(check.get("path", "/"))
    quoted = (f'"{path}"', f"'{path}'")
    line = next((number for number, each in enumerate(lines, start=1) if any(one in each for one in quoted)), 1)
    return Probe(asks=Asks.READINESS, line=line, path=path.partition("?")[0])


def _table(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (_table(each) for each in cast("Any", value) if isinstance(each, dict))
