"""The guardrails that no rulebook writes."""

from selfcheck.guardrail import BUILT_IN, Enforce, Place
from selfcheck.policy import builtin


def test_what_is_built_in_blocks_whatever_the_severity_and_cannot_be_waived() -> None:
    place = Place("guardrails.yaml", 1)

    both = (builtin.exceptions(place), builtin.loosened(place))

    assert tuple(each.id for each in both) == BUILT_IN
    assert [(each.enforce, each.waivable, each.place) for each in both] == [(Enforce.BLOCK, False, place)] * 2
