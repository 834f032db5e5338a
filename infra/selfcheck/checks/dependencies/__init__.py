"""Contracts between what a repository imports and what its manifests declare."""
