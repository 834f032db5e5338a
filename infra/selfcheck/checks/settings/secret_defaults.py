"""No secret works without being set."""

from collections import Counter
from collections.abc import Iterator, Mapping
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
    leading_nowhere,
)
from selfcheck.checks.settings.canaries import defaults
from selfcheck.checks.settings.check import SettingsCheck
from selfcheck.checks.settings.telling import hint, layers, message
from selfcheck.checks.settings.weighing import Level, at_least, level
from selfcheck.subjects.settings import Guarded, Kind, Layer, Settings, Spot, Value


class SecretDefaults(SettingsCheck, kw_only=True):
    """No secret has a default with which the application works: each is set, made up at random, or refused in production."""

    strictness: ClassVar[Mapping[str, Strictness]] = {"paths": Strictness.MORE, "ignore": Strictness.LESS}

    level: Level = Level.MEDIUM

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each place where a secret has a default that production accepts."""
        found = self.settings(repo)
        yield from account(found, repo.tree, self.paths)
        told = ((spot.setting, self._finding(found, spot)) for spot in found.spots())
        yield from self.but_ignored(({each.name, each.variable}, finding) for each, finding in told if finding)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A default for a signing key, in a new file of every sort that the repository has."""
        found = self.settings(repo)
        yield from defaults(found, repo.tree, self.paths)

    def _finding(self, found: Settings, spot: Spot) -> Finding | None:
        if spot.setting.about is None or level(spot, _possible(spot), None) is None:
            return None
        value, text = found.resolved(spot)
        if spot.setting.value.kind is not Kind.NAMED:
            text = found.text(spot) if value.is_literal else ""
        weight = level(spot, value, None)
        guard = found.guarded(spot, text or "") if weight is not None else None
        weight = level(spot, value, guard)
        if weight is None or not at_least(weight, self.level) or _is_refused_by_django(spot, value):
            return None
        return self._told(found, spot, value, guard, weight)

    def _told(self, found: Settings, spot: Spot, value: Value, guard: Guarded | None, weight: Level) -> Finding:
        setting = spot.setting
        wins = layers(spot, found)
        return Finding(
            key=f"{setting.variable or setting.name} in {spot.path}",
            message=message(spot, value, guard) + (f"; {wins}" if wins else ""),
            at=Location(spot.path, setting.line),
            hint=hint(spot),
            data={
                "name": setting.name,
                "variable": setting.variable or None,
                "layer": str(spot.file.layer),
                "form": str(setting.form),
                "consequence": str(setting.about),
                "level": str(weight),
                "looks": None if value.shape is None else str(value.shape),
                "length": None if value.length is None else str(value.length),
                "guard": None if guard is None else f"{guard.effect} {guard.path}:{guard.line}",
                "also": sorted({each.place for each in found.of(setting.variable) if each != spot})
                if setting.variable
                else [],
            },
        )


def account(found: Settings, tree: Tree, paths: Globs) -> Iterator[Seen]:
    """What was looked at: the files by their layers, the settings in them, and what was not looked into."""
    skipped = sum(bool(each.contents.skipped) for each in found.files)
    unread = len(found.unread)
    yield Evidence("files of settings", scope=len(found.files) + unread, examined=len(found.files) - skipped)
    secrets = [spot for spot in found.spots() if spot.setting.about is not None]
    if found.files:
        number = Counter(str(each.file.layer) for each in secrets)
        for layer in Layer:
            if number[str(layer)]:
                yield Evidence(
                    "secrets in code" if layer is Layer.CODE else f"secrets ({layer})",
                    number[str(layer)],
                    number[str(layer)],
                )
    yield from found.unread
    yield from leading_nowhere(tree, paths)


def _possible(spot: Spot) -> Value:
    """A value that is looked up only where it may matter."""
    from selfcheck.subjects.settings import Shape

    value = spot.setting.value
    return Value(Kind.LITERAL, Shape.OPAQUE) if value.kind is Kind.NAMED else value


def _is_refused_by_django(spot: Spot, value: Value) -> bool:
    """Django itself does not start with an empty key."""
    return value.kind is Kind.EMPTY and spot.file.contents.django and spot.setting.name == "SECRET_KEY"
