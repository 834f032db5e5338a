"""What loses a status, in words for whoever wrote the command."""

from collections.abc import Mapping

from selfcheck.subjects.shell import Kind, Reason

WORDS: Mapping[Kind, str] = {
    Kind.OR: "what follows `||` always succeeds",
    Kind.LAST: "the last command always succeeds",
    Kind.EXIT: "`exit 0` ends it whatever came before",
    Kind.SEQUENCE: "another command follows, whose status counts instead",
    Kind.ERREXIT: "`set +e` lets it go on",
    Kind.TESTED: "`set -e` does nothing where a status is tested",
    Kind.PIPELINE: "only the last command of a pipeline counts",
    Kind.IF: "no branch of the `if` fails",
    Kind.CASE: "no arm of the `case` fails",
    Kind.LOOP: "only the last round of a loop counts",
    Kind.BACKGROUND: "nobody waits for what runs in the background",
    Kind.SUBSTITUTION: "the command that it is a word of counts instead",
    Kind.TRAP: "a trap ends it with 0",
}


def why(reason: Reason) -> str:
    """How a status is lost."""
    return WORDS.get(reason.kind, reason.kind.value)
