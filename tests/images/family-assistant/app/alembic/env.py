"""Alembic's entry: the same for the command line and for the application's own start."""

import logging.config
import os

from alembic import context

from family_assistant import database_url


def migrate(connection):
    # One transaction for all revisions: a failure leaves nothing behind, and a kill in the middle loses everything.
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
elif (shared := context.config.attributes.get("connection")) is not None:
    migrate(shared)
else:
    # Only for the command line: the application has its own logging.
    logging.config.fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    with database_url.create_engine(os.environ["DATABASE_URL"]).connect() as own:
        migrate(own)
