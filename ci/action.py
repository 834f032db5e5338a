"""The two steps of action.yml: `install` makes an environment that holds selfcheck, `judge` runs it and tells GitHub.

Only the standard library is imported, since this runs before anything is installed. Everything comes in by the
environment: the inputs as INPUT_NAME, the runner's files as GITHUB_NAME.
"""

import html
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

ACTION = Path(__file__).resolve().parent.parent
SUMMARY = 1024 * 1024
"""How many bytes the summary of a step may have; of a larger one GitHub shows nothing at all."""
SHOWN = 1000
"""How much of what selfcheck said is told in an annotation; the runner cuts one at 4096 characters."""


class CannotGoOn(Exception):
    """The reason and the exit code to end with."""

    def __init__(self, reason: str, exit_code: int) -> None:
        super().__init__(reason)
        self.exit_code = exit_code


def main(step: str, environ: Mapping[str, str]) -> int:
    """One step, by its name, and the exit code that it ends with."""
    steps: dict[str, Callable[[Mapping[str, str]], int]] = {"install": install, "judge": judge}
    try:
        return steps[step](environ)
    except CannotGoOn as error:
        _annotate(str(error))
        _put(environ, {"outcome": "error", "exit-code": str(error.exit_code)})
        return error.exit_code


# install


def install(environ: Mapping[str, str]) -> int:
    """An environment with what the action's own ref holds: locked dependencies by their hashes, then selfcheck itself."""
    if os.name == "nt":
        raise CannotGoOn("the action needs a runner with Linux or macOS", 3)
    folder = _folder(environ)
    # Isolated: nothing of the checked-out repository, which is the current folder, is imported.
    pip = [str(folder / "venv/bin/python"), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    _start(sys.executable, "-I", "-m", "venv", str(folder / "venv"))
    _start(*pip, "install", "--require-hashes", "-r", str(ACTION / "requirements/run.txt"))
    _start(*pip, "install", "--no-deps", "--no-build-isolation", str(ACTION))
    if plugins := _listed(environ["INPUT_PLUGINS"], separator="\n"):
        _start(*pip, "install", *plugins)
    (folder / "bin").mkdir()
    (folder / "bin/selfcheck").symlink_to(folder / "venv/bin/selfcheck")
    _append(environ["GITHUB_PATH"], f"{folder / 'bin'}\n")  # later steps find `selfcheck`, and their own `python`
    _put(environ, {"selfcheck": str(folder / "bin/selfcheck")})
    return 0


def _start(*command: str) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode != 0:
        raise CannotGoOn(f"selfcheck could not be installed: {shlex.join(command)}", 3)


# judge


def judge(environ: Mapping[str, str]) -> int:
    """Run selfcheck; write the summary and the outputs however it ends; end as it did."""
    folder = _folder(environ)
    files = {
        "github": folder / "annotations",
        "json": folder / "selfcheck.json",
        "markdown": folder / "selfcheck.md",
    }
    if _switched_on(environ, "sarif"):
        files["sarif-upload"] = folder / "selfcheck.sarif"
    if _switched_on(environ, "html"):
        files["html"] = folder / "selfcheck.html"
    code, said = _run([environ["INPUT_SELFCHECK"], *options(environ, files)], environ, folder / "log")
    _replay(said)
    if files["github"].exists():
        _print(files["github"].read_text(encoding="utf-8"))
    if not files["json"].exists():
        _annotate(f"nothing was judged (exit {code}): {said.strip()[:SHOWN]}")
    _summarise(environ, files["markdown"], code, said)
    _put(environ, _outputs(code, files))
    return code


def options(environ: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
    """The command line after `selfcheck`; each value stays with its option, so that none is taken for another option."""
    found = ["run", *(f"--format={name}={path}" for name, path in files.items())]
    for name, option in (("BASE", "base"), ("RULEBOOK", "guardrails"), ("FAIL_ON", "fail-on")):
        if value := environ[f"INPUT_{name}"]:
            found.append(f"--{option}={value}")
    for name, option in (("RULES", "rule"), ("TAGS", "tag")):
        found += [f"--{option}={value}" for value in _listed(environ[f"INPUT_{name}"])]
    try:
        return [*found, *shlex.split(environ["INPUT_ARGS"])]
    except ValueError as error:
        raise CannotGoOn(f"input args: {error}", 2) from error


def _run(command: Sequence[str], environ: Mapping[str, str], log: Path) -> tuple[int, str]:
    """The exit code, and what was printed; a signal to us is one to selfcheck."""
    kept = {name: value for name, value in environ.items() if not name.startswith("INPUT_")}
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=kept, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)

        def forward(number: int, _frame: FrameType | None) -> None:
            process.send_signal(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, forward)
        code = process.wait()
    return code if code >= 0 else 128 - code, log.read_text(encoding="utf-8", errors="replace")


def _replay(said: str) -> None:
    """What was printed, for the log; a file name in it must not become a command of the runner."""
    if said:
        token = uuid.uuid4().hex
        _print(f"::stop-commands::{token}\n{said.rstrip()}\n::{token}::\n")


def _summarise(environ: Mapping[str, str], report: Path, code: int, said: str) -> None:
    path = environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    if report.exists():
        text = report.read_text(encoding="utf-8")
    else:
        text = f"### selfcheck: nothing was judged (exit {code})\n\n<pre>{html.escape(said)}</pre>\n"
    if len(text.encode()) > SUMMARY:
        text = f"### selfcheck: exit {code}\n\nThe report is too long for a summary.\n"
    _append(path, text)


def _outputs(code: int, files: Mapping[str, Path]) -> dict[str, str]:
    found = {"outcome": "error", "exit-code": str(code)}
    if files["json"].exists():
        report = json.loads(files["json"].read_text(encoding="utf-8"))
        found |= {name: str(report["summary"][name]) for name in ("outcome", "pass", "fail", "error", "skip")}
        statuses = [finding["status"] for verdict in report["verdicts"] for finding in verdict["findings"]]
        found["new"] = str(statuses.count("new"))
    names = {"json": "json-file", "sarif-upload": "sarif-file", "html": "html-file"}
    return found | {names[each]: str(path) for each, path in files.items() if each in names and path.exists()}


# what both use


def _folder(environ: Mapping[str, str]) -> Path:
    """A new folder that lives as long as the job."""
    return Path(tempfile.mkdtemp(prefix="selfcheck-", dir=environ["RUNNER_TEMP"]))


def _switched_on(environ: Mapping[str, str], name: str) -> bool:
    value = environ[f"INPUT_{name.upper()}"]
    if value not in ("true", "false"):
        raise CannotGoOn(f"input {name}: true or false, not {value!r}", 2)
    return value == "true"


def _listed(value: str, separator: str = "[\n,]") -> list[str]:
    return [each.strip() for each in re.split(separator, value) if each.strip()]


def _put(environ: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Outputs of the step; the delimiter is one that no value can hold."""
    for name, value in outputs.items():
        delimiter = f"end-{uuid.uuid4().hex}"
        _append(environ["GITHUB_OUTPUT"], f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def _append(path: str, text: str) -> None:
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)


def _annotate(message: str) -> None:
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    _print(f"::error title=selfcheck::{escaped}\n")


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.environ))
