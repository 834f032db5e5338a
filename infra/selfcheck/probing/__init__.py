"""A running service asked how it is: one request with an end, and what its answer says in any of the known forms."""

from selfcheck.probing.bodies import read
from selfcheck.probing.health import Component, Health, Level
from selfcheck.probing.request import Answered, Refusal, ask, is_loopback

__all__ = ["Answered", "Component", "Health", "Level", "Refusal", "ask", "is_loopback", "read"]
