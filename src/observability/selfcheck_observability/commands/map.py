"""`selfcheck map`: the intelligence map made, compared, shown, and exchanged with other tools."""

import json
from pathlib import Path

import click

from selfcheck.cli import opening
from selfcheck.errors import UsageError
from selfcheck.formats.text import one_line
from selfcheck_observability.map import PLACE

TOOLS = click.Choice(["backstage", "structurizr"])
MAP = click.option(
    "--map",
    "place",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"The map.  [default: {PLACE} of this repository]",
)
OUTPUT = click.option("--output", "-o", type=click.Path(path_type=Path), metavar="FILE", help="Where it is written to.")

# Reading routes takes parsers that are heavy, so each command imports what it does when it does it.


@click.group("map")
def map_() -> None:
    """Keep a map of what modules are for, what they lean on, and what must stay true."""


@map_.command()
@MAP
@opening.JOBS
@opening.CACHE_DIR
@opening.NO_CACHE
def generate(place: Path | None, jobs: int | None, cache_dir: Path | None, no_cache: bool) -> int:
    """Measure the modules anew; what people wrote stays as it is, byte for byte.

    Exit status: 0, or 3 where a source could not be read: what could be is written.
    """
    from selfcheck_observability.map import keeping

    found = keeping.generated(keeping.around(place), opening.open_facts(cache_dir, no_cache), jobs)
    return keeping.unread_code(found)


@map_.command()
@click.option("--rev", metavar="REV", help="Compare with the map and the sources of this revision.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@MAP
@opening.CACHE_DIR
@opening.NO_CACHE
def diff(rev: str | None, as_json: bool, place: Path | None, cache_dir: Path | None, no_cache: bool) -> int:
    """Say what differs between the map and the sources, or since a revision.

    Exit status: 0 whether or not something differs; the check `map-current` is what gates.
    """
    import msgspec

    from selfcheck_observability.map import keeping

    found = keeping.compared(keeping.around(place), opening.open_facts(cache_dir, no_cache), rev)
    if as_json:
        click.echo(json.dumps({"version": 1, "differences": msgspec.to_builtins(found)}, indent=2))
        return 0
    for each in found:
        click.echo(one_line(f"{each.what}: {each.name}: {each.how}"))
    if not found:
        click.echo("nothing differs")
    return 0


@map_.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "html"]),
    default="mermaid",
    show_default=True,
    help="How it is drawn.",
)
@MAP
@OUTPUT
def show(form: str, place: Path | None, output: Path | None) -> None:
    """Draw the map: modules and what imports what, the goals that they serve, what they lean on."""
    from selfcheck_observability.map import keeping

    keeping.put(keeping.SHOWS[form](keeping.around(place).map()), output)


@map_.command("export")
@click.argument("form", type=TOOLS)
@MAP
@OUTPUT
def export(form: str, place: Path | None, output: Path | None) -> None:
    """Write the map for another tool: a catalog of Backstage, a workspace of Structurizr."""
    from selfcheck_observability.map import keeping

    here = keeping.around(place)
    keeping.put(keeping.EXPORTS[form](here.map(), here.root.name or "system"), output)


@map_.command("import")
@click.argument("form", type=TOOLS)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@OUTPUT
def import_(form: str, file: Path, output: Path | None) -> None:
    """Make a map of what another tool says; an existing file is not overwritten."""
    from selfcheck_observability.map import keeping

    found = keeping.imported(form, file)
    if output is not None and output.exists():
        raise UsageError(f"{output}: is there already; what people wrote is not overwritten")
    keeping.put(found, output)


@map_.command()
def schema() -> None:
    """Print the JSON Schema of the map."""
    from selfcheck_observability.map import model

    click.echo(json.dumps(model.schema(), indent=2))
