"""Every path of a guardrail leads to something: a folder that was moved turns no guardrail blind."""

import posixpath
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from msgspec import structs

from selfcheck.check import Canary, Check, Evidence, Finding, Globs, Repository, Seen, Strictness, Tree, Unprovable
from selfcheck.checks.rulebook.rules import account, changed, found, holds, in_force, is_own, listed
from selfcheck.guardrail import Guardrail, RootPath

NOWHERE = "canary-of-a-folder-that-moved"
WILD = frozenset("*?[")


class Written(NamedTuple):
    """An option that holds paths, as a rulebook wrote it."""

    guardrail: Guardrail
    option: str
    patterns: tuple[str, ...]


class RulebookPaths(Check):
    """Every path and pattern in the options of a guardrail matches a file, and every exclusion with `!` takes one out.

    Options whose paths say what must or must not be there are left out, and guardrails with `allow_empty: true`.
    """

    strictness: ClassVar = {"exclusions": Strictness.MORE}

    exclusions: bool = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each pattern that selects nothing, or takes nothing out, where it stands."""
        yield account(repo)
        patterns = 0
        for written in _options(repo):
            patterns += len(written.patterns)
            selection = _selection(repo.tree, written.patterns)
            for number in selection.idle:
                if self.exclusions or not written.patterns[number].startswith("!"):
                    yield _found(repo.tree, written, number)
            if not selection.left and not selection.idle:
                yield _emptied(written)
        if patterns:
            yield Evidence("paths in options", scope=patterns, examined=patterns)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """For each option that any guardrail has, a path that leads nowhere, and an exclusion that takes nothing out."""
        options = {written.option: written for written in reversed([*_options(repo)])}
        if not options:
            raise Unprovable("no guardrail has an option with paths")
        for option, written in sorted(options.items()):
            yield _leading_astray(repo, written, NOWHERE)
            if self.exclusions and _is(Globs, repo, written.guardrail, option):
                yield _leading_astray(repo, written, f"!{NOWHERE}")


def _options(repo: Repository) -> Iterator[Written]:
    for guardrail in in_force(repo):
        check = repo.check_of(guardrail)
        if check is None or guardrail.allow_empty:
            continue
        for field in structs.fields(check):
            name = field.encode_name
            patterns = listed(guardrail.options.get(name))
            meant = _holds_paths(field.type) and name not in check.unmatched
            if meant and patterns is not None and is_own(guardrail, "check", name):
                yield Written(guardrail, name, patterns)


def _is(wanted: Any, repo: Repository, guardrail: Guardrail, option: str) -> bool:
    fields = {field.encode_name: field.type for field in structs.fields(repo.check_of(guardrail) or Check)}
    return option in fields and holds(fields[option], wanted)


def _holds_paths(declared: Any) -> bool:
    """Whether an option of this type holds path patterns or paths from the root."""
    return holds(declared, Globs) or holds(declared, RootPath)


class _Selection(NamedTuple):
    """What patterns select one after the other: the numbers of the idle ones, and whether anything is left at the end."""

    idle: tuple[int, ...]
    left: bool


def _selection(tree: Tree, patterns: Sequence[str]) -> _Selection:
    selected: set[str] = set()
    idle: list[int] = []
    for number, pattern in enumerate(patterns):
        bare = pattern.removeprefix("!")
        matched = set(tree.kinds) if posixpath.normpath(bare) == "." else set(tree.paths((bare,)))
        out = pattern.startswith("!")
        if not (selected & matched if out else matched):
            idle.append(number)
        selected = selected - matched if out else selected | matched
    return _Selection(tuple(idle), bool(selected))


def _found(tree: Tree, written: Written, number: int) -> Finding:
    pattern = written.patterns[number]
    path = ("check", written.option, number)
    about = f"{written.option} {pattern}"
    if pattern.startswith("!"):
        said, hint = f"`{pattern}` takes out nothing", "take it out: it hides what comes to stand there one day"
    else:
        said, hint = f"nothing stands at {pattern}{_instead(tree, pattern)}", "mend the path, or take it out"
    data = {"option": written.option, "pattern": pattern}
    return found(written.guardrail, path, about, f"`{written.option}`: {said}", hint, data)


def _emptied(written: Written) -> Finding:
    said = f"`{written.option}`: every file that is selected is taken out again"
    hint = "look at the order: the last pattern that matches decides"
    data = {"option": written.option, "pattern": None}
    return found(written.guardrail, ("check", written.option), written.option, said, hint, data)


def _instead(tree: Tree, pattern: str) -> str:
    """Where a folder or file of the last name stands now, if that is one place."""
    if WILD & set(pattern):
        return ""
    name = posixpath.basename(pattern.rstrip("/"))
    parts = (path.split("/") for path in tree.kinds)
    places = {"/".join(each[: each.index(name) + 1]) for each in parts if name in each}
    return f"; it may be {places.pop()} now" if len(places) == 1 else ""


def _leading_astray(repo: Repository, written: Written, pattern: str) -> Canary:
    guardrail, option = written.guardrail, written.option
    check = {**guardrail.check, option: [*written.patterns, pattern]}
    return changed(repo, f"let {guardrail.id} look at {pattern} too", guardrail, f"{option} {pattern}", check=check)
