"""What came of one canary, and what canaries are made of: a name that no rulebook has, a file that no tree has."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from selfcheck.facts import Facts
from selfcheck.model import Outcome, Verdict
from selfcheck.policy import baseline, commented
from selfcheck.policy.exceptions import Malformed
from selfcheck.policy.given import Line, Remark
from selfcheck.subjects import comments
from selfcheck.trees import Memory

NAME = "selfcheck-canary"
PATH = "selfcheck_canary.py"
WHY = "a canary of selfcheck's own"


class Tried(NamedTuple):
    """An edit, and why the guardrail did not turn red because of it, or None where it did."""

    title: str
    missed: str | None


class Commented(NamedTuple):
    """What stands in the comments of a file."""

    remarks: Mapping[str, tuple[Remark, ...]]
    malformed: tuple[Malformed, ...]


def missed(before: Verdict | None, after: Verdict | None, expect: str) -> str | None:
    """Why an edit did not turn a guardrail red that passes without it, if it did not."""
    if before is None or before.outcome is not Outcome.PASS:
        return "it does not pass without an edit"
    if after is None or after.outcome is not Outcome.FAIL or not after.gates:
        return "it does not fail"
    counting = [ruling.seen.key for ruling in after.findings if ruling.counts]
    return None if expect in counting else f"no new finding about {expect} came of it"


def comment(name: str, until: date) -> str:
    """A waiver as it stands in a comment."""
    return f"selfcheck: ignore[{name}] until={until} owner=@{NAME} -- {WHY}"


def read(text: str) -> Commented:
    """What stands in the comments of a Python file, read as from any tree."""
    found = comments.read(Memory({PATH: text.encode()}), Facts())
    return Commented(commented.remarks(found), commented.malformed(found))


def line(name: str, key: str, since: date) -> Line:
    """A line of the baseline, read as from the file."""
    text = f'{{"guardrail": "{name}", "key": "{key}", "count": 1, "since": "{since}", "reason": "{WHY}"}}'
    (found,) = baseline.parse(text.encode(), f"{baseline.PLACE} ({key})")
    return found
