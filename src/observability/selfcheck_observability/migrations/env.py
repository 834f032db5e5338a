"""What Alembic runs: on the connection that `store.migrate` hands over, or on the URL that `alembic -x url=…` names."""

from alembic import context
from sqlalchemy import Connection, create_engine

from selfcheck_observability.store.tables import metadata


def upgrade(connection: Connection) -> None:
    """The migrations that are asked for, in the transaction of this connection."""
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is None:
    with create_engine(context.get_x_argument(as_dictionary=True)["url"]).begin() as opened:
        upgrade(opened)
else:
    upgrade(given)
