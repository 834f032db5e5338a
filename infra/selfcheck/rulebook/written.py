"""One guardrail as its files wrote it, and the merge of packs and local files."""

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from selfcheck.errors import Fault
from selfcheck.guardrail import Place, Promise
from selfcheck.rulebook.documents import Document, Path, as_list, as_mapping

DEPTH = 3
"""How far down the places of values are kept: an option's item is `check`, the option, the item's number."""


class Written:
    """The raw data of one guardrail; where it lies over a pack's, each key still knows the file that wrote it."""

    def __init__(self, document: Document, path: Path, data: dict[str, Any]) -> None:
        self.document = document
        self.path = path
        self.data = data
        self._own = data
        self._under: Written | None = None

    def over(self, under: "Written") -> "Written":
        """The same with the keys of `under` where it has none; the options of one and the same check are merged."""
        merged = {**under.data, **self.data}
        mine, theirs = as_mapping(self.data.get("check")), as_mapping(under.data.get("check"))
        if mine is not None and theirs is not None and mine.get("use") in (None, theirs.get("use")):
            merged["check"] = {**theirs, **mine}
        both = Written(self.document, self.path, merged)
        both._own, both._under = self.data, under
        return both

    def fault(self, path: Path, message: str, *, at_key: bool = False) -> Fault:
        """A fault at a path below this guardrail, in the file that wrote it."""
        if self._under is not None and not self._wrote(path):
            return self._under.fault(path, message, at_key=at_key)
        return self.document.fault((*self.path, *path), message, at_key=at_key)

    def _wrote(self, path: Path) -> bool:
        match path:
            case ("check", option, *_) if (options := as_mapping(self._own.get("check"))) is not None:
                return option in options
            case (key, *_):
                return key in self._own
            case _:
                return True

    @property
    def whole(self) -> bool:
        """Whether it says all that a guardrail must, so that it is no mere override of a pack's."""
        return all(field.encode_name in self.data for field in structs.fields(Promise) if field.required)

    @property
    def place(self) -> Place:
        """Where this guardrail begins."""
        return self.place_of(())

    @property
    def places(self) -> dict[str, Place]:
        """Where its values stand, down to the items of an option, each in the file that wrote it."""
        below = {} if self._under is None else self._under.places
        found = {key: place for key, place in below.items() if not self._wrote(tuple(key.split(".")))}
        for path, line in self.document.lines_below(self.path, DEPTH).items():
            if self._wrote(path):
                found[".".join(map(str, path))] = Place(self.document.name, line)
        return found

    def place_of(self, path: Path) -> Place:
        """Where something below this guardrail begins, in the file that wrote it."""
        if self._under is not None and path and not self._wrote(path):
            return self._under.place_of(path)
        return Place(self.document.name, self.document.line((*self.path, *path)))


def guardrails(document: Document) -> list[Written]:
    """The guardrails of a document; what is none is a fault of the document's outline."""
    outline = as_mapping(document.data) or {}
    return [
        Written(document, ("guardrails", number), data)
        for number, each in enumerate(as_list(outline.get("guardrails")))
        if (data := as_mapping(each)) is not None
    ]


def merged(packed: Iterable[Written], local: Iterable[Written], faults: list[Fault]) -> list[Written]:
    """Every id once: a local guardrail lies over a pack's of the same id; twice on one side is a fault."""
    found: dict[object, Written] = {}
    for side in (packed, local):
        seen: dict[str, Written] = {}
        for each in side:
            name = each.data.get("id")
            if not isinstance(name, str):
                found[object()] = each  # nothing to merge by; that it has no id is found later
            elif name in seen:
                found[object()] = each  # so that its own faults are found too
                faults.append(each.fault(("id",), f'the id "{name}" stands already at {seen[name].place}'))
            else:
                seen[name] = each
                found[name] = each.over(found[name]) if name in found else each
    return list(found.values())
