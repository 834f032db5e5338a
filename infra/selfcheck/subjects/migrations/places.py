"""Where alembic's migrations are: by every alembic.ini and pyproject.toml, and by every env.py that runs them."""

import configparser
import posixpath
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from selfcheck.errors import Unreadable
from selfcheck.model import Unread
from selfcheck.trees import File, Tree

INIS = ("**/*alembic*.ini", "**/*alembic*.cfg")
PYPROJECTS = ("**/pyproject.toml",)
ENVIRONMENTS = ("**/env.py",)
LOCATION = re.compile(rb"script_location\s*=")
VERSIONS = "versions"
SEPARATORS = {"space": None, "newline": "\n", "os": ":", ":": ":", ";": ";", ",": ","}
"""What `path_separator` names: https://alembic.sqlalchemy.org/en/latest/branches.html"""


class Place(Struct, frozen=True, kw_only=True):
    """One migration environment: the folder of its env.py, those of its revisions, and where that is written."""

    folder: str
    name: str = ""
    """What it is called where several share the folder."""
    versions: tuple[str, ...]
    recursive: bool = False
    config: str | None = None
    url: str | None = None
    """The name before `://` of its `sqlalchemy.url`, which may hold a password and so is not kept."""

    def holds(self, path: str) -> bool:
        """Whether alembic would load a file as one of the revisions."""
        folder, name = posixpath.split(path)
        if name.startswith((".#", "__init__")) or not name.endswith(".py"):
            return False
        if folder in self.versions:
            return True
        return self.recursive and any(path.startswith(f"{each}/") for each in self.versions)


def places(tree: Tree, selected: tuple[str, ...]) -> tuple[list[Place], list[Unread]]:
    """Every environment that has its env.py among the selected files; and the settings that could not be read."""
    wanted = {file.path for file in tree.files(selected)}
    found: dict[str, Place] = {}
    unread: list[Unread] = []
    for file in (*tree.files(INIS), *tree.files(PYPROJECTS)):
        if file.path not in wanted:
            continue
        try:
            several = [*(_toml(tree, file) if file.path.endswith(".toml") else _ini(tree, file))]
        except Unreadable as reason:
            unread.append(Unread(file.path, str(reason)))
            continue
        for each in several:
            if each.folder not in found or found[each.folder].versions == (f"{each.folder}/{VERSIONS}",):
                found[each.folder] = each
    for file in tree.files(ENVIRONMENTS):
        folder = posixpath.dirname(file.path)
        if folder not in found and file.path in wanted and _runs_alembic(tree, file, folder):
            found[folder] = Place(folder=folder, versions=(posixpath.join(folder, VERSIONS),))
    return [each for folder in sorted(found) for each in _split_up(tree, found[folder], wanted)], unread


def _split_up(tree: Tree, place: Place, wanted: Collection[str]) -> Iterator[Place]:
    """Where no setting says it, and the folders in `versions` hold the revisions, code chooses one of them by the database."""
    folder = posixpath.join(place.folder, VERSIONS)
    if place.versions != (folder,) or place.recursive or any(place.holds(path) for path in wanted):
        yield place
        return
    files = tree.files((f"{_escaped(folder)}/*/*.py",))
    inner = {posixpath.dirname(file.path) for file in files}
    for each in sorted(inner):
        yield replace(place, name=each, versions=(each,))
    if not inner:
        yield place


def _runs_alembic(tree: Tree, file: File, folder: str) -> bool:
    near = any(tree.files((f"{_escaped(folder)}/{VERSIONS}/**/*.py", f"{_escaped(folder)}/script.py.mako")))
    try:
        return near and b"alembic" in file.bytes
    except Unreadable:
        return near


def _escaped(folder: str) -> str:
    return re.sub(r"([*?\[\]!\\])", r"[\1]", folder)


def _ini(tree: Tree, file: File) -> Iterator[Place]:
    """One for each section that has a `script_location`: `alembic --name` chooses among them."""
    if LOCATION.search(file.bytes) is None:
        return
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.text or "")
    except configparser.Error:
        raise Unreadable("is no INI file") from None
    for section in parser.sections():
        if parser.has_option(section, "script_location"):
            yield from _place(tree, file.path, dict(parser.items(section)))


def _toml(tree: Tree, file: File) -> Iterator[Place]:
    if LOCATION.search(file.bytes) is None:
        return
    try:
        data = tomllib.loads(file.text or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        raise Unreadable("is no TOML") from None
    tool = data.get("tool")
    said = cast("dict[str, Any]", tool).get("alembic") if isinstance(tool, dict) else None
    if isinstance(said, dict) and "script_location" in said:
        yield from _place(tree, file.path, cast("dict[str, Any]", said))


def _place(tree: Tree, config: str, said: Mapping[str, Any]) -> Iterator[Place]:
    here = posixpath.dirname(config)
    folder = _folder(tree, here, str(said["script_location"]))
    if folder is None:
        return
    given = said.get("version_locations") or ""
    separator = str(said.get("path_separator") or said.get("version_path_separator") or "")
    listed = cast("list[object]", given) if isinstance(given, list) else _split(str(given), separator)
    versions = [_folder(tree, here, str(each)) for each in listed]
    url = str(said.get("sqlalchemy.url") or "").strip("\"' ").partition("://")
    yield Place(
        folder=folder,
        versions=tuple(each for each in versions if each) or (posixpath.join(folder, VERSIONS),),
        recursive=str(said.get("recursive_version_locations", "")).lower() in ("true", "1", "yes", "on"),
        config=config,
        url=url[0].partition("+")[0] if url[1] and url[0].replace("+", "").isalnum() else None,
    )


def _split(given: str, separator: str) -> list[str]:
    """The locations; without a separator that is named, blanks and commas part them."""
    if separator in SEPARATORS:
        return [each.strip() for each in given.split(SEPARATORS[separator]) if each.strip()]
    return [each for each in re.split(r"[,\s]+", given) if each]


def _folder(tree: Tree, here: str, said: str) -> str | None:
    """A folder of the tree: from the file's own folder, a package's (`shop:migrations`), or as seen from further up."""
    said = said.strip().replace("%%", "%")
    for mark in ("%(here)s", "{here}"):
        said = said.replace(mark, ".")
    package, colon, rest = said.partition(":")
    if colon and "/" not in package:
        said = posixpath.join(*package.split("."), rest)
    if said.startswith("/") or "{" in said:
        return None
    base = here
    while True:
        folder = posixpath.normpath(posixpath.join(base, said))
        if folder == ".":
            return ""
        if not folder.startswith("..") and tree.paths((f"{_escaped(folder)}/**",)):
            return folder
        if not base:
            return None
        base = posixpath.dirname(base)
