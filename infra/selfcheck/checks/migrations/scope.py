"""What every check of migrations begins with: which files are read, and what of them was."""

from collections.abc import Iterator
from typing import Any, ClassVar

from selfcheck.check import Check, Evidence, Extractor, File, Globs, Repository, Seen, Tree, leading_nowhere
from selfcheck.subjects import migrations
from selfcheck.subjects.migrations import EVERYWHERE, SOURCES, Migrations


class MigrationCheck(Check, kw_only=True):
    """A check of the migrations among the files that `paths` selects."""

    subject: ClassVar[str | None] = "migrations"
    paths: Globs = EVERYWHERE

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """What every file that may be a migration says."""
        yield SOURCES, migrations.files(tree, self.paths)

    def read(self, repo: Repository) -> Migrations:
        """The migrations of the judged tree, read once a run."""
        return self.of(repo, repo.tree)

    def of(self, repo: Repository, tree: Tree) -> Migrations:
        """The migrations of any tree."""
        return repo.subject(migrations.read, tree, repo.facts, self.paths)

    def account(self, repo: Repository, found: Migrations) -> Iterator[Seen]:
        """What there is, how much of it was read, and what was not."""
        lost = {each.path for each in found.unread}
        paths = set(found.paths)
        yield Evidence("migrations", scope=len(paths | lost), examined=len(paths - lost))
        yield from found.unread
        if self.paths != EVERYWHERE:
            yield from leading_nowhere(repo.tree, self.paths)
