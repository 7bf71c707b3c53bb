"""Messages have attachments."""

import sqlalchemy as sa
from alembic import op

revision = "df4c339d1045"
down_revision = "6daf0237b0ba"


def upgrade():
    op.add_column("message_history", sa.Column("attachments", sa.JSON))


def downgrade():
    op.drop_column("message_history", "attachments")
