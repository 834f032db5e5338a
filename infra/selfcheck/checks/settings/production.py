"""Nothing stands open in production that is open for development."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from msgspec import Meta

from selfcheck.check import (
    Canary,
    Evidence,
    Finding,
    Location,
    Repository,
    Seen,
    Strictness,
    Unprovable,
    Write,
    leading_nowhere,
)
from selfcheck.checks.settings.canaries import beside_each, free
from selfcheck.checks.settings.check import SettingsCheck
from selfcheck.checks.settings.effective import Effective, effective
from selfcheck.checks.settings.opened import judged
from selfcheck.subjects.settings import Form, Kind, Layer, Place, Settings, place

CANARY = "selfcheck_canary.py"
OPEN = b"app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n"
BARE = b"INSTALLED_APPS = []\n"


class ProductionSettings(SettingsCheck, kw_only=True):
    """In production debugging is off, hosts and origins are named, cookies are secure, and no key serves two purposes.

    Judged is what holds there: the defaults in code, what the files of that environment change of them, and where several
    layers have a say, the one that wins.
    """

    strictness: ClassVar[Mapping[str, Strictness]] = {
        "paths": Strictness.MORE,
        "django": Strictness.MORE,
        "ignore": Strictness.LESS,
    }

    environment: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]+(?!\n)$")] = "production"
    django: bool = True

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each switch that is open, and for each secret that stands in for another."""
        found = self.settings(repo)
        standing = effective(found, self.environment)
        yield from self._account(found, standing)
        yield from leading_nowhere(repo.tree, self.paths)
        told = (*judged(standing, django=self.django), *_reused(found))
        yield from self.but_ignored(({name}, finding) for name, finding in told)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """Open origins in a new module, and a module of Django's settings in which what closes them is not set."""
        found = self.settings(repo)
        told = False
        for beside in beside_each(found, self.paths):
            modules = [each for each in beside if each.layer is Layer.CODE and each.path.endswith(".py")]
            path = free(repo.tree, self.paths, (each.path for each in modules), CANARY)
            if path is not None:
                told = True
                yield Canary(f"let every origin use credentials in {path}", (Write(path, OPEN),), f"cors in {path}")
            django = (each.path for each in modules if each.contents.django)
            path = free(repo.tree, self.paths, django if self.django else (), CANARY)
            if path is not None:
                key = f"SECURE_HSTS_SECONDS in {path}"
                yield Canary(f"set nothing that closes Django in {path}", (Write(path, BARE),), key)
        if not told:
            raise Unprovable("no Python file that is judged stands where a setting of production could")

    def _account(self, found: Settings, standing: Effective) -> Iterator[Seen]:
        skipped = sum(bool(each.contents.skipped) for each in found.files)
        yield Evidence(
            "files of settings", scope=len(found.files) + len(found.unread), examined=len(found.files) - skipped
        )
        known = [each for each in standing.every if each.switch.state != "unknown"]
        if standing.every:
            yield Evidence("toggles", scope=len(standing.every), examined=len(known))
        changed = [each for each in standing.every if each.before is not None]
        if changed:
            yield Evidence(f"toggles that {self.environment} changes", scope=len(changed), examined=len(changed))
        yield from found.unread


def _reused(found: Settings) -> Iterator[tuple[str, Finding]]:
    """Secrets that are another secret where they are not set."""
    for spot in found.spots():
        setting = spot.setting
        is_fallback = setting.value.kind is Kind.OTHER and setting.form is Form.READ and setting.variable != ""
        if is_fallback and not setting.development and place(spot.path) is not Place.DEVELOPMENT:
            yield (
                setting.name,
                Finding(
                    key=f"{setting.name} in {spot.path}",
                    message=f"{setting.name} is {setting.value.name} where it is not set: whoever learns one has both",
                    at=Location(spot.path, setting.line),
                    hint="require both, or derive one from the other with HKDF",
                    data={"name": setting.name, "reuses": setting.value.name},
                ),
            )
