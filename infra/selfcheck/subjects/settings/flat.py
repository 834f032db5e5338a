"""Files of lines: `.env`, Dockerfiles, `.properties`, `.ini`."""

import re
from collections.abc import Iterator

from selfcheck.errors import Unreadable
from selfcheck.subjects.settings.entries import Entry, decoded, entry, spring
from selfcheck.subjects.settings.model import Needed

_line = re.compile(r"(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(.*)")
_commented = re.compile(r"#+[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]{2,})[ \t]*=")
_pair = re.compile(r"([A-Za-z_]\w*)=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|\S*)")
_property = re.compile(r"[ \t]*([\w.\[\]-]+)[ \t]*[=:][ \t]*(.*)")
_section = re.compile(r"[ \t]*\[([^\]]*)\]")
_instruction = re.compile(r"[ \t]*(ENV|ARG)[ \t]+(.*)", re.IGNORECASE | re.DOTALL)
_template = re.compile(r"driver://user:pass@localhost/dbname|%\(\w+\)s")


def env(content: bytes) -> tuple[list[Entry], list[Needed]]:
    """A `.env` file: its variables, and those that stand in it as comments."""
    # Only such files need it, and start-up pays for every import.
    from io import StringIO

    from dotenv.parser import parse_stream

    found: list[Entry] = []
    commented: list[Needed] = []
    for each in parse_stream(StringIO(decoded(content))):
        text = each.original.string
        line = each.original.line + text[: len(text) - len(text.lstrip())].count("\n")
        if each.error:
            raise Unreadable(f"line {line} is no `NAME=value`")
        if each.key is not None:
            found.append(entry(each.key, each.value or "", line))
        else:
            commented += [
                Needed(variable=match[1], line=line + offset)
                for offset, one in enumerate(text.strip().split("\n"))
                if (match := _commented.match(one.strip()))
            ]
    return found, commented


def dockerfile(content: bytes) -> Iterator[Entry]:
    """The variables that an image is given: `ENV A=b C=d`, `ENV A b`, `ARG A=b`."""
    for line, text in _instructions(decoded(content)):
        found = _instruction.match(text)
        if found is None:
            continue
        rest = found[2].strip()
        pairs = list(_pair.finditer(rest))
        name, _, value = rest.partition(" ")
        if pairs and rest.startswith(pairs[0][0]):
            for each in pairs:
                yield entry(each[1], _unquoted(each[2]), line + text.count("\n", 0, found.start(2) + each.start()))
        elif value.strip() and found[1].upper() == "ENV":
            yield entry(name, _unquoted(value.strip()), line)


def properties(content: bytes) -> Iterator[Entry]:
    """Spring's `.properties`."""
    for number, text in enumerate(decoded(content).split("\n"), start=1):
        found = _property.match(text)
        if found is not None and not text.lstrip().startswith(("#", "!")):
            yield spring(found[1], found[2].strip(), number)


def ini(content: bytes) -> Iterator[Entry]:
    """A file of sections, such as `alembic.ini`; what a fresh one holds is a template."""
    section = ""
    for number, text in enumerate(decoded(content).split("\n"), start=1):
        if (head := _section.match(text)) is not None:
            section = head[1]
            continue
        found = _property.match(text)
        if found is not None and not text.lstrip().startswith(("#", ";")) and not _template.search(found[2]):
            yield entry(found[1].replace(".", "_"), found[2].strip(), number, scope=section, variable="")


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Instructions with the number of their first line, continued lines joined by a line's end."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        if parts and line.lstrip().startswith("#"):
            parts.append("")
            continue
        first = first if parts else number
        stripped = line.rstrip()
        parts.append(stripped.removesuffix("\\"))
        if not stripped.endswith("\\"):
            yield first, "\n".join(parts)
            parts = []
    if parts:
        yield first, "\n".join(parts)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
