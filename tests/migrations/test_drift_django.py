"""`migrations-drift` of Django: what `makemigrations --check` looks at, without a database."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from selfcheck.checks.migrations.drift import MigrationsDrift
from selfcheck.model import Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, judged, proven
from tests.migrations.running import OPEN, repository

SETTINGS = """SECRET_KEY = "x"
INSTALLED_APPS = ["shop", "django.contrib.contenttypes"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "production"}}
"""
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'
MODELS = "from django.db import models\n\n\nclass Order(models.Model):\n    note = models.TextField()\n"
INITIAL = """from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField()),
            ],
        )
    ]
"""
NEXT = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('shop', '0001_initial')]\n"
PROJECT = {
    "web/manage.py": MANAGE,
    "web/settings.py": SETTINGS,
    "web/shop/__init__.py": "",
    "web/shop/models.py": MODELS,
    "web/shop/migrations/__init__.py": "",
    "web/shop/migrations/0001_initial.py": INITIAL,
}
CHECK = MigrationsDrift()


def without(*paths: str) -> Mapping[str, str]:
    """The project without some files."""
    return {path: text for path, text in PROJECT.items() if path not in paths}


def test_models_of_which_a_migration_knows_keep_the_promise_and_the_canary_bites(tmp_path: Path) -> None:
    repo = repository(tmp_path, PROJECT, environ={"PATH": OPEN})

    verdict, proof = judged(CHECK, repo), proven(CHECK, repo)

    assert (verdict.outcome, proof.outcome, proof.bit) == (
        Outcome.PASS,
        Proven.PROVEN,
        ("add a model to web/shop/models.py",),
    )


def test_a_change_that_no_migration_makes_is_a_finding(tmp_path: Path) -> None:
    files = {**PROJECT, "web/shop/models.py": f"{MODELS}    paid = models.BooleanField(default=False)\n"}

    assert assert_breaks(CHECK, repository(tmp_path, files), "shop: Add field paid to order") == (
        Finding(
            key="shop: Add field paid to order",
            message="app shop has no migration for what its models say: Add field paid to order",
            at=Location("web/shop/models.py", 1),
            hint="`python manage.py makemigrations shop`",
            data={
                "environment": "web",
                "difference": "Add field paid to order",
                "table": "shop",
                "about": "order",
            },
        ),
    )


def test_several_leaves_are_a_finding(tmp_path: Path) -> None:
    more = {f"web/shop/migrations/0002_{name}.py": NEXT for name in ("a", "b")}

    (found,) = assert_breaks(CHECK, repository(tmp_path, {**PROJECT, **more}), "shop: leaves")

    assert found.parts == ("0002_a", "0002_b")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (without("web/manage.py"), "no manage.py says which settings Django has; name their module under `settings`"),
        (
            {**PROJECT, "web/settings.py": "import no_such\n"},
            "web: the settings of Django fail: ModuleNotFoundError: No module named 'no_such' (web/settings.py:1); name the",
        ),
    ],
)
def test_settings_that_are_not_known_or_fail_are_an_error(tmp_path: Path, files: Mapping[str, str], says: str) -> None:
    assert (judged(CHECK, repository(tmp_path, files)).reason or "").startswith(says)


def test_settings_that_are_named_need_no_manage_py(tmp_path: Path) -> None:
    check = MigrationsDrift(settings="settings", python_path=("web",))

    assert judged(check, repository(tmp_path, without("web/manage.py"))).outcome is Outcome.PASS
