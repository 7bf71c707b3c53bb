"""Automations on a schedule."""

import sqlalchemy as sa
from alembic import op

revision = "abc123"
down_revision = "9ead44a79229"


def upgrade():
    op.create_table(
        "schedule_automations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("recurrence_rule", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    )


def downgrade():
    op.drop_table("schedule_automations")
