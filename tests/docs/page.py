"""One Markdown page: its headings, tables, links and blocks, and its examples played for real in a folder.

In a page, a block that begins with the comment `# some/path` is that file, and a `console` block is a dialogue: each
line after `$ ` is a command, what follows is its output. `python -m tests.docs` writes the real output into the pages.
What the file `answer.http` says below its first line is what a real service answers from then on, at `SHOP_URL`.
"""

import os
import re
import shlex
import sqlite3
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from tests.trees.working_copy import WHO

ROOT = Path(__file__).parents[2]
PROGRAMS = {"selfcheck": str(Path(sys.executable).parent / "selfcheck"), "git": "git"}
"""What a dialogue may run."""

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\((?P<target>[^)\s]+)\)")
NAMED = re.compile(r"# (?P<path>[\w./-]*[./][\w./-]*|LICENSE)\n")
# What of our environment changes the output.
OURS_ONLY = ("CI", "COV_", "COVERAGE_", "FORCE_COLOR", "GITHUB_", "GITLAB_", "NO_COLOR", "SELFCHECK_", "TF_BUILD")
# What no two runs share.
VARYING = (
    (re.compile(r"\bin \d+\.\d\d s$", re.MULTILINE), "in 0.01 s"),
    (re.compile(r"\b(put off|pending) until [\d-]{10}(?=: (?:was not kept when|[a-z-]+ \d))"), r"\1 until 2027-02-19"),
    (re.compile(r"\borphaned-rules-\d{8}T\d{6}Z"), "orphaned-rules-20261121T080000Z"),
    (re.compile(r'"seconds": [\d.e-]+'), '"seconds": 0.01'),
    (re.compile(r'"started": "[^"]+"'), '"started": "2026-11-21T08:00:00Z"'),
    (re.compile(r'TimeUtc": "[^"]+"'), 'TimeUtc": "2026-11-21T08:00:00.000Z"'),
    (re.compile(r'\btime="[\d.]+"'), 'time="0.010"'),
    (re.compile(r'\btimestamp="[^"]+"'), 'timestamp="2026-11-21T08:00:00"'),
)


class Block(NamedTuple):
    """A fenced block; the path is that of the file that it is, if it is one."""

    language: str
    body: str

    @property
    def path(self) -> str | None:
        """The file's path, from the comment in the first line."""
        found = NAMED.match(self.body)
        return found["path"] if found else None


def pages() -> list[Path]:
    """Every Markdown file that people read, sorted."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(text: str, language: str = "") -> list[Block]:
    """The blocks of a page, all or those in one language."""
    found = [Block(each["language"], each["body"]) for each in FENCE.finditer(text)]
    return [block for block in found if language in ("", block.language)]


def prose(text: str) -> str:
    """The page without its blocks."""
    return FENCE.sub("", text)


def headings(text: str, level: int) -> list[str]:
    """The headings of one level, in order."""
    return re.findall(rf"^{'#' * level} (.+)$", prose(text), re.MULTILINE)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one of its level or above; blocks may hold comments that look like one."""
    level = heading.index(" ")
    found, inside, fenced = [], False, False
    for line in text.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith("```")
        marks = len(line) - len(line.lstrip("#"))
        if not fenced and 0 < marks <= level and line[marks : marks + 1] == " ":
            inside = line.rstrip() == heading
        elif inside:
            found.append(line)
    return "".join(found)


def rows(text: str) -> list[list[str]]:
    """The rows of all tables in a text, cells stripped, without the lines of heads and dashes."""
    lines = [line.strip() for line in prose(text).splitlines()]
    heads = {number - 1 for number, line in enumerate(lines) if re.fullmatch(r"[| -]+", line) and "-" in line}
    kept = [line for number, line in enumerate(lines) if line.startswith("|") and not {number, number - 1} & heads]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in kept]


def links(text: str) -> Iterator[tuple[str, str]]:
    """The links that stay within the repository: path and fragment, either may be empty."""
    for found in LINK.finditer(prose(text)):
        if "://" not in found["target"]:
            path, _, fragment = found["target"].partition("#")
            yield path, fragment


def anchors(text: str) -> set[str]:
    """The fragments that a link into this page may have, as GitHub makes them of headings."""
    titles = [title for level in range(1, 7) for title in headings(text, level)]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def played(text: str, folder: Path) -> str:
    """The page with the real output in its dialogues, its files written to `folder` on the way."""
    stage = Stage(folder)

    def real(found: re.Match[str]) -> str:
        block = Block(found["language"], found["body"])
        if block.language == "console":
            return found[0].replace(block.body, stage.dialogue(block.body))
        if block.path is not None:
            stage.write(block.path, block.body)
        return found[0]

    return FENCE.sub(real, text)


def answering(body: bytes) -> str:
    """The URL of a service on a port of this machine that says this to everybody, for as long as the process lives."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing of it is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class Stage:
    """A folder in which the files of a page lie and its commands run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "project"
        self._installed = folder / "installed"
        self._folder.mkdir()
        self._installed.mkdir()
        self._status = 0
        self._service: dict[str, str] = {}
        self._python_path = [str(self._installed)]

    def write(self, path: str, body: str) -> None:
        """A file of the page; a pyproject.toml with entry points is installed as pip would make it."""
        file = self._folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        # JSON knows no comments: the line that names the file is not in it.
        file.write_text(body.partition("\n")[2] if file.suffix == ".json" else body, encoding="utf-8")
        if file.name == "answer.http":
            self._service = {"SHOP_URL": answering(body.partition("\n")[2].encode())}
        if file.name == "live.sql":
            self._service = {"SHOP_DATABASE": "sqlite:///live.db"}
            with closing(sqlite3.connect(self._folder / "live.db")) as database:
                database.executescript(body.partition("\n")[2])
        if file.name == "pyproject.toml":
            self._install(tomllib.loads(body).get("project", {}), file.parent)

    def dialogue(self, body: str) -> str:
        """The commands of a dialogue, each followed by what it really says."""
        commands = [line for line in body.splitlines() if line.startswith("$ ")]
        return "".join(f"{command}\n{self._said(command[2:])}" for command in commands)

    def _said(self, command: str) -> str:
        if command == "echo $?":
            return f"{self._status}\n"
        program, *arguments = shlex.split(command)
        assert program in PROGRAMS, f"a dialogue runs {' and '.join(PROGRAMS)} only, not {program}"
        done = subprocess.run(
            [PROGRAMS[program], *arguments],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        self._status = done.returncode
        output = done.stdout.decode()
        for pattern, constant in VARYING:
            output = pattern.sub(constant, output)
        return output

    @property
    def _environment(self) -> dict[str, str]:
        # Coverage would warn on the standard error stream of each process that it follows.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS_ONLY)}
        ours = {"COLUMNS": "80", "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(self._python_path)}
        return kept | ours | self._service | WHO | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def _install(self, project: Mapping[str, object], folder: Path) -> None:
        groups = project.get("entry-points")
        if not isinstance(groups, dict):
            return
        about = self._installed / f"{str(project['name']).replace('-', '_')}-{project['version']}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
        )
        lines = [
            f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups.items()
        ]
        (about / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        self._python_path.append(str(folder))
