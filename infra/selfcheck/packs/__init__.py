"""Rulebooks that ship in the wheel: `extends: [pack:NAME]`."""

from importlib.resources import files


def python() -> str:
    """The YAML of `pack:python`."""
    return (files(__name__) / "python.yaml").read_text(encoding="utf-8")
