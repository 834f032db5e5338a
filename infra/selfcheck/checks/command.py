"""A program of the user's own, whose exit status is the verdict."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, Meta, UnsetType

from selfcheck.check import CannotJudge, Check, Evidence, Finding, Need, Repository, Seen, Strictness
from selfcheck.errors import signal_name
from selfcheck.guardrail import Text
from selfcheck.programs import KEPT, SHORTEST, run

__all__ = ["KEPT", "PASSED_ON", "Command"]
PASSED_ON = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
"""The variables of the environment that every command sees."""
SHOWN = 3
"""How many of its last lines stand in the message."""
NOT_RUN = (126, 127)
"""What a shell says when it finds no program, or may not run it (POSIX, 2.8.2)."""


class Command(Check, rename={"arguments": "run"}):
    """A program ends with an expected exit status.

    It runs in a copy of the judged tree, without a shell unless `shell` is given, with the environment variables that
    `env` names and a few common ones, and is killed with all its children at the guardrail's `timeout`.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM})
    strictness: ClassVar[Mapping[str, Strictness]] = {"expect": Strictness.LESS}
    schema_rules: ClassVar[Mapping[str, Any]] = {"oneOf": [{"required": ["run"]}, {"required": ["shell"]}]}

    arguments: Annotated[tuple[Text, ...], Meta(min_length=1)] | UnsetType = UNSET
    shell: Text | UnsetType = UNSET
    expect: Annotated[tuple[int, ...], Meta(min_length=1)] = (0,)
    env: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if (self.arguments is UNSET) == (self.shell is UNSET):
            raise ValueError("needs exactly one of `run`, `shell`")

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding, with the end of the output as `data`, where the exit status is not expected."""
        passed = {name: repo.environ[name] for name in (*PASSED_ON, *self.env) if name in repo.environ}
        secrets = [passed[name] for name in self.env if len(passed.get(name, "")) >= SHORTEST]
        status, output = run(self._command, repo.materialised(), passed, secrets)
        yield Evidence("commands", scope=1, examined=1)
        if status not in self.expect:
            self._require_that_it_ran(status, output)
            expected = " or ".join(str(each) for each in self.expect)
            yield Finding(
                key="exit status",
                message=f"exit status {status}, expected {expected}{_ending(output)}",
                hint=f"run it by hand: {shlex.join(self._command)}",
                data={"status": status, "expected": list(self.expect), "output": output},
            )

    @property
    def _command(self) -> list[str]:
        if isinstance(self.shell, str):
            return ["/bin/sh", "-c", self.shell]
        return list(self.arguments) if isinstance(self.arguments, tuple) else []

    def _require_that_it_ran(self, status: int, output: str) -> None:
        if status < 0:
            raise CannotJudge(f"the program was killed by {signal_name(-status)}{_ending(output)}")
        if isinstance(self.shell, str) and status in NOT_RUN:
            raise CannotJudge(f"the shell could not run it, exit status {status}{_ending(output)}")


def _ending(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"; its output ends: {' / '.join(lines[-SHOWN:])}" if lines else ""
