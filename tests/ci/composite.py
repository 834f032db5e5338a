"""What GitHub's runner does with a composite action, as far as ours uses it: inputs, steps one by one, files, outputs.

Read in the runner's CompositeActionHandler, ScriptHandler and ActionCommand.
"""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import yaml

from tests.cli.process import environment

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
FILES = ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")
EXPRESSION = re.compile(
    r"\$\{\{ *(?:inputs\.(?P<input>[\w-]+)|steps\.(?P<step>[\w-]+)\.outputs\.(?P<output>[\w-]+)) *\}\}"
)
COMMAND = re.compile(r"\s*::(?P<name>[\w-]+)(?: (?P<properties>.*?))?::(?P<data>.*)")


class Done(NamedTuple):
    """What became of an action: the exit code of its last step, its outputs, its summary, its log, what it adds to PATH."""

    code: int
    outputs: Mapping[str, str]
    summary: str
    log: str
    path: str

    @property
    def annotations(self) -> list[tuple[str, str]]:
        """Name and message of every command in the log that the runner obeys."""
        return obeyed(self.log)


Steps = dict[str, dict[str, str]]


def run(
    action: Path,
    workspace: Path,
    temporary: Path,
    inputs: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
    known: Steps | None = None,
) -> Done:
    """The action of a folder, run over a workspace; steps whose outputs are `known` are taken as done."""
    manifest = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
    assert manifest["runs"]["using"] == "composite"
    assert set(inputs or {}) <= set(manifest["inputs"])
    given = {name: each["default"] for name, each in manifest["inputs"].items()} | dict(inputs or {})
    steps, code, written = dict(known or {}), 0, dict.fromkeys(FILES, "")
    log = ""
    for step in manifest["runs"]["steps"]:
        if step["id"] in steps:
            continue
        ended = _step(step, action, workspace, temporary, given, steps, environ or {})
        code, log = ended.returncode, log + ended.stdout
        for name in FILES:
            written[name] += (temporary / name).read_text(encoding="utf-8")
        steps[step["id"]] = outputs((temporary / "GITHUB_OUTPUT").read_text(encoding="utf-8"))
        if code:
            break
    told = {name: _evaluated(each["value"], given, steps) for name, each in manifest["outputs"].items()}
    return Done(code, told, written["GITHUB_STEP_SUMMARY"], log, written["GITHUB_PATH"].strip())


def _step(
    step: Mapping[str, Any],
    action: Path,
    workspace: Path,
    temporary: Path,
    given: Mapping[str, str],
    steps: Steps,
    environ: Mapping[str, str],
) -> subprocess.CompletedProcess[str]:
    assert step["shell"] == "bash"
    files = {name: temporary / name for name in FILES}
    for file in files.values():
        file.write_text("", encoding="utf-8")
    script = temporary / "script.sh"
    script.write_text(_evaluated(step["run"], given, steps), encoding="utf-8")
    own = {name: _evaluated(value, given, steps) for name, value in step["env"].items()}
    named = {"GITHUB_ACTION_PATH": action, "RUNNER_TEMP": temporary, **files}
    return subprocess.run(
        [*BASH, script],
        cwd=workspace / _evaluated(step.get("working-directory", "."), given, steps),
        env=outside() | {name: str(value) for name, value in named.items()} | dict(environ) | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


def outside() -> dict[str, str]:
    """Our environment without what a CI system that runs these tests says about itself; the first `python3` is ours."""
    about = ("GITHUB_", "RUNNER_", "CI", "BUILD_", "BITBUCKET_", "SYSTEM_", "TF_BUILD", "CHANGE_")
    kept = {name: value for name, value in environment().items() if not name.startswith(about)}
    return kept | {"PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}


def _evaluated(text: str, given: Mapping[str, str], steps: Steps) -> str:
    def value(found: re.Match[str]) -> str:
        if found["input"]:
            return given[found["input"]]
        return steps.get(found["step"], {}).get(found["output"], "")

    assert "${{" not in EXPRESSION.sub("", text), f"this runner does not know {text}"
    return EXPRESSION.sub(value, text)


def outputs(text: str) -> dict[str, str]:
    """The outputs in a file of the form `name<<delimiter`, lines of the value, `delimiter`."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        name, mark, delimiter = line.partition("<<")
        assert mark, f"not of the form name<<delimiter: {line}"
        value: list[str] = []
        while (each := next(lines)) != delimiter:
            value.append(each)
        found[name] = "\n".join(value)
    return found


def obeyed(log: str) -> list[tuple[str, str]]:
    """Name and message of every command that the runner finds in a log, those of the older form `##[name]` too."""
    found: list[tuple[str, str]] = []
    stopped: str | None = None
    for line in log.splitlines():
        command = COMMAND.match(line) or re.search(r"##\[(?P<name>[\w-]+)[^\]]*\](?P<data>.*)", line)
        if command is None:
            continue
        if stopped is not None:
            stopped = None if command["name"] == stopped else stopped
        elif command["name"] == "stop-commands":
            stopped = command["data"]
        else:
            found.append((command["name"], unquote(command["data"])))
    return found
