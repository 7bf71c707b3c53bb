"""Answers messages: who may talk, and what is said back."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from . import storage
from .telegram import TelegramError

log = logging.getLogger("family_assistant.telegram_bot")


class Conversation:
    def __init__(self, settings, engine, api):
        self._settings = settings
        self._engine = engine
        self._api = api

    def handle(self, update: dict) -> None:
        message = update.get("message") or {}
        chat_id = message.get("chat", {}).get("id")
        user = message.get("from", {}).get("id", chat_id)
        text = message.get("text", "")
        log.info("Received message chat_id=%s user_id=%s", chat_id, user)
        if not self._settings.may_talk(user):
            log.warning("Unauthorized chat_id=%s, ignored", chat_id)
            return
        try:
            if text == "/fail":
                raise RuntimeError("asked to fail")
            storage.save_message(self._engine, chat_id, "user", text)
            name = self._settings.names.get(chat_id)
            answer = f"{name}, you said: {text}" if name else f"You said: {text}"
            self._say(chat_id, answer)
            storage.save_message(self._engine, chat_id, "assistant", answer)
        except (SQLAlchemyError, RuntimeError) as error:
            log.exception("Error while handling an update")
            if self._settings.developer_chat is not None:
                self._say(self._settings.developer_chat, f"Error: {type(error).__name__}")

    def _say(self, chat_id: int, text: str) -> None:
        try:
            self._api.call("sendMessage", {"chat_id": chat_id, "text": text})
        except TelegramError as error:
            log.error("Cannot send to chat_id=%s: %s", chat_id, error)
