"""Tokens and keys that were committed."""
