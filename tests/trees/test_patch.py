"""A diff changes what it shows, to the byte, or is missed with the hunk and the line that does not fit."""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.trees import EditMissed, Memory, Overlay
from selfcheck.trees.patch import LARGEST, edits_of
from tests.trees.working_copy import git, working_copy, write

OLD = b"one\ntwo\nthree\nfour\nfive\n"
CHANGE = """\
diff --git a/a.txt b/a.txt
index 1111111..2222222 100644
--- a/a.txt
+++ b/a.txt
@@ -2,3 +2,3 @@ one
 two
-three
+3
 four
"""


def patched(diff: str | bytes, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files as a diff leaves them; it stands at `x.diff` beside them."""
    tree = Memory({**files, "x.diff": diff.encode() if isinstance(diff, str) else diff})
    after = Overlay(tree, edits_of(tree, "x.diff"))
    return {path: after.read(path) for path in after.kinds if path != "x.diff"}


def missed(diff: str | bytes, files: dict[str, bytes]) -> str:
    with pytest.raises(EditMissed) as caught:
        patched(diff, files)
    return str(caught.value)


OPTIONS: tuple[tuple[str, ...], ...] = ((), ("--no-prefix",), ("--src-prefix=i/", "--dst-prefix=w/"), ("-U1",))


def between(folder: Path, before: dict[str, bytes], after: dict[str, bytes]) -> list[bytes]:
    """What `git diff` says of two states of a repository, with each of the options."""
    working_copy(folder, before)
    for path in before:
        (folder / path).unlink()
    write(folder, after)
    git(folder, "add", "--all", "--force")
    return [git(folder, "diff", "--cached", "--no-renames", *options) for options in OPTIONS]


def test_a_hunk_changes_the_lines_that_it_shows() -> None:
    assert patched(CHANGE, {"a.txt": OLD, "b": b"b"}) == {"a.txt": OLD.replace(b"three", b"3"), "b": b"b"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"a": OLD}, {"a": OLD.upper()}, id="every line"),
        pytest.param({"a": OLD}, {"a": OLD, "new/b": b"x\ny\n"}, id="a new file"),
        pytest.param({"a": OLD}, {"a": OLD, "b": b""}, id="a new empty file"),
        pytest.param({"a": OLD, "b": b"x\n"}, {"a": OLD}, id="a file taken away"),
        pytest.param({"a": OLD, "b": b""}, {"a": OLD}, id="an empty file taken away"),
        pytest.param({"a": OLD}, {"a": b""}, id="a file emptied"),
        pytest.param({"a": b""}, {"a": OLD}, id="an empty file filled"),
        pytest.param({"a": OLD}, {"a": OLD[:-1]}, id="the last end of a line taken away"),
        pytest.param({"a": OLD[:-1]}, {"a": OLD}, id="the last end of a line added"),
        pytest.param({"a": OLD[:-1]}, {"a": b"0\n" + OLD[:-1]}, id="no end before or after"),
        pytest.param({"a": b"x"}, {"a": b"y"}, id="one line without an end"),
        pytest.param({"a": OLD.replace(b"\n", b"\r\n")}, {"a": b"one\r\n2\r\n"}, id="line ends of Windows"),
        pytest.param({"a": OLD}, {"a": OLD.replace(b"\n", b"\r\n")}, id="other line ends"),
        pytest.param({"a": b"a\rb\x0cc\x85d\n"}, {"a": b"a\rb\x0cC\x85d\n"}, id="what ends a line elsewhere"),
        pytest.param({"a": b"\xe9\n\xff\n"}, {"a": b"\xe8\n\xff\n"}, id="no UTF-8"),
        pytest.param({"a": b"\n\n\n"}, {"a": b"\n\nx\n\n"}, id="empty lines"),
        pytest.param({"a": b"-- x\n++ y\n"}, {"a": b"-- z\n"}, id="lines that look like headers"),
        pytest.param({"a": b"@@ -1 +1 @@\n"}, {"a": b"@@ -2 +2 @@\n"}, id="lines that look like hunks"),
        pytest.param({"é b.py": OLD}, {"é b.py": b"x\n"}, id="a name with odd bytes and a blank"),
        pytest.param({'q"\t\\n': OLD}, {'q"\t\\n': b"x\n", "\x07\n": b"y"}, id="names that git quotes"),
        pytest.param({"b/a/b": OLD, "a/b": OLD}, {"b/a/b": b"x\n"}, id="folders named as git names sides"),
        pytest.param({"a": b"\n".join(b"%d" % each for each in range(99))}, {"a": b"x\n" * 50}, id="several hunks"),
    ],
)
def test_what_git_says_of_two_states_leads_from_one_to_the_other(
    before: dict[str, bytes], after: dict[str, bytes], tmp_path: Path
) -> None:
    said = between(tmp_path / "repo", before, after)
    # Without its usual prefixes git's headers cannot be told apart where a name has a blank.
    plain = [] if any(" " in path for path in before) else [*said]

    assert [patched(said[0], before), *(patched(diff, before) for diff in plain)] == [after] * (1 + len(plain))


lines = st.lists(st.sampled_from([b"a", b"b", b"", b"\r", b"-- ", b"+", b"\\", b"@@ -1 +1 @@"]), max_size=12)
ends = st.sampled_from([b"", b"\n"])
contents: st.SearchStrategy[bytes] = st.tuples(lines, ends).map(lambda both: b"\n".join(both[0]) + both[1])


@settings(deadline=None, max_examples=25)
@given(before=contents, after=contents)
def test_the_law_holds_for_any_two_contents(
    before: bytes, after: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("law")
    write(folder, {"a/f": before, "b/f": after})
    diff = _no_index(folder)

    assert not diff or patched(diff, {"f": before}) == {"f": after}

    shutil.rmtree(folder)


def _no_index(folder: Path) -> bytes:
    """git ends with 1 where there is a difference; its own pager of two folders names the sides a/ and b/."""
    git(folder, "init", "--quiet")
    git(folder, "add", "a/f")
    tree = git(folder, "write-tree", "--prefix=a/").strip().decode()
    git(folder, "rm", "--quiet", "--cached", "a/f")
    git(folder, "add", "b/f")
    other = git(folder, "write-tree", "--prefix=b/").strip().decode()
    return git(folder, "diff-tree", "--patch", tree, other)


def test_the_output_of_diff_is_a_diff_as_well() -> None:
    diff = "--- a/a.txt\t2026-01-01 00:00:00\n+++ b/a.txt\t2026-01-02 00:00:00\n@@ -1 +1 @@\n-x\n+y\n"

    assert patched(diff, {"a.txt": b"x\n"}) == {"a.txt": b"y\n"}


def test_a_mail_of_git_is_a_diff_as_well() -> None:
    mail = f"From 1 Mon Sep 17\nSubject: [PATCH] x\n\n+ why\n---\n a.txt | 2 +-\n\n{CHANGE}-- \n2.43.0\n\n"

    assert patched(mail, {"a.txt": OLD}) == {"a.txt": OLD.replace(b"three", b"3")}


def test_a_file_that_is_named_twice_is_changed_twice() -> None:
    second = CHANGE.replace("-three\n+3", "-3\n+III")

    assert patched(CHANGE + second, {"a.txt": OLD}) == {"a.txt": OLD.replace(b"three", b"III")}


def test_an_empty_line_of_a_hunk_may_have_lost_its_blank() -> None:
    diff = "--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n x\n\n-y\n+z\n"

    assert patched(diff, {"a": b"x\n\ny\n"}) == {"a": b"x\n\nz\n"}


def test_lines_that_moved_are_found_where_they_stand_once() -> None:
    assert patched(CHANGE, {"a.txt": b"0\n0\n" + OLD}) == {"a.txt": b"0\n0\n" + OLD.replace(b"three", b"3")}


def test_all_that_moved_alike_is_found_though_it_stands_twice() -> None:
    diff = "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+X\n@@ -3 +3 @@\n-y\n+Y\n"

    assert patched(diff, {"a": b"0\nx\ny\ny\ny\n"}) == {"a": b"0\nX\ny\nY\ny\n"}


def test_lines_that_moved_and_stand_twice_are_missed() -> None:
    assert missed(CHANGE, {"a.txt": b"0\n" * 9 + OLD + OLD}) == (
        "x.diff:5: hunk 1 does not fit a.txt: what it shows stands at several lines (11, 16), and not at 2"
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (OLD.replace(b"two", b"two "), 2),
        (OLD.replace(b"three", b"Three"), 3),
        (OLD.replace(b"four\n", b"four\r\n"), 4),
        (b"one\ntwo\nthree\nfour", 4),
        (b"one\ntwo\n", 3),
        (b"", 2),
    ],
)
def test_a_file_that_is_not_as_the_hunk_shows_it_is_missed_at_the_first_such_line(content: bytes, line: int) -> None:
    reason = f"x.diff:5: hunk 1 does not fit a.txt: line {line} is not as it shows it"

    assert missed(CHANGE, {"a.txt": content}) == reason


def test_the_second_hunk_is_named_where_that_does_not_fit() -> None:
    diff = "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n+X\n@@ -3 +3 @@\n-y\n+Y\n"

    assert missed(diff, {"a": b"x\nx\nx\n"}) == "x.diff:6: hunk 2 does not fit a: line 3 is not as it shows it"


def test_hunks_out_of_their_order_do_not_fit() -> None:
    diff = "--- a/a\n+++ b/a\n@@ -3 +3 @@\n-z\n+Z\n@@ -1 +1 @@\n-x\n+X\n"

    assert missed(diff, {"a": b"x\ny\nz\n"}).startswith("x.diff:6: hunk 2 does not fit a")


NEW = "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
GONE = "diff --git a/n b/n\ndeleted file mode 100644\n--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"


@pytest.mark.parametrize(
    ("diff", "reason"),
    [
        (CHANGE, "a.txt: there is no such file to edit"),
        (NEW, "x.diff: makes n, which is there already"),
        (GONE, "x.diff: takes n away, in which more stands than it shows"),
        ("", "x.diff: is no unified diff"),
        ("hello\n", "x.diff: is no unified diff"),
        ("--- a/n\n", "x.diff: is no unified diff"),
        ("--- a/n\n+++ b/n\n", "x.diff:2: changes nothing in n"),
        ("+++ b/n\n", "x.diff: is no unified diff: Target without source: +++ b/n"),
        ("@@ -1 +1 @@\n-x\n+y\n", "x.diff: is no unified diff: Unexpected hunk found: @@ -1 +1 @@"),
        ("--- a/n\n+++ b/n\n@@ -1 +1 @@\n-x\n", "x.diff: is no unified diff: Hunk is shorter than expected"),
        ("--- a/n\n+++ b/n\n@@ -1 +1 @@\nx\n", "x.diff: is no unified diff: Hunk diff line expected: x"),
        ("--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-x\n+y\n", "x.diff:2: names no path below the root"),
        (
            "--- a/n\n+++ b/m\n@@ -1 +1 @@\n-x\n+y\n",
            "x.diff:2: a rename is no edit, and the sides have different names",
        ),
        (
            "diff --git a/n b/m\nsimilarity index 100%\nrename from n\nrename to m\n",
            "x.diff:3: a rename is no edit; make the diff with --no-renames",
        ),
        (
            "diff --git a/n b/m\nsimilarity index 100%\ncopy from n\ncopy to m\n",
            "x.diff:3: a copy is no edit; make the diff with --no-renames",
        ),
        ("diff --git a/n b/n\nold mode 100644\nnew mode 100755\n", "x.diff:2: a change of a file's mode is no edit"),
        ("diff --git a/n b/n\nBinary files a/n and b/n differ\n", "x.diff:1: a binary file cannot be patched"),
        ("diff --git a/n b/n\nGIT binary patch\ndelta 1\n", "x.diff:1: a binary file cannot be patched"),
        (NEW.replace("100644", "120000").replace("/n", "/l"), "x.diff:1: a symbolic link cannot be patched"),
        (NEW.replace("100644", "160000").replace("/n", "/l"), "x.diff:1: a submodule cannot be patched"),
        (
            "--- a/n\n+++ b/n\n@@ -1,0 +2 @@\n+y\n",
            "x.diff:3: hunk 1 does not fit n: it shows no line that stands there; make the diff with lines around the change",
        ),
        (
            "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-x\n+y\n+z\n",
            "x.diff:6: belongs to no hunk; the counts of the hunk before it, or its own, are wrong",
        ),
        (
            "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-x\n+y\n@@ -2 +2 @\n-y\n+z\n",
            "x.diff:6: belongs to no hunk; the counts of the hunk before it, or its own, are wrong",
        ),
        (
            "--- a/n\n+++ b/n\n@@@ -1 -1 +1 @@@\n- x\n -x\n++y\n",
            "x.diff:3: belongs to no hunk; the counts of the hunk before it, or its own, are wrong",
        ),
        (
            f"--- a/n\n+++ b/n\n@@ -{'9' * 5000} +1 @@\n-x\n+y\n",
            "x.diff: is no unified diff: a number in it is out of bounds",
        ),
        (
            "--- a/n\n+++ b/n\n@@ -1 +1,2 @@\n x\n+y\n\\ No newline at end of file\n",
            "x.diff: leaves a line of n without an end before others",
        ),
        ('--- "a/\\q"\n+++ b/n\n@@ -1 +1 @@\n-x\n+y\n', "x.diff:2: the name of the file is not quoted as git does"),
        ('--- "a/\\777"\n+++ b/n\n@@ -1 +1 @@\n-x\n+y\n', "x.diff:2: the name of the file is not quoted as git does"),
        ('--- "a/n\n+++ b/n\n@@ -1 +1 @@\n-x\n+y\n', "x.diff:2: the name of the file is not quoted as git does"),
    ],
)
def test_what_is_no_diff_or_no_edit_is_missed_with_a_reason(diff: str, reason: str) -> None:
    files = {"n": b"x\ny\n"} if "a.txt" not in diff else {}

    assert missed(diff, files) == reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../n", "names a path out of the root"),
        ("..", "names a path out of the root"),
        ("/etc/passwd", "names no path below the root"),
        ("n/../../n", "names no path below the root"),
        ("./n", "names no path below the root"),
        ("n//n", "names no path below the root"),
        ("", "names no path below the root"),
        (".", "names no path below the root"),
        ("n\0", "names no path below the root"),
    ],
)
@pytest.mark.parametrize("sides", [("a/", "b/"), ("", "")])
def test_no_path_leaves_the_root(name: str, reason: str, sides: tuple[str, str]) -> None:
    diff = f"--- {sides[0]}{name}\n+++ {sides[1]}{name}\n@@ -1 +1 @@\n-x\n+y\n"

    assert missed(diff, {}) == f"x.diff:2: {reason}"


def test_no_quoted_path_leaves_the_root() -> None:
    diff = r'--- "a/\056./n"' + "\n" + r'+++ "b/\056./n"' + "\n@@ -1 +1 @@\n-x\n+y\n"

    assert missed(diff, {}) == "x.diff:2: names a path out of the root"


def test_a_diff_that_is_not_there_is_missed() -> None:
    with pytest.raises(EditMissed, match=r"^gone\.diff: there is no such diff$"):
        edits_of(Memory({}), "gone.diff")


def test_a_diff_behind_a_link_is_not_there() -> None:
    with pytest.raises(EditMissed, match=r"^l\.diff: there is no such diff$"):
        edits_of(Memory({"x.diff": CHANGE.encode()}, {"l.diff": "x.diff"}), "l.diff")


def test_a_diff_that_is_elsewhere_is_missed() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"

    assert missed(pointer, {}).startswith("x.diff: is a Git LFS pointer")


def test_a_diff_that_is_too_large_is_missed() -> None:
    assert missed(b"x" * (LARGEST + 1), {}) == "x.diff: is larger than 5,000,000 bytes"


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                *CHANGE.splitlines(),
                *NEW.splitlines(),
                *GONE.splitlines(),
                "",
                "\\ No newline at end of file",
                "GIT binary patch",
                "\0",
            ]
        ),
        max_size=20,
    )
)
def test_whatever_stands_in_a_diff_it_is_applied_or_missed(several: list[str]) -> None:
    # Any other exception would end the proof of the guardrail.
    with suppress(EditMissed):
        patched("\n".join(several), {"a.txt": OLD, "n": b"x\n"})
