"""Fails after it has changed something; the transaction takes that back."""

import sqlalchemy as sa
from alembic import op

revision = "add_broken_index"
down_revision = "add_a2a_tasks"


def create():
    """What a new database gets, where the application creates its tables without running revisions."""


def upgrade():
    op.create_table("half_done", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("CREATE INDEX broken ON notes (no_such_column)")


def downgrade():
    op.drop_table("half_done")
