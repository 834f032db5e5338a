"""What of a repository can be run: environments of alembic and projects of Django; and on which database."""

import posixpath
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from selfcheck.check import Repository, Tree, Unreadable
from selfcheck.errors import CannotJudge
from selfcheck.rehearsal import databases
from selfcheck.rehearsal.databases import INSTALL, Served
from selfcheck.rehearsal.schemas import statements
from selfcheck.subjects.migrations import Environment, Migrations
from selfcheck.subjects.migrations.dialects import Dialect, detected

ONLY_POSTGRESQL = re.compile(
    r"dialects\.postgresql|dialects import postgresql|postgresql_(?:using|where|ops|concurrently|with)|CREATE EXTENSION"
    r"|\bJSONB\b|\bTSVECTOR\b|plpgsql|::(?:text|jsonb?|regclass|uuid|int)\b|\bgen_random_uuid\b|\bCONCURRENTLY\b|\bUSING gin\b"
    r"|ALTER COLUMN|\bpg_\w+\(",
    re.IGNORECASE,
)
"""What no other database than PostgreSQL takes."""
EXTENSION = re.compile(
    r"CREATE\s{1,9}EXTENSION\s{1,9}(?:IF\s{1,9}NOT\s{1,9}EXISTS\s{1,9})?\\?[\"']?(\w+)", re.IGNORECASE
)
SETTINGS = re.compile(r"""DJANGO_SETTINGS_MODULE["'],\s{0,20}["']([\w.]+)""")


class Project(Struct, frozen=True, kw_only=True):
    """One environment of alembic, or one project of Django where it has settings."""

    name: str
    folder: str
    config: str | None = None
    settings: str | None = None

    def path(self, wanted: Sequence[str]) -> list[str]:
        """The folders from which its modules are imported, below the root of the copy."""
        own = [self.folder] if self.settings is not None else [posixpath.dirname(self.config or "")]
        return list(dict.fromkeys(posixpath.normpath(each or ".") for each in (*wanted, *own)))

    def statements(self, tree: Tree, path: str) -> list[str]:
        """The statements of a schema file.

        Raises:
            CannotJudge: it is not there, or cannot be read.

        """
        file = tree.file(path)
        try:
            text = None if file is None else file.text
        except Unreadable as reason:
            raise CannotJudge(f"{path} cannot be read: {reason}") from reason
        if text is None:
            raise CannotJudge(f"there is no schema file {path}", "name it under `sql`, from the root")
        return statements(text)


def projects(tree: Tree, found: Migrations, settings: str | None) -> list[Project]:
    """Everything that can be run.

    Raises:
        CannotJudge: what there is cannot be run, because its history is broken or its settings are not known.

    """
    folders: dict[str, Environment] = {}
    for each in found.environments:
        if each.revisions or each.lost:
            _require_history(each)
            folders.setdefault(each.place.folder, each)
    several = [
        Project(name=each.name, folder=folder, config=each.place.config) for folder, each in sorted(folders.items())
    ]
    if found.apps:
        several += _django(tree, settings)
    return several


def _require_history(each: Environment) -> None:
    graph = each.graph
    wrong = [
        *(f"{one.id} without {name}" for one, _, name in graph.missing),
        *(f"{name} twice" for name in graph.twice),
    ]
    wrong += [f"a circle of {', '.join(members)}" for members in graph.circles]
    wrong += [f"heads {', '.join(heads)}" for _, heads in graph.rival]
    if wrong:
        raise CannotJudge(
            f"{each.name}: the graph of the migrations is broken: {wrong[0]}", "`migrations-graph` tells where"
        )


def _django(tree: Tree, settings: str | None) -> Iterator[Project]:
    managers = tree.files(("**/manage.py",))
    for file in managers:
        try:
            named = SETTINGS.search(file.text or "")
        except Unreadable:
            named = None
        module = settings or (named[1] if named else None)
        if module is not None:
            folder = posixpath.dirname(file.path)
            yield Project(name=folder or "manage.py", folder=folder, settings=module)
            return
    if settings is None:
        raise CannotJudge("no manage.py says which settings Django has", "name their module under `settings`")
    yield Project(name=settings, folder="", settings=settings)


@contextmanager
def server(
    repo: Repository, found: Migrations, wanted: tuple[str | None, str | None], number: int
) -> Generator[Served]:
    """Empty databases: on the server that is named, on a PostgreSQL that is started, or of SQLite.

    Raises:
        CannotJudge: there is none on which these migrations would run.

    """
    engine, variable = wanted
    with ExitStack() as held:
        if variable is not None:
            url = repo.environ.get(variable, "").strip()
            if not url:
                raise CannotJudge(f"the variable {variable} is not set", "let it hold the URL of a server")
            yield held.enter_context(databases.given(url, variable, number))
            return
        texts = list(_texts(repo.tree, found))
        # Who names SQLite too has ways for both.
        only = any(ONLY_POSTGRESQL.search(each) for each in texts) and not any("sqlite" in each for each in texts)
        if engine == "postgresql" or (engine is None and _is_postgresql(repo, found, only=only)):
            programs = databases.binaries(repo.environ)
            if programs is not None:
                extensions = sorted({name.lower() for each in texts for name in EXTENSION.findall(each)})
                yield held.enter_context(databases.postgresql(programs, number, extensions))
                return
            if engine is not None or only:
                raise CannotJudge("the migrations need PostgreSQL, and there is none", INSTALL)
        room = held.enter_context(TemporaryDirectory(prefix="selfcheck-", ignore_cleanup_errors=True))
        yield databases.sqlite(Path(room), number)


def _is_postgresql(repo: Repository, found: Migrations, *, only: bool) -> bool:
    schemes = tuple(each.place.url for each in found.environments)
    dialect = repo.subject(detected, repo.tree, repo.facts, schemes)
    if dialect not in (None, Dialect.POSTGRESQL, Dialect.SQLITE) and found.environments:
        raise CannotJudge(
            f"no database of {dialect} can be started", "say `engine: sqlite` or `postgresql`, if they run there too"
        )
    return only or dialect is Dialect.POSTGRESQL


def _texts(tree: Tree, found: Migrations) -> Iterator[str]:
    for each in found.environments:
        for revision in each.revisions:
            file = tree.file(revision.path)
            yield (file.text or "") if file is not None else ""
