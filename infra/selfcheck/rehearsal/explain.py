"""Why no migration could be judged, in a person's words, with what would mend it."""

from selfcheck.errors import CannotJudge
from selfcheck.rehearsal.rehearse import Failure

REMEDIES = {
    "tools": "name the project's interpreter under `python`, or install it there",
    "driver": "install a driver beside the project, such as psycopg, asyncpg or aiosqlite",
    "elsewhere": "let env.py make its engine by SQLAlchemy, from any URL: it leads to the database of the rehearsal",
    "several": "name environments that have one database each under `paths`",
    "idle": "let env.py run the migrations when it is loaded",
    "metadata": "set `target_metadata` to the metadata of the models",
    "ModuleNotFoundError": "name the interpreter that has what the project needs under `python`, the folders of its own "
    "modules under `python_path`",
    "NoEventLoopError": "the project wants its own command for its migrations",
}
STAGES = {
    "start": ("the settings of alembic cannot be read", "see that `alembic history` works"),
    "graph": ("the graph of the migrations is broken", "`migrations-graph` tells where"),
    "env": ("env.py fails", "what it needs goes under `variables`, `env` or `x`"),
    "settings": (
        "the settings of Django fail",
        "name them under `settings`, what they need under `variables` or `env`",
    ),
    "upgrade": (
        "the upgrade fails",
        "see `alembic upgrade head` on an empty database; where a new database begins otherwise, say it under `bootstrap`",
    ),
    "create_all": ("the models cannot be created", "see `metadata.create_all()` on an empty database"),
    "load": ("the schema file cannot be loaded", "name one without data under `sql`"),
    "compare": ("alembic cannot compare", "see `alembic check`"),
    "dump": ("the schema cannot be read", "use `mode: project`"),
}


def unjudged(name: str, failed: Failure) -> CannotJudge:
    """The error of one environment."""
    reason, remedy = STAGES.get(failed.stage, (f"{failed.stage} fails", "see the same command of alembic"))
    where = f" in revision {failed.revision}" if failed.revision else ""
    at = f" ({failed.at})" if failed.at else ""
    remedy = REMEDIES.get(failed.kind, remedy)
    if failed.kind in ("tools", "driver", "elsewhere", "several", "idle", "metadata"):
        return CannotJudge(f"{name}: {failed.says}", remedy)
    return CannotJudge(f"{name}: {reason}{where}: {failed.says}{at}", remedy)
