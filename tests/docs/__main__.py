"""`python -m tests.docs`: write the real output of every dialogue into the pages."""

import tempfile
from pathlib import Path

import click

from tests.docs.page import pages, played

for page in pages():
    with tempfile.TemporaryDirectory() as folder:
        before = page.read_text(encoding="utf-8")
        after = played(before, Path(folder))
    if after != before:
        page.write_text(after, encoding="utf-8")
        click.echo(f"rewrote {page.name}")
