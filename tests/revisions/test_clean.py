"""What git would store for a file on disk is what git does store, without running it."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfcheck.errors import Unreadable
from selfcheck.git import attributes, open_git
from selfcheck.trees import Directory, Kind
from selfcheck.trees.clean import ATTRIBUTES, conversion, stored
from selfcheck.trees.content import blob_id
from selfcheck.trees.names import shown
from tests.revisions.worlds import ATTRIBUTES as LINE_ENDS
from tests.revisions.worlds import AUTOCRLF, World, committed, contents, real, texts, worlds, write
from tests.trees.working_copy import git, working_copy

RULES = (
    *LINE_ENDS,
    "text ident",
    "text=auto eol=lf",
    "text crlf=auto",
    "text=odd crlf",
    "working-tree-encoding=UTF-16",
    "working-tree-encoding=utf16 text",
    "working-tree-encoding=UTF-16LE",
    "working-tree-encoding=UTF-16LE-BOM eol=crlf",
    "working-tree-encoding=UTF-32BE",
    "working-tree-encoding=UTF-8 text",
    "working-tree-encoding=latin-1 ident",
    "working-tree-encoding=cp1252",
    "working-tree-encoding=no-such-encoding",
)
encoded = st.tuples(texts, st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig"]))


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository in which the file `fN` is converted by the rule of that number."""
    root = working_copy(tmp_path_factory.mktemp("rules"), {})
    (root / ".gitattributes").write_text("".join(f"f{number} {rule}\n" for number, rule in enumerate(RULES)))
    return root


def hashed(root: Path, path: str, content: bytes, autocrlf: str) -> str | None:
    """The id that git gives a content at a path, or None where git refuses to store it."""
    command = ["git", "-c", f"core.autocrlf={autocrlf}", "-c", "core.safecrlf=false", "hash-object", "-w", "--stdin"]
    environ = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run([*command, "--path", path], cwd=root, env=environ, input=content, capture_output=True)
    return done.stdout.decode().strip() if done.returncode == 0 else None


def converted(root: Path, path: str, content: bytes, autocrlf: str) -> str | None:
    """The same by selfcheck's own rules."""
    found = open_git(root)
    assert found is not None
    names = attributes(found, root, [path.encode()], ATTRIBUTES).get(path.encode(), {})
    try:
        return blob_id(stored(content, conversion(names, autocrlf), carriage_returns_stored=False))
    except Unreadable:
        return None


@settings(real, max_examples=250)
@given(
    content=contents | encoded.map(lambda both: both[0].encode(both[1])),
    number=st.integers(0, len(RULES) - 1),
    autocrlf=st.sampled_from(AUTOCRLF),
)
def test_a_content_has_the_id_that_git_gives_it(rules: Path, content: bytes, number: int, autocrlf: str) -> None:
    path = f"f{number}"

    assert converted(rules, path, content, autocrlf) == hashed(rules, path, content, autocrlf)


def after_add(root: Path) -> dict[str, str]:
    """The id of each file that `git add` stores, by git's own work in an index of its own."""
    git(root, "add", "--all", "--force")
    rows = git(root, "ls-files", "-z", "--stage").split(b"\0")[:-1]
    parted = [row.split(b"\t", 1) for row in rows]
    return {shown(path): about.split()[1].decode() for about, path in parted if about[:6] in (b"100644", b"100755")}


@settings(real, max_examples=60)
@given(world=worlds, later=worlds)
def test_edited_and_new_files_are_read_as_git_would_add_them(world: World, later: World) -> None:
    """Among them the rule that `text=auto` leaves CR LF alone where the index has it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        committed(root, world)
        write(root, later)
        tree = Directory(root)
        read = {path: blob_id(tree.read(path)) for path, kind in tree.kinds.items() if kind is Kind.FILE}

        assert read == after_add(root)


CASES = st.sampled_from([b"a\r\nb\r\n", b"a\r\nb\n", b"a\nb\n", b"a\r\n\0", b"a\r\nb\rc", b""])


@settings(real, max_examples=40)
@given(before=CASES, after=CASES, rule=st.sampled_from(["text=auto", "text=auto eol=crlf", "text", "eol=lf", "-text"]))
def test_an_edit_of_a_file_stored_before_there_were_rules_is_read_as_git_would_add_it(
    before: bytes, after: bytes, rule: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = working_copy(Path(folder) / "r", {"a": before})
        (root / ".gitattributes").write_text(f"* {rule}\n")
        (root / "a").write_bytes(after + b"edited\r\n")
        read = blob_id(Directory(root).read("a"))

        assert read == after_add(root)["a"]
