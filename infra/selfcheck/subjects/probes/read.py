"""What the files of a tree deploy, and by which probes it is asked how it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.errors import Unreadable
from selfcheck.facts import Extractor, Facts
from selfcheck.model import Unread
from selfcheck.subjects.probes.docker import DOCKERFILE
from selfcheck.subjects.probes.manifests import MANIFEST
from selfcheck.subjects.probes.model import Deployed, Deployment, Started
from selfcheck.subjects.probes.platforms import FLY, NGINX
from selfcheck.trees import File, Tree

FILES: tuple[tuple[Extractor[Deployed], tuple[str, ...]], ...] = (
    (DOCKERFILE, ("**/Dockerfile", "**/Dockerfile.*", "**/*.Dockerfile", "**/*.dockerfile", "**/Containerfile")),
    (MANIFEST, ("**/*.yml", "**/*.yaml")),
    (FLY, ("**/fly.toml", "**/fly.*.toml")),
    (NGINX, ("**/nginx*.conf", "**/nginx/**/*.conf", "**/nginx*.conf.template")),
)
DEPLOYED = (
    "**",
    "!**/test/**",
    "!**/tests/**",
    "!**/example/**",
    "!**/examples/**",
    "!**/docs/**",
    "!**/node_modules/**",
    "!.github/**",
    "!.ci/**",
    "!.devcontainer/**",
    "!**/*.override.*",
    "!**/*dev.y*ml",
    "!**/*test.y*ml",
)
"""Where deployments are looked for: neither in tests nor in examples."""


def ahead(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[Extractor[Any], tuple[File, ...]]]:
    """The facts that a reading asks for."""
    selected = {file.path for file in tree.files(paths)}
    for extractor, patterns in FILES:
        yield extractor, tuple(file for file in tree.files(patterns) if file.path in selected)


def read(tree: Tree, facts: Facts, paths: tuple[str, ...]) -> Deployment:
    """Everything that the selected files start."""
    started: list[tuple[str, Started]] = []
    answered: list[str] = []
    unread: list[Unread] = []
    templates: list[bool] = []
    for extractor, files in ahead(tree, paths):
        for file, each in facts.of(extractor, files):
            if isinstance(each, Unreadable):
                unread.append(Unread(file.path, str(each)))
            else:
                started += ((file.path, one) for one in each.started)
                answered += each.answered
                templates += [] if each.template is None else [each.template]
    return Deployment(tuple(started), tuple(answered), tuple(unread), len(templates), sum(templates))
