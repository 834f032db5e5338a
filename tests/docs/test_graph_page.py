"""The page on the graph names every option, kind, format and field, and the limits of the code."""

import re

import click
import msgspec
import pytest

from selfcheck.cli.graph import ENDINGS, MANY, RENDERERS
from selfcheck.cli.graphviz import SECONDS
from selfcheck.drawings import json as json_format
from selfcheck.drawings import mermaid
from selfcheck.registry import Registry
from selfcheck.subjects.imports import Kind
from tests.docs.page import ROOT, rows, section

PAGE = (ROOT / "docs/graph.md").read_text(encoding="utf-8")
OPTIONS = {row[0]: row[1] for row in rows(section(PAGE, "## What is drawn"))}


def test_every_option_stands_in_the_table_and_no_other() -> None:
    command = Registry(plugins=False).command("graph")
    assert isinstance(command, click.Command)
    options = {name for param in command.params if isinstance(param, click.Option) for name in param.opts}

    assert {name for cell in OPTIONS for name in re.findall(r"`(-[^`]+)`", cell)} == options


def test_every_format_ending_and_kind_is_named() -> None:
    assert re.findall(r"`([a-z]+)`", OPTIONS["`--format`"])[:4] == [*RENDERERS]
    assert re.findall(r"`(\.[a-z]+)`", OPTIONS["`--output`, `-o`"]) == [*ENDINGS]
    assert re.findall(r"`([a-z-]+)`", OPTIONS["`--kinds`"]) == [*map(str, Kind), "all", "none"]


@pytest.mark.parametrize(
    ("heading", "struct"),
    [
        ("## Graph v1, the `json` format", json_format.GraphV1),
        ("### A node", json_format.NodeV1),
        ("### An edge", json_format.EdgeV1),
        ("### A component", json_format.ComponentV1),
        ("### A file that could not be read", json_format.UnreadV1),
    ],
)
def test_every_field_stands_in_its_table(heading: str, struct: type[msgspec.Struct]) -> None:
    own = section(PAGE, heading).partition("\n### ")[0]

    named = [name.strip(" `") for row in rows(own) for name in row[0].split(",")]

    assert named == [field.encode_name for field in msgspec.structs.fields(struct)]


def test_the_limits_are_those_of_the_code() -> None:
    text = " ".join(PAGE.split())

    for limit in (
        f"More than {MANY} modules",
        f"more than {mermaid.MOST} edges or {mermaid.LONGEST:,} characters",
        f"has {SECONDS:g} seconds",
    ):
        assert limit in text
