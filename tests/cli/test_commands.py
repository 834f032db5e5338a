"""`list`, `explain`, `validate`, `schema`, `prove` and `init`."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from selfcheck.formats import json as json_format
from selfcheck.registry import Registry
from tests.cli.calling import called
from tests.cli.process import BROKEN, KEPT, rulebook
from tests.trees.working_copy import git, working_copy

SHORT = """\
  - id: short
    title: |
      Modules are short,
      and stay so
    why: Long ones are not read.
    severity: medium
    refs: [ADR-1, docs/why.md]
    owner: "@li"
    tags: [code]
    pending: {until: "2026-12-31", reason: it is being split}
    waivers: [{match: src/old.py, reason: is split next, owner: "@li", until: "2026-12-31"}]
    check: {use: max-lines, limit: 2, paths: ["src/**"]}
"""
OFF = """\
  - {id: off, title: Off, why: None yet., severity: low, enabled: {value: false, reason: too early},
     check: {use: text-forbids, pattern: secret, paths: ["**"]}}
"""


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a small repository."""
    files = {
        "README.md": b"# Read\n",
        "src/short.py": b"1\n",
        "guardrails.yaml": rulebook(KEPT, SHORT, OFF).encode(),
    }
    folder = working_copy(tmp_path / "repo", files)
    monkeypatch.chdir(folder)
    return folder


def write(repo: Path, *guardrails: str) -> None:
    """The rulebook of these guardrails, in the place of the one before."""
    (repo / "guardrails.yaml").write_text(rulebook(*guardrails), encoding="utf-8")


# list


def test_the_guardrails_are_listed_one_a_line(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "list", "--no-cache").stdout == (
        "readme  high    files-exist        There is a readme\n"
        "short   medium  max-lines          Modules are short, and stay so\n"
        "off     low     text-forbids  off  Off\n"
    )


def test_the_guardrails_of_a_tag_are_listed(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "list", "--tag", "code", "--no-cache") == (
        0,
        "short  medium  max-lines    Modules are short, and stay so\n",
        "",
    )


def test_the_installed_checks_are_listed_with_their_first_sentences(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "list", "--checks", "--no-plugins")

    registry = Registry(plugins=False)
    assert done.code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(registry.checks())
    assert "files-absent           No file matches any of these patterns.\n" in done.stdout


# explain


def test_a_guardrail_is_explained_with_all_that_is_written_of_it(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "explain", "short")

    what, *rest = done.stdout.splitlines()
    assert what == "short (medium): Modules are short, and stay so"
    assert rest[:-3] == [
        "  why      Long ones are not read.",
        "  place    guardrails.yaml:5",
        "  refs     ADR-1, docs/why.md",
        "  tags     code",
        "  owner    @li",
        "  pending  until 2026-12-31: it is being split",
        "  waiver   src/old.py until 2026-12-31 (@li): is split next",
    ]
    assert rest[-3].startswith("  check    max-lines: ")
    assert rest[-2:] == ["             limit: 2", '             paths: ["src/**"]']


def test_a_guardrail_that_is_off_says_why(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "  off      too early\n" in called(capsys, "explain", "off").stdout


def test_a_check_is_explained_with_its_options(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "explain", "command")

    assert (done.code, done.stdout.splitlines()[0]) == (0, "command: A program ends with an expected exit status.")
    assert done.stdout.splitlines()[-5:] == [
        "options:",
        "  run = not given",
        "  shell = not given",
        "  expect = [0]",
        "  env = []",
    ]


@pytest.mark.parametrize("name", Registry(plugins=False).checks())
def test_every_check_is_explained_where_there_is_no_rulebook(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    done = called(capsys, "explain", name, "--no-plugins")

    assert (done.code, done.stdout.startswith(f"{name}: "), done.stderr) == (0, True, "")


def test_a_rulebook_that_is_named_and_not_there_is_not_explained_away(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "selfcheck: gone.yaml: there is no such file or folder\n"
    assert called(capsys, "explain", "max-lines", "--guardrails", "gone.yaml") == (2, "", said)


def test_what_is_neither_is_a_usage_error(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'selfcheck: unknown guardrail or check "max-line"; did you mean "max-lines"?\n'
    assert called(capsys, "explain", "max-line") == (2, "", said)


def test_a_fault_of_the_rulebook_is_not_explained_away(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, KEPT.replace("severity: high", "severity: grave"))

    done = called(capsys, "explain", "max-lines")

    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("selfcheck: guardrails.yaml:3:")


# validate and schema


def test_a_rulebook_without_a_fault_is_valid(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "guardrails.yaml: 3 guardrails, 0 of them with a check that does not load\n"
    assert called(capsys, "validate") == (0, said, "")


def test_every_fault_of_a_rulebook_is_named(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, KEPT.replace("severity: high", "severity: grave"), BROKEN.replace("files-exist", "file-exists"))

    done = called(capsys, "validate")

    assert (done.code, done.stdout) == (2, "")
    assert [re.sub(r":\d+: .*", "", line) for line in done.stderr.splitlines()] == [
        "selfcheck: guardrails.yaml:3",
        "selfcheck: guardrails.yaml:6",
    ]


def test_a_rulebook_is_validated_without_running_anything(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, KEPT.replace("use: files-exist, paths: [README.md]", "use: command, shell: 'echo > ran'"))

    codes = [called(capsys, command).code for command in ("validate", "list")]

    assert (codes, (repo / "ran").exists()) == ([0, 0], False)


def test_the_schema_of_reports_is_printed(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "schema", "report")

    assert (done.code, json.loads(done.stdout)) == (0, json_format.schema())


@pytest.mark.parametrize("arguments", [[], ["rulebook"]])
def test_the_schema_of_rulebooks_is_printed(
    arguments: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "schema", "--no-plugins", *arguments)

    assert (done.code, json.loads(done.stdout)) == (0, Registry(plugins=False).schema())


# prove


PROGRAM = """\
  - {id: program, title: The program runs, why: It is sold., severity: low, check: {use: command, run: [test, -f, src/short.py]}}
"""
CANARY = """\
    canaries: [{delete: src/short.py, expect: exit status}]
"""
USERS = """\
  - id: program
    title: The program runs
    why: It is sold.
    severity: high
    check: {use: command, run: [test, -f, src/short.py]}
"""
MISSED = """\
  - id: readme
    title: There is a readme
    why: People read it first.
    severity: high
    check: {use: files-exist, paths: [README.md]}
    canaries: [{append: {path: README.md, text: more}}]
"""
VACUOUS = """\
  - {id: vacuous, title: Nothing is there, why: It is empty., severity: low,
     check: {use: max-lines, limit: 9, paths: [nowhere]}}
"""


@pytest.mark.parametrize(
    ("guardrails", "code", "lines"),
    [
        ([KEPT], 0, ["proven     readme (1 canary)", "3 proven"]),
        (
            [MISSED],
            1,
            [
                "missed     readme (1/2 canaries)",
                "           append README.md: no new finding came of it",
                "2 proven, 1 missed",
            ],
        ),
        (
            [PROGRAM],
            0,
            [
                "unprovable program",
                "           the check offers no canary; give the guardrail one under `canaries:`",
                "2 proven, 1 unprovable",
            ],
        ),
        ([USERS + CANARY], 0, ["proven     program (1 canary)", "3 proven"]),
        (
            [OFF],
            0,
            [
                "unprovable off",
                "           judged skip as the repository stands: switched off: too early",
                "2 proven, 1 unprovable",
            ],
        ),
        (
            [VACUOUS],
            3,
            [
                "error      vacuous",
                "           judged error as the repository stands: examined nothing",
                "2 proven, 1 error",
            ],
        ),
        (
            [MISSED, VACUOUS, BROKEN],
            3,
            [
                "missed     readme (1/2 canaries)",
                "error      vacuous",
                "unprovable licence",
                "2 proven, 1 missed, 1 unprovable, 1 error",
            ],
        ),
    ],
)
def test_each_guardrail_is_proven_missed_unprovable_or_an_error(
    guardrails: list[str], code: int, lines: list[str], repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, *guardrails)

    done = called(capsys, "prove")

    printed = [line.partition(": no ")[0] if "examined" in line else line for line in done.stdout.splitlines()]
    assert (done.code, done.stderr) == (code, "")
    assert [line for line in printed if line in lines] == lines


def test_a_proof_names_its_canaries_on_demand(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "prove", "readme", "--verbose")

    assert done.stdout.splitlines() == [
        "proven     readme (1 canary)",
        "           delete README.md",
        "             --- a/README.md",
        "             +++ /dev/null",
        "             @@ -1 +0,0 @@",
        "1 proven",
    ]


def test_one_guardrail_or_the_ones_of_a_tag_are_proven(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, tagged = called(capsys, "prove", "readme"), called(capsys, "prove", "--tag", "code")

    assert (one.stdout.splitlines()[-1], tagged.stdout.splitlines()[-1]) == ("1 proven", "1 proven")


def test_a_guardrail_that_is_not_there_is_not_proven(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'selfcheck: unknown guardrail "redme"; did you mean "readme"?\n'
    assert called(capsys, "prove", "redme") == (2, "", said)


def test_the_built_in_guardrails_are_proven_beside_all_others_or_by_their_ids(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, KEPT)

    everything, one = called(capsys, "prove", "--verbose"), called(capsys, "prove", "rulebook-loosened", "--verbose")

    beside, named = everything.stdout.splitlines(), one.stdout.splitlines()
    assert beside[-3:] == ["proven     exceptions (11 canaries)", named[0], "3 proven"]
    assert (named[0], named[-1]) == (f"proven     rulebook-loosened ({len(named) - 2} canaries)", "1 proven")
    assert {"           take the tags from readme", "           lower the severity of readme"} & set(named)


def test_no_program_is_run_for_a_proof_where_none_may(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, USERS + CANARY)

    done = called(capsys, "prove", "--no-exec")

    assert done.code == 0
    assert "judged skip as the repository stands: not allowed: needs a program" in done.stdout


def test_proofs_do_not_depend_on_the_number_of_processes(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, KEPT, OFF, USERS + CANARY, VACUOUS)

    assert len({called(capsys, "prove", "-v", "--jobs", jobs).stdout for jobs in ("1", "2", "8")}) == 1


def test_a_proof_leaves_every_file_as_it_was(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, KEPT, SHORT, USERS + CANARY, MISSED.replace("id: readme", "id: again"))
    before = state(repo)

    called(capsys, "prove")

    assert state(repo) == before


def state(repo: Path) -> dict[str, tuple[str, int]]:
    """The digest and the time of every file, those of git among them."""
    return {
        str(path.relative_to(repo)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(repo.rglob("*"))
        if path.is_file()
    }


# init


def test_a_first_rulebook_is_written_that_passes_and_is_proven(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").unlink()
    (repo / "src" / "a.py").write_text("import src.b\n", encoding="utf-8")
    (repo / "src" / "b.py").write_text("import src.a\n", encoding="utf-8")

    done = called(capsys, "init")
    codes = [called(capsys, *command).code for command in (["run", "--fail-on", "low"], ["prove"], ["validate"])]

    assert (done.code, done.stdout.splitlines()[3:5]) == (
        0,
        [
            "wrote guardrails/house.yaml: newcomer-files, no-conflict-markers, source-length, no-private-keys",
            "left as a comment: no-import-cycles: 1 finding",
        ],
    )
    assert codes == [0, 0, 0]


def test_what_init_leaves_as_a_comment_can_be_switched_on(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").unlink()
    (repo / "src" / "a.py").write_text("import src.b\n", encoding="utf-8")
    (repo / "src" / "b.py").write_text("import src.a\n", encoding="utf-8")
    called(capsys, "init")
    written = repo / "guardrails" / "house.yaml"

    uncommented = re.sub(r"(?m)^  # (- id|  )", r"  \1", written.read_text(encoding="utf-8"))
    written.write_text(uncommented, encoding="utf-8")

    assert "no-import-cycles" in called(capsys, "run").stdout


def test_a_rulebook_that_is_there_is_never_overwritten(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(repo)

    done = called(capsys, "init")

    said = f"selfcheck: {repo / 'guardrails.yaml'}: there is a rulebook already; nothing was written\n"
    assert (done, state(repo)) == ((2, "", said), before)


def test_from_a_folder_below_the_rulebook_is_written_at_the_top(
    repo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (repo / "guardrails.yaml").unlink()
    monkeypatch.chdir(repo / "src")

    called(capsys, "init")

    assert (repo / "guardrails" / "house.yaml").is_file()


def test_a_package_named_guardrails_keeps_its_folder(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repo / "guardrails.yaml").unlink()
    (repo / "guardrails").mkdir()
    (repo / "guardrails" / "__init__.py").write_text("", encoding="utf-8")

    done = called(capsys, "init")

    assert (done.code, "\nwrote guardrails.yaml: " in done.stdout) == (0, True)
    assert called(capsys, "run").code == 0


def test_where_nothing_can_be_promised_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)

    done = called(capsys, "init")

    assert (done.code, [path.name for path in tmp_path.iterdir()]) == (2, [".git"])


@pytest.mark.skipif(shutil.which("python3") is None, reason="the hook runs python3")
def test_nothing_of_a_hostile_repositorys_configuration_is_run(
    repo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = tmp_path / "ran"
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external"):
        subprocess.run(["git", "config", key, f"touch {ran}"], cwd=repo, check=True)

    codes = [called(capsys, command).code for command in ("run", "prove", "list")]

    assert (codes, ran.exists()) == ([1, 0, 0], False)  # a waiver of this rulebook covers nothing
