"""Waivers in comments: `selfcheck: ignore[id] until=… owner=… -- reason`, in whichever language a file is written."""

from selfcheck.subjects.comments.entries import FORM, Comment, Entry, Malformed
from selfcheck.subjects.comments.extract import MARKED, comments_in
from selfcheck.subjects.comments.read import Comments, files, read

__all__ = ["FORM", "MARKED", "Comment", "Comments", "Entry", "Malformed", "comments_in", "files", "read"]
