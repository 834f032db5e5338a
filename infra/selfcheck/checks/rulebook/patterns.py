"""Regular expressions that are found in some texts and not in others; any other says nothing."""

from collections.abc import Iterator
from typing import Any, NamedTuple, get_args

from msgspec import structs

from selfcheck.check import Canary, Check, Evidence, Finding, Repository, Seen
from selfcheck.checks.rulebook.regex import Reach, reach
from selfcheck.checks.rulebook.rules import account, added, found, fresh, in_force, is_own
from selfcheck.guardrail import Guardrail
from selfcheck.patterns import Pattern

CONTAINS, FORBIDS = "text-contains", "text-forbids"
PATTERN = "pattern"
NOTED = {
    (CONTAINS, Reach.EVERY): "so it can never fail",
    (CONTAINS, Reach.NONE): "so it can never hold",
    (FORBIDS, Reach.EVERY): "so it can never hold",
    (FORBIDS, Reach.NONE): "so it can never fail",
}
SAID = {Reach.EVERY: "is found in every text, an empty one too", Reach.NONE: "is found in no text at all"}
HINTS = {
    Reach.EVERY: "look for a branch that is empty, `*` or `?` where `+` is meant, or a `.*` on its own",
    Reach.NONE: "look for `^`, `$`, `\\A`, `\\z` or `\\b` where they cannot stand, or put a backslash before them",
}
CANARIES = ((CONTAINS, "canary|", Reach.EVERY), (FORBIDS, "canary$^bird", Reach.NONE))


class Written(NamedTuple):
    """A regular expression in an option."""

    guardrail: Guardrail
    option: str
    text: str


class RulebookPatterns(Check):
    """No regular expression of a guardrail is found in every text, and none is found in no text at all.

    Both are decided exactly, by the automaton that the expression stands for. One that cannot be decided, as with
    Unicode classes, is counted and not a finding.
    """

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each expression that is found everywhere or nowhere."""
        count = undecided = 0
        for written in _expressions(repo):
            reached = reach(written.text)
            count += 1
            undecided += reached is Reach.UNDECIDED
            if reached in SAID and is_own(written.guardrail, "check", written.option):
                yield _found(written, reached)
        yield account(repo)
        if count:
            yield Evidence("regular expressions", scope=count, examined=count - undecided)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A text that every file contains, and one that no file can."""
        for use, pattern, reached in CANARIES:
            guardrail = fresh(repo, use=use, pattern=pattern, paths=["**"])
            title = f"let a {use} look for {pattern}, which {SAID[reached]}"
            yield added(repo, title, guardrail, PATTERN)


def _expressions(repo: Repository) -> Iterator[Written]:
    for guardrail in in_force(repo):
        check = repo.check_of(guardrail)
        names = (
            {field.encode_name for field in structs.fields(check) if _is_pattern(field.type)} if check else set[str]()
        )
        names |= {PATTERN} if guardrail.use in (CONTAINS, FORBIDS) else set()
        for name in sorted(names):
            if isinstance(text := guardrail.options.get(name), str):
                yield Written(guardrail, name, text)


def _is_pattern(declared: Any) -> bool:
    return declared is Pattern or Pattern in get_args(declared)


def _found(written: Written, reached: Reach) -> Finding:
    guardrail, option, text = written
    noted = NOTED.get((guardrail.use, reached))
    said = f"`{option}` {text} {SAID[reached]}" + (f", {noted}" if noted else "")
    data = {"option": option, "pattern": text, "found": reached.value}
    return found(guardrail, ("check", option), option, said, HINTS[reached], data)
