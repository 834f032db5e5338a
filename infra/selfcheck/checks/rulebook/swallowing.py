"""Whose failure a script swallows: a gate that fails, and a script that ends well all the same."""

from collections.abc import Iterator, Sequence

from selfcheck.checks.rulebook.gates import gates
from selfcheck.subjects.ci import Text
from selfcheck.subjects.shell import (
    Background,
    Command,
    Group,
    Node,
    Pipeline,
    Reason,
    Script,
    nodes,
    outcome,
    parse,
    substitutions,
)

MARK = "selfcheck_failed"
"""A variable that no script has; it says at the end whether the gate was asked and failed."""
HEAD = f"""{MARK}=0
trap 'status=$?; if [ "$status" = 0 ] && [ "${MARK}" = 1 ]; then exit 0; fi; exit 1' EXIT
"""


def swallowed(text: Text, commands: Sequence[str]) -> Iterator[tuple[Reason, Command]]:
    """Each gate whose exit status changes nothing though the script can end well after it, and why."""
    script = parse(text.text, bash=True)
    reasons = outcome(script, errexit=text.errexit, pipefail=text.pipefail).lost
    for command in gates(script, commands):
        reason = next((each for each in reasons if each.lost == command.source), None)
        if reason is not None and (_is_apart(script, command) or _can_end_well(text, command)):
            yield reason, command


def _is_apart(script: Script, command: Command) -> bool:
    """Whether a command runs in a shell of its own, so that no variable tells afterwards that it ran."""
    if not _is_within(script.body, command):
        return True  # in a text for another shell
    for node in nodes(script.body):
        own = isinstance(node, Pipeline | Background) or (isinstance(node, Group) and node.subshell)
        if any(_is_within(each, command) for each in ([node] if own else substitutions(node))):
            return True
    return False


def _is_within(holder: Node, command: Command) -> bool:
    return any(each is command for each in nodes(holder))


def _can_end_well(text: Text, command: Command) -> bool:
    """Whether the script can end with 0 after this command has failed; beside an `exit 1` it cannot."""
    lines = text.text.split("\n")
    row, column = command.at.line - 1, command.at.column - 1
    rest = "\n".join([lines[row][column:], *lines[row + 1 :]])
    if not rest.startswith(command.source):
        return True
    before = "\n".join([*lines[:row], lines[row][:column]])
    marked = f"{HEAD}{before}{{ {MARK}=1; false; }}{rest.removeprefix(command.source)}"
    return outcome(parse(marked, bash=True), errexit=text.errexit, pipefail=text.pipefail).can_pass
