"""What makes a CI system or pre-commit run selfcheck: the files, where they go, and what to add where others stand there."""

import shlex
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from selfcheck.actions.ci.origin import Origin
from selfcheck.actions.new import New

WORKFLOW = ".github/workflows/selfcheck.yml"
JOB = ".gitlab/selfcheck.gitlab-ci.yml"
PIPELINE = ".gitlab-ci.yml"
HOOKS = ".pre-commit-config.yaml"
GITHUB_REQUESTS = (
    ".github/pull_request_template.md",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/PULL_REQUEST_TEMPLATE",
    "pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
    "docs/PULL_REQUEST_TEMPLATE.md",
)
GITLAB_REQUESTS = (".gitlab/merge_request_templates/Default.md", ".gitlab/merge_request_templates/default.md")
NAME = "selfcheck"


class System(StrEnum):
    """What runs selfcheck on a change."""

    GITHUB = "github"
    GITLAB = "gitlab"
    PRE_COMMIT = "pre-commit"


class Left(Struct, frozen=True):
    """A file that stands there already, and what to add to it by hand; nothing where it names selfcheck."""

    path: str
    add: str


def plan(system: System, root: Path, origin: Origin) -> list[New | Left]:
    """The files to write below a root, and those that stay as they are."""
    return [_left(root, new, places) or new for new, places in _wanted(system, origin)]


def _wanted(system: System, origin: Origin) -> Iterator[tuple[New, tuple[str, ...]]]:
    """Each file, and every place where its like may stand."""
    match system:
        case System.GITHUB:
            yield New(WORKFLOW, _text("github.yml", origin)), (WORKFLOW,)
            yield New(GITHUB_REQUESTS[0], _text("request.md", origin)), GITHUB_REQUESTS
        case System.GITLAB:
            yield New(JOB, _text("gitlab.yml", origin)), (JOB,)
            yield New(PIPELINE, f"include:\n  - local: {JOB}\n"), (PIPELINE,)
            yield New(GITLAB_REQUESTS[0], _text("request.md", origin)), GITLAB_REQUESTS
        case System.PRE_COMMIT:
            yield New(HOOKS, "\n".join(["repos:", *_hook(origin), ""])), (HOOKS,)


def _left(root: Path, new: New, places: tuple[str, ...]) -> Left | None:
    for place in places:
        path = root / place
        if path.exists() or path.is_symlink():
            known = path.is_file() and NAME in path.read_text(encoding="utf-8", errors="replace")
            return Left(place, "" if known else new.content)
    return None


def _text(name: str, origin: Origin) -> str:
    """A file of ours; a requirement is quoted, since it stands in a script."""
    text = (files(__name__) / name).read_text(encoding="utf-8")
    return text.replace("{requirement}", shlex.quote(origin.requirement))


def _hook(origin: Origin) -> Iterator[str]:
    """Our hook by its repository, or where that is not known, the command that is on everyone's PATH."""
    if origin.repository is not None:
        yield f"  - repo: {origin.repository}"
        yield f"    rev: {origin.commit}"
        yield "    hooks:"
        yield "      - id: selfcheck"
        return
    yield "  - repo: local"
    yield "    hooks:"
    yield "      - id: selfcheck"
    yield "        name: selfcheck"
    yield "        entry: selfcheck run"
    yield "        language: system"
    yield "        pass_filenames: false"
    yield "        always_run: true"
    yield "        require_serial: true"
    yield "        stages: [pre-commit, pre-merge-commit, pre-push, manual]"
