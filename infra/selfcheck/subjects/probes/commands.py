"""The URL that a command asks: `curl -f http://localhost:8000/health`, `wget -qO- …`, a line of Python."""

import re
from collections.abc import Iterator

from selfcheck.subjects.probes.model import Asks, Probe

URL = re.compile(
    r"""https?://(?P<host>\[[^\]\s]{1,64}\]|[^\s/:'"`?#,)]{1,253})(?::(?P<port>[^\s/'"`?#,)]{1,80}))?(?P<path>/[^\s'"`?#,;|&)]*)?"""
)
BARE = re.compile(
    r"""(?:^|[\s'"])(?P<host>localhost|127\.0\.0\.1|0\.0\.0\.0)(?::(?P<port>[0-9]{1,5}))?(?P<path>/[^\s'"`?#,;|&)]*)?"""
)
TOOL = re.compile(r"(?:^|[\s;&|\"'\[,/])(curl|wget|http|nc)(?=[\s\"',]|$)")
HERE = frozenset(("localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]", "::1"))  # noqa: S104
VARIABLE = re.compile(r"\$\{[^}:]*:?-([0-9]{1,5})\}")
PUT_TOGETHER = re.compile(r"[${<]|%\(|\bNone\b")


def asked(command: str, asks: Asks, line: int) -> Iterator[Probe]:
    """The probes that a command makes; one without a URL asks something else."""
    tool = TOOL.search(command)
    name = None if tool is None else tool[1]
    found = [*URL.finditer(command)] or ([*BARE.finditer(command)] if name else [])
    for each in found[:1]:
        port = each["port"]
        path = each["path"] or "/"
        default = VARIABLE.fullmatch(port or "")
        yield Probe(
            asks=asks,
            line=line + command.count("\n", 0, each.start()),
            path=None if PUT_TOGETHER.search(path) else path,
            port=default[1] if default else port if port and port.isdigit() else None,
            tool=name,
            templated=PUT_TOGETHER.search(path) is not None,
            local=each["host"] in HERE or PUT_TOGETHER.search(each["host"]) is not None,
        )
    if not found:
        yield Probe(asks=asks, line=line, tool=name)
