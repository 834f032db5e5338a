"""Rulebooks that ship in the wheel: `extends: [pack:NAME]`. Each is a file beside this one, by its name."""

from importlib.resources import files


def adr() -> str:
    """The YAML of `pack:adr`."""
    return _text("adr")


def agents() -> str:
    """The YAML of `pack:agents`."""
    return _text("agents")


def ci() -> str:
    """The YAML of `pack:ci`."""
    return _text("ci")


def django() -> str:
    """The YAML of `pack:django`."""
    return _text("django")


def fastapi() -> str:
    """The YAML of `pack:fastapi`."""
    return _text("fastapi")


def flask() -> str:
    """The YAML of `pack:flask`."""
    return _text("flask")


def living_architecture() -> str:
    """The YAML of `pack:living-architecture`."""
    return _text("living-architecture")


def python() -> str:
    """The YAML of `pack:python`."""
    return _text("python")


def _text(name: str) -> str:
    return (files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")
