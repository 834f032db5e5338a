"""`secret-defaults` on shapes of our own: what it finds of those that are insecure, and what it says of those that are not."""

import pytest

from selfcheck.checks.settings.secret_defaults import SecretDefaults
from selfcheck.model import Outcome
from selfcheck.testing import judged, memory
from tests.settings.corpus import BENIGN, INSECURE, Files

CHECK = SecretDefaults()
RECALL, FALSE_ALARMS = 0.95, 0.05


def outcome(files: Files) -> Outcome:
    """The verdict on one shape."""
    return judged(CHECK, memory(files)).outcome


def test_there_are_shapes_enough_to_tell() -> None:
    assert (len(INSECURE) >= 60, len(BENIGN) >= 40) == (True, True)


def test_of_a_hundred_insecure_shapes_at_least_ninety_five_are_found() -> None:
    missed = [name for name, files in INSECURE.items() if outcome(files) is not Outcome.FAIL]

    assert len(missed) <= (1 - RECALL) * len(INSECURE), missed


def test_of_a_hundred_benign_shapes_at_most_five_are_told_of() -> None:
    alarmed = [name for name, files in BENIGN.items() if outcome(files) is not Outcome.PASS]

    assert len(alarmed) <= FALSE_ALARMS * len(BENIGN), alarmed


@pytest.mark.parametrize("name", INSECURE)
def test_a_finding_never_holds_the_value(name: str) -> None:
    values = (
        "changeme",
        "s3cr3t",
        "hunter2",
        "keyboard cat",
        "abcdef",
        "letmein",
        "Sommer2024",
        "60gp0byfz2",
        "k9f8d7s6",
    )

    told = str([ruling.seen for ruling in judged(CHECK, memory(INSECURE[name])).findings])

    assert not [value for value in values if value in told]
