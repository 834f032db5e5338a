"""What is installed, by entry points: checks, formats, commands, observers and packs."""

from selfcheck.registry.plugins import LOADING, Format, Registry

__all__ = ["LOADING", "Format", "Registry"]
