"""Starting costs only what is asked for; the group knows its commands; every end is one line and an exit code."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from selfcheck.cli.sentences import first_sentence
from selfcheck.registry import Registry
from tests.cli.calling import called
from tests.cli.plugin import install
from tests.cli.process import COMMAND, KEPT, environment, rulebook, selfcheck
from tests.trees.working_copy import working_copy

HEAVY = {"git", "jinja2", "jsonschema", "networkx", "rich", "packaging", "rstr", "sqlalchemy", "tree_sitter"}
"""What no `--help` imports, and no run that does not need it."""
IMPORTED = """\
import sys
from selfcheck.cli import guarded
code = guarded(sys.argv[1:])
print(code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""

COMMANDS = [
    "adr",
    "audit",
    "baseline",
    "cache",
    "drift",
    "events",
    "explain",
    "graph",
    "history",
    "import",
    "init",
    "lint",
    "list",
    "map",
    "migrations",
    "prove",
    "run",
    "schema",
    "slo",
    "state",
    "suggest",
    "sync",
    "test",
    "validate",
    "watch",
]


def imported(*arguments: str, cwd: Path) -> tuple[int, set[str]]:
    """The exit code, and the heavy packages that the command has imported."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    code, *packages = done.stderr.splitlines()[-1].split()
    return int(code), set(packages) & HEAVY


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository that keeps its only promise."""
    files = {"README.md": b"", "guardrails.yaml": rulebook(KEPT).encode()}
    return working_copy(tmp_path / "repo", files)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_help_imports_no_heavy_library(arguments: list[str], tmp_path: Path) -> None:
    assert imported(*arguments, cwd=tmp_path) == (0, set())


@pytest.mark.parametrize(
    "arguments", [["run"], ["list"], ["validate"], ["explain", "readme"], ["prove"], ["lint"], ["schema", "report"]]
)
def test_a_sound_rulebook_of_simple_checks_needs_no_heavy_library(arguments: list[str], repo: Path) -> None:
    assert imported(*arguments, cwd=repo) == (0, set())


def test_the_help_names_every_command_with_its_first_sentence(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "110")

    done = called(capsys, "--help")

    named = re.findall(r"(?m)^  (\w+) {2,}(\S.*(?:\n {8,}\S.*)*)$", done.stdout.partition("Commands:")[2])
    assert [name for name, _ in named] == COMMANDS
    assert all(sentence.endswith(".") for _, sentence in named)


def test_the_first_sentence_of_a_command_is_read_as_it_is_imported() -> None:
    registry = Registry(plugins=False)

    commands = {name: registry.command(name) for name in registry.commands()}

    assert {name: first_sentence(registry.command_place(name) or "") for name in commands} == {
        name: command.get_short_help_str(100)
        for name, command in commands.items()
        if isinstance(command, click.Command)
    }


@pytest.mark.parametrize(
    "place",
    ["no_such_package:x", "re:no_such_function", "tabnanny:check", "selfcheck.no_such_module:x", "selfcheck.model:x"],
)
def test_of_what_is_not_written_as_a_command_no_sentence_is_read(place: str) -> None:
    assert first_sentence(place) is None


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from selfcheck import __version__

    assert called(capsys, "--version").stdout == f"selfcheck {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_of_at_most_a_hundred_columns(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, command, "--help")

    assert done.code == 0
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], 'Error: unknown command "rnu"; did you mean "run"?'),
        (["--jobs", "1"], "Error: No such option '--jobs'."),
    ],
)
def test_what_is_no_command_is_a_usage_error(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, *arguments)

    assert (done.code, done.stdout, done.stderr.splitlines()[-1]) == (2, "", said)


def test_a_crash_of_a_command_is_one_line_and_no_verdict(repo: Path, tmp_path: Path) -> None:
    source = """\
        import click
        @click.command()
        def command():
            raise ValueError("no such thing\\nwith more")
    """
    environ = install(tmp_path / "site", "odd-dist", {"odd": source}, {"commands": {"odd": "odd:command"}})

    done = selfcheck("odd", cwd=repo, environ=environ)

    said = "selfcheck: selfcheck itself crashed: ValueError: no such thing (in odd, line 4); nothing was judged\n"
    assert (done.returncode, done.stderr) == (3, said)


def test_a_name_that_acts_on_a_terminal_is_escaped_in_an_error(repo: Path) -> None:
    (repo / "guardrails.yaml").rename(repo / "\x1b[31m.yaml")

    done = selfcheck("validate", "--guardrails", "\x1b[31m.yam", cwd=repo)

    said = "selfcheck: \\x1b[31m.yam: there is no such file or folder\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_a_shell_can_complete_commands(repo: Path) -> None:
    done = subprocess.run(
        [COMMAND],
        cwd=repo,
        env=environment({"_SELFCHECK_COMPLETE": "bash_complete", "COMP_WORDS": "selfcheck va", "COMP_CWORD": "1"}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.stdout == "plain,validate\n"
