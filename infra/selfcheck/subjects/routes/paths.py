"""Paths of routes: joined, and with every framework's parameters written in one way."""

import re
from collections.abc import Iterable

REST = "{*}"
"""A parameter that takes slashes too."""

_braces = re.compile(r"\{([^{}/]*)\}")
_angles = re.compile(r"<([^<>/]*)>")
_colon = re.compile(r"(?<=/):([A-Za-z_]\w*)(\([^()/]*\))?[?]?")
_star = re.compile(r"/\*\w*$")
_group = re.compile(r"\((?:\?P<(\w+)>|\?:)?[^()]*\)[*+?]?")
_rest = re.compile(r"\((?:\?P<\w+>|\?:)?\.[*+]\??\)$|\.[*+]\??$")
_class = re.compile(r"(?:\\[wdSW]|\[[^\]/]*\]|\.)(?:[*+?]|\{\d*,?\d*\})?")
_taking_slashes = frozenset(("path", "any", "re", "str:path"))


def join(prefix: str, path: str) -> str:
    """A path below a prefix."""
    if not path:
        return prefix
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"


def normal(path: str) -> str:
    """A path as it is written in one of the frameworks, with `{name}` for parameters and one slash at its beginning."""
    path = _braces.sub(lambda found: _braced(found[1]), path)
    path = _angles.sub(lambda found: _angled(found[1]), path)
    path = _star.sub("/" + REST, path)
    path = _colon.sub(lambda found: f"{{{found[1]}}}", path)
    return "/" + re.sub("/{2,}", "/", path).removeprefix("/")


def plain(pattern: str) -> str | None:
    """A regular expression as a path; None where it is none. What has no `$` takes anything after it."""
    path = pattern.strip()
    if re.search(r"\(\?[=!<]", path.replace("(?P<", "")):
        return None
    for start in ("(?i)", "^", r"\A"):
        path = path.removeprefix(start)
    ended = path.endswith(("$", r"\Z", r"\z"))
    path = re.sub(r"(?:\$|\\[Zz])$", "", path)
    path = re.sub(r"/\??$", "/", path) if path.endswith("/?") else path
    path = _rest.sub(REST, path)
    for _ in range(4):
        path = _group.sub(lambda found: f"{{{found[1] or 'value'}}}", path)
    path = re.sub(r"\\([-./_~])", r"\1", path) if "\\" in path else path
    path = _class.sub(lambda found: found[0] if found[0] == "." else "{value}", path)
    if re.search(r"[\\^$()|*+?\[\]]", path.replace(REST, "")):
        return None
    return path if ended else f"{path}{REST}" if path.endswith("/") else path


def segments(path: str) -> list[str]:
    """The parts of a path between slashes."""
    return [part for part in path.split("/") if part]


def is_served(route: str, path: str) -> bool:
    """Whether a request for a path is answered by a route, a slash at the end aside."""
    wanted, own = segments(path), segments(route)
    if own and own[-1].endswith(REST):
        head = own[:-1]
        return len(wanted) >= len(head) and _agree(head, wanted)
    return len(own) == len(wanted) and _agree(own, wanted)


def ends_with(path: str, end: str) -> bool:
    """Whether the last parts of a path are those of another."""
    wanted = segments(end)
    return bool(wanted) and segments(path)[-len(wanted) :] == wanted


def _agree(own: Iterable[str], wanted: Iterable[str]) -> bool:
    return all(part == other or "{" in part for part, other in zip(own, wanted, strict=False))


def _braced(inside: str) -> str:
    name, _, converter = inside.partition(":")
    return REST if converter.split("(")[0] in _taking_slashes or inside.startswith("*") else f"{{{name or 'value'}}}"


def _angled(inside: str) -> str:
    converter, _, name = inside.rpartition(":")
    return REST if converter in _taking_slashes else f"{{{name.split('(')[0] or 'value'}}}"
