"""Links of decisions lead somewhere."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import ClassVar
from urllib.parse import unquote

from selfcheck.check import Append, Canary, Evidence, File, Finding, Repository, Seen, Strictness, Tree, Unprovable
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.subjects.decisions import Decision, Decisions
from selfcheck.subjects.decisions.extract import MARKDOWN
from selfcheck.subjects.decisions.model import Document, Link
from selfcheck.subjects.decisions.relations import number_in

ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|@|[^/]*@[^/]*$|\{|<|\$|#?$")
LINES = re.compile(r"L\d+(?:[-C]\S*)?")
MARKDOWNS = (".md", ".markdown", ".mdx")
WITHOUT = ("", ".md", ".mdx", ".markdown", ".rst", "/README.md", "/index.md")
NOWHERE = "canary-of-a-decision-that-nobody-wrote.md"
TEXT_NUMBER = re.compile(r"(?:adr|ad)[-_ #]{0,2}0*(\d{1,6})(?![\w-])", re.IGNORECASE)


class AdrLinks(DecisionCheck, kw_only=True):
    """Every relative link and anchor in a decision leads to something, and a link named by a number leads to that decision.

    Decisions that hold no longer are history, and are judged only if `retired` says so.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"retired": Strictness.MORE}

    retired: bool = False

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each link that leads nowhere, or to another decision than it says."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        count = judged = 0
        targets = _Targets(repo)
        for decision in found.all:
            if decision.retired and not self.retired:
                continue
            for link in decision.document.links:
                count += 1
                wrong = targets.wrong(found, decision, link)
                judged += wrong is not None
                if wrong and wrong[0]:
                    yield _found(decision, link, *wrong)
        if count:
            yield Evidence("links, those within the repository", scope=count, examined=judged)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A link in the first decision to a document that nobody wrote, and to a heading that is not there.

        One in the first decision that holds no longer, where those are judged.
        """
        judged = [each for each in self.decisions(repo).all if each.path.endswith(MARKDOWNS)]
        decision = next((each for each in judged if not each.retired), None)
        if decision is None:
            raise Unprovable("there is no decision in Markdown that may hold")
        retired = next((each for each in judged if each.retired and self.retired), None)
        planted = [(decision, NOWHERE), (decision, "#canary-of-a-heading"), *([(retired, NOWHERE)] if retired else [])]
        for each, target in planted:
            edit = Append(each.path, f"\n\n[canary]({target})\n".encode())
            yield Canary(f"let {each.id} link to {target}", (edit,), f"{each.path}: link {target}")


class _Targets:
    """What links may lead to in a tree."""

    def __init__(self, repo: Repository) -> None:
        self._tree: Tree = repo.tree
        self._repo = repo
        self._anchors: dict[str, frozenset[str] | None] = {}

    def wrong(self, found: Decisions, decision: Decision, link: Link) -> tuple[str, str] | None:
        """What is wrong with a link and how to mend it, empty where nothing is; None where it may lead out of this tree."""
        target = link.target.strip()
        if ELSEWHERE.match(target) or target.startswith("/") or decision.path.endswith(".rst"):
            return None
        raw, _, anchor = target.partition("#")
        if not raw:
            return self._anchored(decision.path, anchor)
        path = self._there(decision, raw)
        if path is None:
            return None
        if not path:
            return "leads nowhere", self._hint(found, raw)
        other = found.by_path.get(path)
        said = TEXT_NUMBER.match(link.text.strip(" *`["))
        if other is not None and said and other.number is not None and int(said[1]) != other.number:
            return f"is called {said[0]} and leads to {other.id}", "make the number and the link the same"
        return self._anchored(path, anchor) if anchor else ("", "")

    def _there(self, decision: Decision, raw: str) -> str | None:
        """Where a path leads; empty where nothing is there, None where it leaves the tree."""
        for each in (unquote(raw), raw):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(decision.path), each))
            if path.startswith("..") or path == ".":
                return None
            for end in WITHOUT if not path.endswith(".html") else ("", *(f"!{each}" for each in MARKDOWNS)):
                whole = path.removesuffix(".html") + end[1:] if end.startswith("!") else path + end
                if self._tree.resolve(whole) is not None:
                    return whole
        return ""

    def _anchored(self, path: str, anchor: str) -> tuple[str, str] | None:
        if not path.endswith(MARKDOWNS) or LINES.fullmatch(anchor) or not anchor:
            return None
        known = self._known(path)
        wanted = unquote(anchor).casefold()
        if known is None or wanted in known or _squeezed(wanted) in {_squeezed(each) for each in known}:
            return None if known is None else ("", "")
        return f"leads to no heading of {posixpath.basename(path)}", "name a heading that is there"

    def _known(self, path: str) -> frozenset[str] | None:
        """The anchors of a document; None where it cannot be read."""
        if path not in self._anchors:
            file = self._tree.file(self._tree.resolve(path) or path)
            self._anchors[path] = None if file is None else _anchors(self._repo, file)
        return self._anchors[path]

    def _hint(self, found: Decisions, raw: str) -> str:
        """The decision that was probably meant: of the same number, or wherever a file of that name is now."""
        name = posixpath.basename(unquote(raw))
        same = [each.path for each in found.all if posixpath.basename(each.path) == name]
        number = number_in(raw)
        same += [each.path for each in found.numbered(number)] if number is not None else []
        return f"{same[0]} may be meant" if same else "mend it, or take it out"


def _anchors(repo: Repository, file: File) -> frozenset[str] | None:
    for _, fact in repo.facts.of(MARKDOWN, (file,)):
        if isinstance(fact, Document):
            return frozenset(each.casefold() for each in fact.anchors)
    return None


def _squeezed(anchor: str) -> str:
    """As site generators make anchors: rows of dashes as one, and none at the ends."""
    return re.sub(r"[-_.]+", "-", anchor).strip("-")


def _found(decision: Decision, link: Link, said: str, hint: str) -> Finding:
    return about(
        decision,
        f"link {link.target}",
        f"the link to {link.target} {said}",
        hint,
        line=link.line,
        data={"target": link.target},
    )
