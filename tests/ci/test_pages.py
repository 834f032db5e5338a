"""What the page on CI shows is read by those it is for, is what `init` writes, and names what there is."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pygments.lexers.jvm import GroovyLexer
from pygments.token import Error

from selfcheck.actions import ci
from selfcheck.actions.ci.origin import WHEEL, Origin
from selfcheck.actions.new import New
from selfcheck.registry import Registry
from tests.ci.reading import data, insecure, scripts, unreadable, wrong
from tests.docs.page import ROOT, Block, blocks, rows, section

PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
FILES = {block.path: block for block in blocks(PAGE, "yaml") if block.path is not None}
(JENKINSFILE,) = blocks(PAGE, "groovy")
SCRIPTS = [*(each for block in FILES.values() for each in scripts(data(block.body)))]
# What Jenkins hands to a shell.
SCRIPTS += re.findall(r"sh '''\n(.*?)'''", JENKINSFILE.body, re.DOTALL)
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PLACEHOLDER = "0" * 40


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file of the page."""
    folder = tmp_path_factory.mktemp("page")
    for path, block in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(block.body, encoding="utf-8")
    return folder


def test_every_yaml_block_is_a_file() -> None:
    assert len(FILES) == len(blocks(PAGE, "yaml"))


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_the_page_is_valid_for_whoever_reads_it(name: str, files: Path) -> None:
    assert wrong(files / name) == ""


def test_a_file_that_its_reader_would_refuse_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "azure-pipelines.yml"
    file.write_text("steps:\n  - checkout: self\n    fetchDepht: '0'\n", encoding="utf-8")

    assert "fetchDepht" in wrong(file)


def test_zizmor_finds_nothing_in_the_workflows_of_the_page(files: Path) -> None:
    assert insecure(sorted(files.glob(".github/workflows/*"))) == ""


def test_zizmor_finds_what_is_there_to_be_found(tmp_path: Path) -> None:
    workflow = tmp_path / ".github/workflows/bad.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text(
        "on: [pull_request]\njobs: {a: {runs-on: x, steps: [{run: 'echo ${{ github.head_ref }}'}]}}\n", encoding="utf-8"
    )

    assert "template-injection" in insecure([workflow])


def test_the_jenkinsfile_is_groovy_whose_brackets_close() -> None:
    tokens = [*GroovyLexer().get_tokens(JENKINSFILE.body)]
    code = "".join(text for kind, text in tokens if "String" not in str(kind) and "Comment" not in str(kind))

    assert [text for kind, text in tokens if kind is Error] == []
    assert [code.count(each) for each in "{(["] == [code.count(each) for each in "})]"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_of_the_page_is_read_by_a_shell(script: str) -> None:
    assert unreadable(script) == ""


def test_every_option_and_format_of_a_script_is_there() -> None:
    command = Registry(plugins=False).command("run")
    assert isinstance(command, click.Command)
    known = {option for param in command.params for option in param.opts}
    words = [word for script in SCRIPTS for line in script.splitlines() for word in _arguments(line)]

    named = {word for word in words if word.startswith("-")}
    formats = {word.partition("=")[0] for before, word in pairwise(words) if before == "--format"}

    assert named <= known
    assert formats <= set(Registry(plugins=False).formats())
    assert {"--base", "--format"} <= named


def _arguments(line: str) -> list[str]:
    """What follows `selfcheck run` in a line; what a variable decides is taken as given."""
    _, _, after = line.partition("selfcheck run ")
    return shlex.split(re.sub(r"\$\{\w+:\+([^}]*)\}", r"\1", after))


# what `init` writes


@pytest.mark.parametrize(
    ("system", "name"),
    [
        (ci.System.GITHUB, ".github/workflows/selfcheck.yml"),
        (ci.System.GITLAB, ".gitlab/selfcheck.gitlab-ci.yml"),
        (ci.System.GITLAB, ".gitlab-ci.yml"),
    ],
)
def test_the_page_shows_what_init_writes(system: ci.System, name: str, tmp_path: Path) -> None:
    written = {each.path: each.content for each in ci.plan(system, tmp_path, Origin(WHEEL)) if isinstance(each, New)}

    assert _unnamed(FILES[name]) == written[name]


def test_the_page_shows_both_hooks_that_init_writes(tmp_path: Path) -> None:
    (local,) = ci.plan(ci.System.PRE_COMMIT, tmp_path, Origin(WHEEL))
    remote = Origin("selfcheck", "https://github.com/OWNER/selfcheck", PLACEHOLDER)
    (known,) = ci.plan(ci.System.PRE_COMMIT, tmp_path, remote)

    assert isinstance(local, New)
    assert isinstance(known, New)
    shown = data(_unnamed(FILES[".pre-commit-config.yaml"]))
    assert shown["repos"][0]["hooks"][0].pop("args") == ["--no-exec"]
    assert _unnamed(FILES["shop/.pre-commit-config.yaml"]) == local.content
    assert shown == data(known.content)


def test_the_template_for_gitlab_is_the_job_that_init_writes_but_for_what_is_installed() -> None:
    template = data((ROOT / "ci/gitlab/selfcheck.gitlab-ci.yml").read_text(encoding="utf-8"))
    job = data(FILES[".gitlab/selfcheck.gitlab-ci.yml"].body)

    assert template["selfcheck"]["script"][0] == 'pip install "$SELFCHECK_INSTALL"'
    assert template["selfcheck"]["script"][1:] == job["selfcheck"]["script"][1:]
    assert {**template["selfcheck"], "script": ()} == {**job["selfcheck"], "script": ()}


def test_the_template_for_gitlab_is_valid() -> None:
    assert wrong(ROOT / "ci/gitlab/selfcheck.gitlab-ci.yml") == ""


def _unnamed(block: Block) -> str:
    """A file of the page without the line that names it."""
    return block.body.partition("\n")[2]


# the action


def test_the_page_names_every_input_with_its_default_and_no_other() -> None:
    table = [row for row in rows(section(PAGE, "### The action")) if len(row) == 3]

    assert {row[0].strip("`"): row[1].strip("`") for row in table} == {
        name: each["default"] for name, each in MANIFEST["inputs"].items()
    }


def test_the_page_names_every_output_and_no_other() -> None:
    table = [row for row in rows(section(PAGE, "### The action")) if len(row) == 2]

    assert [name.strip(" `") for row in table for name in row[0].split(",")] == [*MANIFEST["outputs"]]


def test_a_step_of_the_page_gives_the_action_inputs_that_it_has_and_asks_for_outputs_that_it_has() -> None:
    steps = [
        step
        for block in FILES.values()
        for job in data(block.body).get("jobs", {}).values()
        for step in job["steps"]
        if step.get("uses", "").startswith("OWNER/selfcheck@")
    ]

    assert {name for step in steps for name in step["with"]} <= set(MANIFEST["inputs"])
    assert set(re.findall(r"steps\.selfcheck\.outputs\.([\w-]+)", PAGE)) <= set(MANIFEST["outputs"])
    assert len(steps) == 2
