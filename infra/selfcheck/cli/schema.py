"""`selfcheck schema`: the JSON Schema of rulebooks, for editors, and of reports."""

import json

import click

from selfcheck.cli import opening, plugins
from selfcheck.formats import json as json_format


@click.command()
@click.argument("what", type=click.Choice(["rulebook", "report"]), default="rulebook")
@opening.NO_PLUGINS
def schema(what: str, no_plugins: bool) -> None:
    """Print the JSON Schema of rulebooks, or of the json report."""
    found = json_format.schema() if what == "report" else plugins.registry(plugins=not no_plugins).schema()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
