"""Classes that hold settings: which read the environment, under which prefix, and which are for development."""

import re
from collections.abc import Iterator, Mapping

from selfcheck.subjects.settings.program import Assign, Call, Expr, Fields, Group, Literal, last, text
from selfcheck.subjects.settings.walking import Around

_settings = re.compile(
    r"\w*(?:Settings?|Config|Configuration|Conf|Environment|Env|Options|Credentials|Secrets|Defaults)"
)
_environment = re.compile(r"(?:Pydantic)?BaseSettings|\w*Settings(?:Base)?|\w*BaseConfig|EnvSettings")
_development = re.compile(
    r"(?:Test|Testing|Dev|Development|Local|Debug|CI|Mock|Fake|E2E)(?:[A-Z0-9_]\w*)?|\w+(?:Test|Tests|Testing)"
)
_CONFIGS = ("SettingsConfigDict", "ConfigDict", "dict")
_production = re.compile(r"(?i)prod")


def reads_environment(group: Group, groups: Mapping[str, Group]) -> bool:
    """Whether the fields of a class are variables of the environment, as those of pydantic's settings are."""
    return any(_environment.fullmatch(last(base)) for each in _upwards(group, groups) for base in each.bases)


def has_settings(group: Group) -> bool:
    """Whether a class is called as those are that hold settings."""
    return _settings.fullmatch(group.name) is not None


def is_enumeration(group: Group) -> bool:
    """Whether the members of a class are names of things."""
    return any("Enum" in last(base) or last(base) in ("Flag", "TextChoices") for base in group.bases)


def is_for_development(around: Around) -> bool:
    """Whether a class around a statement says that it is not for production."""
    names = [scope.name for scope in around.scopes if isinstance(scope, Group)]
    return any(_development.fullmatch(name) and not _production.search(name) for name in names)


def prefix(group: Group, groups: Mapping[str, Group]) -> str | None:
    """What stands before the names of the variables of a class; None where it is worked out, or inherited from elsewhere."""
    for each in _upwards(group, groups):
        for stmt in each.body:
            match stmt:
                case Group(name="Config", body=body):
                    inner = {last(one.target): text(one.value) for one in body if isinstance(one, Assign)}
                    if found := inner.get("env_prefix"):
                        return found
                case Assign(target, value, _, _) if last(target) == "model_config":
                    is_plain = isinstance(value, Fields) or (isinstance(value, Call) and last(value.of) in _CONFIGS)
                    return _named(value, "env_prefix") or "" if is_plain else None
                case _:
                    continue
        if any(last(base) == "BaseSettings" for base in each.bases):
            return ""
    return None


def alias(value: Expr | None) -> str | None:
    """The variable that a field is read from, where the field says so."""
    if not isinstance(value, Call) or last(value.of) != "Field":
        return None
    for name, given in value.named:
        if name in ("validation_alias", "alias", "env"):
            first = given.args[0] if isinstance(given, Call) and given.args else given
            return found.upper() if (found := text(first)) else None
    return None


def _upwards(group: Group, groups: Mapping[str, Group]) -> Iterator[Group]:
    """A class, what it is derived from in this source, and so on: always the first such base."""
    seen: set[int] = set()
    above: Group | None = group
    while above is not None and id(above) not in seen:
        yield above
        seen.add(id(above))
        above = next((groups[last(base)] for base in above.bases if last(base) in groups), None)


def _named(value: Expr | None, name: str) -> str | None:
    entries = value.named if isinstance(value, Call) else ()
    if isinstance(value, Fields):
        entries = tuple((key, held) for key, held, _ in value.entries)
    return next((str(held.value) for key, held in entries if key == name and isinstance(held, Literal)), None)
