"""Migrations run by the project's own interpreter, shut in, on databases that were made for them and for nothing else."""
