"""Bring the mirror of a file's rules in step: plan, export what would be lost, write in one transaction, verify."""
