"""Each rule as guardrails: checks where its shell line has a counterpart, else a command, and what was wrong with it."""

import posixpath
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from msgspec import Struct

from selfcheck.check import Repository
from selfcheck.checks.command import PASSED_ON
from selfcheck.foreign.carried import Carried, Draft, Ids, Note, fate
from selfcheck.foreign.living.checks import Made, made
from selfcheck.foreign.living.promises import mended
from selfcheck.foreign.living.rules import Rule, read
from selfcheck.foreign.living.scripts import missing, rotten
from selfcheck.foreign.text import Text
from selfcheck.guardrail import Severity
from selfcheck.subjects.shell import Kind, Outcome, Script, outcome, parse, read_names, simple
from selfcheck.suggest import short

PROGRAM = "scripts of its own"
LATER = frozenset(("pending", "pending_implementation", "planned", "todo", "not_implemented"))
"""States of a rule that is not kept yet."""
DAYS = 90
"""How long such a one is given."""
FILL_IN = "its `canaries` are to be filled in"
ONLY_WHERE = re.compile(r"\bassert\b.+?\bif\s+(.{1,200}?)\s+else\s+True\b", re.DOTALL)
"""A one-line program of Python that asserts nothing in most places."""
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
DOCUMENT = re.compile(r"[\w./-]+\.(?:md|rst|txt|adoc)")


class _Read(Struct, frozen=True):
    """What was wrong with a shell line, how what becomes of it differs, and the checks that it becomes."""

    wrong: tuple[str, ...]
    said: tuple[str, ...]
    checks: tuple[Made, ...]


def carry(text: Text, repo: Repository) -> Carried:
    """The guardrails of all rules.

    Raises:
        RulebookError: it is no YAML, or holds no rule.
    """
    rules, notes = read(text)
    ids = Ids()
    drafts: list[Draft] = []
    for rule in rules:
        found = _read(rule, repo)
        if isinstance(found, str):
            notes.append(Note(rule.line, rule.about, found))
            continue
        said = [*found.said, *(each for one in found.checks for each in one.said), *_around(rule, repo)]
        severity = rule.severity if rule.severity in set(Severity) else "high"
        if severity != rule.severity:
            had = f'its severity was "{short(rule.severity)}"' if rule.severity else "it had no severity"
            said.append(f"differs: {had}, and is high here")
        named = ", ".join(dict.fromkeys(each.use for each in found.checks))
        rot = "".join(f"{each}; " for each in found.wrong)
        notes.append(Note(rule.line, rule.about, f"{rot}{fate(named, said)}"))
        drafts += [_draft(rule, check, severity, ids, text, repo) for check in found.checks]
    return Carried(PROGRAM, text.name, tuple(drafts), tuple(sorted(notes, key=lambda note: note.line)))


def _read(rule: Rule, repo: Repository) -> _Read | str:
    """What a rule's line comes to, or why it is not carried."""
    script = parse(rule.check)
    end = outcome(script)
    refused = _refused(rule, script, end)
    if refused is not None:
        return refused
    wrong: list[str] = []
    said: list[str] = []
    if not end.can_fail:
        shorter = mended(script) if end.lost[0].kind is not Kind.NOTHING else None
        if shorter is None:
            return f"could never fail: {_why(end)}; not carried, since nothing tells what must hold"
        script = parse(shorter)
        wrong.append(f"could never fail: {_why(end)}")
        said.append("stricter: without what swallows the failure")
    gone = missing(script, repo.tree)
    if gone is not None:
        return "; ".join([*wrong, f"could never hold: it starts {gone}, which is not there; not carried"])
    wrong += rotten(script, repo.tree)
    checks = made(script, repo)
    if checks is None:
        checks = [_command(script)]
        wrong += _of_command(rule, end)
    for use, path in ((check.use, path) for check in checks for path in _searched(check, repo)):
        wrong += [f"could never fail here: {path} is not there"] * (use == "text-forbids")
        said.append(f"an error until {path} leads to a file")
    return _Read(tuple(wrong), tuple(said), tuple(checks))


def _of_command(rule: Rule, end: Outcome) -> Iterator[str]:
    """What is wrong with a line that stays as it is."""
    if end.can_fail and end.lost and end.lost[0].kind is not Kind.TRAP:
        yield f"swallows a failure: {_why(end)}"
    if only := ONLY_WHERE.search(rule.check):
        yield f"could fail only where `{short(' '.join(only[1].split()), 80)}`"


def _refused(rule: Rule, script: Script, end: Outcome) -> str | None:
    """Why a line cannot be carried whatever it promises."""
    if not rule.check.strip():
        return "could never fail: it has no `check`; not carried"
    if "\0" in rule.check:
        return "not carried: its `check` holds a NUL, which no shell reads"
    if script.faults:
        fault = script.faults[0]
        if fault.beyond:
            return f"not carried: {fault.message}; put it into a script"
        return f"could never hold: no shell can read it, line {fault.line}: {fault.message}; not carried"
    return None if end.can_pass else "could never hold: it never ends with 0; not carried"


def _searched(check: Made, repo: Repository) -> list[str]:
    """The paths of a check that lead to no file."""
    asked = check.options["paths"] if check.use in ("max-lines", "text-contains", "text-forbids") else ()
    return [path for path in asked if not repo.tree.paths((path,))]


def _why(end: Outcome) -> str:
    reason = end.lost[0]
    if reason.kind is Kind.NOTHING:
        return "nothing in it can fail"
    return f"the status of `{short(' '.join(reason.lost.split()), 80)}` is lost ({reason.kind})"


def _command(script: Script) -> Made:
    command = simple(script)
    names = sorted(each for each in read_names(script.body) if VARIABLE.fullmatch(each) and each not in PASSED_ON)
    env: dict[str, Any] = {"env": names} if names else {}
    if command is not None and command.texts and all(command.texts) and not command.redirects:
        return Made("command", {"run": list(command.texts), **env}, (FILL_IN,))
    return Made("command", {"shell": script.text.strip(), **env}, (FILL_IN,))


def _around(rule: Rule, repo: Repository) -> Iterator[str]:
    """What the rule names beside its check and is not there."""
    if rule.file and repo.tree.resolve(posixpath.normpath(rule.file)) is None:
        yield f"its file {short(rule.file)} is not there"
    found = DOCUMENT.match(rule.ref)
    if found is not None and _document(rule.ref, repo) is None:
        yield f"it refers to {short(found[0])}, which is not there"


def _document(ref: str, repo: Repository) -> str | None:
    """The path of the one document that a reference begins with."""
    found = DOCUMENT.match(ref)
    if found is None:
        return None
    ends = [path for path in repo.tree.kinds if path == found[0] or path.endswith(f"/{found[0]}")]
    return ends[0] if len(ends) == 1 else None


def _draft(rule: Rule, check: Made, severity: str, ids: Ids, text: Text, repo: Repository) -> Draft:
    name = text.name.rpartition("/")[2]
    said = f", from {rule.ref}" if rule.ref else ""
    more: dict[str, Any] = {}
    if rule.ref:
        more["refs"] = [_document(rule.ref, repo) or rule.ref]
    if rule.category:
        more["tags"] = [rule.category]
    if rule.status.lower().replace("-", "_").replace(" ", "_") in LATER:
        until = (repo.today + timedelta(days=DAYS)).isoformat()
        more["pending"] = {"until": until, "reason": f'its status in {name} is "{rule.status}"'}
    stub = f"canaries: [{{delete: {rule.file or 'PATH'}}}]  # fill in an edit that must make it fail"
    return Draft(
        line=rule.line,
        id=ids.new(rule.name),
        title=rule.description or rule.about,
        why=f"It was the rule {rule.about} of {name}{said}; say here what it costs when it is broken.",
        severity=severity,
        check={"use": check.use, **check.options},
        more=more,
        left=(stub,) if check.use == "command" else (),
    )
