"""Which paths a repository's applications answer, read from their sources; nothing is imported or run."""

from selfcheck.subjects.routes.answers import Answer, Answers
from selfcheck.subjects.routes.model import Handler, Opaque, Route, Routes
from selfcheck.subjects.routes.read import SOURCES, ahead, read

__all__ = ["SOURCES", "Answer", "Answers", "Handler", "Opaque", "Route", "Routes", "ahead", "read"]
