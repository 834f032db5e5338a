"""All settings of a tree, and what can only be told over several files: imported constants, guards elsewhere, layers."""

import posixpath
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from selfcheck.errors import Unreadable
from selfcheck.facts import Facts
from selfcheck.model import Unread
from selfcheck.subjects.settings.contents import Reading
from selfcheck.subjects.settings.defaults import default
from selfcheck.subjects.settings.defaults import source as source_of_program
from selfcheck.subjects.settings.files import Source, selected
from selfcheck.subjects.settings.guards import Calls, Effect, Guard, guards
from selfcheck.subjects.settings.model import Contents, Form, Layer, Setting
from selfcheck.subjects.settings.python import program as python_program
from selfcheck.subjects.settings.values import Kind, Value
from selfcheck.trees import File, Tree

WATCHING = 25
"""How many files are asked at most whether they guard a setting."""
UNSAID = frozenset(("secret", "key", "password", "token", "url", "value", "default"))
"""Names that say too little to be found in another file by them."""


class Known(Struct, frozen=True):
    """A file with settings: its layer, and what it says."""

    path: str
    source: Source
    contents: Contents

    @property
    def layer(self) -> Layer:
        """What sort of file it is."""
        return self.source.layer


class Spot(Struct, frozen=True):
    """A setting and the file that it stands in."""

    file: Known
    setting: Setting

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.file.path

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.path}:{self.setting.line}"


class Guarded(Struct, frozen=True):
    """What is done about a value, and where."""

    effect: Effect
    path: str
    line: int


class Settings:
    """The settings of all files that patterns select."""

    def __init__(self, tree: Tree, files: Iterable[Known], unread: Iterable[Unread]) -> None:
        self.files = tuple(files)
        self.unread = tuple(unread)
        self._tree = tree
        self._readings: dict[str, Reading] = {}
        self._calls: dict[str, Calls] = {}
        self._watching: dict[str, list[Known]] = {}
        self._by_variable: dict[str, list[Spot]] = {}
        for file in self.files:
            for name in file.contents.watched:
                self._watching.setdefault(name, []).append(file)
            for setting in file.contents.settings:
                if setting.variable:
                    self._by_variable.setdefault(setting.variable, []).append(Spot(file, setting))

    def spots(self) -> Iterator[Spot]:
        """Every setting of every file."""
        for file in self.files:
            yield from (Spot(file, setting) for setting in file.contents.settings)

    def of(self, variable: str) -> tuple[Spot, ...]:
        """Wherever a variable is read or set."""
        return tuple(self._by_variable.get(variable, ()))

    def text(self, spot: Spot) -> str | None:
        """The text of a default, from the file itself; it is for comparing, and goes nowhere."""
        return next((each.text for each in self._reading(spot.file).found if each.setting == spot.setting), None)

    def resolved(self, spot: Spot) -> tuple[Value, str | None]:
        """The value of a setting and its text; a constant of another module is looked up there."""
        setting = spot.setting
        if setting.value.kind is not Kind.NAMED:
            return setting.value, None
        file = next((found for path in self._modules(spot) if (found := self._tree.file(path)) is not None), None)
        if file is None:
            return Value(Kind.UNKNOWN), None
        try:
            where = source_of_program(python_program(file.bytes))
        except Unreadable:
            return Value(Kind.UNKNOWN), None
        held = default(where.constants.get(setting.value.name), setting.about, where)
        return held.value, held.text

    def guarded(self, spot: Spot, text: str) -> Guarded | None:
        """The best that any source does about a setting with this value."""
        setting = spot.setting
        names = [name for name in {setting.name, setting.variable} if name and name.lower() not in UNSAID]
        if setting.form is Form.ARGUMENT or not names:
            return None
        variable = None if spot.file.layer is Layer.CODE else text
        found: list[Guarded] = []
        for file in self._watchers(names, spot):
            found += self._guards(file, names, text, variable)
        return min(found, key=lambda each: list(Effect).index(each.effect), default=None)

    def _watchers(self, names: Iterable[str], spot: Spot) -> list[Known]:
        """The files that may do something about these names, that of the setting first."""
        files = {file.path: file for name in names for file in self._watching.get(name, ())}
        own = files.pop(spot.path, None)
        return [*([] if own is None else [own]), *files.values()][:WATCHING]

    def _guards(self, file: Known, names: list[str], text: str, variable: Any) -> Iterator[Guarded]:
        reading = self._reading(file)
        assert reading.program is not None  # only what was read as a program watches anything
        assert reading.where is not None
        if file.path not in self._calls:
            self._calls[file.path] = Calls(reading.program)
        for guard in guards(reading.program, reading.where, names, text, variable, self._calls[file.path]):
            if not guard.uncalled or self._is_called(guard, file):
                yield Guarded(guard.effect, file.path, guard.line)

    def _is_called(self, guard: Guard, file: Known) -> bool:
        """Whether any other source names the function; a guard that nobody calls is none."""
        name = guard.uncalled.encode()
        for other in self._tree.files(("**/*.py", "**/*.ts", "**/*.js", "**/*.tsx", "**/*.mjs")):
            if other.path == file.path:
                continue
            try:
                if name in other.bytes:
                    return True
            except Unreadable:
                continue
        return False

    def _reading(self, file: Known) -> Reading:
        if file.path not in self._readings:
            self._readings[file.path] = file.source.read(File(self._tree, file.path).bytes)
        return self._readings[file.path]

    def _modules(self, spot: Spot) -> Iterator[str]:
        """Where a module may stand that a file imports."""
        module = spot.setting.value.module
        if module.startswith("."):
            up = len(module) - len(module.lstrip(".")) - 1
            folder = posixpath.dirname(spot.path)
            for _ in range(up):
                folder = posixpath.dirname(folder)
            stem = posixpath.join(folder, *filter(None, module.lstrip(".").split(".")))
            yield from (f"{stem}.py", f"{stem}/__init__.py")
            return
        tail = module.replace(".", "/")
        roots = [posixpath.dirname(spot.path)]
        while roots[-1]:
            roots.append(posixpath.dirname(roots[-1]))
        for root in roots:
            stem = posixpath.join(root, tail)
            yield from (f"{stem}.py", f"{stem}/__init__.py")


def read(tree: Tree, facts: Facts, patterns: tuple[str, ...]) -> Settings:
    """The settings of the files that patterns select."""
    files: list[Known] = []
    unread: list[Unread] = []
    for source, several in selected(tree, patterns).items():
        for file, found in facts.of(source.extractor, several):
            if isinstance(found, Unreadable):
                unread.append(Unread(file.path, str(found)))
            else:
                files.append(Known(file.path, source, found))
    return Settings(tree, sorted(files, key=lambda each: each.path), unread)
