"""DATABASE_URL as the real application reads it, through the asyncpg driver's eyes."""

import sqlalchemy
from sqlalchemy.engine import URL, make_url

# What asyncpg.connect() and SQLAlchemy's dialect for it take; anything else is a TypeError at the first connection.
_KNOWN_OPTIONS = {
    "ssl", "timeout", "command_timeout", "statement_cache_size", "prepared_statement_cache_size", "target_session_attrs",
}


def for_psycopg2(url: str) -> URL:
    """The same database for the driver that Debian has. SQLAlchemy decodes the percent-encoded password."""
    parsed = make_url(url)
    if parsed.drivername != "postgresql+asyncpg":
        raise sqlalchemy.exc.InvalidRequestError(
            f"The asyncio extension requires an async driver to be used. The loaded '{parsed.drivername}' is not async."
        )
    unknown = set(parsed.query) - _KNOWN_OPTIONS
    if unknown:
        raise TypeError(f"connect() got an unexpected keyword argument '{sorted(unknown)[0]}'")
    query = {"sslmode": parsed.query["ssl"]} if "ssl" in parsed.query else {}
    return parsed.set(drivername="postgresql+psycopg2", query=query)


def create_engine(url: str) -> sqlalchemy.engine.Engine:
    """A small pool, as a process that runs for long keeps one: an idle connection stays open."""
    return sqlalchemy.create_engine(
        for_psycopg2(url), pool_size=2, pool_pre_ping=True, connect_args={"connect_timeout": 10}
    )
