"""What is compared with a base: whatever found something, and that alone."""

from collections.abc import Iterator

from selfcheck.check import Case, Check, Finding, Repository, Seen
from selfcheck.guardrail import Severity
from selfcheck.judge import Compared, judge
from selfcheck.model import Status
from selfcheck.policy import Renames
from selfcheck.testing import guardrail, memory


class Bare(Check):
    """Finds something everywhere, and says of no evidence."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding."""
        yield Finding(key="x", message="is odd")


def test_a_finding_of_a_check_without_evidence_is_existing_where_the_base_has_it() -> None:
    base = Compared(memory({"a": "before\n"}), Renames({}))

    ((_, verdict),) = judge(
        [Case(guardrail(), Bare())], memory({"a": "now\n"}), fail_on=Severity.HIGH, jobs=1, bases=[base]
    )

    assert [each.status for each in verdict.findings] == [Status.EXISTING]
