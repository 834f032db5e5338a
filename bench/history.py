"""Trees: 10,000 files listed and read, a history of 5,000 commits opened at 50 of them, an unchanged tree judged again."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.clock import SELFCHECK, Timing, race, table

FILES = 10_000
COMMITS = 5_000
OPENED = 50
RULEBOOK = """\
version: 1
guardrails:
  - {id: cycles, title: No cycles, why: They rot., severity: high, check: {use: imports-acyclic}}
  - {id: length, title: Short files, why: Reading., severity: low, check: {use: max-lines, limit: 300, paths: ["**/*.py"]}}
  - {id: words, title: No word, why: Taste., severity: low, check: {use: text-forbids, pattern: 'forbidden', paths: ["pkg/**"]}}
"""
DIRECTORY = """
from pathlib import Path
from selfcheck.trees import Directory
print(sum(len(file.bytes) for file in Directory(Path(".")).files()))
"""
REVISION = """
from pathlib import Path
from selfcheck.git import open_git
from selfcheck.trees import Revision
git = open_git(Path(".").resolve())
print(sum(len(file.bytes) for file in Revision(git, git.head()).files()))
"""
LS_FILES = """
import subprocess
listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True).stdout.split(b"\\0")[:-1]
print(sum(len(open(path, "rb").read()) for path in listed))
"""
ARCHIVE = ["sh", "-c", "git archive HEAD | cat > /dev/null"]
HISTORY = """
import sys, tempfile
from pathlib import Path
from selfcheck.facts import Facts
from selfcheck.git import open_git
from selfcheck.store import Store
from selfcheck.subjects.imports import read
from selfcheck.trees import Revision
git = open_git(Path(".").resolve())
commits = [row.decode() for row in git.rows("log", "-z", "--format=%H")][::int(sys.argv[1])]
with tempfile.TemporaryDirectory() as folder:
    facts = Facts(Store(Path(folder)))
    print(len(commits), sum(len(read(Revision(git, commit), facts, (".",)).imports) for commit in commits))
"""
ARCHIVES = """
import ast, io, subprocess, sys, tarfile
commits = subprocess.run(["git", "log", "--format=%H"], capture_output=True, text=True).stdout.split()[::int(sys.argv[1])]
count = 0
for commit in commits:
    content = subprocess.run(["git", "archive", commit], capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            if member.name.endswith(".py"):
                tree = ast.parse(archive.extractfile(member).read())
                count += sum(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))
print(len(commits), count)
"""


def tables(folder: Path) -> Iterator[str]:
    """The three tables, over repositories made below a folder."""
    wide = folder / "wide"
    _wide(wide)
    yield table("10,000 files listed and read", _reading(wide), "git ls-files, then open and read", {})
    yield table("10,000 files judged by 3 guardrails", _judging(wide, folder / "cache"), "selfcheck run --no-cache", {})
    deep = folder / "deep"
    _deep(deep)
    yield table(
        f"{OPENED} of {COMMITS:,} commits, imports of 200 modules",
        _opening(deep),
        "git archive and ast, each commit",
        {},
    )


def _reading(wide: Path) -> dict[str, Timing]:
    return race(
        {
            "git ls-files, then open and read": [sys.executable, "-c", LS_FILES],
            "Directory": [sys.executable, "-c", DIRECTORY],
            "git archive": ARCHIVE,
            "Revision": [sys.executable, "-c", REVISION],
        },
        wide,
        rounds=5,
    )


def _judging(wide: Path, cache: Path) -> dict[str, Timing]:
    remembered = [SELFCHECK, "run", "--cache-dir", str(cache)]
    return race(
        {
            "selfcheck run --no-cache": [SELFCHECK, "run", "--no-cache"],
            "selfcheck run, unchanged and remembered": remembered,
            "git status": ["git", "status", "--short"],
        },
        wide,
        rounds=5,
    )


def _opening(deep: Path) -> dict[str, Timing]:
    every = str(COMMITS // OPENED)
    return race(
        {
            "git archive and ast, each commit": [sys.executable, "-c", ARCHIVES, every],
            "Revision and facts": [sys.executable, "-c", HISTORY, every],
        },
        deep,
        rounds=3,
    )


def _wide(folder: Path) -> None:
    """10,000 modules of 30 lines in 100 packages, each importing two others; committed."""
    stream = [b"commit refs/heads/main\ncommitter b <b@b> 1700000000 +0000\ndata 1\nx"]
    for number in range(FILES):
        others = ((number * 7 + 1) % FILES, (number * 13 + 5) % FILES)
        lines = [f"from pkg.p{other % 100} import m{other}" for other in sorted(others) if other > number]
        body = "\n".join((*lines, *(f"VALUE_{line} = {number * line}" for line in range(30)), "")).encode()
        stream.append(b"M 644 inline pkg/p%d/m%d.py\ndata %d\n%s" % (number % 100, number, len(body), body))
    stream.append(file("guardrails.yaml", RULEBOOK))
    imported(folder, stream)


def _deep(folder: Path) -> None:
    """5,000 commits over 200 modules, each of which changes one."""
    stream: list[bytes] = []
    for number in range(COMMITS):
        stream.append(b"commit refs/heads/main\ncommitter b <b@b> %d +0000\ndata 1\nx" % (1700000000 + number))
        changed = range(200) if number == 0 else (number % 200,)
        for each in changed:
            body = f"import m{(each + 1) % 200}\nimport json\nVALUE = {number}\n" + "X = 1\n" * 100
            stream.append(file(f"m{each}.py", body))
    imported(folder, stream)


def file(path: str, text: str) -> bytes:
    content = text.encode()
    return b"M 644 inline %s\ndata %d\n%s" % (path.encode(), len(content), content)


def imported(folder: Path, stream: list[bytes]) -> None:
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main"], cwd=folder, check=True)
    subprocess.run(["git", "fast-import", "--quiet"], input=b"\n".join(stream) + b"\n", cwd=folder, check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard", "main"], cwd=folder, check=True)
