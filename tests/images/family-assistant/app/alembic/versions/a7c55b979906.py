"""Web push."""

import sqlalchemy as sa
from alembic import op

revision = "a7c55b979906"
down_revision = "abc123"


def upgrade():
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_identifier", sa.Text, nullable=False),
        sa.Column("subscription", sa.JSON, nullable=False),
    )


def downgrade():
    op.drop_table("push_subscriptions")
