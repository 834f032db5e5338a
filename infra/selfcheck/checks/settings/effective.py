"""How switches stand in an environment: the defaults in code, and what the files of that environment change of them."""

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from selfcheck.subjects.settings import Known, Layer, Place, Settings, Switch, place

_words = re.compile(r"[a-z]+")
_ALIASES = (
    frozenset(("production", "prod", "live", "prd", "deploy", "release")),
    frozenset(("staging", "stage")),
    frozenset(("development", "dev")),
)
_OVERRIDING = (Layer.ENVIRONMENT, Layer.COMPOSE, Layer.CLUSTER, Layer.CHART, Layer.IMAGE)


class Standing(Struct, frozen=True):
    """A switch as it stands, the file that has the last word, and how it stood before that."""

    switch: Switch
    file: Known
    before: "Standing | None" = None

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{self.file.path}:{self.switch.line}"


class Effective(Struct, frozen=True):
    """All switches as they stand; those of a module of Django's settings apart, with what is not set in it."""

    every: tuple[Standing, ...]
    django: tuple[tuple[Known, tuple[Standing, ...]], ...]


def effective(found: Settings, environment: str) -> Effective:
    """How the switches of a repository stand in an environment."""
    files = [file for file in found.files if _is_of(file, environment)]
    overriding = [file for file in files if file.layer in _OVERRIDING]
    every: list[Standing] = []
    modules: list[tuple[Known, tuple[Standing, ...]]] = []
    for file in files:
        if file.layer is Layer.CODE and file.contents.django and _is_outermost(file, files):
            standing = tuple(_changed(each, overriding) for each in _inherited(file, found))
            modules.append((file, standing))
            every += standing
    inherited = {each.file.path for _, standing in modules for each in standing}
    inherited |= {file.path for file in files if file.contents.django}
    rest = [file for file in files if file.path not in inherited and file.layer is not Layer.EXAMPLE]
    for file in (each for each in rest if each.layer is Layer.CODE):
        every += [_changed(Standing(each, file), overriding) for each in file.contents.switches if not each.development]
    told = {each.place for each in every}
    for file in (each for each in rest if each.layer is not Layer.CODE):
        own = (Standing(each, file) for each in file.contents.switches)
        every += [each for each in own if each.place not in told]
    return Effective(tuple(every), tuple(modules))


def _is_of(file: Known, environment: str) -> bool:
    """Whether a file is used in an environment: it names that one, or none."""
    own = next((each for each in _ALIASES if environment.lower() in each), frozenset((environment.lower(),)))
    said = set(_words.findall(posixpath.basename(file.path).lower()))
    if said & own:
        return True
    return place(file.path) is not Place.DEVELOPMENT and not said & frozenset().union(*_ALIASES)


def _is_outermost(file: Known, files: list[Known]) -> bool:
    """Whether no other module of settings takes all of this one over."""
    stem = posixpath.splitext(posixpath.basename(file.path))[0]
    others = (each for each in files if each.path != file.path and each.contents.django)
    return not any(star.rpartition(".")[2] == stem for other in others for star in other.contents.stars)


def _inherited(file: Known, found: Settings, depth: int = 0) -> list[Standing]:
    """The switches of a module, those that it takes over from others first; the last word counts."""
    last: dict[str, Standing] = {}
    for star in file.contents.stars if depth < 5 else ():
        stem = star.rpartition(".")[2]
        for other in found.files:
            if (
                other.path != file.path
                and other.contents.django
                and posixpath.splitext(posixpath.basename(other.path))[0] == stem
            ):
                last |= {each.switch.id: each for each in _inherited(other, found, depth + 1)}
    for switch in file.contents.switches:
        if not switch.development:
            last[switch.id] = Standing(switch, file, last.get(switch.id))
    return list(last.values())


def _changed(each: Standing, overriding: list[Known]) -> Standing:
    """A switch as a layer outside of the code sets its variable, if one does."""
    if not each.switch.variable:
        return each
    for layer in _OVERRIDING:
        for switch, file in _settings_of(each.switch.variable, overriding, layer):
            return Standing(
                Switch(id=each.switch.id, line=switch.line, state=switch.state, variable=switch.variable), file, each
            )
    return each


def _settings_of(variable: str, files: list[Known], layer: Layer) -> Iterator[tuple[Switch, Known]]:
    for file in files:
        if file.layer is layer:
            yield from ((switch, file) for switch in file.contents.switches if switch.variable == variable)
