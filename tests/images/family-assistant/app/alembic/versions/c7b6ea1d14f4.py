"""Time zones in the error log: the one revision whose downgrade loses nothing."""

import sqlalchemy as sa
from alembic import op

revision = "c7b6ea1d14f4"
down_revision = "add_worker_tasks"


def upgrade():
    op.alter_column(
        "error_logs", "timestamp", type_=sa.DateTime(timezone=True), postgresql_using="timestamp AT TIME ZONE 'UTC'"
    )


def downgrade():
    op.alter_column("error_logs", "timestamp", type_=sa.DateTime(), postgresql_using="timestamp AT TIME ZONE 'UTC'")
