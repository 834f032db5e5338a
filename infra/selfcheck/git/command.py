"""Starting git so that a hostile repository runs nothing: what its config could start is overridden, for children too."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from selfcheck.errors import CannotOpen

# What a repository's own config could make git run, fetch, ask for or read; an empty command is no command.
OVERRIDDEN = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.untrackedCache": "false",
    "core.pager": "cat",
    "core.askPass": "",
    "core.sshCommand": "false",
    "core.gitProxy": "",
    "core.alternateRefsCommand": "",
    "core.quotePath": "false",
    "core.ignoreStat": "false",
    "core.checkStat": "default",
    "core.trustctime": "true",
    "credential.helper": "",
    "diff.external": "",
    "log.showSignature": "false",
    "gpg.program": "false",
    "submodule.recurse": "false",
}
Process = subprocess.Popen[bytes]
FILTER_KEYS = ("clean", "smudge", "process", "required")


class Git:
    """One repository: its git directory and the top of its working tree, named outright and not searched for again."""

    def __init__(self, top: Path, directory: Path) -> None:
        self.top = top
        self.directory = directory

    @cached_property
    def environment(self) -> dict[str, str]:
        """The caller's environment without what would point git elsewhere, with every override as config of the command.

        GIT_DIR and GIT_WORK_TREE win over `core.worktree` and need no `safe.directory`; an empty GIT_ALLOW_PROTOCOL
        forbids every transport, whatever `protocol.*.allow` says, and so every lazy fetch.
        """
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        fixed = {
            "GIT_DIR": str(self.directory),
            "GIT_WORK_TREE": str(self.top),
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_PAGER": "cat",
            "LC_ALL": "C",
        }
        plain = kept | fixed | _as_environment(OVERRIDDEN)
        return plain | _as_environment(OVERRIDDEN | dict.fromkeys(_filters(self._config(plain)), ""))

    @cached_property
    def config(self) -> Mapping[str, str]:
        """The repository's configuration, names in lower case up to the last dot's right side; the last value of each."""
        return self._config(self.environment)

    def rows(self, *arguments: str, cwd: Path | None = None, stdin: bytes | None = None) -> list[bytes]:
        """The NUL-separated rows that a git command prints.

        Raises:
            CannotOpen: git is not installed, or says no.
        """
        return split(self.start(*arguments, cwd=cwd), stdin, arguments[0], self.top)

    def start(self, *arguments: str, cwd: Path | None = None, errors: int = subprocess.PIPE) -> Process:
        """A git command, under way."""
        return _started(["git", *arguments], cwd or self.top, self.environment, errors)

    def line(self, *arguments: str) -> str:
        """The one line that a git command prints."""
        process = self.start(*arguments)
        output, said = process.communicate()
        if process.returncode != 0:
            raise CannotOpen(_refused(self.top, arguments[0], said))
        return output.decode("utf-8", "replace").strip()

    def head(self) -> str | None:
        """The commit that is checked out, or None where there is none yet."""
        try:
            return self.line("rev-parse", "--verify", "--quiet", "HEAD")
        except CannotOpen:
            return None

    def _config(self, environment: Mapping[str, str]) -> dict[str, str]:
        process = _started(["git", "config", "-z", "--list"], self.top, environment)
        found: dict[str, str] = {}
        for row in split(process, None, "config", self.top):
            name, _, value = row.decode("utf-8", "replace").partition("\n")
            found[name] = value
        return found


def open_git(folder: Path) -> Git | None:
    """The repository that a folder belongs to, or None outside of one.

    Raises:
        CannotOpen: its `.git` points to a repository that does not know this working tree.
    """
    place = top(folder)
    if place is None:
        return None
    marker = place / ".git"
    return Git(place, marker.resolve() if marker.is_dir() else _pointed(marker))


def top(folder: Path) -> Path | None:
    """The closest folder at or above this one that holds `.git`, without crossing into another owner's."""
    owner = folder.stat().st_uid
    for place in (folder, *folder.parents):
        if place.stat().st_uid != owner and place != folder:
            return None
        if (place / ".git").exists():
            return place
    return None


def split(process: Process, stdin: bytes | None, name: str, place: Path) -> list[bytes]:
    """The NUL-separated rows of a command that was started."""
    output, said = process.communicate(stdin)
    if process.returncode != 0:
        raise CannotOpen(_refused(place, name, said))
    return output.split(b"\0")[:-1]


def _pointed(marker: Path) -> Path:
    """The git directory that a `.git` file names: a linked worktree's or a submodule's, which must name this folder back."""
    try:
        said = marker.read_text(encoding="utf-8")[:4096]
    except (OSError, UnicodeDecodeError) as error:
        raise CannotOpen(f"{marker}: cannot be read: {error}") from error
    directory = (marker.parent / said.removeprefix("gitdir:").strip()).resolve()
    if not said.startswith("gitdir:") or not directory.is_dir():
        raise CannotOpen(f"{marker}: names no git directory")
    if not _names_back(directory, marker):
        raise CannotOpen(f"{marker}: points to {directory}, which does not know this working tree; not read")
    return directory


def _names_back(directory: Path, marker: Path) -> bool:
    """A linked worktree's directory holds the path of the `.git` file; a submodule's config holds `core.worktree`."""
    try:
        return (directory / "gitdir").read_text(encoding="utf-8").strip() == str(marker)
    except OSError:
        config = Git(marker.parent, directory).config
        return (directory / config.get("core.worktree", "/")).resolve() == marker.parent


def _filters(config: Iterable[str]) -> list[str]:
    """Every filter driver's commands, by the names of their settings."""
    return [name for name in config if name.startswith("filter.") and name.rpartition(".")[2] in FILTER_KEYS]


def _as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings as git takes them from the environment, above every file (git-config, GIT_CONFIG_COUNT)."""
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return found


def _started(command: list[str], cwd: Path, environment: Mapping[str, str], errors: int = subprocess.PIPE) -> Process:
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(command, cwd=cwd, env=environment, stdin=pipe, stdout=pipe, stderr=errors)
    except FileNotFoundError:
        raise CannotOpen(f"{cwd}: is a git repository, and git is not installed") from None


def _refused(place: Path, name: str, said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
    return f"{place}: git {name} failed: {lines[0]}"
