"""Random files, attributes and configurations, and real git repositories made of them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.trees.working_copy import git

real = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""An example is a real repository: how long it takes depends on the disk and on who else computes."""

PIECES = (b"a", b"\n", b"\r\n", b"\r", b"\0", b"$Id$", b"$Id: x $", b"$Id:", b"$", b"\x1a", b"\x07", b"\x7f", b"\xff")
LETTERS = ("a", "é", "\n", "\r\n", "\r", "$Id: x $", "€", "\U0001f600")
FOLDERS = (b"", b"sub/", b"sub/deep/", b"caf\xe9/", b" b\n/")
ODD = (
    b"plain",
    b"-rf",
    b" ",
    b"new\nline",
    b'quo"te',
    b"t\t",
    b"back\\slash",
    b"\xff\xfe",
    b"\xc3\xa9",
    b"*?[!]",
    b"#",
)
ENCODINGS = {b".u16": ("UTF-16", "utf-16"), b".u16le": ("UTF-16LE-BOM", "utf-16"), b".l1": ("latin-1", "latin-1")}
"""The ending of a file name, and what git and Python call the encoding of such files."""
ATTRIBUTES = (
    "text",
    "text=auto",
    "-text",
    "!text",
    "text=odd",
    "eol=lf",
    "eol=crlf",
    "text=auto eol=crlf",
    "crlf",
    "-crlf",
    "crlf=input",
    "crlf=auto",
    "ident",
    "-ident",
    "binary",
)
PATTERNS = ("*", "*.a", "*.b", "sub/*", "*.u16")
AUTOCRLF = ("false", "true", "input")


class World(NamedTuple):
    """What a working tree holds, with the rules by which git converts it."""

    files: Mapping[bytes, tuple[bytes, bool]]
    """Name -> content, and whether it may be run."""
    links: Mapping[bytes, bytes]
    rules: tuple[str, ...]
    autocrlf: str
    submodule: bool


contents = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
texts = st.lists(st.sampled_from(LETTERS), max_size=8).map("".join)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, tuple[bytes, bool]]:
    """A name with a content that is in the encoding that its ending says."""
    ending = draw(st.sampled_from([b".a", b".b", *ENCODINGS]))
    name = draw(st.sampled_from(FOLDERS)) + draw(st.sampled_from(ODD)) + ending
    codec = ENCODINGS.get(ending, ("", ""))[1]
    content = draw(texts).encode(codec, "ignore") if codec else draw(contents)
    return name, (content, draw(st.booleans()))


worlds = st.builds(
    World,
    files=st.lists(files(), min_size=1, max_size=8).map(dict),
    links=st.dictionaries(
        st.sampled_from([b"link", b"sub/link"]), st.sampled_from([b"a", b"../out", b"/etc/passwd", b"\xff"]), max_size=2
    ),
    rules=st.lists(st.builds("{} {}".format, st.sampled_from(PATTERNS), st.sampled_from(ATTRIBUTES)), max_size=4).map(
        tuple
    ),
    autocrlf=st.sampled_from(AUTOCRLF),
    submodule=st.booleans(),
)


def committed(root: Path, world: World) -> str:
    """The id of the one commit of a repository at `root` that holds a world."""
    git(root, "init", "--quiet", "--initial-branch=main")
    configure(root, world)
    write(root, world)
    git(root, "add", "--all", "--force")
    if world.submodule:
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    git(root, "commit", "--quiet", "--message=first")
    return git(root, "rev-parse", "HEAD").decode().strip()


def configure(root: Path, world: World) -> None:
    """The line ends that the configuration asks for."""
    with (root / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\tautocrlf = {world.autocrlf}\n\tsafecrlf = false\n")


def write(root: Path, world: World) -> None:
    """All files and links, over those that are there."""
    encodings = [f"*{os.fsdecode(end)} working-tree-encoding={name}" for end, (name, _) in ENCODINGS.items()]
    (root / ".gitattributes").write_text("".join(f"{line}\n" for line in (*encodings, *world.rules)))
    for name, (content, executable) in world.files.items():
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if executable else 0o644)
    for name, target in world.links.items():
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        os.symlink(os.fsdecode(target), path)
