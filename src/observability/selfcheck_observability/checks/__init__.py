"""Checks of what selfcheck's memory and its map say."""
