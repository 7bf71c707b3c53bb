"""Long polling of the Bot API, with the failure behaviour of the library that the real application uses."""

import http.client
import json
import logging
import socket
import threading
import urllib.parse

from . import health

log = logging.getLogger("telegram.ext.Updater")

POLL_SECONDS = 10


class TelegramError(Exception):
    __module__ = "telegram.error"


class NetworkError(TelegramError):
    __module__ = "telegram.error"


class Conflict(TelegramError):
    __module__ = "telegram.error"


class InvalidToken(TelegramError):
    __module__ = "telegram.error"


class BotApi:
    """One connection at a time; `abort` ends a call that waits."""

    def __init__(self, base: str, token: str, user_agent: str):
        self._base = urllib.parse.urlsplit(base)
        self._token = token
        self._user_agent = user_agent
        self._connection: http.client.HTTPConnection | None = None

    def call(self, method: str, parameters: dict | None = None, timeout: float = 10):
        kind = http.client.HTTPSConnection if self._base.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._base.hostname, self._base.port, timeout=timeout)
        self._connection = connection
        try:
            connection.request(
                "POST",
                f"{self._base.path}/bot{self._token}/{method}",
                body=json.dumps(parameters or {}),
                headers={"Content-Type": "application/json", "User-Agent": self._user_agent, "Connection": "close"},
            )
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error
        finally:
            connection.close()
        if answer.get("ok"):
            return answer["result"]
        description = answer.get("description", "")
        match answer.get("error_code"):
            case 409:
                raise Conflict(description)
            case 401 | 404:
                raise InvalidToken(description)
        raise NetworkError(description)

    def abort(self) -> None:
        connection = self._connection
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself in this moment


class Poller:
    """Starts polling, hands messages to `handle`, and keeps `state` true to what the real library would report."""

    def __init__(self, api: BotApi, image, state: health.Health, handle):
        self._api = api
        self._image = image
        self._state = state
        self._handle = handle
        self._stopping = threading.Event()

    def run(self) -> None:
        try:
            if not self._start():
                return
            self._state.set(health.OK)
            self._poll()
        except InvalidToken:
            log.error("Invalid token; aborting")
            self._state.set(health.STOPPED)

    def stop(self) -> None:
        self._stopping.set()
        self._api.abort()

    def _start(self) -> bool:
        while not self._stopping.is_set():
            try:
                bot = self._api.call("getMe")
                self._api.call("deleteWebhook")
                log.info("Telegram polling starts for bot %s", bot["id"])
                return True
            except InvalidToken as error:
                log.error("Telegram service initialization failed: %s", error)
                self._state.set(health.INITIALIZATION_ERROR)
                return False
            except TelegramError as error:
                log.warning("Telegram cannot be reached yet: %s", error)
                self._stopping.wait(1)
        return False

    def _poll(self) -> None:
        offset, pause = 0, 1.0
        while not self._stopping.is_set():
            try:
                updates = self._api.call("getUpdates", {"offset": offset, "timeout": POLL_SECONDS}, POLL_SECONDS + 10)
                pause = 1.0
            except InvalidToken:
                raise
            except TelegramError as error:
                if self._stopping.is_set():
                    return
                # Newer versions of the library say this and try again for ever; /health stays ok.
                log.exception("Exception happened while polling for updates.")
                if isinstance(error, Conflict) and self._image.conflict_stops_polling:
                    self._state.set(health.CONFLICT)
                    return
                self._stopping.wait(pause)
                pause = min(pause * 1.5, 30.0)
                continue
            for update in updates:
                offset = update["update_id"] + 1
                self._handle(update)
