"""One package for each side of a repository that can be read; readers, no verdicts."""
