"""A change of the architecture comes with a decision."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from selfcheck.check import (
    Append,
    Canary,
    Evidence,
    File,
    Finding,
    Globs,
    Location,
    Need,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Unreadable,
    Write,
    leading_nowhere,
)
from selfcheck.checks.decisions.check import DecisionCheck
from selfcheck.guardrail import Text
from selfcheck.subjects import decisions, dependencies
from selfcheck.subjects.decisions import Decisions
from selfcheck.subjects.decisions.citations import citations
from selfcheck.subjects.dependencies import MANIFESTS, Group, Projects
from selfcheck.trees.globs import matcher, shares

LOCKS = ("**/*.lock", "**/*-lock.json", "**/*-lock.yaml", "**/go.sum", "**/npm-shrinkwrap.json")
BOTS = ("dependabot[bot]", "renovate[bot]", "github-actions[bot]", "pre-commit-ci[bot]", "dependabot", "renovate-bot")
EXEMPT = re.compile(r"^[ \t]*ADR-exempt:[ \t]*(?P<why>\S.{7,})$", re.IGNORECASE | re.MULTILINE)
HINT = (
    "add a decision (`selfcheck adr new`), cite the one that it follows from (`ADR-12`) in the code, a commit or the"
    " request, or say there `ADR-exempt: ` and why"
)
PACKAGE = "canary_of_a_package/__init__.py"
DEPENDENCY = "canary-of-a-dependency"


class AdrRequired(DecisionCheck, kw_only=True):
    """A change under certain paths, a new dependency and a new top-level package come with a decision, or cite one that holds.

    It judges what changed since the base. What only bots made, and what is moved as it is, needs none.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.BASE})
    strictness: ClassVar[Mapping[str, Strictness]] = {
        "paths": Strictness.MORE,
        "dependencies": Strictness.MORE,
        "packages": Strictness.MORE,
        "exempt_paths": Strictness.LESS,
        "bots": Strictness.LESS,
    }

    unmatched: ClassVar[frozenset[str]] = frozenset({"exempt_paths"})

    paths: Globs | None = None
    dependencies: bool = True
    packages: bool = True
    exempt_paths: Globs = LOCKS
    bots: tuple[Text, ...] = BOTS

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for all changed files of the paths, one for each new dependency and each new package."""
        base = repo.base
        assert base is not None
        found = self.decisions(repo)
        yield from self.account(repo, found)
        yield from leading_nowhere(repo.tree, self.paths or ())
        changed = self._changed(repo.tree, base)
        if self.paths:
            scope = len(repo.tree.files(self.paths))
            yield Evidence("protected files, changed ones among them", scope=scope, examined=len(changed))
        wanting = [*self._of_paths(changed), *self._of_dependencies(repo, base), *self._of_packages(repo.tree, base)]
        if wanting and not self._by_bots(repo) and not self._is_decided(repo, base, found, changed):
            yield from wanting

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A changed file of the paths, a new dependency, a new top-level package."""
        if self.paths:
            exempt = matcher(self.exempt_paths)
            judged = [each.path for each in repo.tree.files(self.paths) if not exempt(each.path)]
            for path in (some[0] for some in shares(self.paths, judged) if some):
                yield Canary(f"change {path}", (Append(path, b"\n"),), path)
        if self.dependencies:
            manifest = "canary-of-a-project/setup.cfg"
            text = f"[options]\ninstall_requires =\n    {DEPENDENCY}\n"
            yield Canary("add a dependency", (Write(manifest, text.encode()),), f"dependency {DEPENDENCY}")
        if self.packages:
            folder = posixpath.dirname(PACKAGE)
            yield Canary("add a top-level package", (Write(PACKAGE, b""),), f"package {folder}")
        if not (self.paths or self.dependencies or self.packages):
            raise Unprovable("nothing is asked for")

    def _changed(self, tree: Tree, base: Tree) -> list[str]:
        """Files of the paths that are new, gone or other than before; one that was moved as it is counts as none of these."""
        if not self.paths:
            return []
        wanted, exempt = matcher(self.paths), matcher(self.exempt_paths)
        before, after = (
            {path: _identity(each, path) for path in each.kinds if wanted(path) and not exempt(path)}
            for each in (base, tree)
        )
        gone = {content for path, content in before.items() if path not in after}
        come = {content for path, content in after.items() if path not in before}
        return sorted(
            path
            for path in {*before, *after}
            if before.get(path) != after.get(path)
            and not (path not in before and after[path] in gone)
            and not (path not in after and before[path] in come)
        )

    def _of_paths(self, changed: list[str]) -> Iterator[Finding]:
        if changed:
            shown = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
            yield Finding(
                key="paths",
                message=f"changes {shown}, and no decision says why",
                at=Location(changed[0]),
                hint=HINT,
                data={"paths": changed},
                parts=tuple(changed),
            )

    def _of_dependencies(self, repo: Repository, base: Tree) -> Iterator[Finding]:
        if not self.dependencies:
            return
        known = {name for name, _ in _declared(repo.subject(dependencies.read, base, MANIFESTS))}
        told: set[str] = set()
        for name, path in _declared(repo.subject(dependencies.read, repo.tree, MANIFESTS)):
            if name not in known and name not in told:
                told.add(name)
                said = f"adds the dependency {name}, and no decision says why"
                yield Finding(
                    key=f"dependency {name}", message=said, at=Location(path), hint=HINT, data={"dependency": name}
                )

    def _of_packages(self, tree: Tree, base: Tree) -> Iterator[Finding]:
        if not self.packages:
            return
        exempt = matcher(self.exempt_paths)
        known = {posixpath.basename(each) for each in _packages(base)}
        for folder in _packages(tree):
            if posixpath.basename(folder) not in known and not exempt(f"{folder}/__init__.py"):
                said = f"adds the top-level package {folder}, and no decision says why"
                place = Location(f"{folder}/__init__.py")
                yield Finding(key=f"package {folder}", message=said, at=place, hint=HINT, data={"package": folder})

    def _by_bots(self, repo: Repository) -> bool:
        authors = repo.change.authors
        return bool(authors) and all(each in self.bots for each in authors)

    def _is_decided(self, repo: Repository, base: Tree, found: Decisions, changed: Iterable[str]) -> bool:
        """Whether a decision comes with the change or is cited by it, or somebody says why none is needed."""
        words = tuple(sorted((word, status.value) for word, status in (self.statuses or {}).items()))
        before = repo.subject(decisions.read, base, repo.facts, self.folders or (), words)
        names = {each.name.stem for each in before.all}
        if any(each.name.stem not in names and not each.retired for each in found.all):
            return True
        if any(EXEMPT.search(text) for text in repo.change.texts):
            return True
        prefixes = tuple(sorted({"ADR", *(each.name.prefix.upper() for each in found.all if each.name.prefix)}))
        cited = {number for text in repo.change.texts for number in _numbers(prefixes, text.encode())}
        for path in changed:
            cited |= _cited(prefixes, repo.tree.file(path)) - _cited(prefixes, base.file(path))
        return any(found.in_force(each) for number in cited for each in found.numbered(number))


def _identity(tree: Tree, path: str) -> str:
    try:
        return tree.identity(path)
    except Unreadable as error:
        return f"unreadable: {error}"


def _declared(projects: Projects) -> Iterator[tuple[str, str]]:
    """The names of what is needed at run time, and where each is declared."""
    for project in projects.by_folder.values():
        yield from (
            (each.name, each.path) for each in project.declared if each.group is Group.RUNTIME and not each.pinned
        )


def _packages(tree: Tree) -> list[str]:
    """The folders of packages that are in no other."""
    folders = {posixpath.dirname(path) for path in tree.kinds if path.endswith("/__init__.py")}
    return sorted(folder for folder in folders if posixpath.dirname(folder) not in folders)


def _cited(prefixes: tuple[str, ...], file: File | None) -> set[int]:
    try:
        return set() if file is None else _numbers(prefixes, file.bytes)
    except Unreadable:
        return set()


def _numbers(prefixes: tuple[str, ...], content: bytes) -> set[int]:
    return {each.number for each in citations(prefixes, content) if each.number is not None}
