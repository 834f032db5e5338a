"""Checks of how a repository is configured: secret defaults, what production leaves open, the variables it asks for."""
