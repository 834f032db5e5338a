"""Every variable that the code reads is in the example, none in it is stale, and each has one default."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from selfcheck.check import (
    Canary,
    Evidence,
    Finding,
    Globs,
    Location,
    Repository,
    Seen,
    Strictness,
    Tree,
    Unprovable,
    Write,
    leading_nowhere,
)
from selfcheck.checks.settings.canaries import beside_each, free
from selfcheck.checks.settings.check import SettingsCheck
from selfcheck.checks.settings.mentions import MENTIONING, SYSTEM, words
from selfcheck.subjects.settings import Form, Kind, Known, Layer, Place, Settings, Spot, place

NAME = "SELFCHECK_CANARY_VARIABLE"
_past = re.compile(r"(?:^|/)(?:versions/[^/]+|migrations/\d{4}_[^/]*)\.py$")
_written_anyhow = re.compile(r"(?i)true|false|#[0-9a-f]{3,8}")


class EnvComplete(SettingsCheck, kw_only=True):
    """Every variable of the environment that the code reads is in the example file, and nothing in that is stale.

    A variable that is read in several places has the same default in all of them.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        "paths": Strictness.MORE,
        "missing": Strictness.MORE,
        "stale": Strictness.MORE,
        "defaults": Strictness.MORE,
        "defaulted": Strictness.MORE,
        "docs": Strictness.LESS,
        "ignore": Strictness.LESS,
    }

    missing: bool = True
    stale: bool = True
    defaults: bool = True
    defaulted: bool = True
    docs: Globs | None = None

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each variable that is missing, stale, or has several defaults."""
        found = self.settings(repo)
        examples = [file for file in found.files if file.layer is Layer.EXAMPLE]
        reads = [spot for spot in found.spots() if _is_read(spot)]
        yield Evidence("example files", scope=len(examples), examined=len(examples))
        asked = {each.setting.variable for each in reads}
        told = {each.setting.variable for each in reads if _examples_of(each, examples, reads)}
        if asked:
            yield Evidence("variables that are read", scope=len(asked), examined=len(told))
        yield from found.unread
        yield from leading_nowhere(repo.tree, self.paths)
        judged = self._judge(repo, found, examples, reads)
        yield from self.but_ignored(({variable}, finding) for variable, finding in judged)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A variable that no example names, an entry that nobody reads, and a variable with two defaults."""
        found = self.settings(repo)
        examples = [file for file in found.files if file.layer is Layer.EXAMPLE]
        if not examples:
            raise Unprovable("there is no example file")
        every = [spot for spot in found.spots() if _is_read(spot)]
        reads = [spot for spot in every if _examples_of(spot, examples, every)]
        told = False
        for beside in beside_each(found, self.paths):
            modules = [
                each.path for each in beside if each.path.endswith(".py") and any(spot.file is each for spot in reads)
            ]
            path = free(repo.tree, self.paths, modules, "selfcheck_canary.py")
            for title, text, key in self._reading() if path is not None else ():
                told = True
                assert path is not None
                yield Canary(f"{title} in {path}", (Write(path, text),), key)
        if self.stale:
            told = True
            yield _idle(repo.tree, examples[0].path)
        if not told:
            raise Unprovable("no Python module that is judged reads a variable")

    def _reading(self) -> Iterator[tuple[str, bytes, str]]:
        """What a new module reads: how that is called, its source, and the finding."""
        if self.missing:
            default = ', "x"' if self.defaulted else ""
            yield f"read {NAME}", f'import os\n\nVALUE = os.getenv("{NAME}"{default})\n'.encode(), f"missing {NAME}"
        if self.defaults:
            twice = "\n".join(f'V{each} = os.getenv("{NAME}", "{each}")' for each in (1, 2))
            yield f"read {NAME} with two defaults", f"import os\n\n{twice}\n".encode(), f"defaults {NAME}"

    def _judge(
        self, repo: Repository, found: Settings, examples: Sequence[Known], reads: Sequence[Spot]
    ) -> Iterator[tuple[str, Finding]]:
        if self.missing and examples:
            yield from self._missing(repo.tree, examples, reads)
        if self.stale:
            yield from _stale(repo.tree, found, examples)
        if self.defaults:
            yield from _several(found, reads)

    def _missing(self, tree: Tree, examples: Sequence[Known], reads: Sequence[Spot]) -> Iterator[tuple[str, Finding]]:
        documented = None if self.docs is None else words(tree, self.docs)
        by_variable: dict[str, list[tuple[Spot, list[Known]]]] = {}
        for spot in reads:
            if beside := _examples_of(spot, examples, reads):
                by_variable.setdefault(spot.setting.variable, []).append((spot, beside))
        for variable, spots in sorted(by_variable.items()):
            asked = [
                each for each, _ in spots if self.defaulted or each.setting.value.kind in (Kind.REQUIRED, Kind.NONE)
            ]
            without = [each for each, beside in spots if each in asked and variable not in _named(beside)]
            where = " and ".join(file.path for file in spots[0][1][:2])
            if without:
                yield (
                    variable,
                    _finding(
                        f"missing {variable}",
                        without,
                        f"{variable} is read, and not in {where}",
                        f"add `{variable}=` to {where}, with a comment that says what it is for",
                    ),
                )
            elif asked and documented is not None and variable not in documented:
                yield (
                    variable,
                    _finding(
                        f"undocumented {variable}",
                        asked,
                        f"{variable} is read, and no document names it",
                        f"describe it in {' or '.join(self.docs or ())}",
                    ),
                )


def _idle(tree: Tree, path: str) -> Canary:
    """An entry that nobody reads, at the end of an example."""
    file = tree.file(path)
    content = b"" if file is None else file.bytes.rstrip(b"\n") + b"\n"
    edit = Write(path, content + f"{NAME}_UNREAD=\n".encode())
    return Canary(f"name {NAME}_UNREAD in {path}", (edit,), f"stale {NAME}_UNREAD in {path}")


def _is_read(spot: Spot) -> bool:
    """Whether it is a variable that the code of the application reads."""
    setting = spot.setting
    is_own = setting.form in (Form.READ, Form.FIELD) and setting.variable != "" and not setting.development
    return (
        is_own
        and spot.file.layer is Layer.CODE
        and not SYSTEM.fullmatch(setting.variable)
        and place(spot.path) is not Place.DEVELOPMENT
    )


def _examples_of(spot: Spot, examples: Sequence[Known], reads: Sequence[Spot]) -> list[Known]:
    """The examples of the innermost folder around a file that has any; else the only one, if no code is below it."""
    folder = posixpath.dirname(spot.path)
    while True:
        here = [each for each in examples if posixpath.dirname(each.path) == folder]
        if here or not folder:
            break
        folder = posixpath.dirname(folder)
    if here or len(examples) > 1:
        return here
    return [each for each in examples if not any(_is_below(read.path, each.path) for read in reads)]


def _is_below(path: str, example: str) -> bool:
    folder = posixpath.dirname(example)
    return not folder or path.startswith(f"{folder}/")


def _named(examples: Sequence[Known]) -> set[str]:
    return {
        name
        for each in examples
        for name in (
            *(setting.name for setting in each.contents.settings),
            *(needed.variable for needed in each.contents.needed),
        )
    }


def _stale(tree: Tree, found: Settings, examples: Sequence[Known]) -> Iterator[tuple[str, Finding]]:
    """Names in an example that stand in no other file that could read them."""
    entries = [(file, setting) for file in examples for setting in file.contents.settings]
    used = {spot.setting.variable for spot in found.spots() if spot.file.layer is not Layer.EXAMPLE}
    used |= {
        each.variable
        for file in found.files
        for each in file.contents.needed
        if file.layer is not Layer.EXAMPLE or each.variable in _interpolated(file)
    }
    idle = [(file, setting) for file, setting in entries if setting.name not in used]
    named = words(tree, MENTIONING) if idle else set[str]()
    for file, setting in idle:
        if setting.name not in named and not SYSTEM.fullmatch(setting.name):
            yield (
                setting.name,
                Finding(
                    key=f"stale {setting.name} in {file.path}",
                    message=f"{setting.name} is in the example, and nothing reads it",
                    at=Location(file.path, setting.line),
                    hint="take it out, or read it",
                    data={"variable": setting.name, "places": [f"{file.path}:{setting.line}"]},
                ),
            )


def _interpolated(file: Known) -> set[str]:
    lines = {setting.line for setting in file.contents.settings}
    return {each.variable for each in file.contents.needed if each.line in lines}


def _several(found: Settings, reads: Sequence[Spot]) -> Iterator[tuple[str, Finding]]:
    """Variables that hold one thing here and another there when they are not set."""
    by_variable: dict[str, list[Spot]] = {}
    for spot in reads:
        # A module that begins with all of another one is there to change it; a migration is what held when it was written.
        if spot.setting.value.is_literal and not spot.file.contents.stars and not _past.search(spot.path):
            by_variable.setdefault(spot.setting.variable, []).append(spot)
    for variable, spots in sorted(by_variable.items()):
        if len(spots) < 2:
            continue
        texts = {_normal(found.text(spot)) for spot in spots}
        if len(texts) > 1:
            shown = [
                f"{each.place}" + (f" ({each.setting.value.shown})" if each.setting.value.shown else "")
                for each in spots
            ]
            told = f"{variable} is read with {len(texts)} different defaults: {', '.join(shown[:4])}"
            yield (
                variable,
                _finding(f"defaults {variable}", spots, told, "read it in one place, and import it from there"),
            )


def _normal(text: str | None) -> str:
    """A text without the ways in which one value can be written: capitals of truth and of colours say nothing."""
    plain = (text or "").strip()
    return plain.lower() if _written_anyhow.fullmatch(plain) else plain


def _finding(key: str, spots: Sequence[Spot], message: str, hint: str) -> Finding:
    first = min(spots, key=lambda each: (each.path, each.setting.line))
    places = sorted({each.place for each in spots})
    return Finding(
        key=key,
        message=message,
        at=Location(first.path, first.setting.line),
        hint=hint,
        data={"variable": first.setting.variable, "places": places},
    )
