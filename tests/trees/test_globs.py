"""Path patterns: gitignore's wildcards, anchored at the root."""

import posixpath
from pathlib import Path

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from selfcheck.check import Globs
from selfcheck.trees import Memory
from selfcheck.trees.globs import matcher
from tests.trees.working_copy import git


@pytest.mark.parametrize(
    ("patterns", "path", "selected"),
    [
        # Anchored at the root.
        ("a.py", "a.py", True),
        ("a.py", "x/a.py", False),
        ("*.py", "a.py", True),
        ("*.py", "x/a.py", False),
        ("./a.py", "a.py", True),
        ("x/a.py", "y/x/a.py", False),
        # `**` spans any number of parts, none included.
        ("**/a.py", "a.py", True),
        ("**/a.py", "x/y/a.py", True),
        ("x/**/a.py", "x/a.py", True),
        ("x/**/a.py", "x/y/z/a.py", True),
        ("x/**/a.py", "xa.py", False),
        ("x/**", "x/y/z", True),
        ("x/**", "x", False),
        ("**", "x/y", True),
        ("**/*", "x", True),
        ("**/*.py", ".hidden/.a.py", True),
        (".", "x/y", True),
        # `*` and `?` stay within a part.
        ("x/*", "x/y", True),
        ("x/*", "x/y/z", False),
        ("x*z", "x/z", False),
        ("x?z", "x/z", False),
        ("x?z", "xyz", True),
        ("x?z", "xz", False),
        ("*", ".hidden", True),
        ("a**b", "a/b", False),
        # A folder's name selects all below it.
        ("x", "x/y/z", True),
        ("x", "xy", False),
        ("x/", "x/y", True),
        ("x/", "x", False),
        ("**/x", "a/x/b", True),
        ("*.py", "a.py/b", True),
        # `!` takes out what was selected; the last pattern that matches decides.
        ("** !x/**", "x/a", False),
        ("** !x/**", "y/a", True),
        ("x !x/a x/a", "x/a", True),
        ("x !x/y x/y/z", "x/y/z", True),
        ("!x", "y", False),
        ("!x x/a", "x/a", True),
        ("**/*.py !**/test_*.py", "deep/test_a.py", False),
        # Brackets.
        ("[ab].py", "a.py", True),
        ("[ab].py", "c.py", False),
        ("[!ab].py", "c.py", True),
        ("[!ab].py", "a.py", False),
        ("[a-c]x", "bx", True),
        ("[]a]", "]", True),
        ("a[b", "a[b", True),
        ("[a/b]", "[a/b]", True),
        # Nothing else is special.
        ("#x", "#x", True),
        ("a+(b).$", "a+(b).$", True),
        ("{a,b}", "a", False),
        ("é*", "éa", True),
        ("A", "a", False),
    ],
)
def test_a_pattern_selects(patterns: str, path: str, selected: bool) -> None:
    assert matcher(tuple(patterns.split()))(path) is selected


@pytest.mark.parametrize(
    ("pattern", "path", "selected"),
    [
        ("a b", "a b", True),
        ("a b/*", "a b/c d", True),
        ("[a b]", " ", True),
        ("a ", "a ", True),
        ("a ", "a", False),
        ("a\t", "a\t", True),
        ("a\t", "a", False),
        ("a\u00a0", "a\u00a0", True),
        (" ", " ", True),
        ("!a ", "a ", False),
        ("a\nb", "a\nb", True),
        ("a\n", "a", False),
        ("a", "a\n", False),
        ("*", "a\nb", True),
        ("?", "\n", True),
        ("**/*.py", "new\nline/a.py", True),
        ("**/x/**/y", "a\nb/x/c\nd/y", True),
        ("*.py", "a.py\n", False),
    ],
)
def test_blanks_and_newlines_are_characters_like_others(pattern: str, path: str, selected: bool) -> None:
    assert matcher((pattern,))(path) is selected


def test_a_name_with_a_newline_is_not_hidden_from_a_pattern_for_all_but_some() -> None:
    tree = Memory({"\n": b"", "a\n/b": b"", "kept": b""})

    assert [file.path for file in tree.files(["**", "!kept"])] == ["\n", "a\n/b"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "x/../y", "x/..", "a\nb/../c", "", "!", "!!x", "a\\b", "a\0b", "!/x"]
)
def test_a_pattern_that_leaves_the_root_or_has_an_escape_is_no_option(path: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert([path], type=Globs)


@pytest.mark.parametrize("path", ["a..b", "..a", "!..a/b", "x/...", "a b", "!x", "a!b", "a\nb"])
def test_a_pattern_within_the_root_is_an_option(path: str) -> None:
    assert msgspec.convert([path], type=Globs) == (path,)


NAME = st.text(alphabet="ab. \n", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
PATHS = st.sets(st.lists(NAME, min_size=1, max_size=4).map("/".join), min_size=1)
# A newline ends a line of an ignore file, and its bracket may match a slash: both are left to the table above.
PART = st.text(alphabet="ab. *?", min_size=1, max_size=3).filter(lambda part: part.strip(".") != "")
PATTERN = st.lists(st.one_of(PART, st.sampled_from(["**", "[ab]", "[a-b]*"])), min_size=1, max_size=4).map("/".join)


@pytest.fixture(scope="module")
def ignoring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository."""
    folder = tmp_path_factory.mktemp("ignoring")
    git(folder, "init", "--quiet")
    return folder


@settings(deadline=None)
@given(pattern=PATTERN, paths=PATHS)
def test_a_pattern_selects_what_git_would_ignore_by_it(ignoring: Path, pattern: str, paths: set[str]) -> None:
    """But for a last part that is `*` alone: there it does not select what lies below the folders that it matches."""
    assume(posixpath.basename(pattern) != "*")

    ignored = _ignored(ignoring, pattern, paths)

    assert {path for path in paths if matcher((pattern,))(path)} == ignored


def _ignored(folder: Path, pattern: str, paths: set[str]) -> set[str]:
    kept = pattern.rstrip(" ")
    escaped = kept + "\\ " * (len(pattern) - len(kept))
    # Git reports nothing as a failure, so that there is always something to report.
    (folder / "ignore").write_text(f"/{escaped}\n/sentinel\n")
    asked = "\0".join((*paths, "sentinel")).encode()
    said = git(folder, "-c", "core.excludesFile=ignore", "check-ignore", "--no-index", "-z", "--stdin", stdin=asked)
    return set(said.decode().split("\0")) - {"sentinel", ""}
