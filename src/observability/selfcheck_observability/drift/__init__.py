"""The nightly job: what changed since the last run of the same branch, one report of it, and one issue that is kept."""
