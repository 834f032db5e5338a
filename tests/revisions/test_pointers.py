"""A Git LFS pointer stands for a content that is elsewhere: it is not read as if it were that content."""

from pathlib import Path

import pytest

from selfcheck.check import Evidence, Repository, Unread
from selfcheck.checks.max_lines import MaxLines
from selfcheck.checks.text import TextForbids
from selfcheck.errors import Unreadable
from selfcheck.model import Outcome
from selfcheck.patterns import Pattern
from selfcheck.testing import git_repository, git_revision, judged, memory
from tests.trees.working_copy import git, write

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
    "size 12345\n"
)
REASON = "is a Git LFS pointer, its content is elsewhere; fetch it with `git lfs pull`"
NEAR_MISSES = {
    "longer": POINTER + "x" * (1024 - len(POINTER)),
    "another version": POINTER.replace("v1", "v2"),
    "begun later": "\n" + POINTER,
    "carriage returns": POINTER.replace("\n", "\r\n"),
}


def repositories(folder: Path, content: str) -> list[Repository]:
    """One file, in a working tree, in a revision and in memory."""
    return [git_repository(folder, {"a.bin": content}), git_revision(folder, "HEAD"), memory({"a.bin": content})]


def test_a_pointer_is_unreadable_as_bytes_text_and_lines(tmp_path: Path) -> None:
    for repo in repositories(tmp_path, POINTER):
        (file,) = repo.tree.files()
        for attribute in ("bytes", "text", "lines"):
            with pytest.raises(Unreadable) as raised:
                getattr(file, attribute)

            assert str(raised.value) == REASON


def test_a_tree_holds_what_git_stores(tmp_path: Path) -> None:
    assert [repo.tree.read("a.bin") for repo in repositories(tmp_path, POINTER)] == [POINTER.encode()] * 3


def test_a_check_of_text_and_one_of_length_say_that_it_is_unread(tmp_path: Path) -> None:
    checks = (TextForbids(pattern=Pattern("x"), paths=("**",)), MaxLines(limit=1, paths=("**",)))

    for repo in repositories(tmp_path, POINTER):
        for check in checks:
            verdict = judged(check, repo)

            assert (verdict.outcome, [ruling.seen for ruling in verdict.unread]) == (
                Outcome.ERROR,
                [Unread("a.bin", REASON)],
            )


@pytest.mark.parametrize("content", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_what_only_looks_like_a_pointer_is_read(tmp_path: Path, content: str) -> None:
    for repo in repositories(tmp_path, content):
        (file,) = repo.tree.files()

        assert file.bytes == content.encode()


def test_a_pointer_whose_content_was_fetched_is_read_from_disk(tmp_path: Path) -> None:
    """As Git LFS leaves it: the content on disk, the pointer in the index, and git taking the two for the same."""
    attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n"
    repo = git_repository(tmp_path, {".gitattributes": attributes, "a.bin": POINTER})
    write(tmp_path, {"a.bin": b"the content\n"})
    for command in ("clean", "smudge"):
        git(tmp_path, "config", f"filter.lfs.{command}", f"printf '{POINTER}'")
    git(tmp_path, "add", "a.bin")
    unmodified = git(tmp_path, "status", "--porcelain")

    verdict = judged(TextForbids(pattern=Pattern("the content"), paths=("*.bin",)), repo)

    assert unmodified == b""
    assert (verdict.outcome, verdict.evidence) == (Outcome.FAIL, (Evidence("text files", 1, 1),))
    assert repo.tree.content_id("a.bin") is None
