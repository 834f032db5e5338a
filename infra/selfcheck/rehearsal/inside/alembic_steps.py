"""One environment of alembic, step by step: env.py is run for each, and told what to do when it asks."""

from __future__ import annotations

import argparse
import configparser
import os
import platform
import tempfile
from typing import Any

from .differences import flat
from .dump import dump
from .engines import PG_SYNC, Database, Refused, is_there, redirected


class Rehearsal:
    """One environment of alembic, step by step."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = spec
        self.told: dict[str, Any] = {"python": platform.python_version()}
        self.stage = "start"
        self.revision: str | None = None
        self.databases = [Database(each) for each in spec["databases"]]
        self.current = self.databases[0]
        self.extensions: list[str] = []
        self.hands_over = False

    def run(self) -> None:
        """Every step that is asked for, in order."""
        try:
            import alembic
            import sqlalchemy
        except ImportError as error:
            raise Refused("tools", "the interpreter has no " + str(error.name)) from error
        self.told.update(alembic=alembic.__version__, sqlalchemy=sqlalchemy.__version__)
        os.chdir(self._folder())
        self.config = self._config()
        from alembic.script import ScriptDirectory

        self.stage = "graph"
        self.script: Any = ScriptDirectory.from_config(self.config)
        self.told["heads"] = list(self.script.get_heads())
        with redirected(lambda: self.current):
            for step in self.spec["steps"]:
                name, _, about = step.partition(" ")
                getattr(self, "step_" + name)(*([about] if about else []))

    def _folder(self) -> str:
        """Where alembic is called: from where its script location is found, going up from its settings."""
        root: str = self.spec["root"]
        written: str | None = self.spec["config"]
        here = os.path.join(root, os.path.dirname(written or ""))
        location = self._written(os.path.join(root, written)).get("script_location") if written else None
        while location and ":" not in location and here != root and "here" not in location:
            if os.path.isdir(os.path.join(here, location)):
                break
            here = os.path.dirname(here.rstrip(os.sep))
        return here

    def _written(self, path: str) -> dict[str, str]:
        """The section of the settings that is about this environment."""
        if path.endswith(".toml"):
            return {}
        parser = configparser.RawConfigParser(strict=False)
        parser.read(path, encoding="utf-8")
        several = [each for each in parser.sections() if parser.has_option(each, "script_location")]
        last = os.path.basename(self.spec["folder"])
        fits = [each for each in several if parser.get(each, "script_location").rstrip("/").endswith(last)]
        self.section = next(iter(fits or several), "alembic")
        return dict(parser.items(self.section)) if several else {}

    def _config(self) -> Any:
        from alembic.config import Config

        root: str = self.spec["root"]
        written: str | None = self.spec["config"]
        path = os.path.join(root, written) if written else None
        if path is not None and path.endswith(".toml"):
            config = Config(toml_file=path)
        elif path is not None:
            config = Config(path, ini_section=self.section)
        else:
            path = _plain()
            config = Config(path)
        config.cmd_opts = argparse.Namespace(x=list(self.spec["x"]) or None, config=path, name="alembic")
        config.set_main_option("script_location", os.path.join(root, self.spec["folder"]).replace("%", "%%"))
        url = (
            self.current.url("", is_async=False).render_as_string(hide_password=False)
            if self._has_driver()
            else "unknown://"
        )
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        return config

    def _has_driver(self) -> bool:
        return self.current.backend == "sqlite" or any(map(is_there, PG_SYNC))

    def env(self, work: Any, **options: Any) -> Any:
        """Run env.py, whose `run_migrations` asks `work(heads, context)` what to do; where it wants one, over a connection."""
        if self.hands_over:
            return self._over_connection(work, options)
        try:
            return self._env(work, options)
        except Exception as error:
            if self.stage != "env" or isinstance(error, (Refused, ImportError)) or not self._has_driver():
                raise
            # Some make no engine: they are handed a connection by the program that runs their migrations.
            try:
                context = self._over_connection(work, options)
            except Exception:
                if self.stage == "env":
                    raise error from None
                raise
            self.hands_over = True
            return context

    def _over_connection(self, work: Any, options: Any) -> Any:
        from sqlalchemy import create_engine

        with create_engine("sqlite://").connect() as connection:
            self.config.attributes["connection"] = connection
            context = self._env(work, options)
            if connection.in_transaction():
                connection.commit()
        return context

    def _env(self, work: Any, options: Any) -> Any:
        from alembic.runtime.environment import EnvironmentContext

        calls: list[Any] = []

        def fn(heads: Any, context: Any) -> Any:
            calls.append(context)
            if len(calls) > 1:
                raise Refused("several", "env.py runs the migrations for several databases or schemas")
            self.current.require(context.connection)
            self.stage = "run"
            return work(heads, context)

        self.stage = "env"
        with EnvironmentContext(self.config, self.script, fn=fn, as_sql=False, **options):
            self.script.run_env()
        if not calls:
            raise Refused("idle", "env.py runs no migrations: it did not call context.run_migrations()")
        return calls[0]

    def _metadata(self, context: Any) -> list[Any]:
        found = context.opts.get("target_metadata")
        several: list[Any] = [*found] if isinstance(found, (list, tuple)) else [found]
        if not several or any(each is None for each in several):
            raise Refused("metadata", "target_metadata is None in env.py: there are no models to compare with")
        return several

    def _each(self, stage: str, steps: Any) -> Any:
        """Steps of alembic, so that it is known in which of them it ended."""
        for step in steps:
            self.stage = stage
            self.revision = getattr(getattr(step, "revision", None), "revision", None)
            yield step
        self.revision = None

    def step_upgrade(self, stage: str = "upgrade") -> None:
        """All migrations that have not run yet."""

        def work(heads: Any, context: Any) -> Any:
            return self._each(stage, self.script._upgrade_revs("heads", heads))

        self.env(work, starting_rev=None, destination_rev="heads", tag=None)

    def step_downgrade(self) -> None:
        """All of them back."""

        def work(heads: Any, context: Any) -> Any:
            return self._each("downgrade", self.script._downgrade_revs("base", heads))

        self.env(work, starting_rev=None, destination_rev="base", tag=None)

    def _stamped(self, stage: str, make: Any) -> None:
        """Make a schema some other way, and stamp it as that of the heads, in one step of alembic's."""

        def work(heads: Any, context: Any) -> Any:
            steps = self.script._stamp_revs("heads", heads)

            def first(*args: Any, **kw: Any) -> None:
                make(context)

            if steps:
                steps[0].migration_fn = first
            return self._each(stage, steps)

        self.env(work, starting_rev=None, destination_rev="heads", tag=None)

    def step_create_all(self) -> None:
        """The schema that the models make."""
        self._stamped("create_all", self._create_all)

    def _create_all(self, context: Any) -> None:
        connection = context.connection
        several = self._metadata(context)
        if connection.dialect.name == "postgresql":
            quote = connection.dialect.identifier_preparer.quote
            for name in self.extensions:
                connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS " + quote(name))
            for name in sorted({table.schema for each in several for table in each.tables.values() if table.schema}):
                connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS " + quote(name))
        for each in several:
            each.create_all(connection)

    def step_load(self) -> None:
        """The schema that a file makes."""

        def make(context: Any) -> None:
            connection = context.connection.execution_options(no_parameters=True)
            for statement in self.spec["sql"]:
                connection.exec_driver_sql(statement)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("RESET ALL")

        self._stamped("load", make)

    def step_compare(self) -> None:
        """What alembic would write into a new revision, with the options of env.py."""
        from alembic.autogenerate import RevisionContext

        arguments = {"message": None, "autogenerate": True, "sql": False, "head": "heads", "splice": False}
        arguments.update(branch_label=None, version_path=None, rev_id=None, depends_on=None)
        revision = RevisionContext(self.config, self.script, arguments)

        def work(heads: Any, context: Any) -> Any:
            self._metadata(context)
            self.stage = "compare"
            revision.run_autogenerate(heads, context)
            return []

        self.env(work, template_args=revision.template_args, revision_context=revision)
        written = revision.generated_revisions[-1]
        found = [each for ops in written.upgrade_ops_list for each in ops.as_diffs()]
        self.told["differences"] = list(flat(found))

    def step_dump(self, name: str) -> None:
        """All that is in the database, as rows."""

        def work(heads: Any, context: Any) -> Any:
            self.stage = "dump"
            rows, self.extensions = dump(context.connection, context.version_table)
            self.told.setdefault("dumps", {})[name] = rows
            return []

        self.env(work)

    def step_in(self, number: str) -> None:
        """Go on in another database."""
        self.current = self.databases[int(number)]


def _plain() -> str:
    """Settings for an env.py that has none of its own, and may read how to log from them."""
    with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False, encoding="utf-8") as file:
        file.write("[alembic]\n[loggers]\nkeys=root\n[handlers]\nkeys=\n[formatters]\nkeys=\n")
        file.write("[logger_root]\nlevel=WARNING\nhandlers=\n")
    return file.name
