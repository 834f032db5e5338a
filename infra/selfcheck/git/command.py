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
NOWHERE = os.path.join(os.devnull, "none")
"""A file that is never there: of one that is there and empty, git says that it is out of date."""
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
            "GIT_GRAFT_FILE": NOWHERE,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_PAGER": "cat",
            "LC_ALL": "C",
        }
        plain = kept | fixed | _as_environment(OVERRIDDEN)
        return plain | _as_environment(OVERRIDDEN | dict.fromkeys(_filters(self._config(plain)), ""))

    @property
    def remedy(self) -> str | None:
        """The command that fetches what a partial or a shallow clone left out; None where this is neither."""
        if self.is_partial:
            return "git fetch --refetch --no-filter"
        return "git fetch --unshallow" if self.is_shallow else None

    @property
    def is_partial(self) -> bool:
        """Whether this clone may have left objects out, to be fetched when they are needed."""
        return any(_is_promise(name) for name in self.config)

    @property
    def is_shallow(self) -> bool:
        """Whether this clone holds only the newest part of the history."""
        return (self.common / "shallow").exists()

    def is_clean(self) -> bool:
        """Whether no tracked file differs from HEAD."""
        return not self.rows("diff-index", "-z", "--name-only", "HEAD")

    @cached_property
    def common(self) -> Path:
        """The directory with what linked working trees share: objects, refs and the configuration."""
        return _common(self.directory)

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
            # Exactly as it is written: a filter driver's name need not be UTF-8, and its override must have the same.
            name, _, value = os.fsdecode(row).partition("\n")
            found[name] = value
        return found


def open_git(folder: Path) -> Git | None:
    """The repository that a folder belongs to, or None outside of one.

    Raises:
        CannotOpen: its `.git` points to a repository that does not know this working tree.
    """
    place = top(folder.resolve())
    if place is None:
        return None
    directory = _directory(place / ".git")
    common = _common(directory)
    if common not in (directory, _holder(directory)):
        raise CannotOpen(f"{directory}: shares the repository {common}, which does not hold it; not read")
    return Git(place, directory)


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
    return parted(_output(process, process.communicate(stdin), name, place))


def output_all(processes: Iterable[Process], name: str, place: Path) -> list[bytes]:
    """What each of several commands under way says; all have ended before one of them is complained of."""
    ended = [(process, process.communicate()) for process in processes]
    return [_output(process, said, name, place) for process, said in ended]


def parted(output: bytes) -> list[bytes]:
    """Rows that each end in a NUL."""
    return output.split(b"\0")[:-1]


def _output(process: Process, ended: tuple[bytes, bytes], name: str, place: Path) -> bytes:
    output, said = ended
    if process.returncode != 0:
        raise CannotOpen(_refused(place, name, said))
    return output


def _directory(marker: Path) -> Path:
    """The git directory of a working tree: `.git` itself, or where it leads if that place names this working tree back."""
    if marker.is_dir() and not marker.is_symlink():
        return marker
    directory = marker.resolve() if marker.is_dir() else _pointed(marker)
    if not _names_back(directory, marker):
        raise CannotOpen(f"{marker}: points to {directory}, which does not know this working tree; not read")
    return directory


def _pointed(marker: Path) -> Path:
    """What a `.git` file names: a linked working tree's or a submodule's directory."""
    try:
        said = marker.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise CannotOpen(f"{marker}: cannot be read: {error.strerror}") from error
    directory = (marker.parent / said.removeprefix("gitdir:").strip()).resolve()
    if not said.startswith("gitdir:") or not directory.is_dir():
        raise CannotOpen(f"{marker}: names no git directory")
    return directory


def _names_back(directory: Path, marker: Path) -> bool:
    """A linked working tree's directory holds the path of the `.git` file; a submodule's config holds `core.worktree`."""
    back = _line(directory / "gitdir")
    if back is None:
        back = f"{Git(marker.parent, directory).config.get('core.worktree', '/')}/.git"
    place = directory / back
    return place.parent.resolve() / place.name == marker.parent.resolve() / marker.name


def _common(directory: Path) -> Path:
    shared = _line(directory / "commondir")
    return directory if shared is None else (directory / shared).resolve()


def _holder(directory: Path) -> Path | None:
    """The repository that a linked working tree's directory belongs to, by its place."""
    return directory.parent.parent if directory.parent.name == "worktrees" else None


def _line(file: Path) -> str | None:
    """The one line of a file of git's own, or None where there is no such file."""
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").rstrip("\n")
    except OSError:
        return None


def _is_promise(name: str) -> bool:
    return name == "extensions.partialclone" or (name.startswith("remote.") and name.endswith(".promisor"))


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
    except OSError as error:
        raise CannotOpen(f"{cwd}: git could not be started: {error.strerror}") from error


def _refused(place: Path, name: str, said: bytes) -> str:
    """The last reason that git gave; warnings come before it, advice may come after it."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
    reasons = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    return f"{place}: git {name} failed: {reasons[-1]}"
