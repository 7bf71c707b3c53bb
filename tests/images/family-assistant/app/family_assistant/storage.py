"""The database at start (create or upgrade) and while running."""

import logging
import time

import alembic.command
import alembic.config
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

log = logging.getLogger("family_assistant.storage")

ATTEMPTS = 10
FIRST_DELAY_SECONDS = 2.0


def initialize(engine: Engine, config_file: str, stopping) -> None:
    """Creates or upgrades the schema. Errors of the database are tried again, everything else ends the process."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _initialize_once(engine, config_file)
            return
        except sa.exc.SQLAlchemyError as error:
            if attempt == ATTEMPTS:
                log.error("Max retries exceeded for init_db")
                raise
            delay = FIRST_DELAY_SECONDS * 2 ** (attempt - 1)
            log.warning("Database error during init_db (attempt %d/%d): %s. Retrying in %.0f s", attempt, ATTEMPTS, error, delay)
            if stopping.wait(delay):
                return


def _initialize_once(engine: Engine, config_file: str) -> None:
    config = alembic.config.Config(config_file)
    with engine.connect() as connection:
        managed = sa.inspect(connection).has_table("alembic_version")
    if managed:
        log.info("alembic_version found, upgrading to head")
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")
    else:
        log.info("alembic_version not found, creating the schema")
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS vector"))
            _create_all(connection, config)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            alembic.command.stamp(config, "head")
        log.info("Schema created and stamped with Alembic head")
    log.info("Database revision: %s", ", ".join(revisions(engine)))


def _create_all(connection: Connection, config: alembic.config.Config) -> None:
    """All tables as of this image's newest revision, without the revisions' data steps."""
    scripts = ScriptDirectory.from_config(config)
    with Operations.context(MigrationContext.configure(connection)):
        for script in reversed(list(scripts.walk_revisions())):
            getattr(script.module, "create", script.module.upgrade)()


def revisions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT version_num FROM alembic_version ORDER BY 1")).scalars())


def save_message(engine: Engine, chat_id: int, role: str, content: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO message_history (conversation_id, role, content) VALUES (:chat, :role, :content)"),
            {"chat": str(chat_id), "role": role, "content": content},
        )


def save_email(engine: Engine, sender: str | None, subject: str | None, body: str | None) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO received_emails (sender_address, subject, body_plain) VALUES (:sender, :subject, :body)"),
            {"sender": sender, "subject": subject, "body": body},
        )


def work_on_tasks(engine: Engine, stopping) -> None:
    """The task queue: takes what is due, several processes beside each other."""
    take = sa.text(
        "UPDATE tasks SET status = 'done' WHERE id = (SELECT id FROM tasks WHERE status = 'pending' "
        "AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING task_id"
    )
    while not stopping.is_set():
        started = time.monotonic()
        try:
            with engine.begin() as connection:
                task = connection.execute(take).scalar()
            if task is not None:
                log.info("Task %s done", task)
                continue
        except sa.exc.SQLAlchemyError as error:
            log.warning("Task queue: %s", error)
        stopping.wait(max(0.0, 5.0 - (time.monotonic() - started)))
