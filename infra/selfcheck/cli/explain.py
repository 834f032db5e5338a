"""`selfcheck explain ID`: all that there is to know about one guardrail, or about one check."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec import structs

from selfcheck.check import Case, Check, Unloadable
from selfcheck.cli import opening, plugins
from selfcheck.errors import RulebookError, UsageError
from selfcheck.formats.text import one_line
from selfcheck.guardrail import Guardrail
from selfcheck.registry import Registry
from selfcheck.rulebook import Rulebook
from selfcheck.suggest import unknown


@click.command()
@click.argument("name", metavar="ID")
@opening.GUARDRAILS
@opening.NO_PLUGINS
def explain(name: str, path: Path | None, no_plugins: bool) -> None:
    """Explain a guardrail of this repository, or an installed check."""
    registry = plugins.registry(plugins=not no_plugins)
    cases = {case.guardrail.id: case for case in _cases(path, registry)}
    if name in cases:
        lines = _guardrail(cases[name])
    else:
        check = registry.check(name)
        if check is None:
            raise UsageError(unknown("guardrail or check", name, [*cases, *registry.checks()]))
        lines = iter([check.reason]) if isinstance(check, Unloadable) else _check(name, check)
    for line in lines:
        click.echo(one_line(line))


def _cases(path: Path | None, registry: Registry) -> tuple[Case, ...]:
    """Those of the rulebook here; a check can be explained where there is none."""
    try:
        rulebook: Rulebook = opening.open_rulebook(path, registry)[1]
    except RulebookError:
        raise
    except UsageError:
        if path is not None:
            raise
        return ()
    return rulebook.cases


def _guardrail(case: Case) -> Iterator[str]:
    guardrail = case.guardrail
    yield f"{guardrail.id} ({guardrail.severity}): {guardrail.title}"
    yield f"  why      {guardrail.why}"
    yield f"  place    {guardrail.place}"
    yield from _optional(guardrail)
    if isinstance(case.check, Unloadable):
        yield f"  check    {guardrail.use}: {case.check.reason}"
        return
    yield f"  check    {guardrail.use}: {_first_line(type(case.check))}"
    for field in structs.fields(case.check):
        yield f"             {field.encode_name}: {_value(getattr(case.check, field.name))}"


def _optional(guardrail: Guardrail) -> Iterator[str]:
    for label, values in (("refs", guardrail.refs), ("tags", guardrail.tags), ("owner", (guardrail.owner or "",))):
        if any(values):
            yield f"  {label:<8} {', '.join(values)}"
    if guardrail.switched_off:
        yield f"  off      {guardrail.switched_off}"
    if guardrail.pending:
        yield f"  pending  until {guardrail.pending.until}: {guardrail.pending.reason}"
    for waiver in guardrail.waivers:
        yield f"  waiver   {waiver.match} until {waiver.until} ({waiver.owner}): {waiver.reason}"


def _check(name: str, check: type[Check]) -> Iterator[str]:
    yield from f"{name}: {inspect.getdoc(check) or ''}".splitlines()
    yield ""
    yield "options:"
    for field in structs.fields(check):
        required = field.required
        yield f"  {field.encode_name}" + (" (required)" if required else f" = {_value(field.default)}")


def _first_line(check: type[Check]) -> str:
    return (inspect.getdoc(check) or "").splitlines()[0]


def _value(value: Any) -> str:
    """An option as it would be written in YAML's flow style."""
    if value is None or value is msgspec.UNSET:
        return "not given"
    return msgspec.json.encode(value, enc_hook=str).decode("utf-8")
