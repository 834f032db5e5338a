"""Which guardrails keep which decisions: by what the decisions say, and by what the guardrails refer to."""

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from selfcheck.guardrail import Guardrail
from selfcheck.subjects.decisions.decision import Decision
from selfcheck.subjects.decisions.model import Said
from selfcheck.subjects.decisions.read import Decisions

REF = re.compile(r"(?P<prefix>[A-Za-z]{2,12})[-_ #]?0*(?P<number>\d{1,6})(?!\w)")
NONE = re.compile(
    r"(?:none|no guardrail|manual(?:ly)?|not enforce(?:d|able)|cannot be|nothing|by hand|by review|process|organi[sz]ational)\b"
    r"[\s:;,.(\u2013\u2014-]*(?P<why>.*)",
    re.IGNORECASE | re.DOTALL,
)
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
SHORTEST = 8
"""Characters of a reason."""


class Reference(Struct, frozen=True):
    """What a guardrail refers to as a decision: the place of it among its references, and the decisions that are meant."""

    guardrail: Guardrail
    number: int
    text: str
    decisions: tuple[str, ...]


class Kept(Struct, frozen=True):
    """How one decision is kept: the guardrails that it names, those that refer to it, or why there are none."""

    named: tuple[str, ...] = ()
    referring: tuple[str, ...] = ()
    unknown: tuple[Said, ...] = ()
    reason: str | None = None
    """Why none is possible; empty where it is only said that none is."""

    @property
    def guardrails(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted({*self.named, *self.referring}))


class Trace(Struct, frozen=True):
    """The decisions by path, how each is kept; and every reference of a guardrail to a decision."""

    kept: Mapping[str, Kept]
    references: tuple[Reference, ...]


def trace(found: Decisions, guardrails: Sequence[Guardrail]) -> Trace:
    """Both ways; a guardrail that is switched off keeps nothing."""
    held = {each.id for each in guardrails if each.switched_off is None}
    known = {each.id for each in guardrails}
    references = tuple(
        Reference(guardrail, number, ref, tuple(each.path for each in meant))
        for guardrail in guardrails
        if guardrail.switched_off is None
        for number, ref in enumerate(guardrail.refs)
        if (meant := referred(found, ref)) is not None
    )
    referring: dict[str, set[str]] = {}
    for each in references:
        for path in each.decisions:
            referring.setdefault(path, set()).add(each.guardrail.id)
    return Trace({each.path: _kept(each, held, known, referring.get(each.path, ())) for each in found.all}, references)


def referred(found: Decisions, ref: str) -> list[Decision] | None:
    """The decisions that a reference means, none where there is none; None where it is no decision that is meant."""
    text = ref.strip()
    if "://" in text:
        return None
    path = posixpath.normpath(text.partition("#")[0])
    if path in found.by_path:
        return [found.by_path[path]]
    number = REF.match(text)
    prefixes = {"adr", *(each.name.prefix.casefold() for each in found.all)} - {""}
    if number is not None and number["prefix"].casefold() in prefixes and (found.numbers or number["prefix"].isupper()):
        return found.numbered(int(number["number"]))
    folders = {each.path for each in found.folders}
    return (
        []
        if posixpath.dirname(path) in folders and path.endswith((".md", ".rst")) and not _is_other(found, path)
        else None
    )


def _is_other(found: Decisions, path: str) -> bool:
    return any(path in folder.others for folder in found.folders)


def _kept(decision: Decision, held: set[str], known: set[str], referring: Iterable[str]) -> Kept:
    names = decision.document.kept_by
    named = sorted({each.text for each in names if each.text in held})
    unknown = [each for each in names if _claims(each) and each.text not in known]
    said = next(
        (found["why"] for each in decision.document.kept if (found := NONE.match(each.text.strip(" *_`")))), None
    )
    reason = None if said is None else said.strip(" .)") if len(said.strip(" .)")) >= SHORTEST else ""
    return Kept(tuple(named), tuple(sorted(referring)), tuple(unknown), reason)


def _claims(said: Said) -> bool:
    """Whether a word is beyond doubt meant as the id of a guardrail."""
    return said.name == "guardrail" and KEBAB.fullmatch(said.text) is not None
