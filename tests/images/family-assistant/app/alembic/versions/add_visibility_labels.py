"""Notes that not everyone sees."""

import sqlalchemy as sa
from alembic import op

revision = "add_visibility_labels"
down_revision = "c7b6ea1d14f4"


def upgrade():
    op.add_column("notes", sa.Column("visibility_labels", sa.JSON))


def downgrade():
    op.drop_column("notes", "visibility_labels")
