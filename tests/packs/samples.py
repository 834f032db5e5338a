"""Two small applications: one that keeps what every pack promises, and one that nobody took care of."""

from collections.abc import Mapping

SHOP = """\
from fastapi import APIRouter, Depends, FastAPI, Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from shop.database import session
from shop.settings import Settings

settings = Settings()
app = FastAPI(debug=settings.debug)
router = APIRouter(prefix="/health")


@router.get("")
@router.get("/readiness")
def ready(db: Session = Depends(session)) -> dict[str, str]:
    db.execute(text("SELECT 1"))
    return {"status": "ok"}


@router.get("/liveness")
def alive() -> dict[str, str]:
    return {"status": "alive"}


app.include_router(router)
"""
SETTINGS = """\
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: SecretStr
    database_url: SecretStr
    debug: bool = False
"""
DATABASE = """\
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from shop.settings import Settings

engine = create_engine(Settings().database_url.get_secret_value())


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened
"""
MODELS = """\
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
"""
FIRST = """\
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50), nullable=False))


def downgrade() -> None:
    op.drop_table("orders")
"""
PROJECT = """\
[project]
name = "shop"
version = "1.0"
dependencies = ["fastapi", "sqlalchemy", "alembic", "pydantic", "pydantic-settings"]
"""
DECISION = """\
# 1. One service

Date: 2026-01-01

## Status

Accepted

## Context

Two would need a protocol between them.

## Decision

The shop has one.

## Consequences

It is there or it is not.
"""
WORKFLOW = """\
name: ci
on: pull_request
permissions:
  contents: read
jobs:
  guardrails:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
      - run: pytest
      - run: selfcheck run --base auto
"""
NIGHTLY = """\
name: nightly-drift
on:
  schedule: [{cron: "0 2 * * *"}]
permissions:
  contents: read
jobs:
  drift:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
      - run: selfcheck drift
"""
OBJECTIVES = """\
base_url: ${SHOP_URL:-http://127.0.0.1:8000}
slos:
  api-availability:
    name: API availability
    target: 99.9%
    window: 30d
    interval: 60s
    timeout: 2s
    endpoint: /health
alerting:
  channels:
    - {type: slack, webhook_url: "${SLACK_WEBHOOK_URL}"}
"""
CONTAINER = """\
FROM python:3.13
COPY . .
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://localhost:8000/health/liveness')"
CMD ["uvicorn", "shop.main:app", "--port", "8000"]
"""
FASTAPI: Mapping[str, str] = {
    "pyproject.toml": PROJECT,
    "shop/__init__.py": "",
    "shop/main.py": SHOP,
    "shop/settings.py": SETTINGS,
    "shop/database.py": DATABASE,
    "shop/models.py": MODELS,
    "schema.sql": "CREATE TABLE orders (id integer PRIMARY KEY, name varchar(50) NOT NULL);\n",
    "alembic.ini": "[alembic]\nscript_location = migrations\n",
    "migrations/env.py": "from alembic import context\n\ncontext.configure()\n",
    "migrations/versions/0001_orders.py": FIRST,
    ".env.example": "SECRET_KEY=\nDATABASE_URL=\nDEBUG=\n",
    "Dockerfile": CONTAINER,
    "slo-monitors.yml": OBJECTIVES,
    "AGENTS.md": "# The shop\n\nKeep it one service: docs/adr/0001-one-service.md.\n",
    "CLAUDE.md": "@AGENTS.md\n",
    "docs/adr/0001-one-service.md": DECISION,
    "docs/adr/0002-one-database.md": DECISION.replace("1. One service", "2. One database"),
    "docs/adr/README.md": "- [1. One service](0001-one-service.md)\n- [2. One database](0002-one-database.md)\n",
    ".github/workflows/ci.yml": WORKFLOW,
    ".github/workflows/nightly-drift.yml": NIGHTLY,
    ".github/pull_request_template.md": "## Why is it built this way?\n",
    "tests/test_self_reflection.py": "def test_the_promises() -> None:\n    assert True\n",
    "src/observability/system_intelligence_map.json": "{}\n",
}
"""Keeps every pack but those of the other frameworks."""
FLASK: Mapping[str, str] = {
    **{path: FASTAPI[path] for path in ("alembic.ini", "migrations/env.py", "migrations/versions/0001_orders.py")},
    ".env.example": "SECRET_KEY=\n",
    "shop.py": """\
import os

from flask import Flask

app = Flask(__name__)
app.config.update(SECRET_KEY=os.environ["SECRET_KEY"], SESSION_COOKIE_SECURE=True)


@app.get("/health")
def health():
    app.db.execute("SELECT 1")
    return "ok"
""",
}
DJANGO: Mapping[str, str] = {
    ".env.example": "SECRET_KEY=\n",
    "shop/__init__.py": "",
    "shop/settings.py": """\
import os

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["shop.example.org"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["shop"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SECURE_HSTS_SECONDS = 31536000
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
""",
    "shop/urls.py": (
        "from django.urls import path\n\nfrom shop.views import health\n\nurlpatterns = [path('health', health)]\n"
    ),
    "shop/views.py": """\
from django.db import connection
from django.http import HttpResponse


def health(request):
    connection.ensure_connection()
    return HttpResponse("ok")
""",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_initial.py": """\
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
""",
}
KEPT: Mapping[str, Mapping[str, str]] = {
    "adr": FASTAPI,
    "agents": FASTAPI,
    "ci": FASTAPI,
    "django": DJANGO,
    "fastapi": FASTAPI,
    "flask": FLASK,
    "living-architecture": FASTAPI,
    "python": FASTAPI,
}
CARELESS: Mapping[str, str] = {
    **FASTAPI,
    "shop/__init__.py": "from shop.main import app\n",
    "shop/main.py": (
        "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\nimport shop.old\n"
        "import requests\nfrom shop import settings\n\napp = FastAPI(debug=True)\n"
        "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n"
        "breakpoint()\n\n\n@app.get('/health')\ndef health():\n    return {'status': 'ok'}\n"
    ),
    "shop/settings.py": ("import os\n\nimport shop.main\n\nSECRET_KEY = os.getenv('SECRET_KEY', 'change-me')\n"),
    "shop/merged.py": "x = 1\n<<<<<<< HEAD\n",
    "shop/long.py": "x = 1\n" * 1001,
    "migrations/versions/0002_left.py": FIRST.replace("0001", "0002").replace("None\n\n\ndef", "'0001'\n\n\ndef", 1),
    "migrations/versions/0003_right.py": FIRST.replace("0001", "0003").replace("None\n\n\ndef", "'0001'\n\n\ndef", 1),
    "Dockerfile": CONTAINER.replace("/health/liveness", "/healthz"),
    ".github/workflows/ci.yml": (
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - uses: actions/checkout@main\n        with: {ref: '${{ github.event.pull_request.head.sha }}'}\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n"
        "      - run: pytest || true\n      - run: selfcheck run || true\n"
    ),
    ".github/workflows/nightly-drift.yml": "on: push\njobs: {}\n",
    "docs/adr/0001-one-service.md": DECISION.replace("Accepted", "Perhaps"),
    "CLAUDE.md": "@docs/gone.md\nSee ADR-0099.\u200b\n",
}
"""Breaks the gravest promises of each pack, in the ways in which that happens."""
