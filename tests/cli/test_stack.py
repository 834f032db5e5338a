"""What a repository is made of is told by its files: frameworks, migrations, decisions, instructions, CI."""

from collections.abc import Mapping

import pytest

from selfcheck.actions.ci import System
from selfcheck.actions.init import Proposal
from selfcheck.actions.stack import look
from selfcheck.testing import memory

ADR = "# {number}. Use it\n\n## Status\n\nAccepted\n\n## Context\n\nx\n\n## Decision\n\nx\n"


@pytest.mark.parametrize(
    ("files", "proposals"),
    [
        ({"README.md": "FastAPI("}, []),
        ({"a.py": ""}, [("python", "1 Python file")]),
        (
            {"a.py": "app = FastAPI()\n"},
            [("python", "1 Python file"), ("fastapi", "a.py makes an application of FastAPI")],
        ),
        (
            {"a.py": "app = fastapi.FastAPI()\n", "b.py": ""},
            [("python", "2 Python files"), ("fastapi", "a.py makes an application of FastAPI")],
        ),
        (
            {"a.py": "def make():\n    return Flask(__name__)\n"},
            [("python", "1 Python file"), ("flask", "a.py makes an application of Flask")],
        ),
        (
            {"src/flask/__init__.py": "", "src/flask/globals.py": "class Proxy(Flask):\n    pass\n"},
            [("python", "2 Python files")],
        ),
        (
            {"flask/app.py": "app = Flask()\n"},
            [("python", "1 Python file"), ("flask", "flask/app.py makes an application of Flask")],
        ),
        (
            {"a.py": "class Shop(flask.Flask):\n    pass\n"},
            [("python", "1 Python file"), ("flask", "a.py makes an application of Flask")],
        ),
        (
            {"a.py": "INSTALLED_APPS = []\n"},
            [("python", "1 Python file"), ("django", "a.py holds the settings of Django")],
        ),
        ({"a.py": '"""\n    app = Flask(__name__)\n"""\n'}, [("python", "1 Python file")]),
        ({"a.py": "app = Flask(\n"}, [("python", "1 Python file")]),
        ({"tests/a.py": "app = Flask()\n"}, [("python", "1 Python file")]),
        (
            {"docs/adr/0001-a.md": ADR.format(number=1), "docs/adr/0002-b.md": ADR.format(number=2)},
            [("adr", "2 decisions in docs/adr")],
        ),
        ({"AGENTS.md": "x"}, [("agents", "AGENTS.md tells assistants what to do")]),
        ({"AGENTS.md": "x", "CLAUDE.md": "x"}, [("agents", "AGENTS.md and 1 other file tell assistants what to do")]),
        ({".github/workflows/a.yml": ""}, [("ci", "1 workflow in .github/workflows")]),
        ({".gitlab-ci.yml": ""}, [("ci", ".gitlab-ci.yml says what GitLab runs")]),
        (
            {"a.py": "", "src/observability/system_intelligence_map.json": "{}", ".github/workflows/a.yml": ""},
            [
                (
                    "living-architecture",
                    "src/observability/system_intelligence_map.json is there, which the Living Architecture Guide asks for",
                )
            ],
        ),
    ],
)
def test_each_pack_is_proposed_for_what_asks_for_it(files: Mapping[str, str], proposals: list[tuple[str, str]]) -> None:
    assert look(memory(files)).proposals == tuple(Proposal(*each) for each in proposals)


@pytest.mark.parametrize(
    ("files", "systems", "others"),
    [
        ({".github/workflows/a.yaml": ""}, (System.GITHUB,), ()),
        ({".gitlab-ci.yml": "", ".pre-commit-config.yaml": ""}, (System.GITLAB, System.PRE_COMMIT), ()),
        ({"Jenkinsfile": "", ".circleci/config.yml": ""}, (), ("Jenkins", "CircleCI")),
        ({"azure-pipelines.yml": "", "bitbucket-pipelines.yml": ""}, (), ("Azure Pipelines", "Bitbucket Pipelines")),
    ],
)
def test_a_ci_system_is_told_by_its_file(
    files: Mapping[str, str], systems: tuple[System, ...], others: tuple[str, ...]
) -> None:
    found = look(memory(files))

    assert (found.systems, found.others) == (systems, others)


def test_migrations_are_told_by_their_folders() -> None:
    revision = "revision = '1'\ndown_revision = None\n\n\ndef upgrade():\n    pass\n"
    app = "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    pass\n"
    files = {
        "alembic.ini": "[alembic]\nscript_location = db\n",
        "db/env.py": "",
        "db/versions/1.py": revision,
        "empty/env.py": "",
        "empty/script.py.mako": "",
        "shop/migrations/0001_initial.py": app,
        "sql/migrations/001_a.sql": "SELECT 1;\n",
        "sql/migrations/002_b.sql": "SELECT 1;\n",
    }

    assert look(memory(files)).migrations == (
        "1 migration of alembic in db",
        "1 migration of Django in shop/migrations",
        "2 migrations in SQL in sql/migrations",
    )
