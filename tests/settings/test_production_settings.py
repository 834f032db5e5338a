"""`production-settings`: what stands open in production, and which file has the last word."""

import pytest

from selfcheck.checks.settings.check import Ignored
from selfcheck.checks.settings.production import ProductionSettings
from selfcheck.model import Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = ProductionSettings()
DJANGO = """\
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
INSTALLED_APPS = []
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SECURE_HSTS_SECONDS = 3600
SECURE_SSL_REDIRECT = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
"""


def test_settings_that_are_closed_keep_the_promise_and_the_canary_bites() -> None:
    assert_keeps(CHECK, memory({"site/settings.py": DJANGO}))


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("DEBUG = True\n", "debug"),
        ('import os\nDEBUG = os.getenv("DEBUG", "1") == "1"\n', "debug"),
        ('DEBUG = config("DEBUG", default=True, cast=bool)\n', "debug"),
        ("class Settings(BaseSettings):\n    debug: bool = True\n", "debug"),
        ("class Settings(BaseSettings):\n    debug: bool = Field(default=True)\n", "debug"),
        ("class Settings(BaseSettings):\n    debug: bool = Field(True)\n", "debug"),
        ('DEBUG = "yes"\n', "debug"),
        ('ALLOWED_HOSTS = "*"\n', "hosts"),
        ("app = FastAPI(debug=True)\n", "debug"),
        ('ALLOWED_HOSTS = ["*"]\n', "hosts"),
        ('ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])\n', "hosts"),
        ('app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n', "cors"),
        ('CORS(app, origins="*", supports_credentials=True)\n', "cors"),
        ("CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True\n", "cors"),
        ("SESSION_COOKIE_SECURE = False\n", "SESSION_COOKIE_SECURE"),
    ],
)
def test_what_is_open_is_a_finding(source: str, key: str) -> None:
    assert_breaks(CHECK, memory({"app/main.py": source}), f"{key} in app/main.py")


@pytest.mark.parametrize(
    "source",
    [
        'import os\nDEBUG = os.getenv("DEBUG", "false") == "true"\n',
        'app.add_middleware(CORSMiddleware, allow_origins=["*"])\n',
        'app.add_middleware(CORSMiddleware, allow_origins=["https://a.example"], allow_credentials=True)\n',
        "class DevelopmentConfig:\n    DEBUG = True\n",
        'if __name__ == "__main__":\n    DEBUG = True\n',
        "import logging\nlevel = logging.DEBUG\n",
        "class Settings(BaseSettings):\n    debug: bool = Field()\n",
        'DEBUG = "maybe so"\n',
    ],
)
def test_what_is_nearly_open_is_none(source: str) -> None:
    assert judged(CHECK, memory({"app/main.py": source})).outcome is Outcome.PASS


def test_the_settings_of_every_file_are_read_ahead() -> None:
    tree = memory({"a.py": "x = 1\n", ".env": "A=b\n"}).tree

    assert [[file.path for file in files] for _, files in CHECK.ahead(tree)] == [[".env"], ["a.py"]]


def test_a_script_that_reflects_every_origin_with_credentials_is_a_finding() -> None:
    files = {"src/app.ts": "app.use(cors({ origin: true, credentials: true }));\n"}

    assert_breaks(CHECK, memory(files), "cors in src/app.ts")


def test_origins_that_are_named_elsewhere_are_looked_up() -> None:
    files = {
        "app/config.py": 'class Settings(BaseSettings):\n    CORS_ORIGINS: list[str] = ["*"]\n',
        "app/main.py": "app.add_middleware(CORSMiddleware, allow_origins=settings.CORS_ORIGINS, allow_credentials=True)\n",
    }

    assert_breaks(CHECK, memory(files), "cors in app/main.py")


def test_what_django_checks_for_deployment_is_told_with_its_codes() -> None:
    source = DJANGO.replace("SECURE_SSL_REDIRECT = True\n", "").replace("SESSION_COOKIE_SECURE = True\n", "")

    findings = assert_breaks(
        CHECK,
        memory({"site/settings.py": source}),
        "SECURE_SSL_REDIRECT in site/settings.py",
        "SESSION_COOKIE_SECURE in site/settings.py",
    )

    assert [finding.message[-15:] for finding in findings] == ["(security.W008)", "(security.W012)"]


def test_a_module_for_production_has_the_last_word_over_what_it_imports() -> None:
    files = {
        "site/settings/base.py": DJANGO.replace("DEBUG = False", "DEBUG = True"),
        "site/settings/production.py": "from .base import *\nDEBUG = False\nALLOWED_HOSTS = ['a.example']\nROOT_URLCONF = 'x'\n",
    }

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_a_file_of_the_environment_has_the_last_word_over_a_default() -> None:
    files = {
        "app/main.py": 'import os\nDEBUG = os.getenv("DEBUG", "false") == "true"\n',
        "compose.production.yml": "services:\n  web:\n    environment:\n      DEBUG: 'true'\n",
    }

    (finding,) = assert_breaks(CHECK, memory(files), "debug in compose.production.yml")

    assert finding.data["before"] == {"place": "app/main.py:2", "state": "off"}
    assert finding.message.endswith("; app/main.py:2 has it off, and this wins")


def test_another_environment_is_judged_by_its_own_files() -> None:
    files = {
        "app/main.py": 'import os\nDEBUG = os.getenv("DEBUG", "false") == "true"\n',
        "compose.staging.yml": "services:\n  web:\n    environment:\n      DEBUG: 'true'\n",
    }

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_a_secret_that_falls_back_to_another_one_is_a_finding() -> None:
    source = 'import os\nJWT_SECRET = os.getenv("JWT_SECRET", SECRET_KEY)\n'

    assert_breaks(CHECK, memory({"app/main.py": source}), "JWT_SECRET in app/main.py")


def test_what_is_ignored_is_no_finding_and_an_idle_entry_is_one() -> None:
    check = ProductionSettings(ignore=(Ignored(name="debug", reason="a"), Ignored(name="hosts", reason="b")))

    assert_breaks(check, memory({"app/main.py": "DEBUG = True\n"}), "ignore hosts")


def test_what_django_says_of_middleware_and_of_hsts_is_told() -> None:
    source = DJANGO.replace('    "django.middleware.csrf.CsrfViewMiddleware",\n', "")
    source = source.replace("SECURE_HSTS_SECONDS = 3600\n", "").replace("SSL_REDIRECT = True", "SSL_REDIRECT = False")

    findings = assert_breaks(
        CHECK,
        memory({"site/settings.py": source}),
        "SECURE_HSTS_SECONDS in site/settings.py",
        "CsrfViewMiddleware in site/settings.py",
        "SECURE_SSL_REDIRECT in site/settings.py",
    )

    assert [finding.message[-6:-1] for finding in findings] == [".W004", ".W003", ".W008"]


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ('app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])\n', Outcome.FAIL),
        ('CORS(app, origins=["https://a.example"], supports_credentials=True)\n', Outcome.PASS),
        ('app.add_middleware(CORSMiddleware, allow_origin_regex=".*", allow_credentials=True)\n', Outcome.FAIL),
        ('ALLOWED_HOSTS = os.getenv("ALLOWED_HOSTS", "a.example, *").split(",")\n', Outcome.FAIL),
        ("app.config['DEBUG'] = True\n", Outcome.FAIL),
        ("DEBUG = compute()\n", Outcome.PASS),
        ("DEBUG = None\n", Outcome.PASS),
    ],
)
def test_every_spelling_of_a_switch_is_read(source: str, outcome: Outcome) -> None:
    assert judged(CHECK, memory({"app/main.py": source, "app/a.py": "DEBUG = False\n"})).outcome is outcome


def test_settings_of_flask_are_not_held_against_what_django_asks_for() -> None:
    source = "SESSION_COOKIE_SECURE = True\nSESSION_COOKIE_HTTPONLY = True\nREMEMBER_COOKIE_SECURE = True\n"

    assert judged(CHECK, memory({"app/config.py": source})).outcome is Outcome.PASS


def test_without_django_only_what_is_written_is_judged() -> None:
    source = DJANGO.replace("SECURE_SSL_REDIRECT = True\n", "")

    assert judged(ProductionSettings(django=False), memory({"site/settings.py": source})).outcome is Outcome.PASS


def test_a_repository_without_python_has_no_canary() -> None:
    files = {"compose.yml": "services:\n  web:\n    environment:\n      DEBUG: 'false'\n"}

    assert proven(CHECK, memory(files)).outcome is Proven.UNPROVABLE


def test_middleware_that_is_added_to_stays_what_it_was() -> None:
    more = 'if EXTRA:\n    MIDDLEWARE = ["shop.middleware.Timing"] + MIDDLEWARE\n'

    assert_keeps(CHECK, memory({"site/settings.py": f"{DJANGO}{more}"}))
