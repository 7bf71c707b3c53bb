"""What GET /health says. The words and codes are those of the real application."""

import threading

OK = (200, "ok", "Telegram polling active")
DISABLED = (200, "healthy", "Web service running (Telegram disabled)")
INITIALIZING = (200, "initializing", "Telegram service initializing")
STOPPED = (503, "unhealthy", "Telegram polling stopped")
INITIALIZATION_ERROR = (503, "unhealthy", "Telegram service initialization error")
CONFLICT = (
    503,
    "unhealthy",
    "Telegram polling stopped due to Conflict error: Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
)

STATES = {
    "ok": OK,
    "healthy": DISABLED,
    "initializing": INITIALIZING,
    "stopped": STOPPED,
    "conflict": CONFLICT,
    "initialization-error": INITIALIZATION_ERROR,
}


class Health:
    def __init__(self, state):
        self._lock = threading.Lock()
        self._state = state
        self._forced = None

    def set(self, state) -> None:
        with self._lock:
            self._state = state

    def force(self, state) -> None:
        """For tests: shows this instead of the truth, until None is forced."""
        with self._lock:
            self._forced = state

    def get(self):
        with self._lock:
            return self._forced or self._state
