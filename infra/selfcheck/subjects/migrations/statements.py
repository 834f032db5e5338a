"""SQL as operations, by sqlglot; what it cannot parse is unknown, never absent."""

import re
from collections.abc import Iterator

from msgspec import structs

from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.subjects.migrations.operations import Does, Operation, Trait
from selfcheck.subjects.migrations.words import split

HARMLESS = re.compile(
    r"(?:create\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:extension|policy|publication|subscription|role|user|operator"
    r"|aggregate|cast|domain|server|rule|function|procedure|trigger|view|event\s+trigger|sequence|type|schema)"
    r"|drop\s+(?:function|procedure|trigger|policy|view|extension|publication|aggregate|rule|role|user|cast|operator)"
    r"|alter\s+(?:policy|trigger|function|procedure|sequence|view|role|user|default\s+privileges|publication|extension|index)"
    r"|alter\s+type\s+\S+\s+(?:add\s+value|owner)|alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?\S+\s+(?:validate\s+constraint|rename\s+constraint|owner\s+to"
    r"|(?:enable|disable|force|no\s+force)\s|replica\s+identity|attach\s+partition|set\s*\()"
    r"|comment|grant|revoke|set|reset|analyze|vacuum|notify|listen|refresh|lock|show|explain|pragma|use|reindex\s+(?:index"
    r"|table)\s+concurrently|savepoint|release)\b",
    re.IGNORECASE,
)
"""What sqlglot may have no words for, and what neither takes anything away nor holds a lock that matters."""
USING_INDEX = re.compile(
    r"alter\s+table\s+(\S+)\s+add\s+constraint\s+\S+\s+\w+(?:\s+key)?\s+using\s+index", re.IGNORECASE
)
RENAMES_VALUE = re.compile(r"alter\s+type\s+(\S+)\s+rename\b", re.IGNORECASE)
MODIFIES = re.compile(r"alter\s+table\s+(\S+)\s+(?:modify|change)\b", re.IGNORECASE)
BEGINS = re.compile(r"\s*(?:begin|start\s+transaction|commit|rollback|end)\b[\w\s]*", re.IGNORECASE)
READS = re.compile(r"\(*\s*select\b", re.IGNORECASE)
CHANGES = re.compile(r"(?:insert|update|delete|merge|replace|upsert|copy)\b", re.IGNORECASE)
LONGEST = 100_000
"""Characters of a statement from which it is not parsed."""


def operations(sql: str, dialect: Dialect | None, line: int = 1) -> Iterator[Operation]:
    """What the statements of a text do; `line` is where the text begins."""
    committed = False
    for statement in split(sql):
        at = line + statement.line - 1
        if BEGINS.fullmatch(statement.text):
            committed = statement.text.lstrip()[:6].lower() == "commit"
            continue
        for each in _statement(statement.text, dialect):
            traits = (*each.traits, Trait.OUTSIDE) if committed else each.traits
            yield structs.replace(each, line=at, traits=traits)


def _statement(text: str, dialect: Dialect | None) -> Iterator[Operation]:
    if len(text) > LONGEST:
        yield Operation(does=Does.UNKNOWN, line=1, about="a statement that is too long to be read")
        return
    start = " ".join(text.split())
    if found := USING_INDEX.match(start):
        yield Operation(does=Does.ADD_UNIQUE, line=1, table=_name(found[1]), traits=(Trait.USING_INDEX,))
    elif found := RENAMES_VALUE.match(start):
        yield Operation(does=Does.RENAME_COLUMN, line=1, about=_name(found[1]))
    elif found := MODIFIES.match(start):
        yield Operation(does=Does.CHANGE_TYPE, line=1, table=_name(found[1]))
    elif HARMLESS.match(start):
        yield Operation(does=Does.OTHER, line=1)
    else:
        # A heavy library: only SQL that is new needs it.
        from selfcheck.subjects.migrations.parsing import parsed

        yield from (_by_first_word(each, start) for each in parsed(text, dialect))


def _by_first_word(operation: Operation, start: str) -> Operation:
    """What reads or changes rows says so by its first word, whether or not the rest can be parsed."""
    if operation.does is not Does.UNKNOWN:
        return operation
    if READS.match(start):
        return structs.replace(operation, does=Does.OTHER)
    return structs.replace(operation, does=Does.DATA, about=None) if CHANGES.match(start) else operation


def _name(written: str) -> str:
    return written.rpartition(".")[2].strip('"`[]')
