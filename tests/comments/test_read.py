"""The waivers of a whole tree: what is searched, what is told of the rest, and what is remembered."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.store import Store
from selfcheck.subjects.comments import MARKED, Comment, Comments, Malformed, files, read
from selfcheck.subjects.comments.extract import BINARY, ELSEWHERE, FAR, LARGEST, NOT_KNOWN, WIDEST
from selfcheck.trees import Directory, Memory
from selfcheck.trees.tree import POINTER
from tests.comments.waivers import covers, found, waiver
from tests.facts.counting import CountingDirectory
from tests.trees.working_copy import working_copy

IGNORE = waiver()
SPLIT = Comment(
    rules=("no-cycles",), line=1, covers=(1, 1), until=date(2030, 1, 31), owner="@li", reason="split with #812"
)


class Locked(Memory):
    """A tree of which nothing can be read."""

    def read(self, path: str) -> bytes:
        raise Unreadable("Permission denied")


def test_waivers_are_told_by_path_with_all_they_say() -> None:
    tree = Memory(
        {
            "b.py": f"import a  # {IGNORE}\n".encode(),
            "a.ts": f"a() // {IGNORE}\n// selfcheck: ignore[a]\n".encode(),
            "c.py": b"import a\n",
            "d.py": f"x = '# {IGNORE}'\n".encode(),
        }
    )

    comments = read(tree, Facts())

    assert comments.unread == ()
    assert list(comments.by_path) == ["a.ts", "b.py"]
    assert comments.by_path["b.py"] == (SPLIT,)
    assert [type(each) for each in comments.by_path["a.ts"]] == [Comment, Malformed]


@pytest.mark.parametrize("path", ["a.unheard", "a.astro", "LICENSE", "a.pro"])
def test_a_waiver_in_a_language_that_is_not_known_is_a_fault(path: str) -> None:
    source = f"x\n\nsome code; // {IGNORE}\n(* {IGNORE}\n  {IGNORE}\n"

    assert found(source, path) == tuple(Malformed(line, f"{NOT_KNOWN}; {ELSEWHERE}") for line in (3, 4, 5))


def test_a_text_in_a_language_that_is_not_known_may_quote_a_waiver() -> None:
    assert found(f"x = '{IGNORE}'\nSee {IGNORE}\n`# {IGNORE}`\n", "a.unheard") == ()


@pytest.mark.parametrize(("path", "number"), [("a.py", 1), ("a.exe", 0), ("a.unheard", 1), ("a.csv", 0)])
def test_a_waiver_in_what_is_no_text_is_a_fault_where_the_name_says_that_it_is_text(path: str, number: int) -> None:
    entries = found(f"# {IGNORE}\n\0\n", path)

    assert len(entries) == number
    assert all(isinstance(each, Malformed) for each in entries)


def test_a_source_with_a_nul_is_told_to_be_no_text() -> None:
    assert found(f"\0\n# {IGNORE}\n") == (Malformed(2, f"{BINARY}; {ELSEWHERE}"),)


def test_a_waiver_further_on_than_is_searched_is_a_fault() -> None:
    padding = "x = 1\n" * (LARGEST // 6)

    entries = found(f"# {IGNORE}\n{padding}# {IGNORE}\nx = '{IGNORE}'\n")

    assert isinstance(entries[0], Comment)
    assert entries[1:] == (Malformed(LARGEST // 6 + 2, f"{FAR}; {ELSEWHERE}"),)


@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_a_minified_file_that_quotes_a_waiver_is_passed_over_quickly(quote: str) -> None:
    source = f"var a={quote}{IGNORE}{quote};" + "f(a,{b:1},[2]);" * 350_000 + f"g({quote}{IGNORE}{quote})"

    assert found(source, "a.min.js") == ()


def test_a_waiver_above_a_very_long_line_is_in_force_and_one_below_is_a_fault() -> None:
    source = f"# {IGNORE}\nx = '{'a' * WIDEST}'  # {IGNORE}\n# {IGNORE}\ny = 1\n"

    entries = found(source)

    assert [each.line for each in entries] == [1, 2, 3]
    assert isinstance(entries[0], Comment)
    assert entries[0].covers == (1, 2)
    assert entries[1:] == tuple(Malformed(line, f"{FAR}; {ELSEWHERE}") for line in (2, 3))


def test_a_line_as_long_as_is_searched_is_searched() -> None:
    end = f"'  # {IGNORE}"

    assert covers(f"x = '{'a' * (WIDEST - 5 - len(end))}{end}\n") == [(1, 1)]


def test_what_cannot_be_read_and_may_hold_waivers_is_unread() -> None:
    tree = Locked(dict.fromkeys(["a.py", "b", "c.png", "d.unheard"], b""))

    assert read(tree, Facts()) == Comments({}, (Unread("a.py", "Permission denied"), Unread("b", "Permission denied")))


def test_a_source_that_only_git_lfs_has_is_unread() -> None:
    (unread,) = read(Memory({"a.py": POINTER + b"oid sha256:1\nsize 1\n"}), Facts()).unread

    assert unread.path == "a.py"


@pytest.mark.parametrize("path", ["a.py", "a.html", "a.yml.j2"])
def test_a_text_that_takes_too_long_is_unread_and_that_is_not_remembered(path: str, tmp_path: Path) -> None:
    tree = Memory({path: f"{{{{ a }}}} <!-- b --> # {IGNORE}\n".encode()})
    facts = Facts(Store(tmp_path / "cache"))

    slow = read(tree, facts, seconds=0)

    assert [each.path for each in slow.unread] == [path]
    assert read(tree, facts).unread == ()


def test_a_text_in_which_pygments_loses_its_place_is_unread() -> None:
    source = f"      program a\n      x = 1 ! {IGNORE}\n      end\n"

    comments = read(Memory({"a.f": source.encode()}), Facts())

    assert [each.path for each in comments.unread] == ["a.f"]


def test_a_link_is_not_searched() -> None:
    tree = Memory({"a.py": f"# {IGNORE}\n".encode()}, links={"b.py": "a.py"})

    assert list(read(tree, Facts()).by_path) == ["a.py"]


def test_the_files_to_read_ahead_are_those_that_are_searched() -> None:
    tree = Memory({"a.py": b"", "b.png": b"", "c": b"", "d.csv": b"", "requirements.txt": b""})

    assert [file.path for file in files(tree)] == ["a.py", "c", "requirements.txt"]


def test_of_files_that_were_read_ahead_those_without_markers_are_not_read_again(tmp_path: Path) -> None:
    root = working_copy(tmp_path / "r", {"a.py": f"import b  # {IGNORE}\n".encode(), "b.py": b"import a\n"})
    facts = Facts()
    ahead = Directory(root)
    facts.hold(MARKED, facts.learn(MARKED, files(ahead)))
    tree = CountingDirectory(root)

    comments = read(tree, facts)

    assert comments.by_path == {"a.py": (SPLIT,)}
    assert set(tree.reads) == {"a.py"}


def test_an_unmodified_tree_is_not_read_twice(tmp_path: Path) -> None:
    contents = {"a.py": f"import b  # {IGNORE}\n".encode(), "b.py": b"import a\n", "c.unheard": f"# {IGNORE}".encode()}
    root = working_copy(tmp_path / "r", contents)
    first = read(Directory(root), Facts(Store(tmp_path / "cache")))
    tree = CountingDirectory(root)

    again = read(tree, Facts(Store(tmp_path / "cache")))

    assert again == first
    # Only its first line could tell the language of a file whose name does not.
    assert set(tree.reads) == {"c.unheard"}


def test_one_content_under_two_names_is_read_in_two_languages(tmp_path: Path) -> None:
    content = f"# {IGNORE}\n// {IGNORE}\n".encode()
    facts = Facts(Store(tmp_path / "cache"))
    tree = Memory({"a.py": content, "a.ts": content, "a.unheard": content})

    lines = {path: [each.line for each in entries] for path, entries in read(tree, facts).by_path.items()}

    assert lines == {"a.py": [1], "a.ts": [2], "a.unheard": [1, 2]}
    assert read(tree, facts) == read(tree, Facts())


def test_a_tree_without_markers_loads_no_lexer() -> None:
    code = (
        "import sys; from selfcheck.facts import Facts; from selfcheck.trees import Memory;"
        "from selfcheck.subjects.comments import read; read(Memory({'a.py': b'# selfcheck: fine'}), Facts());"
        "print('pygments' in sys.modules)"
    )

    said = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, env=dict(os.environ), check=True)

    assert said.stdout == b"False\n"
