"""Tasks for workers."""

import sqlalchemy as sa
from alembic import op

revision = "add_worker_tasks"
down_revision = "a7c55b979906"


def upgrade():
    op.create_table(
        "worker_tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("task_id", sa.Text, nullable=False, unique=True),
        sa.Column("status", sa.Text, nullable=False, server_default="pending"),
    )


def downgrade():
    op.drop_table("worker_tasks")
