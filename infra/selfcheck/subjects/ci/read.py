"""The files of CI systems in a tree that may have to do with a gate."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from selfcheck.check import File, Tree, Unread, Unreadable
from selfcheck.subjects.ci import azure, github, gitlab, jenkins
from selfcheck.subjects.ci.model import Ci, Step, Workflow
from selfcheck.subjects.ci.yaml import Node, load

FILES: Mapping[str, tuple[str, ...]] = {
    "github": (".github/workflows/*.yml", ".github/workflows/*.yaml"),
    "gitlab": (".gitlab-ci.yml", "**/*.gitlab-ci.yml", ".gitlab/**/*.yml", "**/*.gitlab-ci.yaml"),
    "azure": ("azure-pipelines*.yml", ".azure-pipelines/**/*.yml", "azure-pipelines/**/*.yml", ".azuredevops/**/*.yml"),
    "jenkins": ("**/Jenkinsfile", "**/Jenkinsfile.*", "**/*.jenkinsfile"),
}
ACTIONS = ("action.yml", "action.yaml", "**/action.yml", "**/action.yaml")
READERS: Mapping[str, Callable[[str, Node], Workflow | None]] = {
    "github": github.workflow,
    "gitlab": gitlab.workflow,
    "azure": azure.workflow,
}


def read(tree: Tree, words: tuple[str, ...]) -> Ci:
    """Every workflow whose file holds one of the words, and the actions of this repository."""
    named = "|".join(map(re.escape, words))
    actions, tell = _actions(tree, re.compile(named.encode()))
    # Where an action of this repository runs the gate, a workflow that uses one need not name it.
    wanted = re.compile(f"{named}|\\./".encode() if tell else named.encode())
    workflows: list[Workflow] = []
    unread: list[Unread] = []
    for system, patterns in FILES.items():
        for file in tree.files(patterns):
            try:
                workflows += _workflow(system, file, wanted)
            except (Unreadable, RecursionError) as error:
                unread.append(Unread(file.path, str(error)))
    return Ci(tuple(workflows), actions, tuple(unread))


def _workflow(system: str, file: File, wanted: re.Pattern[bytes]) -> Sequence[Workflow]:
    content = file.bytes
    if not wanted.search(content):
        return []
    if system == "jenkins":
        found = jenkins.workflow(file.path, file.text or "")
    else:
        document = load(content)
        found = None if document is None else READERS[system](file.path, document)
    return [] if found is None else [found]


def _actions(tree: Tree, wanted: re.Pattern[bytes]) -> tuple[dict[str, tuple[Step, ...]], bool]:
    """What a workflow can name as `./folder`, and whether any holds one of the words.

    An action that cannot be read runs nothing that we know of.
    """
    found: dict[str, tuple[Step, ...]] = {}
    tell = False
    for file in tree.files(ACTIONS):
        try:
            document = load(file.bytes)
        except (Unreadable, RecursionError):
            continue
        if document is not None:
            found[posixpath.dirname(file.path) or "."] = github.action(document)
            tell = tell or wanted.search(file.bytes) is not None
    return found, tell
