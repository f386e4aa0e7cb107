"""Alembic's environment: the connection is handed over by `archiver.store.migrate`, inside its transaction."""

from alembic import context

from archiver.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
# The caller's transaction is the only one: a migration is whole or not at all.
context.run_migrations()
