"""Judge whether a repository still keeps the promises its people made about it."""

__version__ = "0.1.0"
