"""Shell lines and scripts as a shell reads them, and whether their exit status can tell anything."""

from selfcheck.subjects.shell.idioms import simple
from selfcheck.subjects.shell.reader import parse
from selfcheck.subjects.shell.reasons import Kind, Outcome, Reason, outcome
from selfcheck.subjects.shell.syntax import (
    AndOr,
    Background,
    Command,
    Fault,
    Group,
    If,
    Node,
    Not,
    Pipeline,
    Redirect,
    Script,
    Sequence,
    Substitution,
    Word,
)
from selfcheck.subjects.shell.values import nodes, read_names, substitutions

__all__ = [
    "AndOr",
    "Background",
    "Command",
    "Fault",
    "Group",
    "If",
    "Kind",
    "Node",
    "Not",
    "Outcome",
    "Pipeline",
    "Reason",
    "Redirect",
    "Script",
    "Sequence",
    "Substitution",
    "Word",
    "nodes",
    "outcome",
    "parse",
    "read_names",
    "simple",
    "substitutions",
]
