"""`selfcheck map` on real repositories."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import called
from tests.cli.process import KEPT, rulebook
from tests.trees.working_copy import git, working_copy

PLACE = "src/observability/system_intelligence_map.json"
FILES = {"shop/__init__.py": b"", "shop/a.py": b"from shop import b\n", "shop/b.py": b"x = 1\n", "README.md": b""}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a shop without a map, and without a rulebook."""
    monkeypatch.setenv("SELFCHECK_CACHE_DIR", str(tmp_path / "cache"))
    folder = working_copy(tmp_path / "repo", FILES)
    monkeypatch.chdir(folder)
    return folder


def test_a_map_is_begun_measured_and_not_touched_again_while_nothing_changes(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = called(capsys, "map", "generate")
    again = called(capsys, "map", "generate", "--jobs", "1", "--no-cache")

    found = json.loads((shop / PLACE).read_text(encoding="utf-8"))
    assert (first.code, first.stdout) == (0, f"wrote {PLACE}: 1 module, 2 lines\n")
    assert (again.code, again.stdout) == (0, "system_intelligence_map.json: nothing to change\n")
    assert found["measured"] == {
        "commits": 1,
        "hotspots": ["shop"],
        "modules": {"shop": {"files": 3, "lines": 2, "commits": 1}},
    }


def test_what_people_wrote_stays_byte_for_byte(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = '{"version":"1",\r\n\t"modules": {"shop/a.py" : {"purpose":"\\u0041"}}, "measured": 1}\r\n\r\n'
    (shop / "my.json").write_bytes(written.replace('"measured": 1', '"measured": {}').encode())

    called(capsys, "map", "generate", "--map", "my.json")

    found = (shop / "my.json").read_bytes().decode()
    before, _, after = written.partition('"measured": 1')
    assert found.startswith(before)
    assert found.endswith(after)
    assert '"shop/a.py": {"files": 1, "lines": 1, "imports": ["shop"], "commits": 1}' in found


def test_what_differs_is_told_since_the_map_and_since_a_revision(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called(capsys, "map", "generate")
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "--message=map")
    same = called(capsys, "map", "diff")
    (shop / "jobs").mkdir()
    (shop / "jobs/night.py").write_text("import shop.a\n", encoding="utf-8")

    now = called(capsys, "map", "diff")
    since = json.loads(called(capsys, "map", "diff", "--rev", "HEAD~1", "--json").stdout)

    assert (same.code, same.stdout) == (0, "nothing differs\n")
    assert (now.code, now.stdout) == (0, "module: jobs: is new\n")
    assert since == {"version": 1, "differences": [{"what": "module", "name": "jobs", "how": "is new"}]}


def test_a_map_below_a_rulebook_in_a_folder_is_that_of_the_folder(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop / "shop/guardrails.yaml").write_text(rulebook(KEPT), encoding="utf-8")
    monkeypatch.chdir(shop / "shop")

    called(capsys, "map", "generate")
    since = called(capsys, "map", "diff", "--rev", "HEAD")

    found = json.loads((shop / "shop" / PLACE).read_text(encoding="utf-8"))
    assert found["measured"]["modules"] == {".": {"files": 3, "lines": 2, "commits": 1}}
    assert since.stdout == "nothing differs\n"


def test_a_source_that_cannot_be_read_is_said_and_the_rest_is_measured(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    (shop / "big.py").write_text(pointer, encoding="utf-8")

    done = called(capsys, "map", "generate")

    assert done.code == 3
    assert "big.py: " in done.stderr
    assert "it was not measured" in done.stderr


def test_it_is_shown_and_goes_to_other_tools_and_back(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called(capsys, "map", "generate")
    shown = called(capsys, "map", "show").stdout
    page = called(capsys, "map", "show", "--format", "html", "--output", "map.html")
    exports = {
        tool: called(capsys, "map", "export", tool, "-o", f"{tool}.out").code for tool in ("backstage", "structurizr")
    }

    back = {tool: json.loads(called(capsys, "map", "import", tool, f"{tool}.out").stdout) for tool in exports}

    assert '["shop<br/>2 lines"]' in shown
    assert (page.stdout, (shop / "map.html").read_text(encoding="utf-8")[:9]) == ("wrote map.html\n", "<!doctype")
    assert exports == {"backstage": 0, "structurizr": 0}
    assert back["backstage"] == back["structurizr"]
    assert back["backstage"]["version"] == "1.0.0"


def test_what_cannot_be_done_is_told_in_one_line(
    shop: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (shop / "no.json").write_text("{", encoding="utf-8")
    (shop / "ok.json").write_text('{"model": {}}', encoding="utf-8")
    calls = {
        ("map", "show"): "there is no map; `selfcheck map generate` begins one",
        ("map", "show", "--map", "no.json"): "no.json: is no JSON object",
        ("map", "show", "--map", "."): ".: Is a directory",
        ("map", "import", "backstage", "gone.yaml"): "gone.yaml: No such file or directory",
        ("map", "import", "structurizr", "no.json"): "no.json: is no workspace of Structurizr in JSON",
        (
            "map",
            "import",
            "structurizr",
            "ok.json",
            "-o",
            "no.json",
        ): "no.json: is there already; what people wrote is not overwritten",
        ("map", "diff", "--rev", "gone", "--map", "own.json"): "revision 'gone': names no commit of this clone",
        ("map", "export", "backstage", "--map", "own.json", "-o", "README.md/a"): "README.md/a: ",
    }
    (shop / "own.json").write_text('{"version": "1"}', encoding="utf-8")

    said = {asked: called(capsys, *asked) for asked in calls}

    assert {asked: text for asked, text in calls.items() if text not in said[asked].stderr} == {}
    assert {each.code for each in said.values()} <= {2, 3}


def test_outside_of_git_there_is_no_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    called(capsys, "map", "generate", "--no-cache")

    done = called(capsys, "map", "diff", "--rev", "HEAD", "--no-cache")

    assert (done.code, "is in no git repository" in done.stderr) == (2, True)


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(called(capsys, "map", "schema").stdout)["title"] == "A system's intelligence map"
