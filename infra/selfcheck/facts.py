"""Facts: what can be read from one file's bytes alone, remembered by the content and by the extractor that read it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import metadata
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from selfcheck.edition import edition
from selfcheck.errors import Unreadable
from selfcheck.store import Store
from selfcheck.trees import File
from selfcheck.trees.content import blob_id

T = TypeVar("T")

CHUNK = 500
"""How many files are asked of the store at once; few enough that a large tree's facts are never all encoded at once."""


class Extractor(Struct, Generic[T], frozen=True):
    """How a fact is read from bytes: `extract` raises `Unreadable` for what it cannot read, which is a fact as well.

    An edit of the code of its package makes its facts anew, and so does another `version`; `host` says that Python's own
    minor version decides too, as it does where `ast` parses; `parsers` are distributions whose versions decide as well.
    """

    name: str
    version: int
    type: Any
    extract: Callable[[bytes], T]
    host: bool = False
    parsers: tuple[str, ...] = ()

    def attempt(self, content: bytes) -> T | Unreadable:
        """The fact, or why there is none."""
        try:
            return self.extract(content)
        except Unreadable as error:
            return error

    def of(self, file: File) -> T | Unreadable:
        """The fact of a file, read anew."""
        try:
            content = file.bytes
        except Unreadable as error:
            return error
        return self.attempt(content)

    @property
    def key(self) -> str:
        """What tells this extractor's facts from all others, also from those of another one of the same name."""
        python = f" python{sys.version_info.major}.{sys.version_info.minor}" if self.host else ""
        versions = "".join(f" {name} {_version(name)}" for name in self.parsers)
        module = getattr(self.extract, "__module__", "")
        return f"{self.name} {self.version} {module} {edition(module or __name__)}{python}{versions}"


@cache
def _version(distribution: str) -> str:
    return metadata.version(distribution)


class Facts:
    """Facts about files, from the store where they are known; without a store everything is extracted."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._held: dict[tuple[str, str], bytes] = {}

    def of(self, extractor: Extractor[T], files: Sequence[File]) -> Iterator[tuple[File, T | Unreadable]]:
        """Each file and its fact, in order, or why there is none. An unmodified file that is known is not even read."""
        codec = _Codec[T](extractor.type)
        for file, found in self._encoded(extractor, files, codec):
            fact = found if isinstance(found, Unreadable) else codec.decoded(found[1])
            yield file, extractor.of(file) if fact is None else fact

    def unknown(self, extractor: Extractor[T], files: Sequence[File]) -> list[File]:
        """The files whose facts are not known without reading them; the others' are held from now on."""
        missing: list[File] = []
        for chunk in _chunks(files):
            ids = [file.tree.content_id(file.path) for file in chunk]
            known = self._known(extractor, [each for each in ids if each is not None])
            self.hold(extractor, known.items())
            missing += [file for file, content_id in zip(chunk, ids, strict=True) if content_id not in known]
        return missing

    def learn(self, extractor: Extractor[T], files: Sequence[File]) -> list[tuple[str, bytes]]:
        """The content ids of files and their encoded facts, to be held by another process; none of an unreadable one."""
        found = self._encoded(extractor, files, _Codec[T](extractor.type), identified=True)
        return [fact for _, fact in found if not isinstance(fact, Unreadable)]

    def hold(self, extractor: Extractor[T], facts: Iterable[tuple[str, bytes]]) -> None:
        """Facts by content id that another process has learned."""
        key = extractor.key
        self._held.update(((key, content_id), fact) for content_id, fact in facts)

    def _encoded(
        self, extractor: Extractor[T], files: Sequence[File], codec: "_Codec[T]", *, identified: bool = False
    ) -> Iterator[tuple[File, tuple[str, bytes] | Unreadable]]:
        """Each file with its content id and its fact. Every file is asked for its id or its bytes, known or not:
        whoever watches the tree goes by that.
        """
        identified = identified or self.store is not None or bool(self._held)
        for chunk in _chunks(files):
            ids = {file.path: _identity(file) for file in chunk} if identified else {}
            known = self._known(extractor, [each for each in ids.values() if isinstance(each, str)])
            learned: dict[str, bytes] = {}
            for file in chunk:
                content_id = ids.get(file.path, "")
                if isinstance(content_id, Unreadable):
                    yield file, content_id
                elif content_id in known:
                    yield file, (content_id, known[content_id])
                else:
                    fact = _learned(extractor, file, content_id, codec)
                    if not isinstance(fact, Unreadable):
                        known[fact[0]] = learned[fact[0]] = fact[1]
                    yield file, fact
            if self.store is not None and learned:
                self.store.put(extractor.key, learned)

    def _known(self, extractor: Extractor[T], ids: Sequence[str]) -> dict[str, bytes]:
        key = extractor.key
        held = {each: fact for each in ids if (fact := self._held.get((key, each))) is not None}
        asked = [each for each in ids if each not in held]
        return held | (self.store.get(key, asked) if self.store is not None else {})


def _identity(file: File) -> str | Unreadable:
    try:
        return file.tree.identity(file.path)
    except Unreadable as error:
        return error


def _learned(extractor: Extractor[T], file: File, expected: str, codec: "_Codec[T]") -> tuple[str, bytes] | Unreadable:
    """The fact of a file that had to be read, under the id that its bytes really have."""
    try:
        content = file.bytes
    except Unreadable as error:
        return error
    # A content whose id was known without reading it is of that id when it is read, whoever watches.
    known = file.tree.origin.content_id(file.path)
    return known or blob_id(content, expected), codec.encoded(extractor.attempt(content))


def _chunks(files: Sequence[File]) -> Iterator[Sequence[File]]:
    return (files[start : start + CHUNK] for start in range(0, len(files), CHUNK))


class _Codec(Generic[T]):
    """Facts as bytes: typed, so that bytes of another shape are no fact rather than a wrong one."""

    def __init__(self, kind: Any) -> None:
        self._facts = msgspec.msgpack.Decoder(tuple[bool, msgspec.Raw])
        self._fact: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(kind)
        self._reason = msgspec.msgpack.Decoder(str)

    def encoded(self, fact: T | Unreadable) -> bytes:
        """The bytes of a fact, or of the reason why there is none."""
        held = not isinstance(fact, Unreadable)
        inner = msgspec.msgpack.encode(fact if held else str(fact))
        return msgspec.msgpack.encode((held, msgspec.Raw(inner)))

    def decoded(self, content: bytes) -> T | Unreadable | None:
        """The fact that was encoded; None where the bytes are none."""
        try:
            held, inner = self._facts.decode(content)
            return self._fact.decode(inner) if held else Unreadable(self._reason.decode(inner))
        except msgspec.MsgspecError:
            return None
