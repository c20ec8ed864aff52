"""Alembic's entry: works on the connection, and in the transaction, that migrate.py gives it."""

from alembic import context

from bridge.store.indexes import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
