"""`selfcheck cache`: what is remembered between runs."""

from pathlib import Path

import click

from selfcheck.cli import opening
from selfcheck.errors import UsageError
from selfcheck.store import Store


@click.group()
def cache() -> None:
    """Look at what is remembered between runs, or forget it."""


@cache.command()
@opening.CACHE_DIR
def info(cache_dir: Path | None) -> None:
    """Say where the cache is and how much it holds."""
    usage = _store(cache_dir).usage()
    click.echo(f"{usage.path}: {usage.entries:,} entries, {usage.size / 1e6:.1f} MB")


@cache.command()
@opening.CACHE_DIR
def clear(cache_dir: Path | None) -> None:
    """Forget everything; the next run reads every file again."""
    store = _store(cache_dir)
    entries = store.usage().entries
    store.clear()
    click.echo(f"{store.path}: forgot {entries:,} entries")


def _store(cache_dir: Path | None) -> Store:
    store = opening.open_store(cache_dir)
    if store is None:
        raise UsageError("the user's cache folder is not theirs alone to write to; name another with --cache-dir")
    return store
