"""What the checks of settings share: whose settings they read, and which of them they leave out."""

from collections.abc import Iterable, Iterator, Set
from typing import Any, ClassVar

from msgspec import Struct

from selfcheck.check import Check, Extractor, File, Finding, Globs, Repository, Tree
from selfcheck.guardrail import Text
from selfcheck.subjects import settings
from selfcheck.subjects.settings import Settings, selected

EVERYWHERE = (
    *("**", "!**/node_modules/**", "!**/site-packages/**", "!**/vendor/**", "!**/_vendor/**", "!**/third_party/**"),
)


class Ignored(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A setting, by its name or its variable, that is not judged."""

    name: Text
    reason: Text


class SettingsCheck(Check, kw_only=True):
    """A check of settings; `paths` says in which files, `ignore` of which settings nothing is told."""

    subject: ClassVar[str | None] = "settings"

    paths: Globs = EVERYWHERE
    ignore: tuple[Ignored, ...] = ()

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """The settings of every file."""
        for source, files in selected(tree, self.paths).items():
            yield source.extractor, tuple(files)

    def settings(self, repo: Repository) -> Settings:
        """The settings, read once a run."""
        return repo.subject(settings.read, repo.tree, repo.facts, self.paths)

    def but_ignored(self, found: Iterable[tuple[Set[str], Finding]]) -> Iterator[Finding]:
        """What was found about settings of these names, without those that are ignored; then what is ignored in vain."""
        ignored = {each.name for each in self.ignore}
        idle = set(ignored)
        for names, finding in found:
            if names & ignored:
                idle -= names
            else:
                yield finding
        for name in sorted(idle):
            yield Finding(
                key=f"ignore {name}",
                message=f"`{name}` is ignored, and nothing would be found about it",
                hint="take it out of `ignore`",
            )
