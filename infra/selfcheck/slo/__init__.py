"""Objectives measured, added up, and written as rules: what `selfcheck slo` does."""
