"""Malformed rulebooks end with exit code 2 and say where, what and what to do; none ends with a traceback."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from selfcheck.cli import guarded
from selfcheck.rulebook.slips import LOOK
from tests.rulebook.examples import RULEBOOK, Malformed, changed, longer, write
from tests.rulebook.malformed_guardrails import CHECKS, GUARDRAILS, OUTLINES
from tests.rulebook.malformed_yaml import BOMBS, BYTES, STREAMS, SYNTAX

LOCATED = re.compile(r"selfcheck: \S+:\d+:\d+: \S")
DOCUMENTS = [*STREAMS, *BYTES, *SYNTAX, *BOMBS, *OUTLINES, *GUARDRAILS, *CHECKS]


def assert_told(said: str, told: str) -> None:
    """Every line has a place, and one of them this place and these words; `…` stands for any others."""
    place, words = told.split(": ", 1)
    line = f"selfcheck: {re.escape(place)}: .*{'.*'.join(re.escape(word) for word in words.split(' … '))}"
    assert [each for each in said.splitlines() if not LOCATED.match(each)] == []
    assert re.search(line, said), said
    assert "Traceback" not in said


@pytest.mark.parametrize("malformed", DOCUMENTS, ids=lambda malformed: malformed.name)
def test_a_malformed_document_is_told_with_its_place(
    malformed: Malformed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = malformed.content
    (tmp_path / "guardrails.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(tmp_path)

    code = guarded(["validate", "--no-plugins"])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert_told(said.err, f"guardrails.yaml:{malformed.told}")


class Layout(NamedTuple):
    """Files and links that stand in the way of a rulebook, and what must be told of them."""

    name: str
    files: Mapping[str, str]
    told: str
    links: Mapping[str, str] = {}


A, B = "guardrails/a.yaml", "guardrails/b.yaml"
LAYOUTS = [
    Layout("a folder named like a file", {"guardrails.yaml/a.yaml": RULEBOOK}, "guardrails.yaml:1:1: is not a file"),
    Layout(
        "a Python package",
        {
            "guardrails/__init__.py": "",
            "guardrails/rules.py": "guardrails = []\n",
            "guardrails/data.yml": "version: 3\n",
        },
        "guardrails:1:1: holds no YAML file with `version` and `guardrails` … `selfcheck init`",
    ),
    Layout("a folder of other files", {"guardrails/README.md": "# Ours\n"}, "guardrails:1:1: holds no YAML file"),
    Layout("a folder in a folder", {A: RULEBOOK, f"{B}/c.yaml": RULEBOOK}, f"{B}:1:1: is not a file"),
    Layout(
        "two rulebooks", {A: RULEBOOK, "guardrails.yaml": RULEBOOK}, "guardrails.yaml:1:1: beside guardrails; keep one"
    ),
    Layout("a link to nothing", {}, "guardrails.yaml:1:1: is not a file", {"guardrails.yaml": "gone.yaml"}),
    Layout("a link to itself", {}, "guardrails.yaml:1:1: is not a file", {"guardrails.yaml": "guardrails.yaml"}),
    Layout(
        "a link out", {}, "guardrails.yaml:1:1: symbolic link out of the repository", {"guardrails.yaml": "/dev/zero"}
    ),
    Layout(
        "a linked file out", {A: RULEBOOK}, f"{B}:1:1: symbolic link out of the repository", {B: "../../outside.yaml"}
    ),
    Layout(
        "a linked folder",
        {"real/a.yaml": RULEBOOK},
        "guardrails:1:1: symbolic link … not followed",
        {"guardrails": "real"},
    ),
    Layout(
        "five million bytes", {"guardrails.yaml": "#" * 5_000_001}, "guardrails.yaml:1:1: larger than 5,000,000 bytes"
    ),
    Layout("a broken file beside a right one", {A: RULEBOOK, B: "{"}, f"{B}:1:2: the file ends before … brackets"),
    Layout("an id in two files", {A: RULEBOOK, B: RULEBOOK}, f'{B}:3:9: the id "a" … {A}:3'),
    Layout(
        "fail_on in two files",
        {A: f"fail_on: low\n{RULEBOOK}", B: "version: 1\nfail_on: high\n"},
        f"{B}:2:10: `fail_on` stands already in {A}",
    ),
    Layout(
        "extends in two files",
        {A: f"extends: []\n{RULEBOOK}", B: "version: 1\nextends: []\n"},
        f"{B}:2:10: `extends` stands already in {A}",
    ),
]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_files_in_the_way_of_a_rulebook_are_told_with_their_place(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, layout.files)
    for link, target in layout.links.items():
        (tmp_path / link).symlink_to(target)
    monkeypatch.chdir(tmp_path)

    code = guarded(["validate", "--no-plugins"])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert_told(said.err, layout.told)


@pytest.mark.parametrize("command", ["run", "list", "explain", "prove", "validate"])
def test_every_command_refuses_a_malformed_rulebook_at_the_process_edge(command: str, tmp_path: Path) -> None:
    (tmp_path / "guardrails.yaml").write_text(changed("title: t", r'title: "a\|b"'))
    arguments = [command, *(["a"] if command == "explain" else [])]

    ended = subprocess.run(
        [sys.executable, "-c", "from selfcheck.cli import main; main()", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    said = r"`\|` is no escape in double quotes; use single quotes, in which a backslash stands for itself"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"selfcheck: guardrails.yaml:4:14: {said}\n")


def test_a_name_that_no_terminal_can_show_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {A: RULEBOOK, "guardrails/b\x1b[31m.yaml": RULEBOOK})
    monkeypatch.chdir(tmp_path)

    code = guarded(["validate", "--no-plugins"])

    assert code == 2
    assert capsys.readouterr().err == (
        "selfcheck: 'guardrails/b\\x1b[31m.yaml':1:1: has a name that cannot be printed; rename the file\n"
    )


def test_all_faults_of_all_files_are_told_at_once_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = (
        "pending: {until: soon, resaon: r}",
        "waivers: [{match: 'a*', owner: 1}]",
        "canaries: [{write: {path: /a, txt: b}}]",
    )
    two = changed("limit: 3", "limit: x, path: []") + "fail_on: hihg\n"
    write(tmp_path, {A: "a: [", B: two, "guardrails/c.yaml": longer("\n".join(keys))})
    monkeypatch.chdir(tmp_path)

    guarded(["validate", "--no-plugins"])

    said = capsys.readouterr().err.replace("selfcheck: guardrails/", "")
    assert said.splitlines() == [
        f"a.yaml:1:5: the file ends before this value does; {LOOK}",
        "b.yaml:7:36: `limit` must be a whole number, not the text 'x'",
        'b.yaml:7:39: unknown option "path" for check "max-lines"; did you mean "paths"?',
        'b.yaml:8:10: `fail_on`: unknown value "hihg"; did you mean "high"?',
        'c.yaml:3:9: the id "a" stands already at guardrails/b.yaml:3',
        "c.yaml:8:14: `pending` lacks `reason`",
        "c.yaml:8:22: `until` ('soon') is not a date; write YYYY-MM-DD",
        'c.yaml:8:28: unknown key "resaon" for `pending`; did you mean "reason"?',
        "c.yaml:9:15: item 1 of `waivers` lacks `reason`",
        "c.yaml:9:15: item 1 of `waivers` lacks `until`",
        "c.yaml:9:23: a glob needs `count`, the number of findings that it covers today",
        "c.yaml:9:36: `owner` must be text, not the number 1; put it in quotes",
        "c.yaml:10:24: `write` lacks `text`",
        "c.yaml:10:31: `path` ('/a') is not a path from the root, with forward slashes, such as 'src/app.py'",
        'c.yaml:10:35: unknown key "txt" for `write`; did you mean "text"?',
    ]
