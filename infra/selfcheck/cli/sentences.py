"""The first sentence of a command, read from its source: importing all commands takes longer than to list them."""

import importlib.util
import inspect
import re
from pathlib import Path

import click

WIDTH = 100
_DOCSTRING = r'^def {}\(.*?^    """(.*?)"""'


def first_sentence(place: str) -> str | None:
    """What the docstring of a command says first, by its place `module:function`; None where that is not seen."""
    module, _, function = place.partition(":")
    top, *inner = module.split(".")
    package = importlib.util.find_spec(top)
    if package is None or not package.submodule_search_locations:
        return None
    path = Path(package.submodule_search_locations[0], *inner)
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    try:
        text = source.read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(_DOCSTRING.format(re.escape(function)), text, re.MULTILINE | re.DOTALL)
    return click.Command(None, help=inspect.cleandoc(found[1])).get_short_help_str(WIDTH) if found else None
