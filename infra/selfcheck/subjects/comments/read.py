"""The waivers in the comments of a tree: every file searched for markers, those that have some lexed."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.comments.entries import Entry, Slow
from selfcheck.subjects.comments.extract import MARKED, SECONDS, comments_in
from selfcheck.subjects.comments.languages import Language, by_first_line, by_name, has_comments
from selfcheck.trees import File, Tree


class Comments(Struct, frozen=True):
    """What stands in comments, by path and in the order of lines; `unread` is what could hold comments and was not read."""

    by_path: Mapping[str, tuple[Entry, ...]]
    unread: tuple[Unread, ...] = ()


def files(tree: Tree) -> tuple[File, ...]:
    """The files that are searched for markers, the fact `MARKED` of each."""
    return tuple(file for file in tree.files() if has_comments(file.path))


def read(tree: Tree, facts: Facts, *, seconds: float = SECONDS) -> Comments:
    """The waivers of a tree, in force or not; `seconds` are the most that one text may take."""
    found: dict[str, tuple[Entry, ...]] = {}
    unread: list[Unread] = []
    for language, several in _marked(tree, facts, unread).items():
        for file, entries in _entries(facts, comments_in(language, seconds), several):
            if isinstance(entries, Unreadable):
                unread.append(Unread(file.path, str(entries)))
            elif entries:
                found[file.path] = entries
    return Comments(dict(sorted(found.items())), tuple(sorted(unread, key=lambda each: each.path)))


def _marked(tree: Tree, facts: Facts, unread: list[Unread]) -> dict[Language | None, list[File]]:
    """The files that have a marker, or could not be searched for one, by their language."""
    marked: dict[Language | None, list[File]] = {}
    for file, has_marker in facts.of(MARKED, files(tree)):
        if has_marker:
            try:
                marked.setdefault(_language(file), []).append(file)
            except Unreadable as error:
                # A name without a suffix may be that of a script; of any other nothing is known that has comments.
                if "." not in file.path.rpartition("/")[2]:
                    unread.append(Unread(file.path, str(error)))
    return marked


def _language(file: File) -> Language | None:
    """The language of a file; one whose name does not tell it is read for the program that runs it."""
    return by_name(file.path) or by_first_line(file.bytes)


def _entries(
    facts: Facts, extractor: Extractor[tuple[Entry, ...]], files: list[File]
) -> Iterator[tuple[File, tuple[Entry, ...] | Unreadable]]:
    """Each file and its entries, asked for one by one: a text that takes too long has no fact."""
    facts.unknown(extractor, files)  # those known are fetched at once, and held
    for file in files:
        try:
            yield from facts.of(extractor, (file,))
        except Slow:
            yield file, Unreadable("takes too long to be searched for comments; waive what is in it in the rulebook")
