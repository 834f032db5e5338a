"""Whatever a user can name, the documents name."""

import signal
from collections.abc import Iterator

import click

from selfcheck.cli.plugins import SECONDS
from selfcheck.errors import CannotOpen, SelfcheckError, Stopped
from selfcheck.registry import LOADING, Registry
from selfcheck.testing import guardrail
from tests.docs.page import ROOT, pages, rows, section

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = "\n".join(page.read_text(encoding="utf-8") for page in pages())
REGISTRY = Registry(plugins=False)


def test_the_readme_names_every_command_and_no_other() -> None:
    named = {row[0].split()[1].strip("`") for row in rows(section(README, "## Commands"))}

    assert named == set(REGISTRY.commands())


def test_the_readme_names_every_check_and_every_format_and_no_other() -> None:
    checks = {row[0].partition("]")[0].strip("[") for row in rows(section(README, "## Ten lines"))}
    formats = {row[0].strip("`") for row in rows(section(README, "## Reports"))}

    assert (checks, formats) == (set(REGISTRY.checks()), set(REGISTRY.formats()))


def test_the_readme_names_every_exit_code_and_no_other() -> None:
    named = {int(row[0]) for row in rows(section(README, "## Exit codes"))}

    assert named == {0, 1} | {error.exit_code for error in (SelfcheckError, CannotOpen)} | {
        Stopped(number).exit_code for number in (signal.SIGINT, signal.SIGTERM)
    }


def test_the_readme_says_how_long_a_plugin_may_take_and_what_changes_that() -> None:
    assert f"{LOADING:g} seconds\n(`{SECONDS}`" in README


def test_every_option_of_every_command_is_named() -> None:
    unnamed = {
        f"{name} {option}" for name, option in _options() if f"`{option}" not in DOCS and f" {option}" not in DOCS
    }

    assert unnamed == set()


def test_every_entry_point_group_and_pack_is_named() -> None:
    groups = {f"`selfcheck.{group}`" for group in ("formats", "commands", "observers", "packs")}
    packs = {f"`pack:{pack}`" for pack in REGISTRY.packs()}

    assert {name for name in groups | packs if name not in DOCS} == set()


def test_every_severity_is_named_in_the_order_of_its_rank() -> None:
    ranks = ", ".join(f"`{each}`" for each in type(guardrail().severity))

    assert ranks in DOCS


def _options() -> Iterator[tuple[str, str]]:
    for name in REGISTRY.commands():
        command = REGISTRY.command(name)
        assert isinstance(command, click.Command)
        for param in command.params:
            if isinstance(param, click.Option):
                yield from ((name, option) for option in param.opts if option.startswith("--"))
    for observer in REGISTRY.observers():
        yield from (("run", each) for option in getattr(observer, "options", ()) for each in option.opts)
