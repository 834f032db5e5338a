"""`secret-defaults`: what is told of a default, what guards it, and which layer wins."""

import base64

import pytest

from selfcheck.checks.settings.check import Ignored
from selfcheck.checks.settings.secret_defaults import SecretDefaults
from selfcheck.checks.settings.weighing import Level
from selfcheck.model import Evidence, Finding, Location, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = SecretDefaults()
KEPT = {"app/config.py": 'import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\n'}
BROKEN = {"app/config.py": 'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "change-me")\n'}


def test_a_secret_that_is_required_keeps_the_promise_and_the_canary_bites() -> None:
    verdict = assert_keeps(CHECK, memory(KEPT))

    assert verdict.evidence == (Evidence("files of settings", 1, 1), Evidence("secrets in code", 1, 1))


def test_a_default_is_one_finding_as_the_report_shows_it() -> None:
    findings = assert_breaks(CHECK, memory(BROKEN), "SECRET_KEY in app/config.py")

    assert findings == (
        Finding(
            key="SECRET_KEY in app/config.py",
            message="SECRET_KEY works without being set: its default is a placeholder of 8 to 31 characters; "
            "whoever knows it can sign sessions and tokens or read what is encrypted",
            at=Location("app/config.py", 3),
            hint="read SECRET_KEY without a default and stop where it is missing, or make up a random one at start",
            data={
                "name": "SECRET_KEY",
                "variable": "SECRET_KEY",
                "layer": "code",
                "form": "read",
                "consequence": "key",
                "level": "high",
                "looks": "placeholder",
                "length": "8 to 31 characters",
                "guard": None,
                "also": [],
            },
        ),
    )


def test_a_guard_that_cannot_run_is_named() -> None:
    source = BROKEN["app/config.py"] + "if not SECRET_KEY:\n    raise RuntimeError\n"

    (finding,) = assert_breaks(CHECK, memory({"app/config.py": source}), "SECRET_KEY in app/config.py")

    assert finding.data["guard"] == "dead app/config.py:4"


def test_a_guard_that_only_warns_is_named_and_makes_it_matter_less() -> None:
    source = BROKEN["app/config.py"] + "if SECRET_KEY == 'change-me':\n    logger.warning('change it')\n"

    (finding,) = assert_breaks(CHECK, memory({"app/config.py": source}), "SECRET_KEY in app/config.py")

    assert (finding.data["guard"], finding.data["level"]) == ("warns app/config.py:5", "medium")


def test_a_constant_in_a_compose_file_defeats_a_random_default_and_the_finding_says_so() -> None:
    files = {
        "app/config.py": 'import os, secrets\nSECRET_KEY = os.getenv("SECRET_KEY", secrets.token_hex())\n',
        "compose.yml": "services:\n  web:\n    environment:\n      SECRET_KEY: k3j4h5g6f7d8\n",
    }

    (finding,) = assert_breaks(CHECK, memory(files), "SECRET_KEY in compose.yml")

    assert finding.message.endswith("; it wins over app/config.py:2, which would make up its own")


def test_what_a_compose_file_requires_is_told_beside_the_default_in_code() -> None:
    compose = "services:\n  web:\n    environment:\n      SECRET_KEY: ${SECRET_KEY:?set it}\n"

    (finding,) = assert_breaks(CHECK, memory({**BROKEN, "compose.yml": compose}), "SECRET_KEY in app/config.py")

    assert finding.message.endswith(
        "; compose.yml:4 requires it, and whatever starts without that file gets this default"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("${SECRET_KEY}", "compose.yml:4 passes it on, and sets nothing itself"),
        ("<from-the-vault>", "compose.yml:4 gives it a constant, which wins over this default"),
    ],
)
def test_what_a_compose_file_gives_is_told_beside_the_default_in_code(value: str, told: str) -> None:
    compose = f"services:\n  web:\n    environment:\n      SECRET_KEY: {value}\n"

    (finding,) = assert_breaks(CHECK, memory({**BROKEN, "compose.yml": compose}), "SECRET_KEY in app/config.py")

    assert finding.message.endswith(f"; {told}")


@pytest.mark.parametrize(
    ("default", "told"),
    [
        ("", "app/config.py:2 would refuse to start without it, which never happens here"),
        (", '<a-key>'", "it wins over what app/config.py:2 says"),
    ],
)
def test_what_a_constant_in_a_compose_file_makes_of_the_code_is_told(default: str, told: str) -> None:
    read = f'config("SECRET_KEY"{default})'
    compose = "services:\n  web:\n    environment:\n      SECRET_KEY: k3j4h5g6f7d8\n"
    files = {"app/config.py": f"from decouple import config\nSECRET_KEY = {read}\n", "compose.yml": compose}

    (finding,) = assert_breaks(CHECK, memory(files), "SECRET_KEY in compose.yml")

    assert finding.message.endswith(f"; {told}")


READING = "import os\nfrom {module} import FALLBACK\nSECRET_KEY = os.getenv('SECRET_KEY', FALLBACK)\n"


@pytest.mark.parametrize(
    ("module", "path"),
    [
        ("app.core.constants", "app/core/constants.py"),
        ("core.constants", "app/core/constants.py"),
        ("constants", "app/api/constants/__init__.py"),
        (".constants", "app/api/constants.py"),
        ("..constants", "app/constants.py"),
        ("..core", "app/core/__init__.py"),
    ],
)
def test_a_constant_of_another_module_is_looked_up_where_it_stands(module: str, path: str) -> None:
    files = {"app/api/config.py": READING.format(module=module), path: "FALLBACK = 'change-me'\n"}

    assert_breaks(CHECK, memory(files), "SECRET_KEY in app/api/config.py")


@pytest.mark.parametrize("constants", [{}, {"app/constants.py": "FALLBACK = (\n"}, {"app/constants.py": "A = 1\n"}])
def test_a_constant_that_cannot_be_looked_up_is_no_finding(constants: dict[str, str]) -> None:
    files = {"app/config.py": READING.format(module="app.constants"), **constants}

    assert judged(SecretDefaults(paths=("app/config.py",)), memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("other", "outcome"),
    [
        ("from app.config import verify_it\nverify_it()\n", Outcome.PASS),
        ("print('nothing of it')\n", Outcome.FAIL),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", Outcome.FAIL),
    ],
)
def test_a_guard_counts_where_another_file_calls_it(other: str, outcome: Outcome) -> None:
    guard = "def verify_it():\n    if SECRET_KEY == 'change-me':\n        raise RuntimeError\n"
    files = {"app/config.py": BROKEN["app/config.py"] + guard, "run/main.py": other}

    assert judged(SecretDefaults(paths=("app/**",)), memory(files)).outcome is outcome


def test_the_facts_of_every_sort_of_file_are_told_ahead() -> None:
    files = {**KEPT, "compose.yml": "services: {}\n", "src/a.ts": "let a;\n", "notes.txt": "no setting"}

    told = {extractor.name: [file.path for file in several] for extractor, several in CHECK.ahead(memory(files).tree)}

    assert told == {
        "settings of python": ["app/config.py"],
        "settings of compose": ["compose.yml"],
        "settings of scripts": ["src/a.ts"],
    }


@pytest.mark.parametrize(
    ("path", "line", "level"),
    [
        (".env.example", "JWT_SECRET=k9f8d7s6a5g4h3j2k9f8d7s6\n", "medium"),
        (".env.example", "PAYMENT_TOKEN=k9f8d7s6a5g4h3j2k9f8d7s6\n", "medium"),
        (".env.example", "DB_PASSWORD=k9f8d7s6a5g4h3j2\n", None),
        (".env", "PAYMENT_TOKEN=k9f8d7s6a5g4h3j2k9f8d7s6\n", "medium"),
        (".env", "OPENAI_API_KEY=your-api-key\n", None),
    ],
)
def test_an_example_is_told_of_where_it_works_as_it_is(path: str, line: str, level: str | None) -> None:
    found = [ruling.seen.data["level"] for ruling in judged(CHECK, memory({**KEPT, path: line})).findings]

    assert found == ([] if level is None else [level])


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("app/db.py", "medium"),
        ("deploy/production/config.py", "high"),
        ("tests/config.py", None),
        ("docs/x.py", None),
    ],
)
def test_where_it_stands_says_how_much_it_matters(path: str, level: str | None) -> None:
    files = {path: 'import os\nDB_PASSWORD = os.getenv("DB_PASSWORD", "postgres")\n', **KEPT}

    found = [ruling.seen.data["level"] for ruling in judged(CHECK, memory(files)).findings]

    assert found == ([] if level is None else [level])


def test_a_level_leaves_out_what_matters_less() -> None:
    files = {"app/config.py": 'import os\nDB_PASSWORD = os.getenv("DB_PASSWORD", "postgres")\n'}

    assert judged(SecretDefaults(level=Level.HIGH), memory(files)).outcome is Outcome.PASS


def test_what_is_ignored_is_no_finding_and_an_idle_entry_is_one() -> None:
    ignore = (Ignored(name="SECRET_KEY", reason="a"), Ignored(name="OTHER", reason="b"))

    assert_breaks(SecretDefaults(ignore=ignore), memory(BROKEN), "ignore OTHER")


def test_a_secret_of_kubernetes_is_read_through_its_base64() -> None:
    encoded = base64.b64encode(b"<set-by-the-pipeline>").decode()
    files = {"k8s/secret.yaml": f"kind: Secret\ndata:\n  DB_PASSWORD: {encoded}\n"}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("app/config.py", b'SECRET_KEY = os.getenv("SECRET_KEY", \n'),
        ("src/config.ts", b"const s = { process.env.JWT_SECRET || 'x' ;;; }} ((\n"),
        (".env", b"A=1\n" * 300_000),
        (".env", b"\xff\xfe\x00A"),
        ("compose.yml", b"services: [\n"),
        ("compose.yml", b"a: " + b"[" * 5000 + b"\n"),
        ("infra/main.tf", b'variable "x" {\n  default = \n'),
        ("settings.toml", b"[a\n"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_path(path: str, content: bytes) -> None:
    verdict = judged(CHECK, memory({**KEPT, path: content}))

    assert (verdict.outcome, [ruling.seen.path for ruling in verdict.unread]) == (Outcome.ERROR, [path])


def test_a_bomb_of_aliases_is_an_error_and_takes_no_time() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]

    verdict = judged(CHECK, memory({**KEPT, "charts/app/values.yaml": "\n".join(lines)}))

    assert verdict.outcome is Outcome.ERROR


def test_a_repository_without_settings_is_not_judged() -> None:
    assert judged(CHECK, memory({"README.md": "nothing"})).outcome is Outcome.ERROR


def test_a_repository_of_tests_alone_has_no_canary() -> None:
    assert proven(CHECK, memory({"tests/a.py": "x = 1\n"})).outcome is Proven.UNPROVABLE


def test_a_sum_of_many_texts_is_no_obstacle() -> None:
    text = " + ".join(['"a"'] * 2000)

    verdict = judged(CHECK, memory({"app/config.py": f"{KEPT['app/config.py']}TEXT = {text}\n"}))

    assert verdict.outcome is Outcome.PASS


def test_a_nest_too_deep_is_an_error_with_its_path() -> None:
    nest = "[" * 190 + "]" * 190
    script = "process.env.X || " + "(" * 5000 + "1" + ")" * 5000

    verdict = judged(CHECK, memory({"app/a.py": f"import os\nos.environ\nx = {nest}\n", "src/a.ts": script}))

    assert [ruling.seen.path for ruling in verdict.unread] == ["src/a.ts"]
