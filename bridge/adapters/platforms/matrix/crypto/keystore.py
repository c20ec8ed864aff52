"""The device's keys: one SQLite file in ``state_dir``, owned by exactly one process.

nio keeps accounts, sessions and devices in it. What one answer of the server brings is written in one transaction: a
process that dies half-way has either all of it or none, and the server repeats what was not acknowledged.
"""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nio.crypto import Olm
from nio.store import SqliteStore

from bridge.ports.errors import SendDeferred

FILE, LOCK = "keys.db", "keys.lock"
_IN_USE = (
    "Another process has the Matrix keys in {where} open, and two would break them: stop the other one, or give this "
    "one a state_dir and a log-in of its own."
)


class DeviceKeys(Olm):
    """nio's machine, which also takes a key again from the device that made it."""

    def _should_accept_forward(self, sender: str, sender_key: str, event: Any) -> bool:
        """Whether a key we asked for comes from its maker; nio takes none but from verified devices of our own."""
        asked: Any = self.outgoing_key_requests.get(event.session_id)
        made_by = event.source.get("content", {}).get("sender_key")
        device: Any = self.device_store.device_from_sender_key(sender, sender_key)
        return (
            asked is not None
            and (asked.room_id, asked.algorithm) == (event.room_id, event.algorithm)
            and device is not None
            and made_by == sender_key
        )


class KeyStore:
    """Opened once, and closed; ``olm`` is nio's machine, whose functions do no input or output but to the file."""

    def __init__(self, directory: Path, user_id: str, device: str) -> None:
        """Open it, or make it. Raises ``SendDeferred`` while another process has it, ``OSError``."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._whose = (user_id, device)
        self._lock = os.open(directory / LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(os.open(directory / FILE, os.O_WRONLY | os.O_CREAT, 0o600))
            self._store = SqliteStore(user_id, device, str(directory), database_name=FILE)
        except BlockingIOError:
            os.close(self._lock)
            raise SendDeferred(_IN_USE.format(where=directory)) from None
        except BaseException:
            os.close(self._lock)
            raise
        self._database: Any = self._store.database
        self.olm: Any = DeviceKeys(user_id, device, self._store)

    @contextmanager
    def together(self) -> Generator[Any]:
        """Write all that happens inside, or nothing of it."""
        try:
            with self._database.atomic():
                yield self.olm
        except BaseException:
            self.olm = DeviceKeys(*self._whose, self._store)  # what memory knows and the file does not is forgotten
            raise

    def close(self) -> None:
        """Close it and let others have it."""
        self._database.close()
        os.close(self._lock)
