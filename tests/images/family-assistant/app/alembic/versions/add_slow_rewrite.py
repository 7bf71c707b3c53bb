"""Takes as long as STANDIN_MIGRATION_SECONDS says."""

import os

import sqlalchemy as sa
from alembic import op

revision = "add_slow_rewrite"
down_revision = "add_a2a_tasks"


def create():
    """What a new database gets, where the application creates its tables without running revisions."""
    op.add_column("documents", sa.Column("rewritten", sa.Boolean, nullable=False, server_default=sa.false()))


def upgrade():
    create()
    # In the database, as a long table rewrite would be: the server goes on with it when the client is killed.
    op.execute(sa.text("SELECT pg_sleep(:seconds)").bindparams(seconds=float(os.environ["STANDIN_MIGRATION_SECONDS"])))


def downgrade():
    op.drop_column("documents", "rewritten")
