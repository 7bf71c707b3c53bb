"""A revision that nothing but a restore can take back."""

import sqlalchemy as sa
from alembic import op

revision = "add_one_way"
down_revision = "add_a2a_tasks"


def upgrade():
    op.add_column("tasks", sa.Column("priority", sa.Integer, nullable=False, server_default="0"))


def downgrade():
    raise NotImplementedError("add_one_way has no downgrade")
