"""Dockerfiles: the last stage, its HEALTHCHECK, the ports that it says it listens on, and the programs that it lacks."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor
from selfcheck.subjects.probes.commands import asked
from selfcheck.subjects.probes.model import Asks, Deployed, Probe, Started
from selfcheck.trees.text import decode

LONGEST = 2_000_000
INSTRUCTION = re.compile(r"\s*([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
FROM = re.compile(r"(?:--platform=\S+\s+)?(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
FLAG = re.compile(r"(?:--[a-z-]+=\S+\s+)*")
BOUND = re.compile(
    r"""--(?:port|bind|listen)[=\s"',]+(?:[\w.*\[\]-]{1,60}:)?([0-9]{2,5})|(?:^|[\s"',])-[bp][\s"',]+(?:[\w.]{1,60}:)?([0-9]{2,5})|:([0-9]{2,5})\b"""
)
BARE = re.compile(r"(?:.*/)?(?:[\w.-]+:[\w.-]*slim[\w.-]*|(?:debian|ubuntu)(?::[\w.-]+)?)$")
"""Images without curl and wget: https://hub.docker.com/_/python says of slim what it leaves out."""
ALPINE = re.compile(r"(?:.*/)?(?:alpine(?::[\w.-]+)?|[\w.-]+:[\w.-]*alpine[\w.-]*)$")
DISTROLESS = re.compile(r"(?:gcr\.io/distroless/.*|scratch)$")


class Instruction(NamedTuple):
    """One instruction with its arguments and its line."""

    name: str
    text: str
    line: int


class Stage(NamedTuple):
    """One stage: the image or stage that it begins with, its name, and its instructions."""

    base: str
    name: str
    instructions: list[Instruction]


def dockerfile(content: bytes) -> Deployed:
    """What an image starts.

    Raises:
        Unreadable: it is no text, or longer than any Dockerfile.
    """
    if len(content) > LONGEST:
        raise Unreadable("is too long for a Dockerfile")
    stages = [*_stages(_instructions(decode(content)))]
    if not stages:
        return Deployed()
    chain = [*_chain(stages)]
    last = stages[-1]
    checks = [each for stage in chain for each in stage.instructions if each.name == "HEALTHCHECK"]
    check = next((each for each in [*reversed(last.instructions), *checks] if each.name == "HEALTHCHECK"), None)
    probes = () if check is None else tuple(_probes(check))
    return Deployed(
        (
            Started(
                name="image",
                kind="Dockerfile",
                line=check.line if check else 1,
                ours=True,
                ports=tuple(dict.fromkeys(port for stage in chain for port in _ports(stage))),
                probes=probes,
                disabled=check is not None and check.text.strip().upper() == "NONE",
                lacks=tuple(_lacking(chain)),
                serves=any(each.name == "EXPOSE" for stage in chain for each in stage.instructions),
            ),
        )
    )


DOCKERFILE = Extractor("dockerfile probes", 1, Deployed, dockerfile)
"""What a Dockerfile says of probes, as a fact."""


def _instructions(text: str) -> Iterator[Instruction]:
    """Each instruction with its continued lines; comments within it are left out, here-documents belong to it."""
    lines = text.replace("\r\n", "\n").split("\n")
    number = 0
    while number < len(lines):
        first = number
        parts: list[str] = []
        going = True
        while going and number < len(lines):
            line = lines[number]
            number += 1
            if line.lstrip().startswith("#") or (parts and not line.strip()):
                continue
            going = line.rstrip().endswith("\\")
            parts.append(line.rstrip().removesuffix("\\"))
        whole = "\n".join(parts)
        if document := re.search(r"<<-?\s*[\"']?(\w+)", whole):
            number = _after(lines, number, document[1])
        if (found := INSTRUCTION.fullmatch(whole)) is not None:
            yield Instruction(found[1].upper(), found[2] or "", first + 1)


def _after(lines: list[str], number: int, end: str) -> int:
    """The line after a here-document."""
    return next((each + 1 for each in range(number, len(lines)) if lines[each].strip() == end), number)


def _stages(instructions: Iterator[Instruction]) -> Iterator[Stage]:
    stage: Stage | None = None
    for each in instructions:
        if each.name == "FROM":
            if stage is not None:
                yield stage
            found = FROM.match(each.text.strip())
            stage = Stage(found[1] if found else "", (found[2] or "") if found else "", [])
        elif stage is not None:
            stage.instructions.append(each)
    if stage is not None:
        yield stage


def _chain(stages: list[Stage]) -> Iterator[Stage]:
    """The last stage and those that it begins with."""
    named = {stage.name.lower(): stage for stage in stages if stage.name}
    here: Stage | None = stages[-1]
    for _ in range(len(stages)):
        if here is None:
            return
        yield here
        below = named.get(here.base.lower())
        here = None if below is here else below


def _probes(check: Instruction) -> Iterator[Probe]:
    text = FLAG.sub("", check.text.strip(), count=1).replace("\\\n", " ")
    command = re.sub(r"^CMD\s+", "", text, flags=re.IGNORECASE)
    if command.upper() != "NONE":
        yield from asked(command.replace("\n", " "), Asks.HEALTH, check.line)


def _ports(stage: Stage) -> Iterator[str]:
    for each in stage.instructions:
        if each.name == "EXPOSE":
            yield from (port.partition("/")[0] for port in each.text.split())
        elif each.name in ("CMD", "ENTRYPOINT"):
            yield from (next(filter(None, found.groups())) for found in BOUND.finditer(each.text))


def _lacking(chain: list[Stage]) -> Iterator[str]:
    """Programs that the image at the bottom has not, and that no stage installs or copies."""
    base = chain[-1].base
    lacking = ("curl", "wget") if BARE.fullmatch(base) else ("curl",) if ALPINE.fullmatch(base) else ()
    lacking = ("curl", "wget") if DISTROLESS.fullmatch(base) else lacking
    said = " ".join(each.text for stage in chain for each in stage.instructions if each.name in ("RUN", "COPY", "ADD"))
    yield from (tool for tool in lacking if not re.search(rf"\b{tool}\b", said))
