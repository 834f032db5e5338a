"""Any report at all, for properties that hold of all of them."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from selfcheck.check import Evidence, Finding, Location, Unread
from selfcheck.guardrail import Enforce, Guardrail, Pending, Place, Severity, Waiver
from selfcheck.model import Base, Report, Run
from selfcheck.policy import Failed, Finished, Past, Renames, Skipped, decide

text = st.text(st.characters(codec="utf-8"), max_size=30)
words = st.lists(st.text("abc \x1b\n\u202e", min_size=1, max_size=12), max_size=16).map(" ".join)
dates = st.dates(date(2025, 1, 1), date(2027, 1, 1))
numbers = st.integers(0, 10**12)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["a", "b"]) | text
findings = st.builds(
    Finding,
    key=keys,
    message=words,
    at=st.none() | st.builds(Location, text, st.none() | numbers, st.none() | numbers),
    hint=st.none() | words,
    data=st.dictionaries(text, json, max_size=3),
    parts=st.lists(keys, max_size=3, unique=True).map(tuple),
    amount=st.none() | numbers,
)
seen = findings | st.builds(Unread, keys, words) | st.builds(Evidence, words, numbers, numbers)
examinations = (
    st.builds(Finished, st.lists(seen, max_size=15).map(tuple)) | st.builds(Skipped, words) | st.builds(Failed, words)
)
pasts = st.lists(st.builds(Past, examinations, st.just(Renames({}))), max_size=2)
waivers = st.builds(Waiver, match=keys, reason=words, owner=text, until=dates, count=st.none() | st.integers(1, 3))
guardrails = st.builds(
    Guardrail,
    id=st.from_regex(r"\A[a-z0-9]{1,20}(-[a-z0-9]{1,9}){0,3}\Z"),
    title=words,
    why=words,
    severity=st.sampled_from(Severity),
    enforce=st.none() | st.sampled_from(Enforce),
    check=st.just({"use": "max-lines"}),
    refs=st.lists(text, max_size=2).map(tuple),
    owner=st.none() | text,
    pending=st.none() | st.builds(Pending, until=dates, reason=words),
    waivers=st.lists(waivers, max_size=2).map(tuple),
    place=st.builds(Place, text, st.integers(1, 999)),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Verdicts on whatever was seen, of a run that was perhaps interrupted, perhaps compared with a base."""
    today, fail_on = draw(dates), draw(st.sampled_from(Severity))
    base = draw(st.none() | st.builds(Base, text, st.lists(text, max_size=2).map(tuple)))
    cases = draw(st.lists(st.tuples(guardrails, examinations), max_size=4))
    verdicts = tuple(
        decide(
            guardrail,
            examination,
            today=today,
            fail_on=fail_on,
            seconds=draw(st.floats(0, 10**6)),
            pasts=draw(pasts) if base else (),
        )
        for guardrail, examination in cases
    )
    run = Run(
        root=draw(text),
        folder=draw(st.sampled_from(["", "services/shop"])),
        base=base,
        revision=draw(st.none() | text),
        rulebook=draw(text),
        started=draw(st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))),
        guardrails=tuple(guardrail for guardrail, _ in cases),
    )
    return Report(
        run=run, verdicts=verdicts, seconds=draw(st.floats(0, 10**6)), stopped=draw(st.sampled_from([None, 130, 143]))
    )
