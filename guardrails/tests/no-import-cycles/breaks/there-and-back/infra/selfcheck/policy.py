"""Which findings count."""

from selfcheck import model
