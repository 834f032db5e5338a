"""The one place that talks to git: fixed arguments, no user text as an option, nothing of the repository's config run."""

from selfcheck.git.command import Git, open_git, top
from selfcheck.git.listing import Entry, attributes, committed, untracked_folders, working
from selfcheck.git.objects import Blobs

__all__ = ["Blobs", "Entry", "Git", "attributes", "committed", "open_git", "top", "untracked_folders", "working"]
