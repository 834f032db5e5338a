"""What instructions refer to is there and in force: guardrails by their ids, decisions by their numbers."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import ClassVar

from selfcheck.check import (
    Append,
    Canary,
    Check,
    Evidence,
    Extractor,
    Finding,
    Globs,
    Location,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Unread,
    Unreadable,
)
from selfcheck.guardrail import RootPath, Text
from selfcheck.subjects.instructions.citations import CITATIONS, Citation, Citations, Cited, cited_in
from selfcheck.subjects.instructions.platforms import table
from selfcheck.suggest import unknown
from selfcheck.trees.globs import shares

DECISIONS = ("docs/adr", "docs/adrs", "doc/adr", "docs/decisions", "docs/architecture/decisions", "adr", "decisions")
"""Where decisions are kept, in the order in which they are looked for."""
NUMBERED = re.compile(r"(?:adr[-_ ]?)?0*(\d{1,6})(?:[-_. ].*)?\.(?:md|markdown|mdx|rst|txt|adoc)", re.IGNORECASE)
UNKNOWN = "no-such-guardrail-of-a-canary"


class InstructionsRefs(Check, kw_only=True):
    """Every guardrail and decision that instructions refer to is there, and the guardrail is in force.

    A guardrail is cited in backticks after its word, or as `--rule ID`; in a JSON file, by the fields that `cited_by` names.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE, "cited_by": Strictness.MORE}

    paths: Globs | None = None
    cited_by: tuple[Text, ...] = ()
    decisions: RootPath | None = None

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each reference that leads nowhere or to a guardrail that is switched off."""
        rules = _Known(repo, self.decisions)
        files = repo.tree.files(self._paths)
        paths = {each.path for each in files}
        examined = 0
        judged: Counter[Cited] = Counter()
        for file, found in repo.facts.of(self._extractor, files):
            if isinstance(found, Unreadable):
                yield Unread(file.path, str(found))
                continue
            examined += 1
            # What a generated copy refers to is judged where it was written.
            is_copy = found.of in paths and found.of != file.path
            for each in () if is_copy else filter(rules.judges, found.found):
                judged[each.kind] += 1
                yield from rules.wrong(file.path, each)
        yield Evidence("instruction files", scope=len(files), examined=examined)
        for kind, count in sorted(judged.items(), reverse=True):
            yield Evidence(f"references to {kind.value}s", scope=count, examined=count)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A reference to a guardrail that nobody wrote, and to such a decision where some are kept."""
        read = repo.facts.of(self._extractor, repo.tree.files(self._paths))
        texts = (each.path for each, found in read if isinstance(found, Citations) and found.of is None)
        several = shares(self._paths, (each for each in texts if not each.endswith(".json")))
        chosen = [some[0] for some in several if some]
        if not chosen:
            raise Unprovable("no instruction file is a text that a reference can be added to")
        for path in chosen if self.paths else chosen[:1]:
            added = Append(path, f"\n\nThe guardrail `{UNKNOWN}` holds this.\n".encode())
            yield Canary(f"let {path} cite a guardrail that nobody wrote", (added,), f"{path}: {UNKNOWN}")
        path = chosen[0]
        numbers = _numbers(repo.tree, self.decisions)
        if numbers is not None:
            number = next(each for each in range(999_999, 0, -1) if each not in numbers)
            added = Append(path, f"\n\nSee ADR-{number}.\n".encode())
            yield Canary(f"let {path} cite ADR-{number}", (added,), f"{path}: ADR-{number}")

    @property
    def _paths(self) -> tuple[str, ...]:
        return self.paths or tuple(path for each in table().platforms for path in each.paths)

    @property
    def _extractor(self) -> Extractor[Citations]:
        return cited_in(self.cited_by) if self.cited_by else CITATIONS


class _Known:
    """What may be referred to."""

    def __init__(self, repo: Repository, folder: str | None) -> None:
        self._in_force = {each.id for each in repo.guardrails if each.switched_off is None}
        self._written = {each.id for each in repo.guardrails}
        self._numbers = _numbers(repo.tree, folder)

    def judges(self, each: Citation) -> bool:
        """Whether what is referred to would be here."""
        return each.kind is Cited.GUARDRAIL or self._numbers is not None

    def wrong(self, path: str, each: Citation) -> Iterator[Finding]:
        """What is wrong with a reference, if anything is."""
        if each.kind is Cited.DECISION:
            if int(each.name.removeprefix("ADR-")) not in (self._numbers or ()):
                yield _finding(path, each, f"no document is {each.name}", "mend the number, or take it out")
        elif each.name not in self._written:
            yield _finding(path, each, unknown("guardrail", each.name, self._written), "mend the id, or take it out")
        elif each.name not in self._in_force:
            said = f"the guardrail {each.name} is switched off"
            yield _finding(path, each, said, "take the rule out, or switch the guardrail on")


def _finding(path: str, each: Citation, message: str, hint: str) -> Finding:
    return Finding(
        key=f"{path}: {each.name}",
        message=message,
        at=Location(path, each.line),
        hint=hint,
        data={"kind": each.kind.value, "name": each.name},
    )


def _numbers(tree: Tree, folder: str | None) -> set[int] | None:
    """The numbers of the decisions that are kept here; None where none are, and so they may be elsewhere."""
    for place in (folder,) if folder is not None else DECISIONS:
        named = (NUMBERED.fullmatch(posixpath.basename(path)) for path in tree.kinds if path.startswith(f"{place}/"))
        found = {int(name[1]) for name in named if name is not None}
        if found:
            return found
    return None
