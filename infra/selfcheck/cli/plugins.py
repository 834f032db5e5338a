"""The registry that a command asks; how long a plugin may take to load is the user's to say."""

import os

from selfcheck.errors import UsageError
from selfcheck.registry import LOADING, Registry

SECONDS = "SELFCHECK_PLUGIN_SECONDS"
"""The variable with the seconds that a plugin of another distribution has to be imported."""


def registry(*, plugins: bool = True) -> Registry:
    """The plugins of this environment, or with `plugins=False` only selfcheck's own."""
    return Registry(plugins=plugins, loading=_seconds(os.environ.get(SECONDS)))


def _seconds(given: str | None) -> float:
    if not given:
        return LOADING
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"{SECONDS}={given}: is no number of seconds above 0")
    return seconds
