"""Every template in use is read alike: three decisions, of which the second supersedes the first."""

from datetime import date

import pytest

from selfcheck.check import Check
from selfcheck.checks.decisions.links import AdrLinks
from selfcheck.checks.decisions.lint import AdrLint
from selfcheck.checks.decisions.supersede import AdrSupersede
from selfcheck.subjects.decisions import Form, Status, Verb
from selfcheck.testing import assert_keeps, judged, memory
from tests.decisions.houses import HOUSES, House
from tests.decisions.reading import decisions

FORMS = {
    "nygard": Form.NYGARD,
    "madr-2": Form.MADR_2,
    "madr-3": Form.MADR_3,
    "madr-4": Form.MADR_4,
    "phased": Form.PHASED,
    "scored": Form.SCORED,
    "structured-madr": Form.STRUCTURED,
    "log4brains": Form.MADR_2,
    "folders": Form.RATIONALE,
    "cosmos": Form.COSMOS,
}
houses = pytest.mark.parametrize(("name", "house"), HOUSES.items(), ids=HOUSES)


@houses
def test_three_decisions_are_read_with_their_titles_and_statuses(name: str, house: House) -> None:
    found = decisions(house).all

    assert [each.title.removeprefix("Have ").lower() for each in found] == ["two shops", "one shop", "one till"]
    third = Status.ACCEPTED if name == "phased" else Status.PROPOSED
    assert [each.status for each in found] == [Status.SUPERSEDED, Status.ACCEPTED, third]


@houses
def test_the_day_of_each_is_read_where_it_says_one(name: str, house: House) -> None:
    found = decisions(house).all

    days = [] if name == "cosmos" else [date(2026, 1, 10), date(2026, 1, 11), date(2026, 1, 12)]
    assert [each.day for each in found if each.day] == days


@houses
def test_both_sides_of_a_supersession_lead_to_each_other(name: str, house: House) -> None:
    found = decisions(house)
    old, new, _ = found.all

    assert [found.meant(old, each) for each in old.related(Verb.SUPERSEDED_BY)] == [[new]]
    backwards = [found.meant(new, each) for each in new.related(Verb.SUPERSEDES)]
    assert backwards == ([] if name == "madr-3" else [[old]])


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_the_template_is_told_by_its_words(name: str, form: Form) -> None:
    assert {each.document.form for each in decisions(HOUSES[name]).all} == {form}


@houses
@pytest.mark.parametrize("check", [AdrLint, AdrLinks, AdrSupersede])
def test_an_honest_house_is_quiet_and_the_check_can_fail_there(name: str, house: House, check: type[Check]) -> None:
    if name == "madr-3" and check is AdrSupersede:
        pytest.skip("its second side stands in a sentence, which is no declaration")
    if name == "restructured" and check is not AdrLint:
        assert judged(check(), memory(house)).outcome.value == "pass"
        return
    files = {**house, "shop/door.py": "", "tests/shop_test.py": ""}

    assert_keeps(check(), memory(files))
