"""A second child of add_is_skill_notes: with add_a2a_tasks beside it there are two heads."""

import sqlalchemy as sa
from alembic import op

revision = "add_note_pins"
down_revision = "add_is_skill_notes"


def upgrade():
    op.add_column("notes", sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("notes", "pinned")
