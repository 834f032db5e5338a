"""The command `test`: what it prints, what it exits with, and that no other command sees the trees."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.cli.process import rulebook
from tests.trees.working_copy import git, working_copy, write

NO_TODO = """\
  - {id: finished, title: No todo, why: It is never done., severity: high, tags: [code],
     check: {use: text-forbids, pattern: "to[d]o", paths: ["**/*.py"]}}
"""
NO_CIRCLE = """\
  - {id: one-way, title: No circle, why: It cannot be parted., severity: high, check: {use: imports-acyclic}}
"""
COMMAND = """\
  - {id: runs, title: It runs, why: It must., severity: high, check: {use: command, run: ["test", -e, src/a.py]}}
"""
OFF = """\
  - {id: off, title: Off, why: None yet., severity: low, enabled: {value: false, reason: too early},
     check: {use: text-forbids, pattern: secret, paths: ["**"]}}
"""
TESTS = "guardrails/tests"
FILES = {
    "src/a.py": b"import src.b\n",
    "src/b.py": b"",
    f"{TESTS}/finished/keeps/done/a.py": b"done\n",
    f"{TESTS}/finished/breaks/late/a.py": b"todo  # expect: finished\n",
    f"{TESTS}/one-way/keeps/x/a.py": b"import b\n",
    f"{TESTS}/one-way/keeps/x/b.py": b"",
    f"{TESTS}/one-way/breaks/x/a.py": b"import b\n",
    f"{TESTS}/one-way/breaks/x/b.py": b"import a\n",
}


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a small repository, with trees for each of its guardrails."""
    monkeypatch.setenv("SELFCHECK_CACHE_DIR", str(tmp_path / "cache"))
    folder = working_copy(tmp_path / "repo", {**FILES, "guardrails/a.yaml": rulebook(NO_TODO, NO_CIRCLE).encode()})
    monkeypatch.chdir(folder)
    return folder


def test_trees_that_hold_are_counted(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "test") == (
        0,
        "4 trees: 4 ok\n2 of 2 guardrails (100 %) have a tree that keeps and one that breaks\n",
        "",
    )


def test_every_tree_is_shown_where_that_is_asked_for(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"guardrails/a.yaml": rulebook(NO_TODO, NO_CIRCLE, COMMAND).encode()})

    found = called(capsys, "test", "--verbose")

    assert (
        found.stdout
        == """\
ok    finished breaks/late
      a.py:1:1: contains what it must not (pattern: to[d]o)
ok    finished keeps/done
      1 of 1 text files
ok    one-way breaks/x
      a.py:1: 2 modules import each other in a circle, the shortest: a -> b
          [a.py:1] -> a [b.py:1]
ok    one-way keeps/x
      2 of 2 modules, 1 of 1 import statements between them
4 trees: 4 ok
nothing shows that these can fail, neither a canary nor a tree that breaks:
      runs: the check offers no canary; give the guardrail one under `canaries:`
without a tree that keeps or one that breaks:
      runs
2 of 3 guardrails (66.6 %) have a tree that keeps and one that breaks
"""
    )


def test_a_tree_that_does_not_hold_is_exit_1_and_told(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        repo,
        {
            f"{TESTS}/finished/breaks/late/a.py": b"todo\n# expect: finished\n",
            f"{TESTS}/finished/keeps/y/a.py": b"todo",
        },
    )

    code, out, _ = called(capsys, "test")

    assert (code, out) == (
        1,
        """\
FAIL  finished breaks/late
      guardrails/tests/finished/breaks/late/a.py:2: a finding is expected here,
          and there is none
      guardrails/tests/finished/breaks/late/a.py:1:1: found, and not expected:
          contains what it must not (pattern: to[d]o)
FAIL  finished keeps/y
      guardrails/tests/finished/keeps/y/a.py:1:1: found in a tree that keeps:
          contains what it must not (pattern: to[d]o)
5 trees: 2 failed, 3 ok
2 of 2 guardrails (100 %) have a tree that keeps and one that breaks
""",
    )
    assert max(map(len, out.splitlines())) <= 80


def test_many_reasons_are_cut_unless_all_are_asked_for(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {f"{TESTS}/finished/keeps/done/a.py": b"todo\n" * 20})

    cut, whole = called(capsys, "test").stdout, called(capsys, "test", "-v").stdout

    assert (cut.count("found in a tree"), whole.count("found in a tree")) == (12, 20)
    assert "      and 8 more (--verbose lists all)\n" in cut


def test_a_tree_that_cannot_be_judged_is_exit_3_before_any_other(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {f"{TESTS}/finished/keeps/none/a.txt": b"", f"{TESTS}/finished/keeps/done/a.py": b"todo"})

    code, out, _ = called(capsys, "test", "--fail-under", "100")

    assert code == 3
    assert (
        """\
ERROR finished keeps/none
      examined nothing: no text files in its scope (`allow_empty: true` accepts
          it)
5 trees: 1 failed, 1 not judged, 3 ok
"""
        in out
    )


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (f"{TESTS}/finishe/keeps/a", "", f'{TESTS}/finishe:1:1: unknown guardrail "finishe"; did you mean "finished"?'),
        (
            f"{TESTS}/finished/keep/a",
            "",
            f'{TESTS}/finished/keep:1:1: unknown folder of fixtures "keep"; did you mean "keeps"?',
        ),
        (
            f"{TESTS}/finished/breaks/late/b.py",
            "\n# expect: finishe",
            f'{TESTS}/finished/breaks/late/b.py:2:1: unknown guardrail "finishe"; did you mean "finished"?',
        ),
    ],
)
def test_what_is_no_tree_is_exit_2_with_its_place(
    path: str, content: str, said: str, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {path: content.encode()})

    assert called(capsys, "test") == (2, "", f"selfcheck: {said}\n")


def test_only_the_guardrails_that_are_named_are_tested(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by_id, by_tag = called(capsys, "test", "one-way").stdout, called(capsys, "test", "--tag", "code").stdout

    told = "2 trees: 2 ok\n1 of 1 guardrails (100 %) have a tree that keeps and one that breaks\n"
    assert (by_id, by_tag) == (told, told)


def test_an_unknown_guardrail_is_exit_2(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'selfcheck: unknown guardrail "one-wey"; did you mean "one-way"?\n'

    assert called(capsys, "test", "one-wey") == (2, "", said)


@pytest.mark.parametrize(("percent", "code"), [("0", 0), ("66.6", 0), ("66.7", 1), ("100", 1)])
def test_too_few_guardrails_with_trees_are_exit_1(
    percent: str, code: int, repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repo, {"guardrails/a.yaml": rulebook(NO_TODO, NO_CIRCLE, COMMAND, OFF).encode()})

    found = called(capsys, "test", "--fail-under", percent)

    line = f"that is less than the {percent} % that --fail-under asks for\n"
    assert (found.code, found.stdout.endswith(line)) == (code, code == 1)


@pytest.mark.parametrize("percent", ["-1", "101", "many"])
def test_what_is_no_share_is_exit_2(percent: str, repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "test", "--fail-under", percent).code == 2


def test_where_no_guardrail_is_in_force_no_share_is_reached(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"guardrails/a.yaml": rulebook(NO_TODO, NO_CIRCLE, OFF).encode()})

    assert called(capsys, "test", "off", "--fail-under", "50").code == 1


def test_programs_do_not_run_where_they_may_not(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trees = {f"{TESTS}/runs/keeps/x/src/a.py": b"", f"{TESTS}/runs/breaks/x/b": b""}
    write(repo, {"guardrails/a.yaml": rulebook(NO_TODO, NO_CIRCLE, COMMAND).encode(), **trees})

    may, may_not = called(capsys, "test", "runs"), called(capsys, "test", "runs", "--no-exec", "-v")

    assert (may.code, may.stdout.splitlines()[0]) == (0, "2 trees: 2 ok")
    assert (may_not.code, may_not.stdout.splitlines()[:2], may_not.stdout.splitlines()[4]) == (
        0,
        ["skip  runs breaks/x", "      not allowed: needs a program"],
        "2 trees: 2 skipped",
    )


def test_a_name_that_forges_a_line_is_shown_as_it_is(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {f"{TESTS}/finished/keeps/x\nok    finished/a.py": b"todo"})

    assert "FAIL  finished keeps/x\\nok    finished\n" in called(capsys, "test").stdout


# what no other command sees


def test_what_breaks_a_guardrail_in_a_tree_breaks_it_nowhere_else(
    repo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = called(capsys, "run", "--format", "json")

    evidence = {each["id"]: each["evidence"] for each in json.loads(found.stdout)["verdicts"]}
    assert (found.code, evidence["finished"]) == (0, [{"what": "text files", "scope": 2, "examined": 2}])


def test_no_revision_and_no_base_has_the_trees(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {f"{TESTS}/finished/breaks/late/b.py": b"todo\n"})
    git(repo, "commit", "--quiet", "--all", "--allow-empty", "--message=second")

    codes = [called(capsys, "run", *options).code for options in (("--rev", "HEAD"), ("--base", "HEAD~1"))]

    assert codes == [0, 0]


def test_a_waiver_in_a_tree_is_none(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    waiver = b"# selfcheck: ignore[finished] until=2020-01-01 owner=@li -- long ago\ntodo\n"
    write(repo, {f"{TESTS}/finished/breaks/late/b.py": waiver + b"# expect: finished\n"})

    assert called(capsys, "run").code == 0


def test_no_canary_is_laid_over_a_tree(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert TESTS not in called(capsys, "prove", "-v").stdout


def test_the_graph_has_no_module_of_a_tree(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = json.loads(called(capsys, "graph", "--format", "json").stdout)["nodes"]

    assert not re.search("keeps|breaks", json.dumps(nodes))


def test_what_else_stands_below_the_rulebook_is_judged(repo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(repo, {"guardrails/canary.py": b"todo", f"{TESTS}/helpers.py": b"todo"})

    found = json.loads(called(capsys, "run", "--format", "json").stdout)["verdicts"][0]["findings"]

    assert [each["key"] for each in found] == ["guardrails/canary.py", f"{TESTS}/helpers.py"]
