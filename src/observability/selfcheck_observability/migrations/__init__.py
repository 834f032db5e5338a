"""The versions of the store, one Alembic revision each; `store.migrate` applies them."""
