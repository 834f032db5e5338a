"""Plugins of other distributions: what is broken is named, and everything else still runs."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.plugin import install, install_check
from tests.cli.process import BROKEN, KEPT, alive, number_in, rulebook, selfcheck, started, wait_until
from tests.trees.working_copy import working_copy

USES_ODD = """\
  - {id: odd-one, title: An odd one, why: It is odd., severity: high, check: {use: odd}}
"""
SOUND = """\
from selfcheck.check import *

class Odd(Check):
    "An odd check."

    def run(self, repo):
        yield Evidence("odd things", 1, 1)
        yield from self.found()

    def found(self):
        return ()
"""
QUICK = {"SELFCHECK_PLUGIN_SECONDS": "3"}


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository whose readme is kept and whose other guardrail uses the check `odd`."""
    files = {"README.md": b"# Read\n", "guardrails.yaml": rulebook(KEPT, USES_ODD).encode()}
    return working_copy(tmp_path / "repo", files)


@pytest.fixture
def unused(repo: Path) -> Path:
    """The same one, in which nothing uses the check `odd`."""
    (repo / "guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    return repo


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder to install into."""
    return tmp_path / "site"


def outcomes(stdout: str) -> dict[str, tuple[str, str | None]]:
    """The outcome and the reason of each guardrail of a json report."""
    report = json.loads(stdout)
    return {verdict["id"]: (verdict["outcome"], verdict["reason"]) for verdict in report["verdicts"]}


BROKEN_IN = {
    "whose import fails": ("import gone_for_good", "ModuleNotFoundError: No module named 'gone_for_good'"),
    "that is no Python": ("def broken(:", "SyntaxError: .*"),
    "without the class": ("Even = 1", "AttributeError: module 'odd' has no attribute 'Odd'"),
    "of a wrong base": ("class Odd: pass", "it is no subclass of Check"),
    "that is no class": ("Odd = [1]", "it is no subclass of Check"),
    "that exits at import": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "that interrupts at import": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "that leaves at import": ("import os; os._exit(0)", r"importing it ends the process \(exit code 0\)"),
    "that kills itself at import": (
        "import os; os.kill(os.getpid(), 9)",
        r"importing it ends the process \(SIGKILL\)",
    ),
    "that stays at import": ("while True: pass", "importing it takes more than 3 s"),
    "that swallows all at import": (
        """\
        import time
        while True:
            try:
                time.sleep(1)
            except BaseException:
                pass
        """,
        "importing it takes more than 3 s",
    ),
    "with needs of a wrong type": (SOUND + "    needs = ['program']\n", "its `needs` is no frozenset of Need"),
    "with a subject of a wrong type": (SOUND + "    subject = ['a']\n", "its `subject` is no text"),
    "with options of an unknown type": (
        SOUND + "    option: 'Unknown' = 1\n",
        "its options have no schema: NameError: name 'Unknown' is not defined",
    ),
    "with options that no schema describes": (
        SOUND + "    option: type(...) = ...\n",
        "its options have no schema: .*",
    ),
}


@pytest.mark.parametrize("name", BROKEN_IN)
def test_a_broken_check_is_its_guardrails_error_and_the_others_are_judged(name: str, repo: Path, site: Path) -> None:
    source, reason = BROKEN_IN[name]
    environ = install_check(site, source)

    done = selfcheck("run", "--format", "json", cwd=repo, environ={**QUICK, **environ})

    found = outcomes(done.stdout)
    assert (done.returncode, found["readme"]) == (3, ("pass", None))
    assert found["odd-one"][0] == "error"
    said = rf'check "odd" \(odd:Odd, of odd-dist\) is broken: {reason}'
    assert re.fullmatch(said, found["odd-one"][1] or ""), found["odd-one"]


@pytest.mark.parametrize("name", ["whose import fails", "that leaves at import", "that stays at import"])
def test_a_broken_check_that_nothing_uses_changes_nothing(name: str, unused: Path, site: Path) -> None:
    environ = install_check(site, BROKEN_IN[name][0])

    done = selfcheck("run", cwd=unused, environ={**QUICK, **environ})

    assert (done.returncode, done.stderr) == (0, "")


def test_a_sound_check_is_judged_like_our_own(repo: Path, site: Path) -> None:
    environ = install_check(site, SOUND)

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    assert (done.returncode, outcomes(done.stdout)["odd-one"]) == (0, ("pass", None))


def test_a_check_of_a_wrong_base_is_named_by_validate_explain_and_list(repo: Path, site: Path) -> None:
    environ = install_check(site, "class Odd: pass")
    broken = 'check "odd" (odd:Odd, of odd-dist) is broken: it is no subclass of Check'

    validated = selfcheck("validate", cwd=repo, environ=environ)
    explained = selfcheck("explain", "odd-one", cwd=repo, environ=environ)
    listed = selfcheck("list", "--checks", cwd=repo, environ=environ)

    assert (validated.returncode, validated.stderr) == (3, f"selfcheck: guardrails.yaml:5: {broken}\n")
    assert (explained.returncode, explained.stdout.splitlines()[-1]) == (0, f"  check    odd: {broken}")
    assert (listed.returncode, f"{'odd':<21}  {broken}" in listed.stdout.splitlines()) == (0, True)


def test_a_schema_is_composed_of_the_checks_that_load(repo: Path, site: Path) -> None:
    environ = install_check(site, SOUND + "    option: type(...) = ...\n")

    done = selfcheck("schema", cwd=repo, environ=environ)

    assert '"max-lines"' in done.stdout
    assert '"odd"' not in done.stdout


def test_an_import_that_never_ends_is_waited_for_once(repo: Path, site: Path) -> None:
    points = {"checks": {f"odd-{number}": f"odd:Odd{number}" for number in range(20)}}
    environ = install(site, "odd-dist", {"odd": "while True: pass"}, points)
    uses = [USES_ODD.replace("odd", f"odd-{number}") for number in range(20)]
    (repo / "guardrails.yaml").write_text(rulebook(KEPT, *uses), encoding="utf-8")
    began = time.monotonic()

    done = selfcheck("run", "--format", "json", cwd=repo, environ={**environ, **QUICK})

    assert [outcome for outcome, _ in outcomes(done.stdout).values()] == ["pass", *["error"] * 20]
    assert time.monotonic() - began < 40.0  # twenty times three is more


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "inf", "nan"])
def test_the_seconds_of_an_import_are_a_number(seconds: str, repo: Path) -> None:
    done = selfcheck("run", cwd=repo, environ={"SELFCHECK_PLUGIN_SECONDS": seconds})

    said = f"selfcheck: SELFCHECK_PLUGIN_SECONDS={seconds}: is no number of seconds above 0\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_a_signal_ends_an_import_that_never_ends(repo: Path, site: Path, tmp_path: Path) -> None:
    source = f"""\
        import os
        with open({str(tmp_path / "process")!r}, "w") as file:
            print(os.getpid(), file=file)
        while True:
            pass
    """
    with started("run", cwd=repo, environ=install_check(site, source)) as running:
        importing = number_in(tmp_path / "process")
        began = time.monotonic()

        running.terminate()
        said = running.communicate()[1]

    assert (running.returncode, said) == (143, "selfcheck: interrupted\n")
    assert time.monotonic() - began < 2.0
    wait_until(lambda: not alive(importing))


def test_what_a_plugin_prints_at_import_is_not_in_the_report(repo: Path, site: Path) -> None:
    environ = install_check(site, "print('loaded')\n" + SOUND)

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    assert (done.returncode, outcomes(done.stdout)["odd-one"]) == (0, ("pass", None))
    assert done.stderr == "loaded\n"


def test_a_check_that_two_distributions_give_is_an_error_that_names_both(repo: Path, site: Path) -> None:
    install_check(site, SOUND)
    environ = install_check(site, SOUND, value="even:Odd", distribution="even-dist")

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    said = 'check "odd" is given twice, by even-dist and odd-dist; uninstall one'
    assert done.returncode == 3
    assert outcomes(done.stdout) == {"readme": ("pass", None), "odd-one": ("error", said)}
    assert done.stderr == f"selfcheck: warning: {said}\n"


def test_a_check_that_two_distributions_give_and_nothing_uses_is_a_warning(unused: Path, site: Path) -> None:
    install_check(site, SOUND)
    environ = install_check(site, SOUND, value="even:Odd", distribution="even-dist")

    done = selfcheck("run", cwd=unused, environ=environ)

    said = 'selfcheck: warning: check "odd" is given twice, by even-dist and odd-dist; uninstall one\n'
    assert (done.returncode, done.stderr) == (0, said)


def test_no_distribution_takes_the_place_of_our_own_check_in_silence(unused: Path, site: Path) -> None:
    environ = install(site, "odd-dist", {"odd": SOUND}, {"checks": {"files-exist": "odd:Odd"}})

    done = selfcheck("run", "--format", "json", cwd=unused, environ=environ)
    without = selfcheck("run", "--no-plugins", "--format", "json", cwd=unused, environ=environ)

    said = 'check "files-exist" is given twice, by odd-dist and selfcheck; uninstall one'
    assert (done.returncode, outcomes(done.stdout)["readme"]) == (3, ("error", said))
    assert (without.returncode, outcomes(without.stdout)["readme"], without.stderr) == (0, ("pass", None), "")


def test_a_distribution_that_gives_our_own_check_again_takes_it_from_nobody(unused: Path, site: Path) -> None:
    environ = install(site, "odd-dist", {}, {"checks": {"files-exist": "selfcheck.checks.files:FilesExist"}})

    done = selfcheck("run", "--no-plugins", cwd=unused, environ=environ)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_distribution_without_a_name_can_be_named(repo: Path, site: Path) -> None:
    environ = install_check(site, "import gone_for_good")
    (site / "odd_dist-1.0.dist-info" / "METADATA").unlink()

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    assert done.returncode == 3
    assert "odd:Odd, of a distribution without a name" in (outcomes(done.stdout)["odd-one"][1] or "")


def test_without_plugins_a_check_of_theirs_is_unknown(repo: Path, site: Path) -> None:
    environ = install_check(site, SOUND)

    done = selfcheck("run", "--no-plugins", cwd=repo, environ=environ)

    assert done.returncode == 2
    assert re.match(r'selfcheck: guardrails.yaml:5:\d+: unknown check "odd"; known: adr-age, ', done.stderr)


def test_a_check_that_never_ends_is_an_error_and_the_others_are_judged(repo: Path, site: Path) -> None:
    environ = install_check(site, SOUND.replace("return ()", "\n            while True: pass"))
    short = USES_ODD.replace("check:", "timeout: 0.5, check:")
    (repo / "guardrails.yaml").write_text(rulebook(short, KEPT), encoding="utf-8")

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    found = outcomes(done.stdout)
    assert (done.returncode, found["readme"]) == (3, ("pass", None))
    assert re.fullmatch(r"timed out after 0.5 s \(in odd, line \d+\)", found["odd-one"][1] or "")


def test_what_a_check_prints_is_not_in_the_report(repo: Path, site: Path) -> None:
    environ = install_check(
        site, SOUND.replace("return ()", "import os; print('said'); os.write(1, b'raw'); return ()")
    )

    done = selfcheck("run", "--format", "json", cwd=repo, environ=environ)

    assert (done.returncode, outcomes(done.stdout)["odd-one"]) == (0, ("pass", None))
    assert sorted(done.stderr) == sorted("rawsaid\n")


# Observers.


def install_observer(site: Path, body: str, head: str = "") -> Mapping[str, str]:
    """A distribution with an observer `Hears` whose class has this body."""
    lines = [
        "import click, sys",
        "from selfcheck.observers import Observer",
        head,
        "class Hears(Observer):",
        *(f"    {line}" for line in body.splitlines()),
    ]
    return install(site, "odd-dist", {"odd": "\n".join(lines)}, {"observers": {"hears": "odd:Hears"}})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("def __init__(self): 1 / 0", "ZeroDivisionError: division by zero (in odd, line 5); it hears nothing"),
        ("def begin(self, run): 1 / 0", "ZeroDivisionError: division by zero (in odd, line 5); it hears no more"),
        ("def verdict(self, verdict): sys.exit(0)", "SystemExit: 0 (in odd, line 5); it hears no more"),
        ("def end(self, report): raise KeyboardInterrupt", "KeyboardInterrupt (in odd, line 5); it hears no more"),
    ],
)
def test_an_observer_that_raises_is_named_and_changes_no_verdict(
    body: str, said: str, unused: Path, site: Path
) -> None:
    (unused / "guardrails.yaml").write_text(rulebook(KEPT, BROKEN), encoding="utf-8")
    environ = install_observer(site, body)

    done = selfcheck("run", "--format", "json", cwd=unused, environ=environ)

    assert [outcome for outcome, _ in outcomes(done.stdout).values()] == ["pass", "fail"]
    assert (done.returncode, done.stderr) == (1, f"selfcheck: warning: observer Hears crashed: {said}\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import gone_for_good", "ModuleNotFoundError: No module named 'gone_for_good'"),
        ("class Hears: pass", "it is no Observer whose `options` are click options"),
        (
            "from selfcheck.observers import Observer\nclass Hears(Observer): options = ['--loud']",
            "it is no Observer whose `options` are click options",
        ),
        ("import os; os._exit(0)", "importing it ends the process (exit code 0)"),
        ("while True: pass", "importing it takes more than 3 s"),
    ],
)
def test_an_observer_that_does_not_load_is_a_warning(source: str, reason: str, unused: Path, site: Path) -> None:
    environ = install(site, "odd-dist", {"odd": source}, {"observers": {"hears": "odd:Hears"}})

    done = selfcheck("run", cwd=unused, environ={**QUICK, **environ})
    without = selfcheck("run", "--no-plugins", cwd=unused, environ=environ)

    said = f'selfcheck: warning: observer "hears" (odd:Hears, of odd-dist) is broken: {reason}\n'
    assert (done.returncode, done.stderr) == (0, said)
    assert (without.returncode, without.stderr) == (0, "")


LOUD = """\
options = (click.Option(["--loud"], help="Say it loud."),)
def __init__(self, *, loud):
    self.loud = loud
def end(self, report):
    sys.stderr.write(f"{self.loud} {report.exit_code}\\n")
"""


def test_an_observer_may_own_an_option_of_run(unused: Path, site: Path) -> None:
    environ = install_observer(site, LOUD)

    helped = selfcheck("run", "--help", cwd=unused, environ=environ)
    done = selfcheck("run", "--loud", "very", cwd=unused, environ=environ)
    without = selfcheck("run", "--no-plugins", "--loud", "very", cwd=unused, environ=environ)

    assert re.search(r"--loud TEXT +Say it loud\.", helped.stdout)
    assert (done.returncode, done.stderr) == (0, "very 0\n")
    assert (without.returncode, without.stderr.splitlines()[-1]) == (2, "Error: No such option '--loud'.")


def test_an_observer_whose_option_is_taken_is_left_out(unused: Path, site: Path) -> None:
    environ = install_observer(site, LOUD.replace("--loud", "--jobs"))

    done = selfcheck("run", "--jobs", "1", cwd=unused, environ=environ)

    said = "selfcheck: warning: observer Hears is left out: its option --jobs is taken\n"
    assert (done.returncode, done.stderr) == (0, said)


# Formats.


def install_format(site: Path, source: str) -> Mapping[str, str]:
    """A distribution with a format `odd`, the function `odd:render`."""
    return install(site, "odd-dist", {"odd": source}, {"formats": {"odd": "odd:render"}})


def test_a_format_plugin_renders_the_report(unused: Path, site: Path) -> None:
    environ = install_format(site, "def render(report): return f'{report.outcome} \\N{SNOWMAN}\\n'")

    done = selfcheck("run", "--format", "odd", cwd=unused, environ=environ)

    assert (done.returncode, done.stdout) == (0, "pass \N{SNOWMAN}\n")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def render(report): 1 / 0", "crashed: ZeroDivisionError: division by zero (in odd, line 1)"),
        ("import sys\ndef render(report): sys.exit(0)", "crashed: SystemExit: 0 (in odd, line 2)"),
        (
            "def render(report): return b'text'",
            "crashed: TypeError: a format gives text, not bytes (in selfcheck.cli.reports, line LINE)",
        ),
    ],
)
def test_a_format_that_fails_is_named_and_the_others_are_written(
    source: str, said: str, unused: Path, site: Path
) -> None:
    environ = install_format(site, source)

    done = selfcheck("run", "--format", "odd=odd.txt", "--format", "json=report.json", cwd=unused, environ=environ)

    assert (done.returncode, re.sub(r"reports, line \d+", "reports, line LINE", done.stderr)) == (
        3,
        f'selfcheck: format "odd" {said}\n',
    )
    assert done.stdout.startswith("1 passed in ")
    assert outcomes((unused / "report.json").read_text(encoding="utf-8")) == {"readme": ("pass", None)}
    assert sorted(path.name for path in unused.iterdir()) == [".git", "README.md", "guardrails.yaml", "report.json"]


def test_a_format_that_does_not_load_is_a_usage_error_where_it_is_asked_for(unused: Path, site: Path) -> None:
    environ = install_format(site, "render = 1")

    asked = selfcheck("run", "--format", "odd", cwd=unused, environ=environ)
    not_asked = selfcheck("run", cwd=unused, environ=environ)

    said = 'selfcheck: format "odd" (odd:render, of odd-dist) is broken: it is no function\n'
    assert (asked.returncode, asked.stdout, asked.stderr) == (2, "", said)
    assert (not_asked.returncode, not_asked.stderr) == (0, "")


# Commands.


def install_command(site: Path, source: str, name: str = "odd") -> Mapping[str, str]:
    """A distribution with a command, the object `odd:command`."""
    return install(site, "odd-dist", {"odd": source}, {"commands": {name: "odd:command"}})


COMMAND = """\
import click
@click.command()
def command():
    "Do something odd."
    click.echo("done")
    return 7
"""


def test_a_command_plugin_is_named_in_the_help_and_runs(unused: Path, site: Path) -> None:
    environ = install_command(site, COMMAND)

    helped = selfcheck("--help", cwd=unused, environ=environ)
    done = selfcheck("odd", cwd=unused, environ=environ)

    assert re.search(r"(?m)^  odd +from odd-dist$", helped.stdout)
    assert (done.returncode, done.stdout) == (7, "done\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("command = print", "it is no click command"),
        ("import gone_for_good", "ModuleNotFoundError: No module named 'gone_for_good'"),
        ("import os; os._exit(0)", "importing it ends the process (exit code 0)"),
    ],
)
def test_a_broken_command_is_named_when_it_is_called_and_not_before(
    source: str, reason: str, unused: Path, site: Path
) -> None:
    environ = install_command(site, source)

    helped = selfcheck("--help", cwd=unused, environ=environ)
    called = selfcheck("odd", cwd=unused, environ=environ)

    said = f'selfcheck: command "odd" (odd:command, of odd-dist) is broken: {reason}\n'
    assert (helped.returncode, helped.stderr) == (0, "")
    assert (called.returncode, called.stderr) == (2, said)


def test_no_distribution_takes_the_place_of_our_own_command_in_silence(unused: Path, site: Path) -> None:
    environ = install_command(site, COMMAND, name="run")

    helped = selfcheck("--help", cwd=unused, environ=environ)
    done = selfcheck("run", cwd=unused, environ=environ)
    without = selfcheck("run", "--no-plugins", cwd=unused, environ=environ)

    said = 'command "run" is given twice, by odd-dist and selfcheck; uninstall one'
    assert (helped.returncode, said[:30] in helped.stdout) == (0, True)
    assert (done.returncode, done.stderr) == (2, f"selfcheck: {said}\n")
    assert (without.returncode, without.stdout[:9]) == (0, "1 passed ")


# Packs.


def install_pack(site: Path, source: str) -> Mapping[str, str]:
    """A distribution with a pack `odd`, the function `odd:pack`."""
    return install(site, "odd-dist", {"odd": source}, {"packs": {"odd": "odd:pack"}})


def test_a_pack_plugin_can_be_extended(unused: Path, site: Path) -> None:
    (unused / "guardrails.yaml").write_text("version: 1\nextends: [pack:odd]\n", encoding="utf-8")
    environ = install_pack(site, f"def pack(): return {rulebook(KEPT)!r}")

    done = selfcheck("run", "--format", "json", cwd=unused, environ=environ)

    assert (done.returncode, outcomes(done.stdout)) == (0, {"readme": ("pass", None)})


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def pack(): 1 / 0", "ZeroDivisionError: division by zero"),
        ("pack = 1", "TypeError: 'int' object is not callable"),
        ("import os; os._exit(0)", "importing it ends the process (exit code 0)"),
    ],
)
def test_a_broken_pack_is_a_fault_where_it_is_extended(source: str, reason: str, unused: Path, site: Path) -> None:
    (unused / "guardrails.yaml").write_text("version: 1\nextends: [pack:odd]\n", encoding="utf-8")
    environ = install_pack(site, source)

    done = selfcheck("run", cwd=unused, environ=environ)

    said = f'selfcheck: guardrails.yaml:2:11: pack "odd" (odd:pack, of odd-dist) is broken: {reason}\n'
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize("source", ["def pack(): 1 / 0", "def pack(): return 'nonsense'", "def pack(): return '\\t'"])
def test_a_schema_is_composed_although_a_pack_is_broken(source: str, unused: Path, site: Path) -> None:
    environ = install_pack(site, source)

    done = selfcheck("schema", cwd=unused, environ=environ)

    schema: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, schema["title"]) == (0, "selfcheck rulebook")


def test_a_memory_that_two_distributions_give_is_a_warning(unused: Path, site: Path) -> None:
    environ = install(site, "odd-dist", {"odd": "def history(environ): ...\n"}, {"histories": {"store": "odd:history"}})

    done = selfcheck("run", cwd=unused, environ=environ)

    said = 'selfcheck: warning: history "store" is given twice, by odd-dist and selfcheck; uninstall one\n'
    assert (done.returncode, done.stderr) == (0, said)
