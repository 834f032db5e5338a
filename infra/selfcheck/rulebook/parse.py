"""From rulebook files to guardrails with their checks: load, extend, merge, convert; every fault before giving up."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta, Struct, ValidationError, structs

from selfcheck.check import Append, Canary, Case, Check, Delete, Edit, Replace, Unloadable, Write
from selfcheck.errors import Fault, RulebookError, UsageError
from selfcheck.guardrail import BUILT_IN, CanaryEntry, Guardrail, Promise, Severity, Text
from selfcheck.rulebook.discovery import Source
from selfcheck.rulebook.documents import Document, as_list, as_mapping, load
from selfcheck.rulebook.written import Written, guardrails, merged
from selfcheck.suggest import unknown
from selfcheck.trees.globs import Globs, matcher

PACK = "pack:"
SETTINGS = ("fail_on", "approvals", "extends")
EDITS = ("write", "append", "replace", "delete", "patch")


class Catalog(Protocol):
    """What is installed: the checks that guardrails use and the packs that rulebooks extend."""

    def checks(self) -> Sequence[str]:
        """The ids of all checks, without loading one."""
        ...

    def check(self, name: str) -> type[Check] | Unloadable | None:
        """One check, loaded alone; None where there is none of this id."""
        ...

    def packs(self) -> Sequence[str]:
        """The names of all packs."""
        ...

    def pack(self, name: str) -> bytes | Unloadable | None:
        """The YAML of one pack; None where there is none of this name."""
        ...


class Approvals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What allows a change to loosen the rulebook: a label of the pull request, or owners who must review the file."""

    labels: tuple[Text, ...] = ()
    codeowners: bool = False


class Outline(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a rulebook; the run settings `fail_on`, `approvals` and `extends` stand in one file only."""

    version: Literal[1]
    guardrails: list[dict[str, Any]] | None = None
    fail_on: Severity | None = None
    approvals: Approvals | None = None
    extends: tuple[
        Annotated[str, Meta(pattern=r"^pack:.", description="the name of a pack", examples=["pack:python"])], ...
    ] = ()


class Rulebook(Struct, frozen=True):
    """Guardrails in the order of the files, packs first; `digest` is over the names and bytes of all files."""

    cases: tuple[Case, ...]
    fail_on: Severity
    digest: str
    approvals: Approvals = Approvals()


def parse(sources: Sequence[Source], catalog: Catalog) -> Rulebook:
    """All files of a rulebook as one.

    Raises:
        RulebookError: with every fault of every file.
        UsageError: there is no guardrail at all.

    """
    faults: list[Fault] = []
    outlines = _outlines(sources, faults)
    _settings_stand_once(outlines, faults)
    packs, missing = _packs(outlines, catalog, faults)
    inlined = _outlines(packs, faults)
    _packs_have_no_settings(inlined, faults)
    packed = [each for document, _ in inlined for each in guardrails(document)]
    local = [each for document, _ in outlines for each in guardrails(document) if each.whole or not missing]
    cases = [case for each in merged(packed, local, faults) if (case := _case(each, catalog, faults))]
    if faults:
        raise RulebookError(sorted(set(faults)))
    if not cases:
        raise UsageError(f"{sources[0].name}:1:1: no guardrail; a gate without guardrails would always be green")
    fail_on = next((outline.fail_on for _, outline in outlines if outline.fail_on), Severity.HIGH)
    approvals = next((outline.approvals for _, outline in outlines if outline.approvals), Approvals())
    return Rulebook(tuple(cases), fail_on, _digest([*packs, *sources]), approvals)


def convert(options: Mapping[str, Any], check: type[Check]) -> Check:
    """The check with these options.

    Raises:
        ValidationError: an option is unknown, missing, or of the wrong type or value.

    """
    made = msgspec.convert(options, check, dec_hook=_decoded)
    for field in structs.fields(made):
        if field.type == Globs:
            _require_globs(field.encode_name, getattr(made, field.name))
    return made


def _require_globs(name: str, patterns: Sequence[str]) -> None:
    """Each pattern can be matched by: a class such as `[z-a]` is well-formed text and no pattern."""
    # Only a class can be wrong, and compiling two thousand patterns takes a quarter of a second.
    for number, pattern in ((number, pattern) for number, pattern in enumerate(patterns) if "[" in pattern):
        try:
            matcher((pattern,))
        except ValueError as error:
            raise ValidationError(f"{error} - at `$.{name}[{number}]`") from None


def _decoded(wanted: type, value: Any) -> Any:
    """An option of a class of its own, made from text; the class has a `json_schema` and raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
    return wanted(value)


def _outlines(sources: Sequence[Source], faults: list[Fault]) -> list[tuple[Document, Outline]]:
    found: list[tuple[Document, Outline]] = []
    for source in sources:
        try:
            document = load(source.content, source.name)
        except RulebookError as error:
            faults.extend(error.faults)
            continue
        try:
            found.append((document, msgspec.convert(document.data, Outline)))
        except ValidationError as error:
            from selfcheck.rulebook import wrong  # jsonschema: only where something is wrong

            faults.extend(wrong.outline_faults(document, str(error)))
            found.append((document, Outline(version=1, extends=_named(document))))  # its guardrails have faults too
    return found


def _named(document: Document) -> tuple[str, ...]:
    """The packs that a file with a wrong outline extends: without them its overrides would look incomplete."""
    data = as_mapping(document.data) or {}
    return tuple(each for each in as_list(data.get("extends")) if isinstance(each, str) and each.startswith(PACK))


def _settings_stand_once(outlines: Sequence[tuple[Document, Outline]], faults: list[Fault]) -> None:
    for setting in SETTINGS:
        holders = [document for document, _ in outlines if document.holds((setting,))]
        faults.extend(
            document.fault((setting,), f"`{setting}` stands already in {holders[0].name}; it stands in one file only")
            for document in holders[1:]
        )


def _packs_have_no_settings(outlines: Sequence[tuple[Document, Outline]], faults: list[Fault]) -> None:
    faults.extend(
        document.fault((setting,), f"a pack holds guardrails, not `{setting}`; write it into the rulebook", at_key=True)
        for document, _ in outlines
        for setting in SETTINGS
        if document.holds((setting,))
    )


def _packs(
    outlines: Sequence[tuple[Document, Outline]], catalog: Catalog, faults: list[Fault]
) -> tuple[list[Source], bool]:
    """The packs that are there, each once, and whether one is missing."""
    found: dict[str, Source] = {}
    missing = False
    for document, outline in outlines:
        for number, name in enumerate(outline.extends):
            content = catalog.pack(name.removeprefix(PACK))
            if name in found:
                faults.append(document.fault(("extends", number), f"`{name}` stands here a second time"))
            elif isinstance(content, bytes):
                found[name] = Source(name, content)
            else:
                known = [PACK + pack for pack in catalog.packs()]
                reason = content.reason if content else unknown("pack", name, known)
                faults.append(document.fault(("extends", number), reason))
                missing = True
    return list(found.values()), missing


def _case(written: Written, catalog: Catalog, faults: list[Fault]) -> Case | None:
    """One guardrail with its check, or None and its faults."""
    faults.extend(_beyond_types(written))
    try:
        promise = msgspec.convert(written.data, Promise)
        places = tuple(written.place_of(("waivers", number)) for number in range(len(promise.waivers)))
        guardrail = Guardrail(
            place=written.place, waiver_places=places, places=written.places, **structs.asdict(promise)
        )
        check = catalog.check(guardrail.use) if isinstance(promise.check.get("use"), str) else None
        if check is None:
            raise ValidationError("no such check")
        made = check if isinstance(check, Unloadable) else convert(guardrail.options, check)
        case = Case(guardrail, made, tuple(canary_of(entry) for entry in promise.canaries))
    except ValidationError as error:
        from selfcheck.rulebook import wrong  # jsonschema: only where something is wrong

        faults.extend(wrong.guardrail_faults(written, catalog, str(error)))
        return None
    return case


def _beyond_types(written: Written) -> list[Fault]:
    """What types cannot say of a guardrail; found in the raw data, so that it is told beside what they can."""
    uncounted = [
        written.fault(("waivers", number, "match"), "a glob needs `count`, the number of findings that it covers today")
        for number, waiver in _entries(written, "waivers")
        if waiver.get("count") is None and isinstance(match := waiver.get("match"), str) and set("*?[") & set(match)
    ]
    unclear = [
        written.fault(("canaries", number), f"a canary is one edit: {', '.join(EDITS[:-1])} or {EDITS[-1]}")
        for number, canary in _entries(written, "canaries")
        if canary.keys() <= {*EDITS, "expect"} and sum(canary.get(edit) is not None for edit in EDITS) != 1
    ]
    name = written.data.get("id")
    taken = [written.fault(("id",), f'the id "{name}" is that of a built-in guardrail; take another')] * (
        name in BUILT_IN
    )
    return uncounted + unclear + taken


def _entries(written: Written, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, each in enumerate(as_list(written.data.get(key))):
        if (entry := as_mapping(each)) is not None:
            yield number, entry


def canary_of(entry: CanaryEntry) -> Canary:
    """The canary that a guardrail writes."""
    edits = _edits(entry)
    title = ", ".join(f"{type(edit).__name__.lower()} {edit.path}" for edit in edits)
    return Canary(title or f"patch {entry.patch}", edits, entry.expect, patch=entry.patch)


def _edits(entry: CanaryEntry) -> tuple[Edit, ...]:
    write, append, replace = entry.write, entry.append, entry.replace
    possible = (
        write and Write(write.path, write.text.encode()),
        append and Append(append.path, append.text.encode()),
        replace and Replace(replace.path, replace.old.encode(), replace.new.encode()),
        entry.delete and Delete(entry.delete),
    )
    return tuple(edit for edit in possible if isinstance(edit, Edit))


def _digest(sources: Sequence[Source]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{len(source.name)}:{source.name}{len(source.content)}:".encode())
        digest.update(source.content)
    return f"sha256:{digest.hexdigest()}"
