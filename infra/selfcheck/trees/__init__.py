"""The files of a repository at one moment: a directory, memory, or an overlay of edits on either."""

from selfcheck.trees.below import Below
from selfcheck.trees.directory import Directory
from selfcheck.trees.edits import Append, Delete, Edit, EditMissed, Replace, Write
from selfcheck.trees.memory import Memory, Overlay
from selfcheck.trees.recording import Recording
from selfcheck.trees.revision import Revision
from selfcheck.trees.tree import File, Kind, Tree

__all__ = [
    "Append",
    "Below",
    "Delete",
    "Directory",
    "Edit",
    "EditMissed",
    "File",
    "Kind",
    "Memory",
    "Overlay",
    "Recording",
    "Replace",
    "Revision",
    "Tree",
    "Write",
]
