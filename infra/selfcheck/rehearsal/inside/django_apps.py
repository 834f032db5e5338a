"""What `makemigrations --check` would say of Django's apps: no database is asked, and none can be reached."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from typing import Any

from .engines import Refused


class Apps:
    """The apps of one project, as its settings load them."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.told: dict[str, Any] = {"python": platform.python_version()}
        self.stage = "start"
        self.revision: str | None = None

    def run(self) -> None:
        """The changes that no migration makes, and apps with several leaves; only of apps that the project holds."""
        try:
            django: Any = import_module("django")
        except ImportError as error:
            raise Refused("tools", "the interpreter has no " + str(error.name)) from error
        self.told["django"] = django.get_version()
        folder: str = self.spec["root"]
        inner: str = self.spec["folder"]
        os.chdir(os.path.join(folder, inner))
        os.environ["DJANGO_SETTINGS_MODULE"] = self.spec["settings"]
        self.stage = "settings"
        settings: Any = import_module("django.conf").settings
        nowhere = {"ENGINE": "django.db.backends.sqlite3", "NAME": self.spec["databases"][0]["name"]}
        settings.DATABASES = {name: dict(nowhere) for name in ("default", *settings.DATABASES)}
        django.setup()
        apps: Any = import_module("django.apps").apps
        self.stage = "graph"
        root = os.path.realpath(folder) + os.sep
        paths = {str(each.label): os.path.realpath(each.path) + os.sep for each in apps.get_app_configs()}
        ours = {label for label, path in paths.items() if path.startswith(root)}
        loader: Any = import_module("django.db.migrations.loader").MigrationLoader(None, ignore_no_migrations=True)
        leaves: dict[str, list[str]] = loader.detect_conflicts()
        self.told["leaves"] = {label: sorted(names) for label, names in leaves.items() if label in ours}
        if not leaves:
            self.stage = "compare"
            self.told["changes"] = _changes(loader, apps, ours)


def _changes(loader: Any, apps: Any, ours: set[str]) -> list[dict[str, Any]]:
    """What `makemigrations` would write, without asking anybody."""
    asking: Any = import_module("django.db.migrations.questioner")
    state: Any = import_module("django.db.migrations.state").ProjectState
    questioner = asking.NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True, verbosity=0)
    autodetector: Any = import_module("django.db.migrations.autodetector").MigrationAutodetector
    detector: Any = autodetector(loader.project_state(), state.from_apps(apps), questioner)
    changes: dict[str, Any] = detector.changes(graph=loader.graph)
    return [
        {"app": label, "model": _model(operation), "says": str(operation.describe())}
        for label in sorted(ours & set(changes))
        for migration in changes[label]
        for operation in migration.operations
    ]


def _model(operation: Any) -> str | None:
    found = getattr(operation, "model_name", None) or getattr(operation, "name", None)
    return None if found is None else str(found)
