"""Rule files of a living architecture: what each shell idiom becomes, and what is said of a rule that tells nothing."""

from pathlib import Path
from typing import Any

import pytest

from selfcheck.model import Outcome
from selfcheck.rulebook.parse import convert
from selfcheck.testing import judged, memory
from tests.cli.calling import called
from tests.foreign.importing import REGISTRY, carried, faults, guardrails
from tests.foreign.living import AROUND, FILE, block, checks, rule, said

MAIN = "backend/main.py"


def contains(pattern: str, *paths: str, **more: object) -> dict[str, object]:
    """The check that a search becomes."""
    return {"use": "text-contains", "pattern": pattern, "paths": list(paths or (MAIN,)), **more}


def forbids(pattern: str, *paths: str) -> dict[str, object]:
    """The check that a search that must find nothing becomes."""
    return {"use": "text-forbids", "pattern": pattern, "paths": list(paths)}


@pytest.mark.parametrize(
    ("check", "becomes"),
    [
        ("test -f docs/ARCHITECTURE.md", {"use": "files-exist", "paths": ["docs/ARCHITECTURE.md"]}),
        ("[ -e ./a.md ] && [ -d b/ ]", {"use": "files-exist", "paths": ["a.md", "b/**"]}),
        ("test -f a.md || exit 1", {"use": "files-exist", "paths": ["a.md"]}),
        ("test -f a.md || { echo gone; exit 1; }", {"use": "files-exist", "paths": ["a.md"]}),
        ("test ! -f a.md", {"use": "files-absent", "paths": ["a.md"]}),
        ("! [ -f a.md ]", {"use": "files-absent", "paths": ["a.md"]}),
        ("if [ -f a.md ]; then exit 1; fi", {"use": "files-absent", "paths": ["a.md"]}),
        ("if [ -f a.md ]; then exit 0; else exit 1; fi", {"use": "files-exist", "paths": ["a.md"]}),
        (f"test $(wc -l < {MAIN}) -le 2500", {"use": "max-lines", "limit": 2500, "paths": [MAIN]}),
        (f'[ "$(cat {MAIN} | wc -l)" -lt 10 ]', {"use": "max-lines", "limit": 9, "paths": [MAIN]}),
        ("python infra/selfcheck/check_circular_deps.py", {"use": "imports-acyclic", "roots": ["backend"]}),
        ("python3 infra/selfcheck/check_adr_alignment.py --strict", {"use": "adr-enforced"}),
        ("python infra/selfcheck/check_secrets.py", {"use": "secret-defaults"}),
        ("python infra/selfcheck/check_cors.py", {"use": "production-settings"}),
        ("python infra/selfcheck/check_env_example.py", {"use": "env-complete"}),
        ("python infra/selfcheck/check_health.py", {"use": "health-endpoints"}),
        ("python infra/selfcheck/check_migrations.py", {"use": "migrations-drift"}),
        ("python infra/selfcheck/check_schema.py", {"use": "schema-parity"}),
        ("alembic check", {"use": "migrations-drift"}),
        ("uv run alembic -c db/alembic.ini check > /dev/null", {"use": "migrations-drift"}),
        ("python manage.py makemigrations --check --dry-run", {"use": "migrations-drift"}),
        ("alembic heads", {"use": "command", "run": ["alembic", "heads"]}),
        (
            "python infra/selfcheck/check_environs.py",
            {"use": "command", "run": ["python", "infra/selfcheck/check_environs.py"]},
        ),
        (f"grep -q one {MAIN} || grep -q two {MAIN}", contains("(?:one)|(?:two)")),
        ("grep -r 'import' backend --include=*.py", contains("import", "backend/**/*.py", every=False)),
        ("grep -rq import .", contains("import", "**", every=False)),
        ("grep -q import backend/*.py", contains("import", "backend/*.py", every=False)),
        (
            f"""grep -q '@app.get("/health")' {MAIN} && grep -q '@app.get("/health/readiness")' {MAIN}""",
            {
                "use": "health-endpoints",
                "roles": ["health", "readiness"],
                "health": ["/health"],
                "readiness": ["/health/readiness"],
            },
        ),
        ("! grep -rq password backend", forbids("password", "backend/**")),
        ("grep -rn password backend && exit 1 || exit 0", forbids("password", "backend/**")),
        ("if grep -rq password backend; then echo no; exit 1; fi", forbids("password", "backend/**")),
    ],
)
def test_an_idiom_of_the_shell_becomes_a_check(check: str, becomes: dict[str, object]) -> None:
    assert checks(check) == [becomes]


@pytest.mark.parametrize(
    ("call", "pattern"),
    [
        (r"grep -q 'Celery\|worker'", "Celery|worker"),
        (r"grep -q 'f(x) | {y}+?'", r"f\(x\) \| \{y\}\+\?"),
        (r"grep -q '\(ab\)\{2\}c*'", "(ab){2}c*"),
        (r"grep -q '*a^b$c'", r"\*a\^b\$c"),
        (r"grep -q '^a$'", "^a$"),
        (r"grep -q '[^]a\\]'", r"[^\]a\\\\\n]"),
        (r"grep -q '[[:space:]]\s\W'", r"[[:space:]][^\S\n][^\w\n]"),
        (r"grep -qE '(a|b)+\.'", r"(a|b)+\."),
        (r"egrep -q 'a|b'", "a|b"),
        (r"grep -qF 'a.b('", r"a\.b\("),
        (r"grep -qi a", "(?i)a"),
        (r"grep -qw a", r"\b(?:a)\b"),
        (r"grep -qx a", "^(?:a)$"),
        (r"grep -q -e a -e b", "a|b"),
        (r"grep -A2 --color=never -n a", "a"),
        (r"grep --quiet --ignore-case -- -a", "(?i)-a"),
    ],
)
def test_a_pattern_of_grep_is_read_as_grep_reads_it(call: str, pattern: str) -> None:
    assert checks(f"{call} {MAIN}") == [contains(pattern)]


@pytest.mark.parametrize(
    "check",
    [
        rf"grep -q '\(a\)\1' {MAIN}",
        f"grep -qv a {MAIN}",
        f"grep -q '' {MAIN}",
        f"grep -q '[' {MAIN}",
        f'grep -q "$NAME" {MAIN}',
        "grep -q a ../other",
        "grep -q a /etc/hosts",
        f"grep -q a {MAIN} > found",
        f"grep -q --unknown a {MAIN}",
        f"test $(wc -l < {MAIN}) -gt 10",
        f"test $(wc -l < {MAIN}) -lt 1",
        "test -f a.md || test -f b.md",
        "test -f 'a[1].md'",
        "test -f a.md && make lint",
        "test -s a.md",
        "for f in *.py; do test -s $f || exit 1; done",
        f"! test $(wc -l < {MAIN}) -le 10",
    ],
)
def test_what_has_no_counterpart_stays_a_command(check: str) -> None:
    assert [each["use"] for each in checks(check)] == ["command"]


def test_each_part_of_a_conjunction_is_a_guardrail_of_its_own() -> None:
    found = guardrails(carried(FILE, block(f"grep -q one {MAIN} && grep -q two {MAIN} && test -f a.md"), AROUND))

    assert [(each["id"], each["check"]["use"]) for each in found] == [
        ("ours", "text-contains"),
        ("ours-2", "text-contains"),
        ("ours-3", "files-exist"),
    ]


LOST = "could never fail: the status of `grep -q a backend/main.py` is lost"
MENDED = "carried as text-contains, stricter: without what swallows the failure"


@pytest.mark.parametrize(
    ("check", "becomes"),
    [
        (f"grep -q a {MAIN} || true", f"{LOST} (or); {MENDED}"),
        (f"grep -q a {MAIN} || echo 'WARNING: not there'", f"{LOST} (or); {MENDED}"),
        (f"grep -q a {MAIN} || exit 0", f"{LOST} (or); {MENDED}"),
        (f"grep -q a {MAIN}; exit 0", f"{LOST} (exit); {MENDED}"),
        (f"grep -q a {MAIN}; echo done", f"{LOST} (last); {MENDED}"),
        (f"set +e; grep -q a {MAIN}; true", f"{LOST} (last); {MENDED}"),
        (f"grep -q a {MAIN} | tee found", f"{LOST} (pipeline); {MENDED}"),
        (f"grep -q a {MAIN} &", f"{LOST} (background); {MENDED}"),
        (
            "make lint || true",
            (
                "could never fail: the status of `make lint` is lost (or); carried as command, stricter: without what "
                "swallows the failure; its `canaries` are to be filled in"
            ),
        ),
        ("true", "could never fail: nothing in it can fail; not carried, since nothing tells what must hold"),
        (
            f"if grep -q a {MAIN}; then echo yes; else echo no; fi",
            f"{LOST} (if); not carried, since nothing tells what must hold",
        ),
        ("false", "could never hold: it never ends with 0; not carried"),
        ("if then", "could never hold: no shell can read it, line 1: a command was expected, not `then`; not carried"),
        (
            "! grep -rq password gone/",
            "could never fail here: gone is not there; carried as text-forbids, an error until gone leads to a file",
        ),
        ("grep -q a gone.py", "carried as text-contains, an error until gone.py leads to a file"),
        (
            "grep -q a backend",
            "carried as text-contains, mended: without -r, grep never looked into the folder backend",
        ),
        (
            "python infra/selfcheck/gone.py",
            "could never hold: it starts infra/selfcheck/gone.py, which is not there; not carried",
        ),
        (
            "python infra/selfcheck/check_decisions.py",
            (
                "infra/selfcheck/check_decisions.py names docs/decisions, which is not there; carried as command, its "
                "`canaries` are to be filled in"
            ),
        ),
        (
            "sh infra/selfcheck/check_shape.sh",
            (
                "infra/selfcheck/check_shape.sh cannot fail: line 3 loses the status (exit); carried as command, its "
                "`canaries` are to be filled in"
            ),
        ),
        (
            "make lint; make test",
            (
                "swallows a failure: the status of `make lint` is lost (sequence); carried as command, its `canaries` "
                "are to be filled in"
            ),
        ),
        (
            "python -c \"assert key != 'x' if where == 'production' else True\"",
            "could fail only where `where == 'production'`; carried as command, its `canaries` are to be filled in",
        ),
    ],
)
def test_what_was_wrong_with_a_rule_is_said(check: str, becomes: str) -> None:
    assert said(check) == becomes


@pytest.mark.parametrize(
    ("broken", "mended", "sign"),
    [
        (rf'''"grep -q 'a\|b' {MAIN}"''', "a|b", r"`\|`"),
        (rf'''"grep -qE 'a\.b\s' {MAIN}"''', r"a\.b[^\S\n]", r"`\.` and `\s`"),
    ],
)
def test_an_escape_that_yaml_does_not_know_is_mended_and_shown(broken: str, mended: str, sign: str) -> None:
    found = carried(FILE, rule(broken), AROUND)

    assert [each["check"]["pattern"] for each in guardrails(found)] == [mended]
    assert [str(each) for each in found.notes if each.about == "the file"] == [
        f"the file: mended: {sign} is no escape in double quotes, so that no YAML parser read the file; read as `\\\\`"
    ]


def test_a_rule_keeps_its_words_its_category_its_reference_and_its_state() -> None:
    text = block(
        "make lint", description="Lint is clean", audit_ref='"FINDINGS.md #3"', status="pending_implementation"
    )

    (found,) = guardrails(carried(FILE, text, AROUND))

    assert found == {
        "id": "ours",
        "title": "Lint is clean",
        "why": (
            "It was the rule house.ours of guardrails.yaml, from FINDINGS.md #3; say here what it costs when it is broken."
        ),
        "severity": "high",
        "check": {"use": "command", "run": ["make", "lint"]},
        "refs": ["docs/audit/FINDINGS.md"],
        "tags": ["house"],
        "pending": {
            "until": found["pending"]["until"],
            "reason": 'its status in guardrails.yaml is "pending_implementation"',
        },
    }


def test_what_a_rule_names_and_is_not_there_is_said() -> None:
    assert said("test -f a.md", file="backend/gone.py", audit_ref="GONE.md", severity="blocker") == (
        "carried as files-exist, its file backend/gone.py is not there; it refers to GONE.md, which is not there; "
        'differs: its severity was "blocker", and is high here'
    )


def test_rules_in_a_list_and_what_is_no_rule() -> None:
    text = """
guardrails:
  - {name: has-guide, expression: test -f docs/ARCHITECTURE.md, severity: medium, source: FINDINGS.md}
  - three
house:
  lines: [1, 2]
  empty: {description: nothing}
other: text
metadata: {version: 1.0.0}
"""

    found = carried(FILE, text, AROUND)

    assert [f"{each.line}: {each}" for each in found.notes] == [
        "3: has-guide: carried exactly, as files-exist",
        "4: rule 2: not carried: is no rule, which has a `check`",
        "6: house.lines: not carried: is no rule, which has a `check`",
        "7: house.empty: could never fail: it has no `check`; not carried",
        "8: other: not carried: holds no rules",
    ]
    assert [each["severity"] for each in guardrails(found)] == ["medium"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "a: 1\n",
            "1:1: holds no rule; a rule has a `check`, and stands below its name and a category, or in a list `guardrails`",
        ),
        (
            "- a\n",
            "1:1: holds no rule; a rule has a `check`, and stands below its name and a category, or in a list `guardrails`",
        ),
        (
            "version: 1\nguardrails:\n  - {id: a, check: {use: max-lines}}\n",
            "1:1: is a rulebook of selfcheck already; there is nothing to carry over",
        ),
        (
            'a: "\\x"\n',
            "1:7: this is no escape in double quotes; use single quotes, in which a backslash stands for itself",
        ),
        ("a: " + "[" * 100_000, "1:63: more than 60 levels deep"),
    ],
)
def test_a_file_that_holds_no_rules_is_a_fault(text: str, fault: str) -> None:
    assert faults("guardrails.yaml", text) == [f"guardrails.yaml:{fault}"]


@pytest.mark.parametrize(
    "check",
    [
        "(" * 90_000,
        "if a; then b; " + "elif a; then b; " * 1_500 + "fi",
        "a && " * 20_000 + "a",
        "grep -q '" + "(" * 50_000 + f"' {MAIN}",
        "grep -qE '" + "(" * 5_000 + f"' {MAIN}",
        "echo x\n" * 2_000,
        "test -f a\u0000b",
        "x" * 1_000_000,
        "test " + "! " * 5_000 + "-f a",
        "! " * 5_000 + "test -f a",
    ],
)
def test_a_hostile_line_is_one_note(check: str) -> None:
    quoted = "".join(f"\\u{ord(each):04x}" if each in '\0"\\\n' else each for each in check)

    notes = carried(FILE, rule(f'"{quoted}"'), AROUND).notes

    assert len(notes) == 1


def test_what_is_carried_over_judges_as_the_rule_did() -> None:
    repo = memory(AROUND)
    text = block(f"grep -q '/health' {MAIN} && grep -q '/live' {MAIN}")

    found = [each["check"] for each in guardrails(carried(FILE, text, AROUND))]

    assert [judged(_check(each), repo).outcome for each in found] == [Outcome.PASS, Outcome.FAIL]


def test_the_scripts_of_the_rules_are_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "guardrails.yml").write_text(block(f"touch {tmp_path}/ran; sh run.sh"))
    (tmp_path / "run.sh").write_text(f"touch {tmp_path}/ran\n")
    monkeypatch.chdir(tmp_path)

    result = called(capsys, "import", "guardrails.yml")

    assert (result.code, (tmp_path / "ran").exists()) == (0, False)


def _check(written: dict[str, Any]) -> Any:
    kind = REGISTRY.check(written["use"])
    assert isinstance(kind, type)
    return convert({key: value for key, value in written.items() if key != "use"}, kind)
