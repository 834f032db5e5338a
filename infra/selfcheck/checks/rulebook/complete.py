"""A guardrail says what a person needs who meets it: why, and what else the house asks for."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar

from selfcheck.check import Canary, Check, Finding, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.rulebook.rules import account, changed, found, in_force, is_own
from selfcheck.guardrail import Guardrail

EMPTY = re.compile(
    r"(?:to ?do|tb[acd]|to be (?:defined|determined|done)|fix ?me|x{2,}|n/?a|none|null|placeholder|change ?me|lorem ipsum.*)",
    re.IGNORECASE,
)
AROUND = "\t\n ?!.,:;…-_*#@<>[](){}\"'`\N{EN DASH}\N{EM DASH}"


class Required(StrEnum):
    """What a house may ask of every guardrail beside what the format asks."""

    OWNER = "owner"
    REFS = "refs"
    TAGS = "tags"
    CANARIES = "canaries"


class RulebookComplete(Check):
    """Every guardrail says why, in words that are no placeholder, and has what the house requires of it."""

    strictness: ClassVar = {"require": Strictness.MORE}

    require: tuple[Required, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each text that says nothing and each required key that is missing."""
        for guardrail in in_force(repo):
            if is_own(guardrail):
                yield from self._lacking(guardrail)
                yield from _saying_nothing(guardrail)
        yield account(repo)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A `why` that only repeats the title, one that is a placeholder, and each required key taken away."""
        guardrail = next(filter(is_own, in_force(repo)), None)
        if guardrail is None:
            raise Unprovable("no guardrail of the rulebook's own is in force")
        for why in (guardrail.title, "TODO"):
            yield changed(repo, f"let {guardrail.id} say `why: {why}`", guardrail, "why", why=why)
        for key in dict.fromkeys(self.require):
            empty = None if key is Required.OWNER else ()
            yield changed(repo, f"take `{key}` from {guardrail.id}", guardrail, f"no {key}", **{key: empty})

    def _lacking(self, guardrail: Guardrail) -> Iterator[Finding]:
        for key in dict.fromkeys(self.require):
            if not getattr(guardrail, key):
                yield found(
                    guardrail, (), f"no {key}", f"has no `{key}`, which this house requires", f"give it `{key}`", {}
                )


def _saying_nothing(guardrail: Guardrail) -> Iterator[Finding]:
    for path, name, text in _texts(guardrail):
        if _is_empty(text):
            yield found(
                guardrail, path, name, f"`{name}` is a placeholder: {text}", "write what it is meant to say", {}
            )
        elif path == ("why",) and _plain(text) in (_plain(guardrail.title), _plain(guardrail.id)):
            said = "`why` repeats the title: nobody learns what a broken promise costs"
            yield found(guardrail, path, name, said, "write what it costs when the promise is broken", {})


def _texts(guardrail: Guardrail) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What people write for people: where it stands, what it is called, and the text."""
    yield ("title",), "title", guardrail.title
    yield ("why",), "why", guardrail.why
    if guardrail.owner is not None:
        yield ("owner",), "owner", guardrail.owner
    if guardrail.pending is not None:
        yield ("pending", "reason"), "pending.reason", guardrail.pending.reason
    for number, waiver in enumerate(guardrail.waivers):
        yield ("waivers", number, "reason"), f"reason of the waiver {waiver.match}", waiver.reason
        yield ("waivers", number, "owner"), f"owner of the waiver {waiver.match}", waiver.owner


def _is_empty(text: str) -> bool:
    bare = text.strip(AROUND)
    return not bare or EMPTY.fullmatch(bare) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
