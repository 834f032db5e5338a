"""`env-complete`: what is read is in the example, what is in it is read, and each has one default."""

import pytest

from selfcheck.checks.settings.check import Ignored
from selfcheck.checks.settings.env_complete import EnvComplete
from selfcheck.model import Evidence, Outcome
from selfcheck.prove import Proven
from selfcheck.testing import assert_breaks, assert_keeps, judged, memory, proven

CHECK = EnvComplete()
CODE = {"app/config.py": 'import os\nPORT = os.getenv("SHOP_PORT", "8000")\nKEY = os.environ["SHOP_KEY"]\n'}


def with_example(text: str, **files: str) -> dict[str, str]:
    """The code with an example, and other modules of the application."""
    return {**CODE, ".env.example": text, **{f"app/{name}.py": source for name, source in files.items()}}


def test_an_example_that_names_all_keeps_the_promise_and_the_canaries_bite() -> None:
    verdict = assert_keeps(CHECK, memory(with_example("SHOP_PORT=8000\n# SHOP_KEY=\n")))

    assert verdict.evidence == (Evidence("example files", 1, 1), Evidence("variables that are read", 2, 2))


def test_a_variable_that_the_example_does_not_name_is_a_finding_at_its_read() -> None:
    (finding,) = assert_breaks(CHECK, memory(with_example("SHOP_PORT=8000\n")), "missing SHOP_KEY")

    assert (str(finding.at), finding.data["places"]) == ("app/config.py:3", ["app/config.py:3"])


def test_a_name_that_nothing_reads_is_a_finding_at_its_line() -> None:
    files = with_example("SHOP_PORT=1\nSHOP_KEY=\nOLD_NAME=\n")

    assert_breaks(CHECK, memory(files), "stale OLD_NAME in .env.example")


@pytest.mark.parametrize(
    ("check", "canaries"),
    [
        (EnvComplete(stale=False, defaults=False), 1),
        (EnvComplete(missing=False, stale=False), 1),
        (EnvComplete(missing=False, defaults=False), 1),
        (EnvComplete(defaulted=False), 3),
    ],
)
def test_what_is_asked_for_is_proven_and_nothing_else(check: EnvComplete, canaries: int) -> None:
    repo = memory(with_example("SHOP_PORT=8000\nSHOP_KEY=\n"))

    assert_keeps(check, repo)
    assert len(list(check.canaries(repo))) == canaries


@pytest.mark.parametrize(
    "check",
    [EnvComplete(missing=False, stale=False, defaults=False), EnvComplete(stale=False, paths=(".env.example",))],
)
def test_where_nothing_can_be_broken_there_is_no_canary(check: EnvComplete) -> None:
    assert proven(check, memory(with_example("SHOP_PORT=8000\n"))).outcome is Proven.UNPROVABLE


def test_the_settings_of_every_file_are_read_ahead() -> None:
    tree = memory(with_example("A=\n")).tree

    assert [[file.path for file in files] for _, files in CHECK.ahead(tree)] == [[".env.example"], ["app/config.py"]]


@pytest.mark.parametrize("several", [("True", "true"), ("#1976d2", "#1976D2"), ("a", " a")])
def test_one_default_may_be_written_in_several_ways(several: tuple[str, str]) -> None:
    one, other = (f'import os\nS = os.getenv("SHOP_OPEN", "{each}")\n' for each in several)
    files = with_example("SHOP_PORT=1\nSHOP_KEY=\nSHOP_OPEN=\n", one=one, other=other)

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_settings_that_change_others_and_old_migrations_have_defaults_of_their_own() -> None:
    files = with_example(
        "SHOP_PORT=1\nSHOP_KEY=\n", other='from app.config import *\nimport os\nP = os.getenv("SHOP_PORT", "2")\n'
    )
    files["db/versions/a.py"] = 'import os\nP = os.getenv("SHOP_PORT", "3")\n'
    files["app/migrations/0001_a.py"] = 'import os\nP = os.getenv("SHOP_PORT", "4")\n'

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


@pytest.mark.parametrize("script", ["version https://git-lfs.github.com/spec/v1\nOLD_NAME\n", "OLD_NAME\n" * 200_000])
def test_a_name_in_a_file_that_is_not_read_or_too_large_does_not_count(script: str) -> None:
    files = {**with_example("SHOP_PORT=1\nSHOP_KEY=\nOLD_NAME=\n"), "run.sh": script}

    assert_breaks(CHECK, memory(files), "stale OLD_NAME in .env.example")


@pytest.mark.parametrize("path", ["run.sh", "docker-compose.yml", "src/main.go", "Makefile"])
def test_a_name_that_stands_in_another_file_is_not_stale(path: str) -> None:
    files = {**with_example("SHOP_PORT=1\nSHOP_KEY=\nOLD_NAME=\n"), path: "x: ${OLD_NAME}\n"}

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_two_defaults_of_one_variable_are_a_finding_that_shows_what_is_no_secret() -> None:
    files = with_example("SHOP_PORT=1\nSHOP_KEY=\n", serve='import os\nP = os.getenv("SHOP_PORT", "8080")\n')

    (finding,) = assert_breaks(CHECK, memory(files), "defaults SHOP_PORT")

    assert finding.message == (
        "SHOP_PORT is read with 2 different defaults: app/config.py:2 (8000), app/serve.py:2 (8080)"
    )


def test_two_defaults_of_a_secret_are_told_without_them() -> None:
    one, other = (f'import os\nS = os.getenv("SHOP_PASSWORD", "{each}")\n' for each in ("firstvalue1", "othervalue2"))
    files = with_example("SHOP_PORT=1\nSHOP_KEY=\nSHOP_PASSWORD=\n", one=one, other=other)

    (finding,) = assert_breaks(CHECK, memory(files), "defaults SHOP_PASSWORD")

    assert "value" not in str(finding)


def test_only_what_has_no_default_must_be_named_where_that_is_asked() -> None:
    check = EnvComplete(defaulted=False)

    assert judged(check, memory(with_example("SHOP_KEY=\n"))).outcome is Outcome.PASS


def test_each_variable_must_be_in_a_document_where_that_is_asked() -> None:
    files = {**with_example("SHOP_PORT=1\nSHOP_KEY=\n"), "docs/settings.md": "`SHOP_PORT` is the port.\n"}

    assert_breaks(EnvComplete(docs=("docs/**",)), memory(files), "undocumented SHOP_KEY")


def test_what_the_system_sets_and_what_tests_read_need_no_entry() -> None:
    files = with_example("SHOP_PORT=1\nSHOP_KEY=\n", home='import os\nH = os.environ["HOME"]\n')
    files["tests/conftest.py"] = 'import os\nX = os.environ["TEST_ONLY"]\n'

    assert judged(CHECK, memory(files)).outcome is Outcome.PASS


def test_an_example_speaks_for_the_code_below_its_folder() -> None:
    files = {
        "web/.env.example": "WEB_KEY=\n",
        "web/config.py": 'import os\nK = os.environ["WEB_KEY"]\n',
        "api/config.py": 'import os\nK = os.environ["API_NAME"]\n',
    }

    assert judged(CHECK, memory(files)).evidence == (
        Evidence("example files", 1, 1),
        Evidence("variables that are read", 2, 1),
    )


def test_without_an_example_nothing_is_judged() -> None:
    assert (judged(CHECK, memory(CODE)).outcome, proven(CHECK, memory(CODE)).outcome) == (Outcome.ERROR, Proven.ERROR)


def test_what_is_ignored_is_no_finding_and_an_idle_entry_is_one() -> None:
    check = EnvComplete(ignore=(Ignored(name="SHOP_KEY", reason="a"), Ignored(name="X", reason="b")))

    assert_breaks(check, memory(with_example("SHOP_PORT=1\n")), "ignore X")


def test_code_for_which_no_example_speaks_gets_no_canary() -> None:
    files = {**CODE, "web/.env.example": "PORT=\n", "web/run.js": "listen(process.env.PORT);\n"}

    proof = proven(EnvComplete(stale=False), memory(files))

    assert (proof.outcome, proof.reason) == (Proven.UNPROVABLE, "no Python module that is judged reads a variable")


def test_where_a_default_suffices_the_canary_has_none() -> None:
    assert_keeps(EnvComplete(defaulted=False), memory(with_example("SHOP_KEY=\n")))


def test_an_example_of_one_part_does_not_speak_for_another() -> None:
    beside = {"web/.env.example": "WEB_KEY=\n", "web/a.js": "process.env.WEB_KEY;\n", "mail/.env.example": ""}

    verdict = judged(EnvComplete(stale=False), memory({**CODE, **beside}))

    assert (verdict.outcome, verdict.evidence[1]) == (
        Outcome.PASS,
        Evidence("variables that are read", 3, 1),
    )
