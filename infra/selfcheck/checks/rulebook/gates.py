"""Which commands of a script are the gate: selfcheck itself, or what a house starts it by."""

import posixpath
import shlex
from collections.abc import Iterator, Sequence

from selfcheck.subjects.shell import Command, Script, nodes, parse

SELFCHECK = "selfcheck"
JUDGING = frozenset(("run", "prove", "lint", "test", "validate", "baseline"))
"""The commands of selfcheck whose exit status says something."""
RUNNERS = frozenset(
    [
        "command",
        "conda",
        "direnv",
        "docker",
        "env",
        "exec",
        "hatch",
        "mamba",
        "micromamba",
        "mise",
        "nice",
        "nohup",
        "pdm",
        "pipenv",
        "pipx",
        "podman",
        "poetry",
        "py",
        "python",
        "python3",
        "rye",
        "stdbuf",
        "sudo",
        "time",
        "timeout",
        "uv",
        "uvx",
        "xvfb-run",
    ]
)
SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh"))
REPORTING = frozenset(("-q", "-v", "--quiet", "--verbose"))


def gates(script: Script, commands: Sequence[str]) -> Iterator[Command]:
    """Every simple command of a script, or of a text that it hands to a shell, that is one of these."""
    for node in nodes(script.body):
        if isinstance(node, Command):
            words = [word.text for word in node.words]
            if _is_one(words, commands):
                yield node
            elif words and words[0] and posixpath.basename(words[0]) in SHELLS:
                for text in words[1:]:
                    if text and " " in text:
                        yield from gates(parse(text, bash=script.bash), commands)


def asked(command: Command) -> tuple[str, ...]:
    """What a command asks for, without the options that only say how that is told."""
    words = [word.source for word in command.words]
    kept: list[str] = []
    skipping = False
    for word in words:
        if not skipping and word not in REPORTING and not word.startswith("--format"):
            kept.append(word)
        skipping = word == "--format"
    return tuple(kept)


def _is_one(words: Sequence[str | None], commands: Sequence[str]) -> bool:
    for command in commands:
        first, *rest = shlex.split(command)
        for number in _starts(words):
            if not _is_program(words[number], first, words[:number]):
                continue
            if [*words[number + 1 : number + 1 + len(rest)]] == rest and (
                first != SELFCHECK or rest or _judges(words[number + 1 :])
            ):
                return True
    return False


def _starts(words: Sequence[str | None]) -> range:
    """Where the program may stand: first, or anywhere behind what only starts another."""
    name = posixpath.basename(words[0] or "") if words else ""
    starts = name in RUNNERS or name.rstrip("0123456789.") == "python"
    return range(len(words) if starts else min(len(words), 1))


def _is_program(word: str | None, name: str, before: Sequence[str | None]) -> bool:
    if word is None or (before and before[-1] in ("install", "add")):
        return False
    module = bool(before) and before[-1] == "-m" and word.partition(".")[0] == name
    return module or word == name or posixpath.basename(word) == name


def _judges(rest: Sequence[str | None]) -> bool:
    return next((word for word in rest if word is None or not word.startswith("-")), None) in JUDGING
