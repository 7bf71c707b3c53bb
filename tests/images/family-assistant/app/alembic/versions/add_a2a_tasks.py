"""Tasks from other agents."""

import sqlalchemy as sa
from alembic import op

revision = "add_a2a_tasks"
down_revision = "add_is_skill_notes"


def upgrade():
    op.create_table(
        "a2a_tasks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade():
    op.drop_table("a2a_tasks")
