"""Attachments have a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "9ead44a79229"
down_revision = "df4c339d1045"


def upgrade():
    op.create_table(
        "attachment_metadata",
        sa.Column("attachment_id", sa.String(36), primary_key=True),
        sa.Column("source_type", sa.Text, nullable=False),
        sa.Column("storage_path", sa.Text),
        sa.Column("size", sa.BigInteger, nullable=False, server_default="0"),
    )


def downgrade():
    op.drop_table("attachment_metadata")
