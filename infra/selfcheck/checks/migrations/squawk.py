"""What squawk says of the SQL in new migrations, where it is asked: https://squawkhq.com"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from selfcheck.check import CannotJudge, Finding, Location, Tree, Unreadable
from selfcheck.checks.migrations.fresh import Fresh
from selfcheck.subjects.migrations import Migrations
from selfcheck.subjects.migrations.registered import DOWN

SECONDS = 60


class _Text(NamedTuple):
    """SQL and where it stands; a text in a revision runs in the transaction of that."""

    sql: str
    line: int
    options: tuple[str, ...] = ()


def squawked(
    tree: Tree, found: Migrations, several: Sequence[Fresh], rules: Sequence[str], environ: Mapping[str, str]
) -> Iterator[Finding]:
    """One finding for each of the rules that are named and each place.

    Raises:
        CannotJudge: it is not installed, or does not know a rule.

    """
    program = shutil.which("squawk", path=environ.get("PATH", os.defpath))
    if program is None:
        raise CannotJudge("squawk is not installed", "pip install squawk-cli, or leave `squawk` out")
    for each in several:
        counts: Counter[str] = Counter()
        for text in _texts(tree, found, each):
            for rule, line, message, instead in _told(program, text, rules):
                counts[rule] += 1
                again = f" ({counts[rule]})" if counts[rule] > 1 else ""
                yield Finding(
                    key=f"{each.name}: squawk {rule}{again}",
                    message=f"{each.path.rpartition('/')[2]}: squawk says {message}",
                    at=Location(each.path, text.line + line),
                    hint=instead or f"squawk explains its rule {rule}",
                    data={"migration": each.name, "rule": rule, "operation": "squawk", "table": None, "about": None},
                )


def _texts(tree: Tree, found: Migrations, each: Fresh) -> Iterator[_Text]:
    """The SQL of a file, or the literal SQL of a revision."""
    if each.path.endswith(".sql"):
        file = tree.file(each.path)
        try:
            text = "" if file is None else file.text or ""
        except Unreadable:
            return  # the check itself tells of it
        down = DOWN.search(text)
        yield _Text(text[: down.start()] if down else text, 1)
        return
    scripts = [one.script for one in (r for e in found.environments for r in e.revisions) if one.path == each.path]
    for script in scripts:
        for operation in script.upgrade:
            if operation.sql is not None:
                yield _Text(operation.sql, operation.line, ("--assume-in-transaction",))


def _told(program: str, text: _Text, rules: Sequence[str]) -> Iterator[tuple[str, int, str, str | None]]:
    included = [part for rule in rules for part in ("--include", rule)]
    command = [program, "--reporter", "json", "--stdin-filepath", "migration.sql", *text.options, *included]
    with tempfile.TemporaryDirectory() as nowhere:  # no configuration of its own is found from here
        ended = subprocess.run(
            command,
            cwd=nowhere,
            env={"PATH": os.defpath},
            input=text.sql.encode(),
            capture_output=True,
            timeout=SECONDS,
        )
    if ended.returncode not in (0, 1):
        said = re.search(rb"invalid rule name [\w-]+", ended.stderr)
        why = said[0].decode() if said else f"exit status {ended.returncode}"
        raise CannotJudge(f"squawk: {why}", "name rules that it knows under `squawk`")
    try:
        rows = cast("list[dict[str, Any]]", json.loads(ended.stdout or b"[]"))
        for row in rows:
            if row["rule_name"] in rules:
                yield str(row["rule_name"]), int(row["line"]), str(row["message"]), cast("str | None", row["help"])
    except (ValueError, KeyError, TypeError) as error:
        raise CannotJudge("squawk wrote what is not its format") from error
