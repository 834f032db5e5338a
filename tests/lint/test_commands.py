"""`rulebook-commands`: no command is such that it cannot fail."""

import sys

import pytest

from selfcheck.check import Evidence, Finding, Location, Unread
from selfcheck.checks.rulebook.commands import RulebookCommands
from selfcheck.testing import assert_breaks, assert_keeps
from tests.lint.under import under

CHECK = RulebookCommands()


def shell(text: str) -> str:
    """The keys of a guardrail with a line for the shell."""
    return f"check:\n  use: command\n  shell: |\n    {text}"


def test_a_command_that_can_fail_keeps_the_promise() -> None:
    repo = under(shell("make lint"), "check: {use: files-exist, paths: [LICENSE]}")

    verdict = assert_keeps(CHECK, repo)

    assert verdict.evidence == (Evidence("guardrails", 2, 2), Evidence("commands", 1, 1))


def test_a_swallowed_status_is_told_at_its_option_with_what_to_do() -> None:
    (finding,) = assert_breaks(CHECK, under(shell("make lint || true")), "g1: cannot fail")

    assert finding == Finding(
        key="g1: cannot fail",
        message="g1: cannot fail: the status of `make lint` is lost: what follows `||` always succeeds",
        at=Location("guardrails.yaml", 10),
        hint="let it fail: take away what follows `||`, or end it with `exit 1`",
        data={"guardrail": "g1", "command": "make lint || true\n"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "make lint || false",
        "make lint || { echo bad; exit 1; }",
        "rm -f old || true; make lint",
        "set -o pipefail; make lint | tee log",
        "! make lint",
        "echo '|| true'; make lint",
        "make lint # || true",
        "make lint & wait $!",
        "if make lint; then exit 0; fi; exit 1",
        "test -f LICENSE",
    ],
)
def test_a_command_that_is_nearly_swallowed_can_fail(text: str) -> None:
    assert_keeps(CHECK, under(shell(text)))


@pytest.mark.parametrize(
    "text", ["make lint; true", "make lint; :", "trap 'exit 0' EXIT; make lint", "make lint | cat", "exit 0; make lint"]
)
def test_each_way_to_lose_a_status_is_found(text: str) -> None:
    assert_breaks(CHECK, under(shell(text)), "g1: cannot fail")


@pytest.mark.parametrize("path", ["guardrails.yaml", "./guardrails.yaml", "/dev/null", "."])
def test_a_test_for_what_is_always_there_cannot_fail(path: str) -> None:
    assert_breaks(CHECK, under(shell(f"test -e {path}")), "g1: cannot fail")


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        ("make lint || exit 1\n", ()),
        ("make lint\nexit 0\n", ("g1: tools/a.sh cannot fail",)),
        ("", ("g1: tools/a.sh cannot fail",)),
    ],
)
def test_the_shell_script_that_a_command_starts_is_read(content: str, keys: tuple[str, ...]) -> None:
    repo = under("check: {use: command, run: [bash, tools/a.sh]}", files={"tools/a.sh": content})

    if keys:
        assert_breaks(CHECK, repo, *keys)
    else:
        assert_keeps(CHECK, repo)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("make lint\nif true; then\n", "line 2: `elif` or `else` or `fi` was expected, not the end"),
        ("if true; then make lint; done\n", "line 1: `elif` or `else` or `fi` was expected, not `done`"),
        ("make\0 lint\n", "binary, and no script"),
    ],
)
def test_a_shell_script_that_cannot_be_read_is_said_and_no_pass(content: str, reason: str) -> None:
    repo = under("check: {use: command, run: [bash, tools/a.sh]}", files={"tools/a.sh": content})

    seen = list(CHECK.run(repo))

    assert [each for each in seen if isinstance(each, Unread)] == [Unread("tools/a.sh", reason)]


def test_a_script_that_is_not_there_is_found_and_one_outside_the_repository_is_nobodys_to_judge() -> None:
    repo = under("check: {use: command, run: [tools/gone]}", "check: {use: command, run: [sh, /opt/audit.sh]}")

    assert_breaks(CHECK, repo, "g1: tools/gone")


def test_a_python_script_that_does_not_compile_is_found_where_it_breaks_off() -> None:
    repo = under("check: {use: command, run: [python3, -B, tools/a.py]}", files={"tools/a.py": "x = 1\nif x\n"})

    (finding,) = assert_breaks(CHECK, repo, "g1: tools/a.py syntax")

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert finding.message == f"g1: starts tools/a.py, which Python {version} cannot read: expected ':'"
    assert finding.at == Location("tools/a.py", 2)


@pytest.mark.parametrize(
    ("run", "content"),
    [
        ("[python3, tools/a.py]", "x = '\\d'\n"),
        ("[python3, tools/a.py]", "\ufeffx = 1\n"),
        ("[python2, tools/a.py]", "print 'no'\n"),
        ("[ruby, tools/a.py]", "puts 'no'\n"),
    ],
)
def test_what_is_odd_but_compiles_or_is_for_another_program_is_not_found(run: str, content: str) -> None:
    assert_keeps(CHECK, under(f"check: {{use: command, run: {run}}}", files={"tools/a.py": content}))


def test_a_command_that_is_switched_off_is_not_judged() -> None:
    off = shell("true") + "\nenabled: {value: false, reason: moved}"

    assert_keeps(CHECK, under(off, shell("make lint")))


@pytest.mark.parametrize("text", ["(" * 3000, "$(" * 3000, "'", "${x:-" * 2000, "\x01", "<<E", "case x in"])
def test_no_text_brings_it_down(text: str) -> None:
    repo = under("check: {use: command, run: [bash, tools/a.sh]}", files={"tools/a.sh": text})

    found = list(CHECK.run(repo))

    assert Evidence("commands", 1, 1) in found
