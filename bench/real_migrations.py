"""`python -m bench.real_migrations FOLDER`: what is found in the migrations of real projects, against what is expected.

FOLDER holds unpacked distributions, one folder each, as `pip download --no-deps` and `unzip` make them. What differs
from what was read by hand is printed, and ends with exit status 1.
"""

import sys
from pathlib import Path
from typing import NamedTuple

from selfcheck.checks.migrations.graph import MigrationsGraph
from selfcheck.facts import Facts
from selfcheck.model import Outcome
from selfcheck.prove import Proven
from selfcheck.subjects.migrations import read
from selfcheck.testing import judged, over, proven
from selfcheck.trees import Directory


class Expected(NamedTuple):
    """Environments of alembic, apps of Django, folders of SQL, and at least so many migrations; all of them one history."""

    environments: int
    apps: int
    ledgers: int
    migrations: int


PROJECTS = {
    "apache_airflow_core": Expected(1, 0, 0, 124),
    "apache_superset": Expected(1, 0, 0, 344),
    "backend.ai_manager": Expected(1, 0, 0, 186),
    "dagster": Expected(1, 0, 0, 88),
    "django_allauth": Expected(0, 6, 0, 23),
    "django_celery_beat": Expected(0, 1, 0, 21),
    "django_cms": Expected(0, 2, 0, 49),
    "django_filer": Expected(0, 1, 0, 19),
    "django_oauth_toolkit": Expected(0, 1, 0, 22),
    "djangocms_blog": Expected(0, 2, 0, 47),
    "jupyterhub": Expected(1, 0, 0, 19),
    "langflow_base": Expected(1, 0, 0, 162),
    "litellm_proxy_extras": Expected(0, 0, 1, 220),
    "mlflow": Expected(2, 0, 0, 77),
    "netbox": Expected(0, 11, 0, 294),
    "open_webui": Expected(1, 0, 0, 66),
    "optuna": Expected(1, 0, 0, 10),
    "prefect": Expected(2, 0, 0, 235),
    "pretix": Expected(0, 14, 0, 431),
    "procrastinate": Expected(0, 1, 2, 80),
    "wagtail": Expected(0, 12, 0, 207),
    "zenml": Expected(1, 0, 0, 285),
}


def main(folder: Path) -> int:
    """Print one line for each project; 1 where one is not as expected."""
    wrong = 0
    for name, expected in PROJECTS.items():
        if not (folder / name).is_dir():
            print(f"absent   {name}")
            continue
        said = _differing(folder / name, expected)
        wrong += bool(said)
        print(f"{'WRONG' if said else 'as read':<8} {name}{': ' if said else ''}{'; '.join(said)}")
    return int(wrong > 0)


def _differing(folder: Path, expected: Expected) -> list[str]:
    tree = Directory(folder)
    found = read(tree, Facts())
    counts = Expected(len(found.environments), len(found.apps), len(found.ledgers), len(found.paths))
    said = [] if counts[:3] == expected[:3] and counts[3] >= expected[3] else [f"{counts} instead of {expected}"]
    said += [f"unread {each.path}: {each.reason}" for each in found.unread]
    repo = over(tree)
    verdict, proof = judged(MigrationsGraph(), repo), proven(MigrationsGraph(), repo)
    if verdict.outcome is not Outcome.PASS:
        said += [verdict.reason or "", *(ruling.seen.message for ruling in verdict.findings)]
    return [*said, *([] if proof.outcome is Proven.PROVEN else [f"{proof.outcome}: {proof.reason or proof.missed}"])]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
