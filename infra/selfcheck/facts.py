"""Facts: what can be read from one file's bytes alone, remembered by the content and by the extractor that read it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.store import Store
from selfcheck.trees import File, Tree
from selfcheck.trees.content import blob_id

T = TypeVar("T")

CHUNK = 500
"""How many files are asked of the store at once; few enough that a large tree's facts are never all encoded at once."""


class Extractor(Struct, Generic[T], frozen=True):
    """How a fact is read from bytes: `extract` raises `Unreadable` for what it cannot read, which is a fact as well.

    `version` changes whenever what it returns does; `host` says that Python's own minor version decides too, as it does
    where `ast` parses.
    """

    name: str
    version: int
    type: Any
    extract: Callable[[bytes], T]
    host: bool = False

    def attempt(self, content: bytes) -> T | Unreadable:
        """The fact, or why there is none."""
        try:
            return self.extract(content)
        except Unreadable as error:
            return error

    @property
    def key(self) -> str:
        """What tells this extractor's facts from all others."""
        python = f" python{sys.version_info.major}.{sys.version_info.minor}" if self.host else ""
        return f"{self.name} {self.version}{python}"


class Facts:
    """Facts about files, from the store where they are known; without a store everything is extracted."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store
        self._ahead: dict[tuple[str, Tree, str], bytes] = {}

    def of(self, extractor: Extractor[T], files: Sequence[File]) -> Iterator[tuple[File, T | Unreadable]]:
        """Each file and its fact, in order, or why there is none. An unmodified file that is known is not even read."""
        codec = _Codec[T](extractor.type)
        for file, found in self._encoded(extractor, files, codec):
            fact = found if isinstance(found, Unreadable) else codec.decoded(found)
            yield file, extractor.attempt(file.bytes) if fact is None else fact

    def unknown(self, extractor: Extractor[T], files: Sequence[File]) -> list[File]:
        """The files whose facts are not known without reading them; the others' are held from now on."""
        missing: list[File] = []
        for chunk in _chunks(files):
            known = self._known(extractor, chunk)
            for file in chunk:
                fact = known.get(file.tree.content_id(file.path) or "")
                if fact is None:
                    missing.append(file)
                else:
                    self._ahead[extractor.key, file.tree.origin, file.path] = fact
        return missing

    def learn(self, extractor: Extractor[T], files: Sequence[File]) -> list[bytes | None]:
        """The encoded fact of each file, None where it could not be read: to be held by another process."""
        codec = _Codec[T](extractor.type)
        found = self._encoded(extractor, files, codec)
        return [None if isinstance(fact, Unreadable) else fact for _, fact in found]

    def hold(self, extractor: Extractor[T], files: Sequence[File], facts: Sequence[bytes | None]) -> None:
        """Facts that another process has learned."""
        for file, fact in zip(files, facts, strict=True):
            if fact is not None:
                self._ahead[extractor.key, file.tree.origin, file.path] = fact

    def _encoded(
        self, extractor: Extractor[T], files: Sequence[File], codec: "_Codec[T]"
    ) -> Iterator[tuple[File, bytes | Unreadable]]:
        for chunk in _chunks(files):
            held = {file.path: self._ahead.get((extractor.key, file.tree.origin, file.path)) for file in chunk}
            known = self._known(extractor, [file for file in chunk if held[file.path] is None])
            learned: dict[str, bytes] = {}
            for file in chunk:
                fact = held[file.path] or known.get(file.tree.content_id(file.path) or "")
                yield file, fact or self._learned(extractor, file, codec, learned)
            if self.store is not None and learned:
                self.store.put(extractor.key, learned)

    def _known(self, extractor: Extractor[T], files: Sequence[File]) -> dict[str, bytes]:
        ids = [found for file in files if (found := file.tree.content_id(file.path))]
        return self.store.get(extractor.key, ids) if self.store is not None else {}

    def _learned(
        self, extractor: Extractor[T], file: File, codec: "_Codec[T]", learned: dict[str, bytes]
    ) -> bytes | Unreadable:
        """The fact of a file that had to be read, kept under the id that its bytes really have."""
        try:
            content = file.bytes
        except Unreadable as error:
            return error
        expected = file.tree.content_id(file.path)
        actual = blob_id(content, expected)
        if expected is None and self.store is not None:
            known = self.store.get(extractor.key, [actual]).get(actual)
            if known is not None:
                return known
        learned[actual] = codec.encoded(extractor.attempt(content))
        return learned[actual]


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
