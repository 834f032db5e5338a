"""The report of a night as GitHub's Markdown, within the size of an issue. What is the repository's own stands in code."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from selfcheck_observability.drift.night import Class, Item, Night

LIMIT = 60_000
"""The most characters of a report; GitHub takes 65,536 in an issue."""
LONGEST = 300
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
TITLES = {
    Class.NEW: "New",
    Class.REGRESSED: "Regressed: was fixed, and is back",
    Class.LAPSED: "No longer accepted",
    Class.RECURRING: "Recurring",
    Class.UNJUDGED: "Was open, could not be judged",
    Class.FIXED: "Fixed",
    Class.ACCEPTED: "Accepted since",
    Class.RETIRED: "Its guardrail is gone",
}


class Table(NamedTuple):
    """A heading, the names of the columns, and the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rendered(night: Night, *, limit: int = LIMIT) -> str:
    """The report; rows for which there is no room are counted."""
    text = "\n\n".join(_head(night)) + "\n"
    tables = [table for table in all_tables(night) if table.rows]
    for number, table in enumerate(tables):
        room = (limit - len(text)) // (len(tables) - number)
        text += _table(table, room)
    return text[:limit]


def headline(night: Night) -> str:
    """The night in one line."""
    if night.previous is None:
        return "The first night: nothing to compare with"
    if night.clean:
        return "Every promise is kept"
    counts = [(kind, len(night.of(kind))) for kind in Class if kind.counts]
    said = [f"{count} {kind}" for kind, count in counts if count]
    said += [f"{night.errors} not judged"] if night.errors else []
    return f"Drift: {', '.join(said)}"


def facts(night: Night) -> Iterator[str]:
    """What was judged, and what it is compared with."""
    yield (
        f"Run {night.run} on {code(night.branch or 'no branch')} at {code((night.revision or 'no commit')[:12])}, "
        f"{night.finished}: {night.passed} passed, {night.failed} failed, {night.errors} not judged, "
        f"{night.skipped} skipped; {night.accepted} findings accepted."
    )
    if night.previous is None:
        yield (
            "No earlier run of this branch is remembered: the store is new, or was not restored. What is listed is what "
            "there is; none of it can be called new, and no drift can be ruled out."
        )
    else:
        changed = " The rulebook changed since." if night.previous.rulebook_changed else ""
        commit = code((night.previous.revision or "no commit")[:12])
        yield f"Compared with run {night.previous.run} of {night.previous.finished} at {commit}.{changed}"
    for verb, decisions in (("began", night.cited.added), ("ceased", night.cited.removed)):
        if decisions:
            yield f"Guardrails {verb} to refer to {', '.join(map(code, decisions))}."
    if night.map is not None and night.map.said is not None:
        yield f"What changed in the intelligence map is not known: {code(night.map.said)}."
    if night.sync is not None:
        remedy = f"; {night.sync.remedy}" if night.sync.remedy else ""
        yield f"Sync is {night.sync.status}: {night.sync.message}{remedy}."
    if night.interrupted:
        numbers = ", ".join(map(str, night.interrupted))
        yield f"Runs that never ended since: {numbers}. They count as no pass."


def all_tables(night: Night) -> Iterator[Table]:
    """Everything that there is to list, what needs somebody first."""
    for kind in Class:
        found = night.of(kind)
        title = TITLES[kind] if night.previous or kind is not Class.NEW else "What there is"
        columns = ("guardrail", "finding", "where", "age", "first bad commit")
        yield Table(f"{title} ({len(found)})", columns, tuple(_item(each) for each in found))
    yield from _doubtful(night)
    yield from _noticed(night)


def _doubtful(night: Night) -> Iterator[Table]:
    """What nobody knows, and what is let pass for a while."""
    yield Table(
        "Could not be judged, or was skipped",
        ("guardrail", "outcome", "why"),
        tuple((code(each.guardrail), each.outcome, code(each.reason)) for each in night.unjudged),
    )
    yield Table(
        "Not proven able to fail",
        ("guardrail", "proof", "canaries"),
        tuple((code(each.guardrail), each.outcome, code(each.reason)) for each in night.unproven),
    )
    yield Table(
        "Exceptions that end soon",
        ("guardrail", "what", "until", "owner", "where"),
        tuple(
            (
                code(each.guardrail),
                code(each.match),
                _until(each.until, each.days),
                code(each.owner or "-"),
                code(each.place),
            )
            for each in night.ending
        ),
    )


def _noticed(night: Night) -> Iterator[Table]:
    """What changed beside the findings, and what does its work badly."""
    yield Table(
        "The intelligence map",
        ("what", "which", "how"),
        tuple((each.what, code(each.name), code(each.how)) for each in (night.map.differences if night.map else ())),
    )
    yield Table(
        "Flaky",
        ("guardrail", "commit", "outcomes"),
        tuple((code(each.guardrail), code(each.revision[:12]), ", ".join(each.outcomes)) for each in night.flaky),
    )
    yield Table(
        "Slower than usual",
        ("guardrail", "seconds", "usually"),
        tuple((code(each.guardrail), f"{each.seconds:g}", f"{each.usual:g}") for each in night.slow),
    )
    yield Table(
        "Guards nothing",
        ("guardrail", "runs", "why"),
        tuple((code(each.guardrail), str(each.runs), each.why) for each in night.idle),
    )


def code(text: str) -> str:
    """A text in code: nothing in it is markup, a mention, or ends the row of a table."""
    plain = UNSAFE.sub("�", text)
    plain = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
    ticks = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    escaped = plain.replace("|", "\\|").replace("-->", "-- >").replace("<!--", "< !--")
    return f"{ticks}{space}{escaped}{space}{ticks}" if plain.strip() else ""


def _item(each: Item) -> tuple[str, ...]:
    where = f"{each.path}:{each.line}" if each.path and each.line else each.path or ""
    again = f", {each.reopened} times reopened" if each.reopened else ""
    bad = code(each.first_bad[:12]) if each.first_bad else ""
    said = " ".join(part for part in (bad, each.searched or "") if part)
    age = f"{each.days} d, {each.runs} runs{again}"
    return code(each.guardrail), f"{code(each.key)} {code(each.message)}", code(where), age, said


def _until(until: str, days: int) -> str:
    return f"{until}, {days} days" if days >= 0 else f"{until}, ended"


def _head(night: Night) -> Iterator[str]:
    yield f"## {headline(night)}"
    yield from facts(night)


def _table(table: Table, room: int) -> str:
    text = f"\n### {table.title}\n\n{_row(table.columns)}{_row(['---'] * len(table.columns))}"
    for number, row in enumerate(table.rows):
        line = _row(row)
        if len(text) + len(line) + 60 > room:
            return f"{text}\nand {len(table.rows) - number:,} more, for which there is no room here\n"
        text += line
    return text


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
