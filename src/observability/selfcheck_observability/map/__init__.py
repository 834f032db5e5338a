"""The intelligence map: what the modules are for, what they lean on, and what of that can be measured."""

from selfcheck_observability.map.model import Map

__all__ = ["PLACE", "Map"]

PLACE = "src/observability/system_intelligence_map.json"
"""Where the map of a repository is looked for."""
