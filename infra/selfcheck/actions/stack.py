"""What a repository is made of, as far as its files tell: which packs fit it and why, and what runs it in CI."""

import ast
import re
from collections.abc import Iterator

from selfcheck.actions.ci import System
from selfcheck.actions.init import Proposal, Stack
from selfcheck.check import Extractor, Repository, Unreadable
from selfcheck.subjects import decisions, migrations, routes
from selfcheck.subjects.instructions.platforms import table
from selfcheck.subjects.routes.python import parsed
from selfcheck.trees import Tree

GUIDE = ("**/system_intelligence_map.json", "**/self_reflection.test.*", "infra/selfcheck/run_guardrails.*")
"""What only the Living Architecture Guide asks for."""
WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml")
ELSEWHERE = {
    "Jenkins": ("Jenkinsfile",),
    "Azure Pipelines": ("azure-pipelines.yml",),
    "CircleCI": (".circleci/config.yml",),
    "Bitbucket Pipelines": ("bitbucket-pipelines.yml",),
}
"""CI systems for which nothing is written."""
CALLS = {"FastAPI": "fastapi", "Flask": "flask"}
SETTINGS = "INSTALLED_APPS"
MARKS = re.compile(rb"\b(?:FastAPI|Flask)\b|^INSTALLED_APPS\b", re.MULTILINE)
NAMES = {"fastapi": "FastAPI", "flask": "Flask", "django": "Django"}


def look(repo: Repository) -> Stack:
    """What the files of a repository tell; nothing of it is run."""
    return Stack(
        tuple(_proposals(repo)),
        tuple(_systems(repo.tree)),
        tuple(name for name, paths in ELSEWHERE.items() if repo.tree.files(paths)),
        tuple(_migrations(repo)),
    )


def _proposals(repo: Repository) -> Iterator[Proposal]:
    tree = repo.tree
    guide = tree.files(GUIDE)
    if guide:
        yield Proposal("living-architecture", f"{guide[0].path} is there, which the Living Architecture Guide asks for")
    else:
        yield from _code(repo)
        yield from _decisions(repo)
    read = [file.path for file in tree.files(tuple(path for each in table().platforms for path in each.paths))]
    if read:
        yield Proposal("agents", f"{_listed(read)} tell{'s' * (len(read) == 1)} assistants what to do")
    if tree.files(WORKFLOWS) and not guide:
        yield Proposal("ci", f"{_counted(len(tree.files(WORKFLOWS)), 'workflow')} in .github/workflows")
    elif tree.files((".gitlab-ci.yml",)) and not guide:
        yield Proposal("ci", ".gitlab-ci.yml says what GitLab runs")


def _code(repo: Repository) -> Iterator[Proposal]:
    count = len(repo.tree.files(("**/*.py",)))
    if count:
        yield Proposal("python", _counted(count, "Python file"))
    made: dict[str, str] = {}
    sources = tuple(file for file in repo.tree.files(routes.SOURCES) if file.path.endswith(".py"))
    for file, found in repo.facts.of(FRAMEWORKS, sources):
        for framework in () if isinstance(found, Unreadable) else found:
            if not _is_its_own(framework, file.path, repo.tree):
                made.setdefault(framework, file.path)
    for framework, path in sorted(made.items()):
        what = "holds the settings of" if framework == "django" else "makes an application of"
        yield Proposal(framework, f"{path} {what} {NAMES[framework]}")


def frameworks(content: bytes) -> tuple[str, ...]:
    """The frameworks of which a module makes an application; a mention in a text is none.

    Raises:
        Unreadable: it does not parse.
    """
    if MARKS.search(content) is None:
        return ()
    try:
        module = parsed(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"does not parse as Python: {error}") from None
    called = {_name(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    called |= {_name(base) for node in ast.walk(module) if isinstance(node, ast.ClassDef) for base in node.bases}
    found = {framework for name, framework in CALLS.items() if name in called}
    targets = [target for node in module.body if isinstance(node, ast.Assign) for target in node.targets]
    found |= {"django" for target in targets if isinstance(target, ast.Name) and target.id == SETTINGS}
    return tuple(sorted(found))


FRAMEWORKS: Extractor[tuple[str, ...]] = Extractor("frameworks", 1, tuple[str, ...], frameworks, host=True)


def _is_its_own(framework: str, path: str, tree: Tree) -> bool:
    """Whether a file is part of the package of the framework itself."""
    before, found, _ = f"/{path}".rpartition(f"/{framework}/")
    return bool(found) and f"{before}/{framework}/__init__.py".lstrip("/") in tree.kinds


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _decisions(repo: Repository) -> Iterator[Proposal]:
    found = [each for each in repo.subject(decisions.read, repo.tree, repo.facts).folders if each.decisions]
    if found:
        said = ", ".join(f"{_counted(len(each.decisions), 'decision')} in {each.path}" for each in found[:3])
        yield Proposal("adr", said)


def _systems(tree: Tree) -> Iterator[System]:
    if tree.files(WORKFLOWS):
        yield System.GITHUB
    if tree.files((".gitlab-ci.yml",)):
        yield System.GITLAB
    if tree.files((".pre-commit-config.yaml",)):
        yield System.PRE_COMMIT


def _migrations(repo: Repository) -> Iterator[str]:
    found = repo.subject(migrations.read, repo.tree, repo.facts)
    for each in (each for each in found.environments if each.revisions):
        yield f"{_counted(len(each.revisions), 'migration')} of alembic in {each.name}"
    for chain in found.apps:
        yield f"{_counted(len(chain.nodes), 'migration')} of Django in {chain.folder}"
    for ledger in found.ledgers:
        yield f"{_counted(len(ledger.files), 'migration')} in SQL in {ledger.folder}"


def _listed(paths: list[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {_counted(len(paths) - 1, 'other file')}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
