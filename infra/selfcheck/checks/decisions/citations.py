"""What code and documents cite as a decision is there, and holds."""

import posixpath
from collections.abc import Iterator, Mapping
from typing import ClassVar

from selfcheck.check import (
    Append,
    Canary,
    Evidence,
    File,
    Finding,
    Globs,
    Repository,
    Seen,
    Strictness,
    Unprovable,
    Unread,
    Unreadable,
)
from selfcheck.checks.decisions.check import DecisionCheck
from selfcheck.subjects.decisions import Decision, Decisions
from selfcheck.subjects.decisions.citations import Citation, citations_in
from selfcheck.subjects.decisions.names import parts
from selfcheck.trees.globs import matcher, shares

EVERYWHERE = (
    "**",
    "!**/CHANGELOG*",
    "!**/CHANGES*",
    "!**/*.lock",
    "!**/*-lock.json",
    "!**/node_modules/**",
    "!**/vendor/**",
)
MADE_UP = (
    *("**/test/**", "**/tests/**", "**/testdata/**", "**/fixtures/**", "**/__tests__/**", "**/examples/**"),
    *("**/test_*", "**/*_test.*", "**/*.test.*", "**/*.spec.*", "**/*[Tt]emplate*", "**/*[Tt]emplate*/**"),
)
NO_TEXT = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".bmp", ".tif", ".tiff", ".pdf", ".zip"),
        *(".gz", ".bz2", ".xz", ".7z", ".tar", ".jar", ".whl", ".woff", ".woff2", ".ttf", ".otf"),
        *(".eot", ".mp3", ".mp4", ".mov", ".webm", ".wav", ".ogg", ".so", ".dll", ".exe", ".bin"),
        *(".onnx", ".parquet", ".db", ".sqlite", ".psd", ".class", ".pyc", ".wasm", ".svg", ".drawio"),
    )
)
"""What the names of files end in that nobody writes by hand."""
Kinds = dict[tuple[str, str], list[Citation]]


class AdrCitations(DecisionCheck, kw_only=True):
    """Code and documents cite only decisions that are there and hold, at the paths where they are.

    A line that speaks of history, such as of what was replaced, may cite what no longer holds.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE, "fixtures": Strictness.LESS}

    unmatched: ClassVar[frozenset[str]] = frozenset({"fixtures"})

    paths: Globs = EVERYWHERE
    fixtures: Globs = MADE_UP

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each file and decision that it cites in vain, with how often."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        count = files = 0
        own = {*found.by_path, *(path for folder in found.folders for path in folder.others)}
        is_made_up = matcher(self.fixtures)
        asked = tuple(file for file in repo.tree.files(self.paths) if file.path not in own and _may_cite(file.path))
        for file, cited in repo.facts.of(citations_in(_prefixes(found)), asked):
            if isinstance(cited, Unreadable):
                yield Unread(file.path, str(cited))
                continue
            files += 1
            count += len(cited)
            if cited:
                yield from _judged(repo, found, file, cited, made_up=is_made_up(file.path))
        yield Evidence("files", scope=len(asked), examined=files)
        if count:
            yield Evidence("citations of decisions", scope=count, examined=count)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A citation of a decision that nobody wrote, and one of a decision that holds no longer, where there is one."""
        found = self.decisions(repo)
        own = {*found.by_path, *(path for folder in found.folders for path in folder.others)}
        is_made_up = matcher(self.fixtures)
        files = {file.path: file for file in repo.tree.files(self.paths) if file.path not in own}
        citing = [path for path in files if _may_cite(path) and not is_made_up(path)]
        several = [next((each for each in some if _is_text(files[each])), None) for some in shares(self.paths, citing)]
        chosen = [each for each in several if each is not None]
        if not chosen:
            raise Unprovable("no text file is in scope")
        if not found.numbers:
            raise Unprovable("no decision has a number")
        for path in chosen:
            edit = Append(path, b"\nADR-999999\n")
            yield Canary(f"let {path} cite a decision that nobody wrote", (edit,), f"{path}: unknown ADR-999999")
        path = chosen[0]
        gone = next((each for each in found.all if each.retired and _is_gone(found.numbered(each.number or 0))), None)
        if gone is not None and gone.number is not None:
            edit = Append(path, f"\nsee ADR-{gone.number}\n".encode())
            yield Canary(f"let {path} cite {gone.id}", (edit,), f"{path}: {gone.status} {gone.id}")


def _may_cite(path: str) -> bool:
    """Whether what a file is called does not say that it is no text."""
    return parts(path)[2] not in NO_TEXT


def _prefixes(found: Decisions) -> tuple[str, ...]:
    """What may stand before a number: ADR, and what the names of the files begin with."""
    return tuple(sorted({"ADR", *(each.name.prefix.upper() for each in found.all if each.name.prefix)}))


def _judged(
    repo: Repository, found: Decisions, file: File, cited: tuple[Citation, ...], *, made_up: bool
) -> Iterator[Finding]:
    kinds: Kinds = {}
    hints: dict[tuple[str, str], str] = {}
    for each in cited:
        wrong = _by_path(repo, found, file, each) if each.path else _by_number(found, file, each)
        if wrong is not None and not (made_up and wrong[0] in ("unknown", "moved")):
            kinds.setdefault(wrong[:2], []).append(each)
            hints[wrong[:2]] = wrong[2]
    for (kind, name), several in kinds.items():
        more = f" and {len(several) - 1} more time{'s' * (len(several) > 2)}" if len(several) > 1 else ""
        said = {"unknown": "which is not there", "moved": "where it is no longer"}.get(kind, f"which is {kind}")
        yield Finding(
            key=f"{file.path}: {kind} {name}",
            message=f"cites {name}, {said}{more}",
            at=file.at(several[0].line),
            hint=hints[kind, name],
            data={"cited": name, "kind": kind, "lines": [each.line for each in several]},
            amount=len(several),
        )


def _by_number(found: Decisions, file: File, cited: Citation) -> tuple[str, str, str] | None:
    assert cited.number is not None
    if not found.numbers:
        return None
    meant = found.numbered(cited.number, posixpath.dirname(file.path))
    if not meant and not cited.number:
        return None  # a place for a number
    if not meant:
        return "unknown", f"ADR-{cited.number}", "mend the number"
    return _gone(found, meant) if not cited.told and _is_gone(meant) else None


def _by_path(repo: Repository, found: Decisions, file: File, cited: Citation) -> tuple[str, str, str] | None:
    folder = posixpath.dirname(file.path)
    for path in (posixpath.normpath(posixpath.join(folder, cited.path)), posixpath.normpath(cited.path)):
        if (decision := found.by_path.get(path)) is not None:
            return _gone(found, [decision]) if not cited.told and decision.retired else None
        if repo.tree.resolve(path) is not None:
            return None
    same = found.stems.get(parts(cited.path)[1])
    if not same or cited.told or same[0].path.endswith(f"/{cited.path.lstrip('./')}"):
        return None
    return "moved", cited.path, f"it is at {same[0].path}"


def _is_gone(meant: list[Decision]) -> bool:
    return bool(meant) and all(each.retired for each in meant)


def _gone(found: Decisions, meant: list[Decision]) -> tuple[str, str, str]:
    decision = meant[0]
    by = [other.id for each in decision.related() for other in found.meant(decision, each) or ()]
    by += [
        other.id
        for each in decision.document.relations
        if each.verb == "superseded by"
        for other in found.meant(decision, each) or ()
    ]
    return str(decision.status), decision.id, f"cite {by[0]}" if by else "cite what holds now, or nothing"


def _is_text(file: File) -> bool:
    try:
        return bool(file.text)
    except Unreadable:
        return False
