"""What is said of a script, held against what a real shell makes of it in every way its commands may end."""

import random
import re
import shutil

import pytest

from selfcheck.subjects.shell import outcome, parse
from tests.shell.writing import USAGE, Writer, Written, statuses

SHELLS = [path for name in ("dash", "bash") if (path := shutil.which(name))]
SEVERAL = 40


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_said_to_be_unable_to_fail_exactly_if_no_ending_of_its_commands_makes_it_fail(shell: str) -> None:
    scripts = _written(20261121)

    found = statuses(shell, scripts)

    assert len([each for each in found if USAGE not in each]) > SEVERAL * 0.9
    for script, real in zip(scripts, found, strict=True):
        if USAGE not in real:
            said = outcome(parse(script.text, bash=shell.endswith("bash")))
            assert (said.can_pass, said.can_fail) == (0 in real, any(real)), script.text
            assert said.lost or said.can_fail, script.text


@pytest.mark.parametrize("shell", SHELLS)
def test_a_status_is_said_to_be_lost_exactly_if_no_ending_of_its_command_changes_the_whole(shell: str) -> None:
    scripts = [script for script in _written(20261122) if not re.search("eval|trap", script.text)]

    found = statuses(shell, scripts)

    for script, real in zip(scripts, found, strict=True):
        if USAGE not in real:
            said = outcome(parse(script.text, bash=shell.endswith("bash")))
            lost = {reason.lost.split()[0] for reason in said.lost if re.match(r"p\d", reason.lost)}
            written = set(re.findall(r"\bp\d+", script.text))
            assert lost == written - _deciding(script, real), script.text


def _written(seed: int) -> list[Written]:
    writer = Writer(random.Random(seed))
    return [writer.script() for _ in range(SEVERAL)]


def _deciding(script: Written, real: list[int]) -> set[str]:
    """The commands of which one ending, changed alone, changes whether the whole fails."""
    found: set[str] = set()
    last = len(script.probes) - 1
    for number, probe in enumerate(script.probes):
        other = 1 << (last - number)
        if any((status == 0) != (real[i ^ other] == 0) for i, status in enumerate(real)):
            found.add("p" + probe[1:].partition("_")[0])
    return found
