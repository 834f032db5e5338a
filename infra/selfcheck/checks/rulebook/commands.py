"""Commands that tell something: they can fail, they can hold, and the scripts that they start are there."""

import posixpath
import shlex
import sys
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from selfcheck.check import Canary, Check, Evidence, File, Finding, Repository, Seen, Tree, Unread, Unreadable
from selfcheck.checks.rulebook.losses import why
from selfcheck.checks.rulebook.rules import PACK, account, added, found, fresh, in_force, listed
from selfcheck.guardrail import Guardrail
from selfcheck.subjects.shell import Command, Kind, Outcome, Script, nodes, outcome, parse, simple

COMMAND = "command"
SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh"))
ENDS = (".sh", ".bash", ".py", ".js", ".mjs", ".ts", ".rb", ".pl")
FINDING = frozenset(("grep", "egrep", "fgrep", "rg", "diff", "cmp", "test", "["))
"""Programs that say no by the exit status 1."""
EVERYWHERE = frozenset(("/", "/bin", "/bin/sh", "/dev", "/dev/null", "/etc", "/usr", "/usr/bin", "/usr/bin/env"))
"""What is there on every machine that runs commands."""
TESTING = frozenset(("-e", "-f", "-d", "-r", "-s", "-x"))
CANARIES = (
    ({"shell": "make canary || true"}, "a command whose failure `|| true` swallows"),
    ({"shell": "make canary; exit 0"}, "a command that ends with `exit 0`"),
    ({"run": ["true"]}, "the command `true`"),
    ({"shell": "grep canary bird | tee sight"}, "a pipeline that loses the status"),
)
CANNOT_FAIL, CANNOT_HOLD = "cannot fail", "cannot hold"


class _Asked(NamedTuple):
    """A command of a guardrail as a shell would read it, and the option that it stands in."""

    guardrail: Guardrail
    option: str
    script: Script
    expect: tuple[int, ...]


class RulebookCommands(Check):
    """No `command` is such that it cannot fail, or cannot hold, and the scripts that it starts are there.

    Read as a shell reads them, not run: what it ends with where each program may end well or not.
    """

    version = 1

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each command, or shell script that it starts, whose status tells nothing, and each missing script."""
        commands = [asked for guardrail in in_force(repo) if (asked := _asked(guardrail)) is not None]
        for asked in commands:
            yield from _of_status(asked, _always_there(repo))
            yield from _of_script(repo.tree, asked)
        yield account(repo)
        if commands:
            yield Evidence("commands", scope=len(commands), examined=len(commands))

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Commands that cannot fail, each for another reason, and one that starts a script that is not there."""
        for options, title in CANARIES:
            yield added(repo, f"add {title}", fresh(repo, use=COMMAND, **options), CANNOT_FAIL)
        gone = next(name for number in range(10**6) if (name := f"canary-{number}.sh") not in repo.tree.kinds)
        missing = fresh(repo, use=COMMAND, run=["sh", gone])
        yield added(repo, f"add a command that starts {gone}, which is not there", missing, gone)


def _asked(guardrail: Guardrail) -> _Asked | None:
    if guardrail.use != COMMAND:
        return None
    options = guardrail.options
    expect = tuple(options.get("expect", (0,)))
    if isinstance(shell := options.get("shell"), str):
        return _Asked(guardrail, "shell", parse(shell), expect)
    run = listed(options.get("run"))
    return None if run is None else _Asked(guardrail, "run", parse(shlex.join(run)), expect)


def _of_status(asked: _Asked, there: frozenset[str]) -> Iterator[Finding]:
    """At most one finding about what the command can come to."""
    script, expect = asked.script, asked.expect
    if script.faults:
        fault = script.faults[0]
        if fault.beyond:
            yield _found(asked, "syntax", f"could not be read: {fault.message}", "put it into a script of its own")
            return
        said = f"no shell can read it: line {fault.line}: {fault.message}"
        yield _found(asked, "syntax", said, "mend it; `sh -n` says the same")
        return
    end = outcome(script)
    if not end.can_fail and end.can_pass:
        if 0 in expect:
            yield _found(asked, CANNOT_FAIL, f"cannot fail: {_why(script, end)}", _instead(end))
        else:
            yield _found(asked, CANNOT_HOLD, f"always ends with 0, and {_listed(expect)} is expected", "mend `expect`")
    elif not end.can_pass and end.can_fail and set(expect) == {0}:
        yield _found(asked, CANNOT_HOLD, "cannot hold: it never ends with 0", "look at what it ends with")
    elif _accepts_a_no(script, expect):
        said = f"cannot fail: it says no by the exit status 1, and {_listed(expect)} is expected"
        yield _found(asked, CANNOT_FAIL, said, "let `expect` hold what means yes, and nothing else")
    elif (sure := _surely(script, there)) is not None and not outcome(sure[0]).can_fail and 0 in expect:
        said = f"cannot fail: `{sure[1]}` asks for what is always there"
        yield _found(asked, CANNOT_FAIL, said, "ask for what a change of this repository can take away")


def _accepts_a_no(script: Script, expect: Sequence[int]) -> bool:
    command = simple(script)
    name = command.texts[0] if command is not None and command.texts else ""
    return posixpath.basename(name) in FINDING and {0, 1} <= set(expect)


def _why(script: Script, end: Outcome) -> str:
    reason = end.lost[0]
    if reason.kind is Kind.NOTHING:
        return "nothing in it can fail"
    line = f" in line {reason.line}" if "\n" in script.text.strip() else ""
    return f"the status of `{' '.join(reason.lost.split())}` is lost{line}: {why(reason)}"


def _instead(end: Outcome) -> str:
    return end.lost[0].instead


def _listed(expect: Sequence[int]) -> str:
    return " or ".join(map(str, expect))


def _always_there(repo: Repository) -> frozenset[str]:
    """The files and folders of the rulebook: without them nothing is judged."""
    files = {each.place.file for each in repo.guardrails if not each.place.file.startswith(PACK)}
    folders = {folder for file in files for folder in _parents(file)}
    return EVERYWHERE | {*files, *folders, ".", ".."}


def _parents(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _surely(script: Script, there: frozenset[str]) -> tuple[Script, str] | None:
    """The script with every test for what is always there taken as passed, and the first such test; None without one."""
    tests = [each for each in nodes(script.body) if isinstance(each, Command) and _is_sure(each, there)]
    lines = script.text.split("\n")
    for each in tests:
        row, column = each.at.line - 1, each.at.column - 1
        if not lines[row][column:].startswith(each.source):
            return None
        lines[row] = f"{lines[row][:column]}{':':<{len(each.source)}}{lines[row][column + len(each.source) :]}"
    return (parse("\n".join(lines)), tests[0].source) if tests else None


def _is_sure(command: Command, there: frozenset[str]) -> bool:
    match command.texts:
        case ("test", flag, path) | ("[", flag, path, "]"):
            return flag in TESTING and posixpath.normpath(path) in there
        case _:
            return False


def _of_script(tree: Tree, asked: _Asked) -> Iterator[Finding | Unread]:
    """The script that a command starts: it is there, and where it is a shell's it can fail."""
    command = simple(asked.script)
    started = _started(command.texts) if command is not None and command.texts else None
    if started is None:
        return
    path, flags, program = started
    if tree.resolve(path) is None:
        yield _found(
            asked, path, f"starts {path}, which is not there", "mend the path: programs run in a copy of the tree"
        )
        return
    file = tree.file(path)
    if file is None or 0 not in asked.expect:
        return
    if (fault := _fault_of_python(file, program)) is not None:
        said = f"starts {path}, which Python {sys.version_info[0]}.{sys.version_info[1]} cannot read: {fault.msg}"
        finding = _found(asked, f"{path} syntax", said, "mend it: it ends before it looks at anything")
        yield structs.replace(finding, at=file.at(fault.lineno or 1))
    read = _read(file, flags, program)
    if isinstance(read, Unread):
        yield read
    if not isinstance(read, _Read):
        return
    end = outcome(read.script, errexit=read.errexit)
    if end.can_pass and not end.can_fail:
        said = f"{path} cannot fail: {_why(read.script, end)}"
        finding = _found(asked, f"{path} {CANNOT_FAIL}", said, _instead(end))
        yield structs.replace(finding, at=file.at(end.lost[0].line))


def _started(words: Sequence[str]) -> tuple[str, str, str] | None:
    """The script of this repository that a command starts, the options of its shell, and the program that reads it."""
    first, *rest = words
    program = posixpath.basename(first)
    if "/" in first and not first.startswith("/"):
        return posixpath.normpath(first), "", ""
    if program in SHELLS or program.rstrip("0123456789.") == "python":
        flags = ""
        for word in rest:
            if not word.startswith("-"):
                inside = not word.startswith(("/", "~", "../"))
                return (posixpath.normpath(word), flags, program) if inside and word.endswith(ENDS) else None
            if "c" in word or "m" in word or word.endswith("o"):
                return None
            flags += word
    return None


def _fault_of_python(file: File, program: str) -> SyntaxError | None:
    """Why a script for Python 3 does not compile, if it does not."""
    if not file.path.endswith(".py") or program == "python2" or program.startswith("python2."):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape is its author's affair
            compile(file.bytes, file.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except (Unreadable, ValueError, RecursionError, MemoryError):
        return None
    return None


class _Read(NamedTuple):
    """A shell script, and whether it begins with `set -e`."""

    script: Script
    errexit: bool


def _read(file: File, flags: str, program: str) -> _Read | Unread | None:
    """A script for a shell, by the program that starts it and its options or by its first line; None of another."""
    try:
        text = file.text
    except Unreadable as reason:
        return Unread(file.path, str(reason))
    if text is None:
        return Unread(file.path, "binary, and no script") if program in SHELLS else None
    if not program:
        first, _, _ = text.partition("\n")
        names = [posixpath.basename(each) for each in first.removeprefix("#!").split()] if text.startswith("#!") else []
        program = next((name for name in names if name in SHELLS), "")
        flags = "".join(name for name in names if name.startswith("-"))
    if program not in SHELLS:
        return None
    script = parse(text, bash=program == "bash")
    if script.faults:
        fault = script.faults[0]
        return Unread(file.path, f"line {fault.line}: {fault.message}")
    return _Read(script, "e" in flags)


def _found(asked: _Asked, about: str, said: str, hint: str) -> Finding:
    data = {"command": asked.script.text}
    return found(asked.guardrail, ("check", asked.option), about, said, hint, data)
