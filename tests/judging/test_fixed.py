"""What is fixed since a base: what it had and today has not, in no other form either."""

import pytest

from selfcheck.check import Evidence, Finding
from selfcheck.guardrail import Severity
from selfcheck.policy import Finished, Past, Renames, decide
from tests.formats.reports import STARTED, guardrail

SEEN = Evidence("files", 3, 3)


def fixed(before: Finding, *now: Finding) -> list[str]:
    """The keys of what is told to be fixed."""
    found = decide(
        guardrail("a"),
        Finished((SEEN, *now)),
        today=STARTED.date(),
        fail_on=Severity.HIGH,
        pasts=(Past(Finished((SEEN, before)), Renames({})),),
    )
    return [each.seen.key for each in found.fixed]


def circle(*members: str) -> Finding:
    """A finding whose key and parts are its members."""
    return Finding(key=", ".join(members), message="in a circle", parts=members)


def test_what_is_gone_is_fixed() -> None:
    assert fixed(circle("a", "b"), circle("c", "d")) == ["a, b"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (circle("a", "b"), circle("a", "b")),
        (circle("a", "b", "c"), circle("a", "b")),
        (circle("a", "b"), circle("a", "b", "c")),
        (Finding(key="x", message="long", amount=8), Finding(key="x", message="longer", amount=9)),
    ],
)
def test_what_stayed_shrank_or_grew_is_not_fixed(before: Finding, now: Finding) -> None:
    assert fixed(before, now) == []
