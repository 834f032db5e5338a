"""Every decision is whole, and says one thing of itself."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import ClassVar

from selfcheck.check import Canary, Evidence, Finding, Location, Repository, Seen, Strictness, Unprovable, Write
from selfcheck.checks.decisions.check import DecisionCheck, about
from selfcheck.subjects.decisions import Decision, Decisions, Folder, Status
from selfcheck.subjects.decisions.forms import REQUIRED

LEARNED = 0.9
"""The share of the decisions of one form in a folder that have a section, above which it is asked of the others."""
UNFILLED = re.compile(r"\W*(?:yyyy|when this decision|\{|\[)", re.IGNORECASE)
KNOWN = "write one of draft, proposed, accepted, implemented, deprecated, superseded, partially superseded, rejected; or say what it means under `statuses`"


class Recorded(StrEnum):
    """What a decision can be asked to say of itself."""

    STATUS = "status"
    DATE = "date"
    DECIDERS = "deciders"


BODY = "\n## Context\n\nx\n\n## Decision\n\nx\n\n## Consequences\n\nx\n"
SAID = {
    Recorded.STATUS: "status: proposed\n",
    Recorded.DATE: "date: 2026-01-01\n",
    Recorded.DECIDERS: "deciders: [Ann]\n",
}


class AdrLint(DecisionCheck, kw_only=True):
    """Every decision has a title, a number of its own, one known status, and the sections of its template, filled in.

    What most decisions of a folder leave out is not asked of the others.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {"records": Strictness.MORE}

    records: tuple[Recorded, ...] = ()

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each fault of a decision, and for each number that several have."""
        found = self.decisions(repo)
        yield from self.account(repo, found)
        for folder in found.folders:
            yield from _twice(folder)
            yield from self._custom(folder)
            sections = _sections(folder)
            for decision in folder.decisions:
                yield from _title(decision)
                yield from _status(decision)
                yield from _dates(decision)
                yield from _unfilled(decision, sections)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """The first decision with a number, once more; one with a status that nobody knows; one that does not say what it must."""
        found = self.decisions(repo)
        if not found.all:
            raise Unprovable("there is no decision")
        for folder in found.folders:
            for decision in folder.decisions:
                if decision.name.number is not None and len(folder.numbers[decision.name.number]) == 1:
                    path = decision.path.replace(decision.name.stem, f"{decision.name.stem}-canary")
                    again = Write(path, repo.tree.read(decision.path))
                    yield Canary(f"give {decision.id} a second time", (again,), _number_key(folder, decision))
                    break
        decision = found.all[0]
        path = f"{decision.folder}/{_free(found, decision)}-canary{_suffix(decision)}"
        odd = Write(path, f"# Canary\n\n## Status\n\nBewildered\n{BODY}".encode())
        yield Canary("add a decision whose status nobody knows", (odd,), f"{path}: status")
        for kind in self.records:
            said = "".join(text for each, text in SAID.items() if each is not kind)
            bare = Write(path, f"---\n{said}---\n# Canary\n{BODY}".encode())
            yield Canary(f"add a decision that says no {kind}", (bare,), f"{path}: no {kind}")

    def _custom(self, folder: Folder) -> Iterator[Seen]:
        """What of a decision is not recorded though it is the custom, or is required."""
        for kind in Recorded:
            with_it = [each for each in folder.decisions if _records(each, kind)]
            if kind in self.records or (kind is Recorded.STATUS and folder.records_status):
                for decision in folder.decisions:
                    if decision not in with_it:
                        said = f"says no {kind}, as {len(with_it)} of {len(folder.decisions)} in {folder.path} do"
                        yield about(decision, f"no {kind}", said, f"add its {kind}")
            elif kind is Recorded.STATUS:
                what = f"decisions in {folder.path} that say a status, which is no custom there"
                yield Evidence(what, scope=len(folder.decisions), examined=len(with_it))


def _records(decision: Decision, kind: Recorded) -> bool:
    match kind:
        case Recorded.STATUS:
            return decision.says_status
        case Recorded.DATE:
            return decision.day is not None
        case Recorded.DECIDERS:
            return bool(decision.deciders)


def _twice(folder: Folder) -> Iterator[Finding]:
    for several in folder.numbers.values():
        if len(several) > 1:
            paths = tuple(each.path for each in several)
            yield Finding(
                key=_number_key(folder, several[0]),
                message=f"{several[0].id}: is the number of {len(paths)} decisions: {', '.join(paths)}",
                at=Location(paths[-1], 1),
                hint="give all but the first a number that is free, and mend what cites them",
                data={"decision": several[0].id, "paths": list(paths)},
                parts=paths,
            )


def _number_key(folder: Folder, decision: Decision) -> str:
    return f"{folder.path} number {decision.number}"


def _title(decision: Decision) -> Iterator[Finding]:
    document = decision.document
    if not document.title and document.number is None:
        yield about(decision, "title", "has no title", "begin it with a heading")
    if decision.name.number is not None and document.number not in (None, decision.name.number):
        said = f"its title or its fields call it {document.label}, its file {decision.name.digits}"
        yield about(
            decision, "number", said, "make them the same", line=document.title_line, data={"label": document.label}
        )


def _status(decision: Decision) -> Iterator[Finding]:
    readings = decision.readings
    if any(read.choice for _, read in readings):
        said = next(said for said, read in readings if read.choice)
        yield about(decision, "status", "its status is still the template's list of all", "choose one", line=said.line)
        return
    known = {read.status for _, read in readings if read.status is not None}
    if readings and not known:
        said = readings[0][0]
        yield about(decision, "status", f"its status is none that is known: {_short(said.text)}", KNOWN, line=said.line)
    elif len({_plain(each) for each in known}) > 1:
        places = ", ".join(f"{read.status} at line {said.line}" for said, read in readings if read.status)
        line = readings[-1][0].line
        yield about(decision, "statuses", f"says several statuses: {places}", "make them one", line=line)


def _plain(status: Status) -> Status:
    """What is implemented was accepted, and what is superseded in part still is."""
    return Status.ACCEPTED if status in (Status.IMPLEMENTED, Status.PARTLY) else status


def _dates(decision: Decision) -> Iterator[Finding]:
    for said, day in decision.dates:
        text = said.text.strip(" *`")
        if day is None and text and (UNFILLED.match(text) or re.match(r"\d{4}-\d\d-\d\d", text)):
            yield about(decision, "date", f"{_short(text)} is no day", "write it as YYYY-MM-DD", line=said.line)
            return


def _sections(folder: Folder) -> Mapping[str, list[tuple[str, ...]]]:
    """For each form, the sections that are the custom in a folder."""
    asked: dict[str, list[tuple[str, ...]]] = {}
    for form, wanted in REQUIRED.items():
        own = [each for each in folder.decisions if each.document.form is form]
        shares = ((titles, folder.share(_has(each, titles) for each in own)) for titles in wanted)
        asked[form] = [titles for titles, share in shares if share >= LEARNED or (own and len(own) < 3)]
    return asked


def _has(decision: Decision, titles: tuple[str, ...]) -> bool:
    return any(each.plain in titles for each in decision.document.sections)


def _unfilled(decision: Decision, sections: Mapping[str, list[tuple[str, ...]]]) -> Iterator[Finding]:
    """Sections that are missing or empty, and text of the template; what is not decided yet may be unfinished."""
    document = decision.document
    left = document.placeholders
    if decision.retired or decision.pending:
        return
    for titles in sections[document.form]:
        title = next(iter(titles))
        own = [each for each in document.sections if each.plain in titles]
        if not own:
            said = f"has no section {title.capitalize()}, as the others here"
            yield about(decision, title, said, "add it", data={"section": title})
        elif not any(each.filled for each in own):
            said = f"says nothing under {own[0].title}"
            yield about(decision, title, said, "fill it in", line=own[0].line, data={"section": title})
    if left:
        first = left[0]
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        said = f"still holds text of a template: {_short(first.text)}{more}"
        yield Finding(
            key=f"{decision.path}: template",
            message=f"{decision.id}: {said}",
            at=Location(decision.path, first.line),
            hint="replace it, or take it out",
            data={"decision": decision.id, "lines": [each.line for each in left]},
            amount=len(left),
        )


def _short(text: str) -> str:
    cut = " ".join(text.split())
    return cut if len(cut) <= 60 else f"{cut[:59]}…"


def _free(found: Decisions, decision: Decision) -> str:
    digits = decision.name.digits or "0001"
    number = max((each for each in found.folder_of(decision).numbers), default=0) + 1
    prefix = decision.name.stem[: decision.name.stem.find(digits)] if decision.name.digits else ""
    return f"{prefix}{number:0{len(digits)}}"


def _suffix(decision: Decision) -> str:
    return ".md" if not decision.path.endswith(".markdown") else ".markdown"
