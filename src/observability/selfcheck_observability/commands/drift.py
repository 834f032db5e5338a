"""`selfcheck drift`: the nightly job, and whether it still runs."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from selfcheck.cli import opening, plugins
from selfcheck.cli.audience import Audience
from selfcheck.cli.comparing import Gate
from selfcheck.cli.judging import How, Proofs, judged
from selfcheck.cli.messages import say
from selfcheck.errors import CannotOpen, SelfcheckError, UsageError
from selfcheck.writing import replace
from selfcheck_observability import reading
from selfcheck_observability.commands.memory import looking, now, opened, place
from selfcheck_observability.health import NIGHTLY
from selfcheck_observability.home import STORE
from selfcheck_observability.recorder import Recorder

FORMS = ("markdown", "html", "json")


@click.group(invoke_without_command=True)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FORM[=PATH]",
    help="markdown, html or json, to a file or the standard output; may be repeated.  [default: markdown]",
)
@click.option("--post", type=click.Choice(["github-issue"]), help="Keep one issue of this branch up to date.")
@click.option("--no-bisect", is_flag=True, help="Do not look for the first bad commits.")
@opening.JOBS
@opening.NO_EXEC
@opening.NO_PLUGINS
@opening.GUARDRAILS
@opening.CACHE_DIR
@opening.NO_CACHE
@STORE
@click.pass_context
def drift(
    ctx: click.Context,
    outputs: tuple[str, ...],
    post: str | None,
    no_bisect: bool,
    jobs: int | None,
    no_exec: bool,
    no_plugins: bool,
    path: Path | None,
    cache_dir: Path | None,
    no_cache: bool,
    url: str | None,
) -> int:
    """Judge everything, and say what changed since the night before.

    The run is recorded, and compared with the last nightly run of the same branch. Exit status as of `selfcheck run`; 3 also where the report could not be posted.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    targets = _targets(outputs)
    # SQLAlchemy is heavy.
    from selfcheck_observability.drift.nightly import Bench, Judged, night

    github = _github() if post else None
    registry = plugins.registry(plugins=not no_plugins)
    here = opening.open_working_tree(path, registry)
    facts = opening.open_facts(cache_dir, no_cache)
    many = opening.jobs_or_cores(jobs)
    recorder = Recorder(record=True, store=url, kind="drift")
    audience = Audience([recorder])
    how = How(fail_on=here.rulebook.fail_on, jobs=many, allowed=opening.allowed(no_exec), proofs=Proofs.RENEWED)
    report = judged(here, here.rulebook.cases, how, Gate(here, facts, registry, None, os.environ), audience)
    if report.stopped is not None or audience.exit_code:
        return max(report.exit_code, audience.exit_code)
    bench = Bench(here, facts, many, registry, bisects=not no_bisect)
    with opened(url) as memory:
        made = night(memory.database, memory.home, Judged(report, recorder.run, recorder.begun), bench, now())
    for form, target in targets:
        _write(made, form, target)
    code = report.exit_code
    if github is not None:
        code = max(code, _post(github, made))
    return code


@drift.command()
@click.option(
    "--from",
    "source",
    type=click.Choice(["store", "github-issue"]),
    default="store",
    show_default=True,
    help="Where the last nightly run is looked up.",
)
@click.option("--branch", metavar="NAME", help="Of this branch; the one that is checked out where not given.")
@click.option("--max-hours", type=click.IntRange(1), default=int(NIGHTLY / timedelta(hours=1)), show_default=True)
@STORE
def status(source: str, branch: str | None, max_hours: int, url: str | None) -> int:
    """Fail where the last nightly run is too old, or there is none: a dead man's switch."""
    name = branch or place(url).branch
    last = _from_issue(name) if source == "github-issue" else _from_store(name, url)
    if last is None:
        click.echo(f"no nightly run of {name or 'no branch'} is known")
        return 1
    hours = (now() - last) / timedelta(hours=1)
    click.echo(f"the last nightly run of {name or 'no branch'} ended {last.isoformat()}, {hours:.0f} h ago")
    return 1 if hours > max_hours else 0


@drift.command("schema")
def schema_() -> None:
    """Print the JSON Schema of the report."""
    import json

    from selfcheck_observability.drift.night import schema

    click.echo(json.dumps(schema(), indent=2))


def _targets(outputs: tuple[str, ...]) -> list[tuple[str, Path | None]]:
    found: list[tuple[str, Path | None]] = []
    for each in outputs or ("markdown",):
        form, _, target = each.partition("=")
        if form not in FORMS:
            raise UsageError(f"--output {each}: is no form; there are {', '.join(FORMS)}")
        found.append((form, Path(target) if target else None))
    return found


def _write(made: Any, form: str, target: Path | None) -> None:
    from selfcheck_observability.drift.markdown import rendered
    from selfcheck_observability.drift.night import encoded
    from selfcheck_observability.drift.page import page

    text = {"markdown": rendered, "html": page, "json": encoded}[form](made)
    if target is None:
        sys.stdout.write(text)
        return
    try:
        replace(target, text)
    except OSError as error:
        raise CannotOpen(f"{target}: could not be written: {error.strerror}") from error


def _github() -> Any:
    from selfcheck_observability.drift.github import GitHub

    return GitHub(os.environ)


def _post(github: Any, made: Any) -> int:
    from selfcheck_observability.drift.posting import post
    from selfcheck_observability.logs import Category, Events

    here = place()
    events = Events(here.folder / "events", here.intervals.log)
    try:
        posted = post(github, made)
    except SelfcheckError as error:
        events.append(Category.ERROR, now(), "not posted", run=made.run, reason=str(error))
        say(f"the report was not posted: {error}")
        return CannotOpen.exit_code
    events.append(Category.DRIFT, now(), "posted", run=made.run, issue=posted.number, did=posted.did)
    click.echo(f"issue {posted.number}: {posted.did}", err=True)
    return 0


def _from_store(branch: str, url: str | None) -> datetime | None:
    with looking(url) as memory, memory.database.asking() as asking:
        name = memory.home.repository
        found = reading.recent(asking, name, branch=branch, kind="drift", state="finished", limit=1)
    return datetime.fromisoformat(found[0].finished or found[0].started) if found else None


def _from_issue(branch: str) -> datetime | None:
    from selfcheck_observability.drift.posting import LABEL, kept

    found = kept(_github().issues(LABEL), branch)
    return datetime.fromisoformat(found[1].finished) if found else None
