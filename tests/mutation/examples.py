"""For each check a repository in which it is kept, with options of which each item matters, and this one with its rulebook."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from selfcheck.check import Canary, Case, Check, Repository, Write
from selfcheck.checks.command import Command
from selfcheck.checks.decisions.age import AdrAge
from selfcheck.checks.decisions.citations import AdrCitations
from selfcheck.checks.decisions.claims import AdrClaims
from selfcheck.checks.decisions.done import AdrDone
from selfcheck.checks.decisions.enforced import AdrEnforced
from selfcheck.checks.decisions.index import AdrIndex
from selfcheck.checks.decisions.links import AdrLinks
from selfcheck.checks.decisions.lint import AdrLint, Recorded
from selfcheck.checks.decisions.required import AdrRequired
from selfcheck.checks.decisions.supersede import AdrSupersede
from selfcheck.checks.dependencies.declared import DependenciesDeclared
from selfcheck.checks.files import FilesAbsent, FilesExist
from selfcheck.checks.health.endpoints import HealthEndpoints
from selfcheck.checks.health.faults import Fault
from selfcheck.checks.health.live import HealthLive
from selfcheck.checks.health.openapi import RoutesOpenapi
from selfcheck.checks.health.probes import HealthProbes
from selfcheck.checks.health.roles import Role
from selfcheck.checks.health.slo import SloValid
from selfcheck.checks.imports.acyclic import ImportsAcyclic
from selfcheck.checks.imports.allowed import ImportsAllowed
from selfcheck.checks.imports.forbidden import ImportsForbidden
from selfcheck.checks.imports.independent import ImportsIndependent
from selfcheck.checks.imports.layers import ImportsLayers
from selfcheck.checks.imports.protected import ImportsProtected
from selfcheck.checks.imports.required import ImportsRequired
from selfcheck.checks.imports.resolve import ImportsResolve
from selfcheck.checks.instructions.copies import InstructionsCopies
from selfcheck.checks.instructions.refs import InstructionsRefs
from selfcheck.checks.leaks.secret_leaks import SecretLeaks
from selfcheck.checks.max_lines import MaxLines
from selfcheck.checks.migrations.graph import MigrationsGraph
from selfcheck.checks.migrations.immutable import Judged, MigrationsImmutable
from selfcheck.checks.migrations.parity import SchemaParity
from selfcheck.checks.migrations.rules import Rule
from selfcheck.checks.migrations.safe import MigrationsSafe
from selfcheck.checks.settings.env_complete import EnvComplete
from selfcheck.checks.settings.production import ProductionSettings
from selfcheck.checks.settings.secret_defaults import SecretDefaults
from selfcheck.checks.text import TextContains, TextForbids
from selfcheck.cli.opening import directory
from selfcheck.patterns import Pattern
from selfcheck.registry import Registry
from selfcheck.rulebook import discover, parse
from selfcheck.subjects.imports import Kind
from selfcheck.subjects.migrations.dialects import Dialect
from selfcheck.testing import TODAY, guardrail
from selfcheck.trees import Memory, Tree
from selfcheck_observability.checks.map_covers import MapCovers
from selfcheck_observability.checks.map_current import MapCurrent
from selfcheck_observability.checks.map_truths import MapTruths
from selfcheck_observability.map import PLACE
from tests.docs.page import answering
from tests.instructions.syncing import parity
from tests.migrations.writing import SHOP as DJANGO
from tests.mutation.documents import DECISIONS, INSTRUCTIONS, MIRRORED
from tests.mutation.histories import HISTORY, TABLES

EVERY = (Kind.FUNCTION, Kind.TYPE_CHECKING, Kind.GUARDED, Kind.LAZY, Kind.STAR)


ROOT = Path(__file__).parents[2]


class Example(NamedTuple):
    """A guardrail with its check, in a repository that keeps it."""

    case: Case
    repo: Repository


class Kept(NamedTuple):
    """A check that is kept by these files; `canaries` are the user's, where the check has none of its own."""

    use: str
    check: Check
    files: Mapping[str, str]
    canaries: tuple[Canary, ...] = ()
    environ: Mapping[str, str] = {}


TEXTS = {"src/a.py": "licence", "src/deep/b.py": "licence", "tests/c.py": "licence", "src/old/d.py": "", "e.txt": ""}
SHOP = {
    "shop/__init__.py": "",
    "shop/web/__init__.py": "",
    "shop/web/pages.py": "from shop.prices import shirts\n",
    "shop/prices/__init__.py": "",
    "shop/prices/shirts.py": "from shop.store import tables\n",
    "shop/store/__init__.py": "",
    "shop/store/tables.py": "import sqlite3\n",
    "shop/tools.py": "",
    "jobs/nightly.py": "from shop.prices import shirts\n",
}
PROJECTS = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["requests"]\n',
    "src/a.py": "import requests\n",
    "lib/b.py": "import requests\n",
    "tools/pyproject.toml": '[project]\nname = "tools"\ndependencies = ["httpx"]\n',
    "tools/c.py": "import httpx\n",
}
SETTINGS = {
    "shop/config.py": 'import os\nKEY = os.environ["SHOP_KEY"]\n',
    "site/settings.py": "import os\nINSTALLED_APPS = []\nDEBUG = False\nSITE = os.environ['SITE_NAME']\n"
    "SECURE_HSTS_SECONDS = 60\nSECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True\n",
    "site/old/a.py": "",
    "compose.yml": "services:\n  web:\n    environment:\n      SHOP_KEY: ${SHOP_KEY:?}\n",
    ".env.example": "SHOP_KEY=\nSITE_NAME=\n",
}

ASKED = '    session.execute("SELECT 1")\n    return 1\n'
HEALTHY = {"app.py": f'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/health")\ndef health():\n{ASKED}'}
SERVICE = {
    "app.py": f'{HEALTHY["app.py"]}@app.get("/health/readiness")\ndef ready():\n{ASKED}'
    '@app.get("/health/liveness")\ndef live():\n    return 1\n',
    "web.Dockerfile": "FROM python:3.13\nEXPOSE 8000\nHEALTHCHECK CMD curl http://localhost:8000/health\n",
    "k8s/web.yaml": "containers:\n  - name: web\n    livenessProbe: {httpGet: {path: /health/liveness}}\n",
    "fly.toml": '[[http_service.checks]]\npath = "/health/readiness"\n'.replace(
        "[[http_service", "[http_service]\n[[http_service"
    ),
    "slo-monitors.yml": "slos: {up: {target: 99.9, endpoint: /health}}\nalerting: {channels: [{type: mail}]}\n",
    "b.slo.yml": "slos: {down: {target: 99.9, endpoint: /health}}\nalerting: {channels: [{type: mail}]}\n",
    "openapi.yaml": "openapi: 3.1.0\npaths:\n  /health: {get: {}}\n",
    "docs/more.yaml": "openapi: 3.1.0\npaths:\n  /health/readiness: {get: {}}\n  /health/liveness: {get: {}}\n",
}

MAP = """\
{"version": "1.0.0",
 "modules": {"shop": {"purpose": "Sells.", "business_goals": ["sales"]}},
 "business_goals": {"sales": {}},
 "architectural_truths": {"kept": {"description": "Nothing is waived for ever.", "validation": "exceptions"}},
 "measured": {"modules": {"shop": {"files": 2, "lines": 1}}}}
"""
MAPPED = {"shop/a.py": "1\n", "shop/b.py": "", PLACE: MAP}
KEPT = (
    Kept("files-exist", FilesExist(paths=("README.md", "src/*.py", "**/b.py")), {"README.md": "", **TEXTS}),
    Kept("files-absent", FilesAbsent(paths=("**/.env", "*.pem", "src/tmp")), TEXTS),
    Kept("max-lines", MaxLines(limit=2, paths=("src/**", "tests/*.py", "e.txt", "!src/old")), TEXTS),
    Kept("text-forbids", TextForbids(pattern=Pattern("print"), paths=("src/**", "tests", "e.txt", "!src/old")), TEXTS),
    Kept("text-contains", TextContains(pattern=Pattern("licence"), paths=("src", "tests/*.py", "!src/old")), TEXTS),
    Kept("text-contains", TextContains(pattern=Pattern("licence"), paths=("src", "tests/*.py"), every=False), TEXTS),
    Kept(
        "command",
        Command(shell="! test -e broken", expect=(0,)),
        {"a": ""},
        (Canary("write broken", (Write("broken", b""),), "exit status"),),
    ),
    Kept("imports-acyclic", ImportsAcyclic(roots=("shop", "jobs")), SHOP),
    Kept("imports-acyclic", ImportsAcyclic(kinds=EVERY), SHOP),
    Kept("imports-acyclic", ImportsAcyclic(ancestors=True), SHOP),
    Kept("imports-acyclic", ImportsAcyclic(depth=2), SHOP),
    Kept("imports-layers", ImportsLayers(layers=("shop.web", "shop.prices", "shop.store")), SHOP),
    Kept(
        "imports-layers",
        ImportsLayers(
            layers=("web", "prices", "store | tools"),
            containers=("shop",),
            exhaustive=True,
            closed=("prices",),
            kinds=EVERY,
        ),
        SHOP,
    ),
    Kept("imports-independent", ImportsIndependent(modules=("shop.web", "shop.store", "shop.tools")), SHOP),
    Kept(
        "imports-forbidden",
        ImportsForbidden(
            source_modules=("shop.prices", "shop.store"), forbidden_modules=("shop.web", "requests", "jobs.nightly")
        ),
        SHOP,
    ),
    Kept(
        "imports-forbidden",
        ImportsForbidden(roots=("shop", "till"), source_modules=("shop",), forbidden_modules=("till",)),
        {**SHOP, "till/__init__.py": ""},
    ),
    Kept(
        "imports-protected",
        ImportsProtected(protected_modules=("shop.store", "shop.web"), allowed_importers=("shop.prices",)),
        SHOP,
    ),
    Kept(
        "imports-allowed",
        ImportsAllowed(
            source_modules=("shop.prices", "shop.tools"), allowed_modules=("shop.store",), standard_library=False
        ),
        SHOP,
    ),
    Kept(
        "imports-required",
        ImportsRequired(modules=("shop.prices.shirts",), importers=("shop.web", "jobs.nightly")),
        SHOP,
    ),
    Kept(
        "imports-required",
        ImportsRequired(modules=("shop.prices", "shop.store"), importers=("shop.*",), any=True),
        SHOP,
    ),
    Kept("imports-resolve", ImportsResolve(roots=("shop", "jobs")), SHOP),
    Kept("dependencies-declared", DependenciesDeclared(roots=("src", "lib", "tools")), PROJECTS),
    Kept("secret-defaults", SecretDefaults(), SETTINGS),
    Kept("secret-defaults", SecretDefaults(paths=("shop/**", "site", "!site/old")), SETTINGS),
    Kept("production-settings", ProductionSettings(), SETTINGS),
    Kept("production-settings", ProductionSettings(paths=("shop/**", "site", "!site/old")), SETTINGS),
    Kept("env-complete", EnvComplete(), SETTINGS),
    Kept("env-complete", EnvComplete(defaulted=False, paths=("shop/**", "site", "*", "!site/old")), SETTINGS),
    Kept("secret-leaks", SecretLeaks(), SETTINGS),
    Kept("secret-leaks", SecretLeaks(paths=("shop/**", "site", "!site/old")), SETTINGS),
    Kept(
        "health-endpoints", HealthEndpoints(faults=tuple(each for each in Fault if each is not Fault.CONSTANT)), SERVICE
    ),
    Kept("health-endpoints", HealthEndpoints(roles=(Role.HEALTH,), faults=(Fault.CONSTANT, Fault.GUARDED)), HEALTHY),
    Kept(
        "health-probes",
        HealthProbes(files=("web.Dockerfile", "k8s/*.yaml", "**/fly.toml", "selfcheck-canary*")),
        SERVICE,
    ),
    Kept("slo-valid", SloValid(files=("slo-monitors.yml", "**/*.slo.yml")), SERVICE),
    Kept("map-covers", MapCovers(), MAPPED),
    Kept("map-current", MapCurrent(), MAPPED),
    Kept("map-truths", MapTruths(), MAPPED),
    Kept("routes-openapi", RoutesOpenapi(files=("openapi.yaml", "docs/*.yaml")), SERVICE),
    Kept("health-live", HealthLive(urls=("${SHOP}/health", "${SHOP:-}/ready")), {}, environ={"SHOP": answering(b"OK")}),
    Kept("adr-age", AdrAge(), DECISIONS),
    Kept("adr-citations", AdrCitations(paths=("src", "lib/*.py", "!src/old")), DECISIONS),
    Kept("adr-claims", AdrClaims(), DECISIONS),
    Kept("adr-done", AdrDone(attested=True), DECISIONS),
    Kept("adr-enforced", AdrEnforced(both=True), DECISIONS),
    Kept("adr-index", AdrIndex(required=True), DECISIONS),
    Kept("adr-index", AdrIndex(indexes=("docs/adr/README.md", "docs/all.md")), DECISIONS),
    Kept("adr-links", AdrLinks(retired=True), DECISIONS),
    Kept("adr-lint", AdrLint(), DECISIONS),
    Kept("adr-lint", AdrLint(records=(Recorded.DATE, Recorded.DECIDERS)), DECISIONS),
    Kept("adr-required", AdrRequired(paths=("src", "lib/*.py")), DECISIONS),
    Kept("adr-supersede", AdrSupersede(), DECISIONS),
    Kept("instructions-copies", InstructionsCopies(copies=("claude-code", "gemini")), INSTRUCTIONS),
    Kept("instructions-copies", InstructionsCopies(advice=True), INSTRUCTIONS),
    Kept("instructions-parity", parity(), MIRRORED.files, environ=MIRRORED.environ),
    Kept("instructions-refs", InstructionsRefs(paths=("AGENTS.md", "rules/*.md")), INSTRUCTIONS),
    Kept("migrations-graph", MigrationsGraph(), HISTORY),
    Kept("migrations-graph", MigrationsGraph(paths=("a", "b")), HISTORY),
    Kept("migrations-immutable", MigrationsImmutable(parts=tuple(Judged)), HISTORY),
    Kept("migrations-immutable", MigrationsImmutable(paths=("a", "b")), HISTORY),
    Kept("migrations-safe", MigrationsSafe(dialect=Dialect.POSTGRESQL), HISTORY),
    Kept("migrations-safe", MigrationsSafe(rules=(Rule.NO_WAY_BACK, Rule.SQL_UNREVIEWED), paths=("a", "b")), HISTORY),
    Kept("migrations-safe", MigrationsSafe(rules=(Rule.NO_WAY_BACK, Rule.SQL_UNREVIEWED)), DJANGO),
    Kept("schema-parity", SchemaParity(), TABLES),
    Kept("schema-parity", SchemaParity(schema=("schema.sql", "old/*.sql"), models=("shop", "jobs")), TABLES),
)


def examples(scratch: Path) -> list[Example]:
    """The checks that judge any repository, each in its own; programs run in copies below `scratch`."""
    cases = [_case(each) for each in KEPT]
    repos = (_repository(Memory(_encoded(each.files)), scratch, each.environ) for each in KEPT)
    return [Example(case, repo.under((case,))) for case, repo in zip(cases, repos, strict=True)]


def ours(scratch: Path) -> list[Example]:
    """Every guardrail of this repository."""
    cases = parse(discover(ROOT).files, Registry(plugins=False)).cases
    repo = _repository(directory(ROOT), scratch).under(cases)
    return [Example(case, repo) for case in cases]


def _case(kept: Kept) -> Case:
    on = structs.replace(guardrail(), check={"use": kept.use})
    return Case(on, kept.check, kept.canaries)


def _repository(tree: Tree, scratch: Path, environ: Mapping[str, str] | None = None) -> Repository:
    return Repository(tree, environ={"PATH": os.defpath, **(environ or {})}, today=TODAY, scratch=scratch)


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}
