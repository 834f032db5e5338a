"""What a guardrail refers to is there: decisions by their number, documents by their path."""

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from selfcheck.check import Canary, Check, Evidence, Finding, Repository, Seen, Tree, Unprovable, Unreadable
from selfcheck.checks.rulebook.rules import account, changed, found, in_force, is_own
from selfcheck.guardrail import Guardrail

DECISION = re.compile(r"adr[-_ #]?0*(\d{1,6})(?!\w)", re.IGNORECASE)
NAMED = re.compile(
    r"(?:adr[-_ ]?)?0*(\d{1,6})(?:[-_. ].*)?\.(?:md|markdown|mdx|rst|txt|adoc|asciidoc|org)", re.IGNORECASE
)
"""The name of a file that holds a decision, as adr-tools, MADR and log4brains write it."""
KEPT = re.compile(r"(?:^|/)(?:(?:[\w-]*[-_])?(?:adrs?|decisions?)/|adr[-_ ]?\d)", re.IGNORECASE)
"""A path at which decisions are kept."""
TEXTS = ("**/*.md", "**/*.markdown", "**/*.mdx", "**/*.rst", "**/*.adoc")
TITLE = re.compile(r"^[#=\s]*\**adr[-_ #]?0*(\d{1,6})\b", re.IGNORECASE | re.MULTILINE)
"""A title of a decision within a document, such as `## ADR-0004: one shop`."""
# What a path ends in; anything else with a dot may be the name of a machine.
ENDS = re.compile(
    r"\.(?:md|markdown|mdx|rst|txt|adoc|org|html?|pdf|docx?|xlsx|svg|png|py|pyi|js|jsx|ts|tsx|go|rs|java|kt|rb|sh|sql"
    r"|ya?ml|toml|json|ini|cfg|conf|xml|proto|tf|ipynb|puml|drawio)$",
    re.IGNORECASE,
)
ISSUE = re.compile(r"[#!]\d+$")
WITHIN = re.compile(r"(?:#[^/]*|:\d+(?:[-:]\d+)?)$")
"""A place within a document: an anchor, or line numbers."""
NOWHERE = "docs/canary-of-a-decision.md"


class RulebookRefs(Check):
    """Every decision and document that a guardrail refers to is there."""

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each reference that leads nowhere; what may stand elsewhere is not judged."""
        decisions = _Decisions(repo.tree)
        examined = count = 0
        for guardrail in in_force(repo):
            for number, ref in enumerate(guardrail.refs):
                count += 1
                missing = _missing(repo.tree, decisions, ref)
                examined += missing is not None
                if missing and is_own(guardrail, "refs", number):
                    yield _found(guardrail, number, ref, missing)
        yield account(repo)
        if count:
            yield Evidence("references, those to this repository", scope=count, examined=examined)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """In the first guardrail, a reference to a decision and one to a document that nobody wrote."""
        # References that a pack has written are not judged, whoever overrides the rest.
        guardrail = next((each for each in in_force(repo) if is_own(each, "refs", len(each.refs))), None)
        if guardrail is None:
            raise Unprovable("no guardrail of the rulebook's own is in force")
        decisions = _Decisions(repo.tree)
        unwritten = next(f"ADR-{number}" for number in range(999_999, 0, -1) if number not in decisions)
        for ref in (NOWHERE, *[unwritten] * decisions.are_here):
            yield changed(repo, f"let {guardrail.id} refer to {ref}", guardrail, ref, refs=(*guardrail.refs, ref))


class _Decisions:
    """The numbers of the decisions of a tree; documents are read only where a file's name does not tell."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        named = [(path, name) for path in tree.kinds if (name := NAMED.fullmatch(posixpath.basename(path)))]
        self._named = {int(name[1]) for _, name in named}
        self._kept = any(KEPT.search(path) for path, _ in named)

    def __contains__(self, number: int) -> bool:
        return number in self._named or number in self._titled

    @property
    def are_here(self) -> bool:
        """Whether any are kept in this tree; where none is, they are elsewhere."""
        return self._kept or bool(self._titled)

    @cached_property
    def _titled(self) -> set[int]:
        return {int(title[1]) for text in self._texts() for title in TITLE.finditer(text)}

    def _texts(self) -> Iterator[str]:
        for file in self._tree.files(TEXTS):
            try:
                yield file.text or ""
            except Unreadable:
                continue  # what stands in it nobody can look up either


def _missing(tree: Tree, decisions: _Decisions, ref: str) -> str | None:
    """What is not there, empty where it is; None where it may stand outside the repository."""
    if decision := DECISION.match(ref.strip()):
        there = int(decision[1]) in decisions
        return "" if there else "no document is that decision" if decisions.are_here else None
    path = _path(tree, ref)
    if path is None:
        return None
    return "" if path in {".", ""} or tree.resolve(path) is not None else "no such file or folder"


def _path(tree: Tree, ref: str) -> str | None:
    """The path that a reference is meant as, if it is one beyond doubt."""
    if re.search(r"\s|://|^[@#!~/]", ref) or ISSUE.search(ref):
        return None
    path = WITHIN.sub("", ref)
    first, slash, _ = path.partition("/")
    if slash and "." in first.strip(".") and tree.resolve(first) is None:
        return None  # a machine's name
    if ENDS.search(path) or (slash and tree.resolve(first) is not None):
        path = posixpath.normpath(path)
        return None if path.startswith("../") else path
    return None


def _found(guardrail: Guardrail, number: int, ref: str, missing: str) -> Finding:
    said = f"refers to {ref}: {missing}"
    return found(guardrail, ("refs", number), ref, said, "mend the reference, or take it out", {"ref": ref})
