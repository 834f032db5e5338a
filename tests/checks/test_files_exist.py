"""`files-exist`: every pattern leads to a file."""

import pytest

from selfcheck.checks.files import FilesExist
from selfcheck.model import Evidence, Finding
from selfcheck.prove import Proof, Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven


def missing(pattern: str) -> Finding:
    """The finding about a pattern that matches nothing."""
    return Finding(key=pattern, message=f"no file matches {pattern}")


def test_patterns_that_each_match_a_file_keep_the_promise() -> None:
    repo = memory({"README.md": "", "docs/adr/0001-first.md": "", "src/a/b.py": ""})

    verdict = assert_keeps(FilesExist(paths=("README.md", "docs/adr/0001-*.md", "src", "**/b.py")), repo)

    assert verdict.evidence == (Evidence("required paths", 4, 4),)


def test_each_pattern_that_matches_nothing_is_a_finding() -> None:
    repo = memory({"README.md": "", "docs/x.md": ""})

    findings = assert_breaks(FilesExist(paths=("README.md", "LICENSE", "docs/*.rst")), repo, "LICENSE", "docs/*.rst")

    assert findings == (missing("LICENSE"), missing("docs/*.rst"))


@pytest.mark.parametrize(
    ("required", "there"),
    [
        ("LICENSE", "license"),
        ("LICENSE", "docs/LICENSE"),
        ("docs/a.md", "a.md"),
        ("docs/*", "docs/deep/a.md"),
        ("a.py", "a.py "),
        ("a.py", "a.py\n"),
    ],
)
def test_a_file_of_nearly_that_name_is_not_it(required: str, there: str) -> None:
    assert_breaks(FilesExist(paths=(required,)), memory({there: ""}), required)


def test_a_link_counts_where_it_leads_to_a_file_of_the_tree() -> None:
    repo = memory({"docs/readme.md": ""}, links={"README.md": "docs/readme.md"})

    assert_keeps(FilesExist(paths=("README.md",)), repo)


@pytest.mark.parametrize("target", ["missing", "LICENSE", "../LICENSE", "/etc/hostname", "docs/../../x"])
def test_a_link_that_leads_nowhere_in_the_tree_is_no_file(target: str) -> None:
    repo = memory({"docs/a": ""}, links={"LICENSE": target})

    assert_breaks(FilesExist(paths=("LICENSE",)), repo, "LICENSE")


def test_a_binary_file_is_a_file() -> None:
    assert_keeps(FilesExist(paths=("logo.png",)), memory({"logo.png": b"\x89PNG\0"}))


def test_in_an_empty_tree_every_pattern_is_a_finding() -> None:
    assert_breaks(FilesExist(paths=("a", "**")), memory({}), "**", "a")


def test_one_canary_for_each_pattern_that_matches_takes_away_all_that_it_matches() -> None:
    repo = memory({"a.md": "", "docs/1.md": "", "docs/2.md": ""})

    found = proven(FilesExist(paths=("a.md", "docs/*.md", "missing")), repo)

    assert found == Proof(outcome=Proven.PROVEN, bit=("delete a.md", "delete docs/*.md"))


def test_a_promise_that_is_broken_as_a_whole_cannot_be_proven() -> None:
    found = proven(FilesExist(paths=("missing",)), memory({"a": ""}))

    assert found == Proof(outcome=Proven.UNPROVABLE, reason="the check offers no canary for this repository")


def test_findings_do_not_depend_on_the_order_of_the_patterns() -> None:
    repo = memory({"a": ""})

    one, other = judged(FilesExist(paths=("y", "x", "a")), repo), judged(FilesExist(paths=("a", "x", "y")), repo)

    assert one.findings == other.findings
