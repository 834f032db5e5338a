"""Checks of instructions: their mirror in a database, their copies for platforms, what they refer to."""
