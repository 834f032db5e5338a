"""Every kind of rot that a rulebook, its scripts and its workflows can have, each beside its healthy twin."""

from tests.lint.rotten_commands import COMMANDS
from tests.lint.rotten_guardrails import CANARIES, COMPLETE, DEADLINES, EXCEPTIONS, PATHS, PATTERNS, REFS, SHADOWED
from tests.lint.rotten_workflows import PIPELINES, WORKFLOWS

ALL = (
    *COMMANDS,
    *PATTERNS,
    *PATHS,
    *REFS,
    *SHADOWED,
    *COMPLETE,
    *DEADLINES,
    *EXCEPTIONS,
    *CANARIES,
    *WORKFLOWS,
    *PIPELINES,
)
