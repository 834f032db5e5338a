"""No token and no private key is committed."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar

from selfcheck.check import (
    Canary,
    Check,
    Evidence,
    Extractor,
    File,
    Finding,
    Globs,
    Need,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Unread,
    Unreadable,
    Write,
    leading_nowhere,
)
from selfcheck.checks.leaks.canaries import made_up
from selfcheck.checks.leaks.scanners import Name, Told, scan
from selfcheck.subjects.leaks import LEAKS, SORTS
from selfcheck.subjects.leaks.find import Leak, filed, is_filed
from selfcheck.subjects.leaks.sorts import FILED
from selfcheck.trees.globs import shares

EVERYWHERE = ("**", "!**/node_modules/**")
TITLES = {sort.id: sort.title for sort in (*SORTS, *(sort for _, sort in FILED))}
HINT = "revoke it first: the history keeps it; then read it from the environment or a vault"


class SecretLeaks(Check, kw_only=True):
    """No file holds a token of a service or a private key, by forms that are proven where their makers gave them a proof.

    What other scanners find that are installed is told with it, once for each place.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM})
    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE, "scanners": Strictness.MORE}

    paths: Globs = EVERYWHERE
    scanners: tuple[Name, ...] = ()

    @property
    def asks_for(self) -> frozenset[Need]:
        """Programs, only where scanners are named."""
        return self.needs if self.scanners else frozenset()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each token; never the token, nor anything made of it."""
        files = repo.tree.files(self.paths)
        own: dict[tuple[str, int], Finding] = {}
        unread = 0
        for file, found in repo.facts.of(LEAKS, files):
            if isinstance(found, Unreadable):
                unread += 1
                yield Unread(file.path, str(found))
                continue
            for leak in (*found, *self._filed(file)):
                own.setdefault((file.path, leak.line), _finding(file, leak))
        yield Evidence("files", scope=len(files), examined=len(files) - unread)
        yield from leading_nowhere(repo.tree, self.paths)
        told: dict[tuple[str, int], list[Told]] = {}
        if self.scanners:
            yield from self._scanned(repo, {file.path for file in files}, told)
        for place, finding in own.items():
            also = sorted({f"{each.scanner}: {each.rule}" for each in told.pop(place, ())})
            yield finding if not also else _also(finding, also)
        for (path, line), several in sorted(told.items()):
            yield _foreign(repo.tree, path, line, several)

    def ahead(self, tree: Tree) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
        """The tokens of every file."""
        yield LEAKS, tree.files(self.paths)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A made-up token, beside the first file that each pattern alone selects."""
        files = {file.path: file for file in repo.tree.files(self.paths)}
        told = False
        for several in shares(self.paths, files):
            found = ((path, content) for path in several if (content := _text(files[path])) is not None)
            for path, content in islice(found, 1):
                told = True
                edit = Write(path, f"{content}\n{made_up()}\n".encode())
                yield Canary(f"write a made-up token into {path}", (edit,), f"github-token in {path}")
        if not told:
            raise Unprovable("no text file is in scope")

    def _filed(self, file: File) -> tuple[Leak, ...]:
        return filed(file.bytes, file.path) if is_filed(file.path) else ()

    def _scanned(
        self, repo: Repository, selected: set[str], told: dict[tuple[str, int], list[Told]]
    ) -> Iterator[Evidence]:
        folder = repo.materialised()
        for name in self.scanners:
            found = [each for each in scan(name, folder, repo.environ) if each.path in selected]
            for each in found:
                told.setdefault((each.path, each.line), []).append(each)
            yield Evidence(f"files, by {name}", scope=len(selected), examined=len(selected))


def _finding(file: File, leak: Leak) -> Finding:
    return Finding(
        key=f"{leak.sort} in {file.path}",
        message=f"holds {TITLES[leak.sort]}, {leak.length} long",
        at=file.at(leak.line, leak.column),
        hint=HINT,
        data={"sort": leak.sort, "length": leak.length, "also": []},
    )


def _also(finding: Finding, also: list[str]) -> Finding:
    return Finding(
        key=finding.key, message=finding.message, at=finding.at, hint=finding.hint, data={**finding.data, "also": also}
    )


def _foreign(tree: Tree, path: str, line: int, several: list[Told]) -> Finding:
    """What only other scanners told of, under the name of the first of them."""
    first = min(several)
    scanners = sorted({each.scanner for each in several})
    told = f"{' and '.join(scanners)} {'take' if len(scanners) > 1 else 'takes'} for a secret"
    return Finding(
        key=f"{first.rule} in {path}",
        message=f"holds what {told} ({first.rule})",
        at=File(tree, path).at(line),
        hint=HINT,
        data={"sort": first.rule, "length": None, "also": sorted({f"{each.scanner}: {each.rule}" for each in several})},
    )


def _text(file: File) -> str | None:
    try:
        return file.text
    except Unreadable:
        return None
