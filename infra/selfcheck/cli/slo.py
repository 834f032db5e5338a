"""`selfcheck slo`: objectives measured against a running service, added up over recorded probes, or written as rules."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import IO, Any
from urllib.parse import urlsplit

import click
import msgspec

from selfcheck import writing
from selfcheck.cli import remembered
from selfcheck.cli.messages import say
from selfcheck.errors import CannotOpen, Unreadable, UsageError
from selfcheck.formats.text import one_line
from selfcheck.probing import is_loopback
from selfcheck.slo import measuring, prometheus, records, reporting
from selfcheck.slo.records import Record
from selfcheck.slo.results import Result, State, results
from selfcheck.subjects.slo import reading
from selfcheck.subjects.slo.model import Written
from selfcheck.subjects.slo.quantities import percent, seconds

PLACES = ("infra/selfcheck/slo-monitors.yml", "slo-monitors.yml")
VARIABLE = re.compile(r"\$\{([A-Za-z_]\w*)(?::?-([^}]*))?\}")
FORMS = {"prometheus": prometheus.rules}
MISSED, INSUFFICIENT = 1, 3
FILE = click.option(
    "--slo",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file of objectives.  [default: slo-monitors.yml]",
)
FORM = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is written.")


@click.group()
def slo() -> None:
    """Measure service level objectives, tell what is left of their budgets, or write them as alerts."""


@slo.command()
@FILE
@FORM
@click.option("--base-url", metavar="URL", help="Where the service is.  [default: base_url of the file]")
@click.option("--duration", default="60s", metavar="TIME", show_default=True, help="How long is measured.")
@click.option(
    "--interval", default="100ms", metavar="TIME", show_default=True, help="How often each endpoint is asked."
)
@click.option(
    "--record", type=click.Path(path_type=Path), metavar="FILE", help="Add each probe to this file, a line each."
)
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="HOST", help="Ask this host too; without, this machine only."
)
@click.option(
    "--header-env", "named", multiple=True, metavar="NAME=VARIABLE", help="Send a header from the environment."
)
def probe(
    path: Path | None,
    form: str,
    base_url: str | None,
    duration: str,
    interval: str,
    record: Path | None,
    hosts: tuple[str, ...],
    named: tuple[str, ...],
) -> int:
    """Ask the endpoints of the objectives for a while, and say of each objective whether it is met.

    Exit status: 0 all are met, 1 one is missed, 3 there is not enough data to say.
    """
    written = _written(path)
    asked = measuring.endpoints(written.objectives)
    if not asked:
        raise UsageError("no objective names an endpoint")
    url = _urls(base_url or written.base_url, hosts)
    for each in asked:
        url(each.endpoint)  # a host that is not allowed is told before anything is asked
    with ExitStack() as stack:
        to = None if record is None else stack.enter_context(_opened(record))
        found = list(
            _kept(
                measuring.measured(
                    asked,
                    url,
                    duration=_time("--duration", duration),
                    interval=_time("--interval", interval),
                    headers=_headers(named),
                ),
                to,
            )
        )
    several = [each for objective in written.objectives for each in results(objective, found)]
    click.echo(_json([msgspec.to_builtins(each) for each in several]) if form == "json" else _table(several))
    states = {each.state for each in several}
    return MISSED if State.MISSED in states else INSUFFICIENT if State.INSUFFICIENT in states else 0


@slo.command()
@click.argument("recorded", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@FILE
@FORM
def report(recorded: tuple[Path, ...], path: Path | None, form: str) -> int:
    """Say what is left of each error budget, over the probes that `slo probe --record FILE` kept.

    Without a file, recorded runs count: the verdicts of guardrails with `health-live` on one URL are its probes.

    Exit status: 0 there is budget left, 1 one is spent or burns too fast, 3 there is not enough data to say.
    """
    written = _written(path)
    kept = (each for file in recorded for each in records.read(file)) if recorded else remembered.probes()
    found = sorted(kept, key=lambda each: each.time)
    now = found[-1].time if found else datetime.now(UTC)
    budgets = reporting.budgets(written.objectives, found, now)
    if not budgets:
        raise UsageError("no objective has a target and an endpoint")
    click.echo(
        _json([msgspec.to_builtins(each) for each in budgets]) if form == "json" else "\n".join(_budgets(budgets))
    )
    if any(each.alerts or (each.left is not None and each.left < 0) for each in budgets):
        return MISSED
    return INSUFFICIENT if any(each.left is None for each in budgets) else 0


@slo.command()
@click.argument("form", type=click.Choice([*FORMS]))
@FILE
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Where it is written to.")
def export(form: str, path: Path | None, output: Path | None) -> None:
    """Write the objectives as rules of Prometheus: error ratios, and alerts where two windows burn the budget too fast.

    They are checked by promtool where it is installed, else against a schema.
    """
    import yaml  # one command alone writes it

    found = FORMS[form](_written(path).objectives)
    if not found["groups"]:
        raise UsageError("no objective has a target between 0 and 100 %")
    text = yaml.safe_dump(found, sort_keys=False, width=100, allow_unicode=True)
    _checked(found, text)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        writing.replace(output, text)
    except OSError as error:
        raise CannotOpen(f"{output}: {error.strerror}") from error
    rules = sum(len(each["rules"]) for each in found["groups"])
    click.echo(f"wrote {one_line(str(output))}: {len(found['groups'])} objectives, {rules} rules")


def _written(path: Path | None) -> Written:
    """The objectives of a file; a fault of its form that leaves none is told."""
    place = path or next((Path(each) for each in PLACES if Path(each).is_file()), None)
    if place is None:
        raise UsageError(f"there is no {' or '.join(PLACES)} here; name a file with --slo")
    try:
        written = reading(place.read_bytes())
    except OSError as error:
        raise UsageError(f"{place}: {error.strerror}") from error
    except Unreadable as error:
        raise UsageError(f"{place}: {error}") from error
    if not written.objectives:
        reason = "; ".join(f"{slip.key} {slip.message}" for slip in written.slips) or "says no objectives"
        raise UsageError(f"{place}: {reason}")
    return written


def _urls(base: str | None, hosts: Sequence[str]) -> Callable[[str], str]:
    """The URL of an endpoint; only of this machine, or of a host that is allowed by name."""
    expanded = (
        None
        if base is None
        else VARIABLE.sub(lambda found: os.environ.get(found[1]) or found[2] or "", base).rstrip("/")
    )

    def url(endpoint: str) -> str:
        if endpoint.startswith("/"):
            if not expanded:
                raise UsageError("nobody says where the service is; give --base-url, or `base_url` in the file")
            endpoint = f"{expanded}{endpoint}"
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"{one_line(endpoint)} is no URL of http or https")
        if not is_loopback(endpoint) and parts.hostname not in hosts:
            raise UsageError(
                f"{one_line(parts.hostname)} is not this machine; allow it with --allow-host {one_line(parts.hostname)}"
            )
        return endpoint

    return url


def _headers(named: Sequence[str]) -> Mapping[str, str]:
    """Headers whose values stand in the environment, so that none stands in a script or a list of processes."""
    found: dict[str, str] = {}
    for each in named:
        name, _, variable = each.partition("=")
        value = os.environ.get(variable)
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or value is None or "\n" in value or "\r" in value:
            raise UsageError(
                f"--header-env {one_line(each)}: there is no such header, or no such variable in the environment"
            )
        found[name] = value
    return found


def _time(option: str, text: str) -> float:
    found = seconds(text)
    if found is None or found <= 0:
        raise UsageError(f'{option}: "{one_line(text)}" is no time such as 60s, 5m or 200ms')
    return found


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        raise UsageError(f"--record {path}: {error.strerror}") from error


def _kept(found: Iterator[Record], to: IO[bytes] | None) -> Iterator[Record]:
    for each in found:
        if to is not None:
            records.write(each, to)
        yield each


def _table(several: Sequence[Result]) -> str:
    wide = max(len(each.objective) for each in several)
    what = max(len(each.what) for each in several)
    return "\n".join(
        one_line(f"{each.objective:{wide}}  {each.what:{what}}  {each.state:17}  {each.detail}") for each in several
    )


def _budgets(budgets: Sequence[reporting.Budget]) -> Iterator[str]:
    for each in budgets:
        left = "insufficient data" if each.left is None else f"{percent(each.left)} of the budget left"
        why = f": {each.reason}" if each.reason else ""
        yield one_line(
            f"{each.objective}: {left}{why} ({each.failures:,} of {each.samples:,} probes failed in {each.window})"
        )
        yield from (f"  {one_line(alert)}" for alert in each.alerts)


def _json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _checked(found: Mapping[str, Any], text: str) -> None:
    """What Prometheus would not load is an error of ours, and nothing is written."""
    promtool = which("promtool")
    if promtool is not None:
        done = subprocess.run([promtool, "check", "rules"], input=text.encode(), capture_output=True, timeout=30)
        if done.returncode:
            raise CannotOpen(f"promtool refuses the rules: {one_line(done.stderr.decode('utf-8', 'replace'))}")
        return
    import jsonschema  # heavy, and promtool is better

    try:
        jsonschema.validate(found, prometheus.SCHEMA)
    except jsonschema.ValidationError as error:
        raise CannotOpen(f"the rules are none: {one_line(error.message)}") from error
    say("promtool is not installed: the rules were checked against a schema, not their queries")
