"""Which files hold settings, which reader reads each, and what a place says of how much a setting matters."""

import posixpath
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from selfcheck.facts import Extractor
from selfcheck.subjects.settings import contents
from selfcheck.subjects.settings.model import Contents, Layer
from selfcheck.trees import File, Tree


class Place(StrEnum):
    """What a path says of the code below it."""

    PRODUCTION = "production"
    ORDINARY = "ordinary"
    DEVELOPMENT = "development"
    """Tests, examples, documents, scripts, and what is called after a machine of development."""


class Source(NamedTuple):
    """A sort of file: its layer, the names that it has, and the fact that is read of it."""

    layer: Layer
    pattern: re.Pattern[str]
    extractor: Extractor[Contents]
    read: Callable[[bytes], contents.Reading]


def _source(
    layer: Layer, name: str, pattern: str, read: Callable[[bytes], contents.Reading], parsers: tuple[str, ...]
) -> Source:
    host = name == "python"
    extractor = Extractor(f"settings of {name}", 2, Contents, contents.extracting(read), host=host, parsers=parsers)
    return Source(layer, re.compile(pattern), extractor, read)


SOURCES: Sequence[Source] = (
    _source(Layer.CODE, "python", r".*\.pyi?", contents.python, ("tree-sitter-python",)),
    _source(Layer.CODE, "scripts", r".*(?<!\.d)\.(?:ts|mts|cts)", contents.typescript, ("tree-sitter-typescript",)),
    _source(
        Layer.CODE,
        "jsx scripts",
        r"(?!.*(?:\.(?:min|bundle|chunk|entry)|[.-](?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,32})\.[cm]?js$).*\.(?:tsx|jsx|js|mjs|cjs)",
        contents.javascript,
        ("tree-sitter-typescript",),
    ),
    _source(
        Layer.EXAMPLE,
        "environment examples",
        r"\.?env[.-](?:[\w.-]+[.-])?(?:example|sample|template|dist|defaults?|tmpl|tpl)|(?:example|sample|template|default)s?\.env|\.env\.(?:example|sample|template|dist)[\w.-]*",
        contents.environment,
        ("python-dotenv",),
    ),
    _source(
        Layer.ENVIRONMENT,
        "environments",
        r"\.env(?:\.[\w.-]+)?|[\w.-]+\.env|\.envrc|env\.[\w-]+",
        contents.environment,
        ("python-dotenv",),
    ),
    _source(
        Layer.COMPOSE,
        "compose",
        r"(?:docker-)?compose[\w.-]*\.ya?ml|[\w-]+[.-]compose\.ya?ml|docker-stack[\w.-]*\.ya?ml",
        contents.compose,
        ("pyyaml",),
    ),
    _source(
        Layer.IMAGE,
        "images",
        r"(?:[\w.-]+\.)?(?:Dockerfile|Containerfile)(?:[.-][\w.-]+)?|[\w-]+\.dockerfile",
        contents.image,
        (),
    ),
    _source(Layer.CHART, "charts", r"values[\w.-]*\.ya?ml|[\w.-]*\.values\.ya?ml", contents.chart, ("pyyaml",)),
    _source(Layer.CONFIGURATION, "spring", r"(?:application|bootstrap)[\w.-]*\.ya?ml", contents.spring, ("pyyaml",)),
    _source(
        Layer.CONFIGURATION,
        "spring properties",
        r"(?:application|bootstrap)[\w.-]*\.properties",
        contents.properties,
        (),
    ),
    _source(Layer.CONFIGURATION, "alembic", r"alembic[\w.-]*\.ini", contents.ini, ()),
    _source(Layer.CONFIGURATION, "dynaconf", r"\.?(?:settings|secrets)[\w.-]*\.toml", contents.toml, ()),
    _source(Layer.INFRASTRUCTURE, "terraform", r".*\.(?:tf|tfvars)", contents.infrastructure, ("tree-sitter-hcl",)),
)
WORKFLOW = _source(Layer.WORKFLOW, "workflows", r".*", contents.workflow, ("pyyaml",))
CLUSTER = _source(Layer.CLUSTER, "manifests", r".*", contents.cluster, ("pyyaml",))
_workflows = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_manifests = re.compile(
    r"(?:.*/)?(?:k8s|kubernetes|kube|manifests?|deploy|deployment|deployments|infra|helm|charts?|kustomize|overlays|base|cluster|argocd|flux)/.*\.ya?ml|(?:.*/)?(?:secrets?|deployment|configmap|k8s|kubernetes|manifest|statefulset)[\w.-]*\.ya?ml|(?:.*/)?[\w-]*(?:secret|configmap|deployment)\.ya?ml"
)
_by_name = tuple(source for source in SOURCES)

_development = re.compile(
    r"(?i)tests?|testing|__tests__|__mocks__|mocks?|fixtures?|examples?|samples?|demos?|docs?|docs_src|documentation|benchmarks?|bench|benches|load_?tests?|load_?testing|perf"
    r"|scripts?|e2e|cypress|playwright|\.devcontainer|devcontainer|stories|storybook|tutorials?|cookbooks?|notebooks?|dev|local|ci"
    r"|development|spec|specs|test_\w+|\w+_tests?|testdata|test-data|tools|quickstart|playground|sandbox|\.github|templates?"
)
_development_file = re.compile(
    r"(?i)(?:test_.*|.*_tests?|conftest|.*\.(?:test|spec|stories|e2e)|(?:.*[._-])?(?:dev|local|localhost|test|tests|testing|ci|development|example|sample|e2e|override|devel|debug|mock|mocks|staging)(?:[._-].*)?)"
)
_production = re.compile(r"(?i)(?:.*[._/-])?(?:prod|production|deploy|deployment|release|live)(?:[._/-].*)?")


def source_of(path: str) -> Source | None:
    """How a file of this path is read, if it holds settings by its name."""
    name = posixpath.basename(path)
    found = next((each for each in _by_name if each.pattern.fullmatch(name)), None)
    if found is not None:
        return found
    if _workflows.fullmatch(path):
        return WORKFLOW
    return CLUSTER if _manifests.fullmatch(path) else None


@lru_cache(maxsize=65536)
def place(path: str) -> Place:
    """What a path says: a test is for development, whatever it is a test of; else production, if it says so."""
    *folders, name = path.split("/")
    stem = posixpath.splitext(name)[0] if not name.startswith(".env") else name.removeprefix(".env").strip(".")
    if any(_development.fullmatch(each) for each in folders if each != ".github") or (
        stem and _development_file.fullmatch(stem)
    ):
        return Place.DEVELOPMENT
    return Place.PRODUCTION if _production.fullmatch(path) else Place.ORDINARY


def selected(tree: Tree, patterns: tuple[str, ...]) -> dict[Source, list[File]]:
    """The files that hold settings among those that patterns select, by how they are read."""
    found: dict[int, tuple[Source, list[File]]] = {}
    for file in tree.files(patterns):
        source = source_of(file.path)
        if source is not None:
            found.setdefault(id(source), (source, []))[1].append(file)
    return dict(found.values())
