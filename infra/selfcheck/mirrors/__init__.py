"""Databases that mirror the rules of a file: where one is, what it holds, never a secret in what is said of it."""
