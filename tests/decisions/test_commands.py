"""`selfcheck adr`: what is listed, shown, drawn, exported, and written."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.decisions.houses import BODY, HOUSES, House

RULEBOOK = """\
version: 1
guardrails:
  - id: one-till
    title: There is one till
    why: Two never agree.
    severity: high
    check: {use: files-exist, paths: [README.md]}
    refs: [ADR-2]
  - id: unrelated
    title: There is a door
    why: Nobody would come in.
    severity: high
    check: {use: files-absent, paths: [wall]}
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with decisions and a rulebook, which is the current one."""
    write(tmp_path, {**HOUSES["nygard"], "guardrails.yaml": RULEBOOK, "README.md": ""})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SELFCHECK_CACHE_DIR", str(tmp_path / ".cache-of-facts"))
    return tmp_path


def write(folder: Path, files: House) -> None:
    """The files below a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def test_decisions_are_listed_with_their_statuses_and_days(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "adr", "list")

    assert done == (
        0,
        (
            "ADR-0001  superseded  2026-01-10  Two shops\n"
            "ADR-0002  accepted    2026-01-11  One shop\n"
            "ADR-0003  proposed    2026-01-12  One till\n"
        ),
        "",
    )


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--in-force"], ["ADR-0002"]),
        (["--status", "superseded", "--status", "proposed"], ["ADR-0001", "ADR-0003"]),
        (["--search", "SHOP"], ["ADR-0001", "ADR-0002"]),
        (["--folder", "doc/adr/"], ["ADR-0001", "ADR-0002", "ADR-0003"]),
        (["--folder", "elsewhere"], []),
    ],
)
def test_a_list_is_filtered(
    options: list[str], ids: list[str], house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "adr", "list", "--format", "json", *options)

    assert [each["id"] for each in json.loads(done.stdout)["decisions"]] == ids


def test_one_decision_is_shown_by_number_name_or_path(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = {
        name: called(capsys, "adr", "show", name).stdout
        for name in ("2", "0002", "ADR-2", "0002-one-shop", "doc/adr/0002-one-shop.md")
    }

    assert set(shown.values()) == {
        (
            "ADR-0002: One shop\n  status: accepted\n  date: 2026-01-11\n  path: doc/adr/0002-one-shop.md\n  template: nygard\n"
            "  supersedes: ADR-0001\n  kept by: one-till\n"
        )
    }
    whole = json.loads(called(capsys, "adr", "show", "2", "--format", "json").stdout)
    assert (whole["guardrails"], whole["relations"][0]["to"]) == (["one-till"], ["ADR-0001"])


@pytest.mark.parametrize(("name", "what"), [("9", 'unknown decision "9"'), ("ADR-0022", 'did you mean "ADR-0002"?')])
def test_a_decision_that_is_not_there_is_wrong_usage(
    name: str, what: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "adr", "show", name)

    assert (done.code, what in done.stderr) == (2, True)


def test_a_number_that_two_have_asks_for_the_path(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(house, {"doc/adr/0002-again.md": f"# 2. Again\n\n{BODY}"})

    done = called(capsys, "adr", "accept", "2")

    assert (done.code, "doc/adr/0002-again.md, doc/adr/0002-one-shop.md" in done.stderr) == (2, True)


def test_the_graph_is_mermaid_or_dot_that_graphviz_takes(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(house, {"doc/adr/0004-x.md": '# 4. "Quotes" & <tags> `x`\n\n## Status\n\nAccepted\n'})
    mermaid, dot = (called(capsys, "adr", "graph", "--format", form).stdout for form in ("mermaid", "dot"))

    assert mermaid.splitlines()[:6] == [
        "flowchart TD",
        '    d0["ADR-0001: Two shops"]:::superseded',
        '    d1["ADR-0002: One shop"]:::accepted',
        '    d2["ADR-0003: One till"]:::proposed',
        '    d3["ADR-0004: #quot;Quotes#quot; #amp;  x"]:::accepted',
        "    d1 -->|supersedes| d0",
    ]
    assert '"doc/adr/0002-one-shop.md" -> "doc/adr/0001-two-shops.md" [label="supersedes", style=solid];' in dot
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg"], input=dot.encode(), check=True, capture_output=True)


def test_the_matrix_shows_what_keeps_each_decision_and_the_last_verdict(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called(capsys, "run", "--format", "json=report.json", "--no-cache")

    done = called(capsys, "adr", "matrix", "--report", "report.json")

    assert done.stdout == (
        "| decision | status | kept by |\n| --- | --- | --- |\n"
        "| ADR-0001: Two shops | superseded |  |\n"
        "| ADR-0002: One shop | accepted | `one-till` ✓ pass |\n"
        "| ADR-0003: One till | proposed |  |\n\n"
        "1 of 1 decisions in force are kept or say why not, 100 %.\n"
    )


def test_the_matrix_is_a_page_or_data_as_well(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(house, {"doc/adr/0004-x.md": "# 4. <script>alert(1)</script> | x\n\n## Status\n\nAccepted\n"})
    page = called(capsys, "adr", "matrix", "--format", "html").stdout
    data = json.loads(called(capsys, "adr", "matrix", "--format", "json").stdout)

    assert "<script" not in page
    assert '<tr class="bare">' in page
    assert (data["version"], data["coverage"], data["unrelated"]) == (1, {"kept": 1, "in_force": 2}, ["unrelated"])
    assert data["rows"][1]["guardrails"] == [{"guardrail": "one-till", "named": False, "refers": True, "outcome": None}]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"verdicts": [{"id": 1}]}', "\udcff"])
def test_a_report_that_is_none_is_wrong_usage(content: str, house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "report.json").write_bytes(content.encode("utf-8", "surrogateescape"))

    done = called(capsys, "adr", "matrix", "--report", "report.json")

    assert (done.code, "report.json: is no report" in done.stderr) == (2, True)


def test_decisions_are_exported_for_structurizr_and_as_data(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = json.loads(called(capsys, "adr", "export", "structurizr").stdout)
    whole = json.loads(called(capsys, "adr", "export", "json").stdout)

    first = workspace["documentation"]["decisions"][0]
    assert {key: value for key, value in first.items() if key != "content"} == {
        "id": "1",
        "date": "2026-01-10T00:00:00Z",
        "status": "Superseded",
        "title": "Two shops",
        "format": "Markdown",
        "links": [{"id": "2", "description": "superseded by"}],
    }
    assert [each["id"] for each in whole["decisions"]] == ["ADR-0001", "ADR-0002", "ADR-0003"]


def test_a_decision_is_written_accepted_rejected_and_superseded(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dry = called(capsys, "adr", "new", "No shop", "--dry-run")
    said = [
        called(capsys, "adr", "new", "No shop", "--template", "madr"),
        called(capsys, "adr", "accept", "3"),
        called(capsys, "adr", "reject", "4"),
        called(capsys, "adr", "supersede", "2", "--by", "3"),
    ]

    assert dry.stdout == "would write doc/adr/0004-no-shop.md\n"
    assert [each.stdout for each in said] == [
        "wrote doc/adr/0004-no-shop.md\n",
        "wrote doc/adr/0003-one-till.md\n",
        "wrote doc/adr/0004-no-shop.md\n",
        "wrote doc/adr/0002-one-shop.md\nwrote doc/adr/0003-one-till.md\n",
    ]
    rows = called(capsys, "adr", "list").stdout.splitlines()
    assert [re.split(r"\s{2,}", row)[1] for row in rows] == ["superseded", "superseded", "accepted", "rejected"]


def test_what_is_so_already_is_wrong_usage(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(capsys, "adr", "accept", "2").stderr == "selfcheck: doc/adr/0002-one-shop.md: is accepted already\n"
    assert called(capsys, "adr", "reject", "1").code == 2
    assert called(capsys, "adr", "supersede", "2", "--by", "2").code == 2
    assert called(capsys, "adr", "new", "—").code == 2
    assert called(capsys, "adr", "new", "x", "--folder", "../out").code == 2


def test_an_index_needs_markers_and_is_checked_without_being_written(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = called(capsys, "adr", "index")
    (house / "doc/adr/README.md").write_text("# A\n\n<!-- adrlog -->\n<!-- adrlogstop -->\n", encoding="utf-8")
    stale = called(capsys, "adr", "index", "--check")
    written = called(capsys, "adr", "index")
    fresh = called(capsys, "adr", "index", "--check")

    assert (bare.code, "no index has markers" in bare.stderr) == (2, True)
    assert (stale.code, written.stdout, fresh.code) == (1, "wrote doc/adr/README.md\n", 0)
    assert "* [ADR-0002](0002-one-shop.md) - One shop\n" in (house / "doc/adr/README.md").read_text(encoding="utf-8")


def test_the_folders_and_words_of_the_rulebook_count(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(house, {"choices/7-x.md": "# 7. X\n\n## Status\n\nOn ice\n"})
    text = RULEBOOK.replace(
        "files-exist, paths: [README.md]", "adr-lint, folders: [choices], statuses: {on ice: draft}"
    )
    (house / "guardrails.yaml").write_text(text, encoding="utf-8")

    assert called(capsys, "adr", "list").stdout == "ADR-7  draft  -  X\n"


def test_several_folders_ask_which_one(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(house, {"web/adr/0001-a.md": f"# 1. A\n\n{BODY}"})

    done = called(capsys, "adr", "new", "X")

    assert (done.code, "name one with --folder" in done.stderr) == (2, True)
    assert called(capsys, "adr", "new", "X", "--folder", "web/adr").stdout == "wrote web/adr/0002-x.md\n"


def test_what_cannot_be_read_is_named_and_the_rest_is_shown(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "doc/adr/0004-x.md").write_bytes(b"# \xff")

    done = called(capsys, "adr", "list")

    assert (done.code, len(done.stdout.splitlines()), "doc/adr/0004-x.md" in done.stderr) == (3, 3, True)


def test_in_an_empty_folder_there_is_nothing_and_the_first_decision_can_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert called(capsys, "adr", "list") == (0, "", "")
    assert called(capsys, "adr", "accept", "1").code == 2
    assert (
        called(capsys, "adr", "new", "Record decisions", "--template", "phased").stdout
        == "wrote docs/adr/0001-record-decisions.md\n"
    )
    assert called(capsys, "adr", "list").stdout.endswith("Record decisions\n")
