"""From start to stop: settings, folders, database, web server, Telegram."""

import datetime
import logging
import os
import pathlib
import signal
import socket
import sys
import threading

import yaml

from . import database_url, health, storage
from .conversation import Conversation
from .image import Image
from .settings import Settings
from .telegram import BotApi, Poller
from .web import Server, digest, environment

log = logging.getLogger("family_assistant")


class Application:
    def __init__(self, image: Image, settings: Settings, stopping: threading.Event):
        self.image = image
        self.settings = settings
        self.stopping = stopping
        self.started = datetime.datetime.now(datetime.timezone.utc)
        self.files = _read_files(settings)
        self.engine = database_url.create_engine(settings.database_url)
        self.health = health.Health(health.INITIALIZING if settings.telegram_token else health.DISABLED)
        self.poller: Poller | None = None

    def run(self) -> int:
        _prepare_folders(self.settings)
        if not self._initialize_storage():
            return 0
        # The image that is slow before its web server answers.
        if self.stopping.wait(self.image.start_seconds):
            return 0
        server = Server(self)
        self._thread(server.serve_forever, 0.1)
        log.info("Web server listens on %s:%d", *server.server_address)
        self._thread(storage.work_on_tasks, self.engine, self.stopping)
        polling = self._start_polling()
        self._misbehave_later()
        self.stopping.wait()
        log.info("Stopping")
        # The image that stops slowly goes on polling meanwhile.
        if self.image.stop_seconds:
            threading.Event().wait(self.image.stop_seconds)
        if self.poller is not None:
            self.poller.stop()
        if polling is not None:
            polling.join(1)
        server.shutdown()
        self.engine.dispose()
        log.info("Stopped")
        return 0

    def _initialize_storage(self) -> bool:
        """False when it was told to stop first: a statement that runs cannot be interrupted, so nobody waits for it."""
        failures = []

        def initialize():
            try:
                storage.initialize(self.engine, self.settings.alembic_config, self.stopping)
            except Exception as error:  # handed to the main thread
                failures.append(error)

        thread = self._thread(initialize)
        while thread.is_alive() and not self.stopping.is_set():
            thread.join(0.05)
        if failures:
            raise failures[0]
        return not self.stopping.is_set()

    def describe(self) -> dict:
        return {
            "tag": self.image.tag,
            "pid": os.getpid(),
            "startedAt": self.started.isoformat(),
            "hostname": socket.gethostname(),
            "revisions": storage.revisions(self.engine),
            "telegramEnabled": self.settings.telegram_token is not None,
            "allowedUsers": self.settings.allowed_users,
            "developerChat": self.settings.developer_chat,
            "names": {str(chat): name for chat, name in self.settings.names.items()},
            "storagePaths": self.settings.storage_paths,
            "files": self.files,
            "environment": environment(),
        }

    def _start_polling(self) -> threading.Thread | None:
        token = self.settings.telegram_token
        if token is None or self.image.always_initializing:
            return None
        user_agent = f"family-assistant/{self.image.tag} (pod={socket.gethostname()}; pid={os.getpid()}; start={self.started.timestamp():.3f})"
        polls = BotApi(self.settings.telegram_api, token, user_agent)
        says = BotApi(self.settings.telegram_api, token, user_agent)
        self.poller = Poller(polls, self.image, self.health, Conversation(self.settings, self.engine, says).handle)
        return self._thread(self.poller.run)

    def _misbehave_later(self) -> None:
        if self.image.unhealthy_after_seconds is not None:
            self._later(self.image.unhealthy_after_seconds, lambda: self.health.force(health.STOPPED))
        if self.image.crash_after_seconds is not None:
            # Not sys.exit: that would only end the timer's thread.
            self._later(self.image.crash_after_seconds, lambda: (log.critical("Fatal: this image ends after a while"), os._exit(1)))

    @staticmethod
    def _later(seconds: float, action) -> None:
        timer = threading.Timer(seconds, action)
        timer.daemon = True
        timer.start()

    @staticmethod
    def _thread(action, *arguments) -> threading.Thread:
        thread = threading.Thread(target=action, args=arguments, daemon=True)
        thread.start()
        return thread


def _read_files(settings: Settings) -> dict[str, str]:
    digests = {}
    for name, path in settings.config_files.items():
        try:
            content = pathlib.Path(path).read_bytes()
            digests[name] = digest(content)
            if name == "config.yaml":
                yaml.safe_load(content)
        except FileNotFoundError:
            log.warning("%s not found, defaults are used", path)
        except yaml.YAMLError as error:
            log.error("%s cannot be parsed, defaults are used: %s", path, error)
    return digests


def _prepare_folders(settings: Settings) -> None:
    """Fails loudly where a folder cannot be written."""
    for name, path in settings.storage_paths.items():
        try:
            folder = pathlib.Path(path)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / ".last-start").write_text(datetime.datetime.now(datetime.timezone.utc).isoformat())
        except OSError as error:
            raise SystemExit(f"{name}={path} cannot be written: {error}") from error


def main() -> int:
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s"
    )
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    image = Image.load()
    log.info("Family Assistant %s starts", image.tag)
    if image.crash_at_start:
        raise RuntimeError("this image always fails at start")
    settings = Settings.read()
    # As the real one does, password included: whoever quotes this log has to redact it.
    log.info("Using database: %s", settings.database_url)
    return Application(image, settings, stopping).run()
