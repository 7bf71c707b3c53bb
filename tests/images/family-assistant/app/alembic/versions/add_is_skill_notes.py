"""Notes that are skills."""

import sqlalchemy as sa
from alembic import op

revision = "add_is_skill_notes"
down_revision = "add_visibility_labels"


def upgrade():
    op.add_column("notes", sa.Column("is_skill", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("notes", "is_skill")
