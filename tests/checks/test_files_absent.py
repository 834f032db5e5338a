"""`files-absent`: no file matches."""

import pytest

from selfcheck.checks.files import FilesAbsent
from selfcheck.model import Evidence, Finding, Outcome
from selfcheck.prove import Proof, Proven
from selfcheck.testing import assert_breaks, assert_keeps, guardrail, judged, memory, proven


def present(path: str) -> Finding:
    """The finding about a file that must not be there."""
    return Finding(key=path, message=f"{path} must not be there", hint="delete it, and ignore it if a tool makes it")


def test_a_tree_without_such_files_keeps_the_promise() -> None:
    repo = memory({"a.py": "", "docs/env.md": ""})

    verdict = assert_keeps(FilesAbsent(paths=("**/.env", "**/*.pem", "build")), repo)

    assert verdict.evidence == (Evidence("paths", 2, 2),)


def test_each_file_that_matches_is_a_finding_once() -> None:
    repo = memory({".env": "", "a/.env": "", "key.pem": "", "a.py": ""})

    findings = assert_breaks(FilesAbsent(paths=("**/.env", "**/*.pem", ".env")), repo, ".env", "a/.env", "key.pem")

    assert findings == (present(".env"), present("a/.env"), present("key.pem"))


@pytest.mark.parametrize("path", [".env.example", "env", "x.env", ".ENV", "a.env/b"])
def test_a_file_of_nearly_that_name_is_allowed(path: str) -> None:
    assert_keeps(FilesAbsent(paths=("**/.env",)), memory({path: ""}))


def test_what_is_taken_out_again_is_allowed() -> None:
    repo = memory({"vendor/a.pem": "", "b.pem": ""})

    assert_breaks(FilesAbsent(paths=("**/*.pem", "!vendor/**")), repo, "b.pem")


def test_a_link_is_forbidden_wherever_it_leads() -> None:
    links = {"dangling.pem": "missing", "out.pem": "/etc/ssl/key", "in.pem": "a"}

    assert_breaks(FilesAbsent(paths=("*.pem",)), memory({"a": ""}, links=links), "dangling.pem", "in.pem", "out.pem")


@pytest.mark.parametrize("path", ["new\nline/.env", "a\n/.env", " /.env", "é/.env", "-x/.env", "$(touch x)/.env"])
def test_no_odd_folder_hides_a_file(path: str) -> None:
    assert_breaks(FilesAbsent(paths=("**/.env",)), memory({path: ""}), path)


def test_a_folder_of_the_name_is_forbidden_with_all_below_it() -> None:
    assert_breaks(FilesAbsent(paths=("**/node_modules",)), memory({"a/node_modules/b/c": ""}), "a/node_modules/b/c")


def test_an_empty_tree_is_an_error() -> None:
    verdict = judged(FilesAbsent(paths=("x",)), memory({}))

    reason = "examined nothing: no paths in its scope (`allow_empty: true` accepts it)"
    assert (verdict.outcome, verdict.reason) == (Outcome.ERROR, reason)


def test_an_empty_tree_may_be_accepted() -> None:
    assert judged(FilesAbsent(paths=("x",)), memory({}), guardrail(allow_empty=True)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("pattern", "canary"),
    [
        ("**/.env", "add .env"),
        ("build", "add build"),
        ("build/", "add build/canary"),
        ("build/**", "add build/canary"),
        ("a/**/b?.[ch]", "add a/bc.c"),
        ("**", "add canary"),
        ("./x/*.log", "add x/canary.log"),
        ("a b ", "add a b "),
    ],
)
def test_a_canary_is_a_path_that_the_pattern_matches(pattern: str, canary: str) -> None:
    check = FilesAbsent(paths=(pattern,))

    # Judged over a file that the pattern may well match: the canary is another one.
    assert proven(check, memory({"zz": ""})) == Proof(outcome=Proven.PROVEN, bit=(canary,))


def test_a_promise_that_is_broken_can_still_be_proven_by_another_pattern() -> None:
    found = proven(FilesAbsent(paths=(".env", "key.pem")), memory({".env": ""}))

    assert found == Proof(outcome=Proven.PROVEN, bit=("add key.pem",))


@pytest.mark.parametrize("paths", [(".env",), ("[!a]",), ("!a",), ("a", "!a")])
def test_a_pattern_without_a_new_path_cannot_be_proven(paths: tuple[str, ...]) -> None:
    found = proven(FilesAbsent(paths=paths), memory({".env": ""}))

    reason = "no path could be made up that these patterns match and that is not there already"
    assert found == Proof(outcome=Proven.UNPROVABLE, reason=reason)
