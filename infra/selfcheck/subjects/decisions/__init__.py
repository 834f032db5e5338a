"""Architecture decisions as their documents tell them, in every template that is in use; nothing is judged."""

from selfcheck.subjects.decisions.decision import Decision
from selfcheck.subjects.decisions.folders import folders
from selfcheck.subjects.decisions.model import Document, Form, Relation, Said, Verb
from selfcheck.subjects.decisions.read import Decisions, Folder, asked, read
from selfcheck.subjects.decisions.status import ALIASES, Status

__all__ = [
    "ALIASES",
    "Decision",
    "Decisions",
    "Document",
    "Folder",
    "Form",
    "Relation",
    "Said",
    "Status",
    "Verb",
    "asked",
    "folders",
    "read",
]
