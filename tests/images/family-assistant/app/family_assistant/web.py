"""The web server: health, mail webhook, a page, and what tests may ask."""

import hashlib
import http.server
import json
import logging
import os
import socket
import urllib.parse

from sqlalchemy.exc import SQLAlchemyError

from . import health, storage

log = logging.getLogger("family_assistant.web")

PORT = 8000


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, application):
        self.application = application
        # Never 0.0.0.0: the pods of this machine share its network, each has an address of its own.
        super().__init__((socket.gethostbyname(socket.gethostname()), PORT), Handler)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "uvicorn"
    sys_version = ""
    timeout = 30

    def do_GET(self):
        match urllib.parse.urlsplit(self.path).path:
            case "/health":
                code, status, reason = self.server.application.health.get()
                self._json(code, {"status": status, "reason": reason})
            case "/standin/state":
                self._json(200, self.server.application.describe())
            case "/":
                self._answer(200, "text/html", b"<!doctype html><title>Family Assistant</title><h1>Family Assistant</h1>")
            case _:
                self._json(404, {"detail": "Not Found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        match urllib.parse.urlsplit(self.path).path:
            case "/webhook/mail":
                self._receive_mail(body)
            case "/standin/health":
                self.server.application.health.force(health.STATES.get(body.decode().strip()))
                self._json(200, {"status": "set"})
            case _:
                self._json(404, {"detail": "Not Found"})

    def _receive_mail(self, body: bytes) -> None:
        try:
            fields = self._fields(body)
            storage.save_email(self.server.application.engine, fields.get("sender"), fields.get("subject"), fields.get("body-plain"))
        except ValueError:
            self._json(400, {"detail": "Bad Request"})
        except SQLAlchemyError:
            log.exception("Cannot store a mail")
            self._json(500, {"detail": "Internal Server Error"})
        else:
            self._json(200, {"status": "received"})

    def _fields(self, body: bytes) -> dict:
        if self.headers.get_content_type() == "application/json":
            fields = json.loads(body)
            if not isinstance(fields, dict):
                raise ValueError("an object is expected")
            return fields
        return dict(urllib.parse.parse_qsl(body.decode()))

    def _json(self, code: int, content: dict) -> None:
        self._answer(code, "application/json", json.dumps(content).encode())

    def _answer(self, code: int, kind: str, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):  # noqa: A002 - the base class names it so
        pass  # probes would fill the log


def digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def environment() -> dict[str, str]:
    """Names and digests: a test compares with the value that it expects."""
    return {name: digest(value.encode(errors="surrogateescape")) for name, value in sorted(os.environ.items())}
