"""The models and the migrations make one schema: both are run, on databases that were made for it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from selfcheck.check import Canary, Evidence, Finding, Need, Repository, Seen, Strictness, Unprovable
from selfcheck.checks.migrations.drift_findings import Places, django, project, strict, trip
from selfcheck.checks.migrations.drifting import add_model, rename_table
from selfcheck.checks.migrations.running import Project, projects, server
from selfcheck.checks.migrations.scope import MigrationCheck
from selfcheck.errors import CannotJudge
from selfcheck.guardrail import Text
from selfcheck.rehearsal.explain import unjudged
from selfcheck.rehearsal.interpreter import interpreter
from selfcheck.rehearsal.isolation import OPEN, strongest
from selfcheck.rehearsal.rehearse import Stage, Told
from selfcheck.subjects.migrations import EVERYWHERE
from selfcheck.subjects.migrations.mapped import by_name, mapped

Bootstrap = Literal["migrations", "create_all_then_stamp", "sql_file"]


class MigrationsDrift(MigrationCheck, kw_only=True):
    """The migrations make the schema that the models mean: no revision is missing, and none makes what no model has.

    The project's own interpreter runs env.py, on databases that were made for it and that nothing else can be reached from.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.PROGRAM, Need.BASE})
    subject: ClassVar[str | None] = None
    strictness: ClassVar[Mapping[str, Strictness]] = {"round_trip": Strictness.MORE}

    mode: Literal["project", "strict"] = "project"
    bootstrap: Bootstrap = "migrations"
    sql: Text = "schema.sql"
    round_trip: bool = False
    python: Text | None = None
    python_path: tuple[Text, ...] = (".", "src")
    engine: Literal["postgresql", "sqlite"] | None = None
    server: Text | None = None
    env: tuple[Text, ...] = ()
    variables: dict[Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")], str] | None = None
    x: tuple[Text, ...] = ()
    settings: Text | None = None
    isolation: Literal["best", "required"] = "best"

    @property
    def asks_for(self) -> frozenset[Need]:
        """A base, only where a new database begins with the schema of the models."""
        return self.needs if self.bootstrap == "create_all_then_stamp" else frozenset({Need.PROGRAM})

    def run(self, repo: Repository) -> Iterator[Seen]:
        """One finding for each difference; an environment that cannot be judged is an error."""
        found = self.read(repo)
        yield from self.account(repo, found)
        several = projects(repo.tree, found, self.settings)
        if not several:
            yield Evidence("environments of alembic and projects of Django", scope=0, examined=0)
            return
        isolation = strongest(repo.environ)
        if isolation == OPEN and self.isolation == "required":
            raise CannotJudge("this host lets no program be shut in", "allow user namespaces, or say `isolation: best`")
        places = Places(
            by_name(repo.subject(mapped, repo.tree, repo.facts, EVERYWHERE).tables), found, len(several) > 1
        )
        copy = repo.materialised()
        before = None
        if self.bootstrap == "create_all_then_stamp" and repo.base is not None:
            before = repo.elsewhere(repo.base).materialised()
        wanted = (self.engine, self.server)
        with server(repo, found, wanted, 2 * len(several)) as served:
            for number, each in enumerate(several):
                python = interpreter(self.python, repo.disk, each.folder, repo.environ)
                stage = Stage(
                    python=python,
                    served=served,
                    isolation=isolation.reaching(network=served.is_remote),
                    environ=repo.environ,
                    passed=self.env,
                    variables=self.variables or {},
                )
                databases = served.databases[2 * number : 2 * number + 2]
                if before is not None and each.settings is None:
                    made = stage.rehearse(before, self._asked(each, ["create_all"]), databases)
                    if made.failed is not None:
                        raise unjudged(each.name, made.failed)
                told = stage.rehearse(copy, self._asked(each, self._steps, repo), databases)
                yield Evidence(f"environments run by {_by(told)} on {served.says}, {stage.isolation.says}", 1, 1)
                yield from self._told(each, told, places)

    def canaries(self, repo: Repository) -> Iterator[Canary]:
        """A revision that renames a table of the models, and a model of Django without a migration."""
        found = self.read(repo)
        several = [*rename_table(repo, found), *add_model(repo, found)]
        if not several:
            raise Unprovable("there is no migration and no model that another could be put beside")
        yield from several

    @property
    def _steps(self) -> list[str]:
        steps = ["load"] if self.bootstrap == "sql_file" else []
        steps += ["upgrade"]
        steps += ["compare"] if self.mode == "project" else ["dump migrated", "in 1", "create_all", "dump made", "in 0"]
        return [*steps, "dump before", "downgrade", "upgrade again", "dump after"] if self.round_trip else steps

    def _asked(self, each: Project, steps: list[str], repo: Repository | None = None) -> dict[str, Any]:
        asked: dict[str, Any] = {"folder": each.folder, "steps": steps, "x": self.x, "config": each.config}
        if each.settings is not None:
            asked["settings"] = each.settings
        if self.bootstrap == "sql_file" and repo is not None:
            asked["sql"] = each.statements(repo.tree, self.sql)
        return {**asked, "path": each.path(self.python_path)}

    def _told(self, each: Project, told: Told, places: Places) -> Iterator[Finding]:
        failed = told.failed
        if failed is not None and failed.stage not in ("downgrade", "again"):
            raise unjudged(each.name, failed)
        yield from django(each, told, places)
        yield from project(each, told, places)
        yield from strict(each, told, places)
        yield from trip(each, told, places)


def _by(told: Told) -> str:
    names = {"alembic": told.alembic, "SQLAlchemy": told.sqlalchemy, "Django": told.django}
    return ", ".join(f"{name} {version}" for name, version in names.items() if version)
