"""Initial schema. The vector extension has to be there already: only the application's own first start creates it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6daf0237b0ba"
down_revision = None


def key():
    return sa.Column("id", sa.Integer, primary_key=True)


def upgrade():
    op.create_table(
        "notes",
        key(),
        sa.Column("title", sa.Text, nullable=False, unique=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("include_in_prompt", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_table(
        "tasks",
        key(),
        sa.Column("task_id", sa.Text, nullable=False, unique=True),
        sa.Column("task_type", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False, server_default="pending"),
        sa.Column("scheduled_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "message_history",
        sa.Column("internal_id", sa.BigInteger, primary_key=True),
        sa.Column("conversation_id", sa.String(255), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "event_listeners",
        key(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("match_conditions", postgresql.JSONB, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    )
    op.create_table(
        "received_emails",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("sender_address", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("body_plain", sa.Text),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "documents",
        key(),
        sa.Column("source_type", sa.String(50), nullable=False),
        sa.Column("source_id", sa.Text, nullable=False, unique=True),
        sa.Column("title", sa.Text),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "document_embeddings",
        key(),
        sa.Column("document_id", sa.Integer, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("chunk_index", sa.Integer, nullable=False),
        sa.Column("embedding_model", sa.String(100), nullable=False),
    )
    # SQLAlchemy does not know the type.
    op.execute("ALTER TABLE document_embeddings ADD COLUMN embedding vector NOT NULL")
    op.create_table(
        "api_tokens",
        key(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hashed_token", sa.Text, nullable=False, unique=True),
        sa.Column("is_revoked", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "recent_events",
        key(),
        sa.Column("event_id", sa.String(100), nullable=False, unique=True),
        sa.Column("event_data", postgresql.JSONB, nullable=False),
    )
    op.create_table(
        "error_logs",
        key(),
        sa.Column("timestamp", sa.DateTime, nullable=False),
        sa.Column("level", sa.String(50), nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    )


def downgrade():
    for table in (
        "error_logs", "recent_events", "api_tokens", "document_embeddings", "documents",
        "received_emails", "event_listeners", "message_history", "tasks", "notes",
    ):
        op.drop_table(table)
