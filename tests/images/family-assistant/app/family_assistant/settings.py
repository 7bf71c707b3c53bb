"""The environment as the real application reads it."""

import dataclasses
import logging
import os

log = logging.getLogger("family_assistant.settings")


@dataclasses.dataclass(frozen=True)
class Settings:
    database_url: str
    alembic_config: str
    telegram_token: str | None
    telegram_api: str
    allowed_users: list[int]
    developer_chat: int | None
    names: dict[int, str]
    storage_paths: dict[str, str]
    config_files: dict[str, str]

    @staticmethod
    def read(environment=os.environ) -> "Settings":
        developer = environment.get("DEVELOPER_CHAT_ID")
        return Settings(
            database_url=environment["DATABASE_URL"],
            alembic_config=environment.get("ALEMBIC_CONFIG", "/app/alembic.ini"),
            telegram_token=environment.get("TELEGRAM_BOT_TOKEN") or None,
            telegram_api=environment.get("TELEGRAM_API_BASE_URL", "https://api.telegram.org").rstrip("/"),
            # The alias is read only when the first is unset, not when it is empty.
            allowed_users=_integers(environment.get("ALLOWED_USER_IDS", environment.get("ALLOWED_CHAT_IDS", ""))),
            developer_chat=int(developer) if developer and developer.lstrip("-").isdigit() else None,
            names=_names(environment.get("CHAT_ID_TO_NAME_MAP", "")),
            storage_paths={
                "DOCUMENT_STORAGE_PATH": environment.get("DOCUMENT_STORAGE_PATH", "/mnt/data/files"),
                "ATTACHMENT_STORAGE_PATH": environment.get("ATTACHMENT_STORAGE_PATH", "/mnt/data/mailbox/attachments"),
                "CHAT_ATTACHMENT_STORAGE_PATH": environment.get("CHAT_ATTACHMENT_STORAGE_PATH", "/tmp/chat_attachments"),
            },
            config_files={
                "config.yaml": "/app/config.yaml",
                "prompts.yaml": "/app/prompts.yaml",
                "mcp_config.json": environment.get("MCP_CONFIG_PATH", "/app/mcp_config.json"),
                "logging.conf": environment.get("LOGGING_CONFIG", "/app/logging.conf"),
            },
        )

    def may_talk(self, user: int) -> bool:
        """Fails open, as the real one does: an empty list lets everybody in."""
        return not self.allowed_users or user in self.allowed_users


def _integers(value: str) -> list[int]:
    try:
        return [int(part) for part in value.split(",") if part.strip()]
    except ValueError:
        log.error("Invalid list of user ids, ignored: nobody is refused")
        return []


def _names(value: str) -> dict[int, str]:
    pairs = (part.split(":", 1) for part in value.split(",") if ":" in part)
    try:
        return {int(chat): name.strip() for chat, name in pairs}
    except ValueError:
        log.error("Invalid CHAT_ID_TO_NAME_MAP, ignored")
        return {}
