"""Synapse as a process: one SQLite database, loopback only, nobody to federate with."""

import asyncio
import base64
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
import yaml

from bridge.sandbox.matrix.errors import MatrixFailed

HOST, SERVER_NAME = "127.0.0.1", "localhost"
READY_SECONDS, STOP_SECONDS = 90.0, 15.0
LEASH = Path(__file__).with_name("leashed.py")
_FREELY = {"per_second": 10_000, "burst_count": 10_000}
_OK = 200


class Homeserver:
    """Starts and stops Synapse on the files in ``home``; ``offset`` tells how far its clock is ahead, in seconds."""

    def __init__(self, python: Path, home: Path, port: int, secret: str, offset: Callable[[], float]) -> None:
        """``secret``: with which accounts are registered."""
        self.url = f"http://{HOST}:{port}"
        self._python = python
        self._home = home
        self._log = home / "synapse.log"
        self._port = port
        self._secret = secret
        self._offset = offset
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it and wait until it answers. Raises ``MatrixFailed``."""
        if self.running:
            return
        await self._spawn()
        try:
            async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
                while not await self._answers(session):
                    if not self.running:
                        raise MatrixFailed(f"Synapse did not start. Its log says why: {self._log}")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            await self.kill()
            raise MatrixFailed(f"Synapse did not start in time. Its log: {self._log}") from None

    async def _spawn(self) -> None:
        config = self._home / "homeserver.yaml"
        config.write_text(yaml.safe_dump(self._settings()))
        leash = ("-P", str(LEASH), str(self._home / "lock"), str(self._offset()))
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(self._python),
                *leash,
                "-c",
                str(config),
                stdin=asyncio.subprocess.PIPE,  # kept open: its end is the end of Synapse, even if we are killed
                stdout=log,
                stderr=log,
                cwd=self._home,
                env={**os.environ, "PYTHONWARNINGS": "ignore"},
                start_new_session=True,  # Ctrl-C is for the sandbox, which ends it in its own time
            )

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(f"{self.url}/health") as answer:
                return answer.status == _OK
        return False

    def moved(self) -> None:
        """Let its clock follow the sandbox's."""
        if self.running and self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(f"{self._offset()}\n".encode())

    async def stop(self) -> None:
        """Let it end, and wait until it has."""
        if self._process is not None and self.running:
            self._process.terminate()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()

    async def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()

    def _settings(self) -> dict[str, object]:
        key = self._home / "signing.key"
        if not key.exists():
            key.write_text(f"ed25519 a_sandbox {base64.b64encode(os.urandom(32)).decode().rstrip('=')}\n")
        resources = [{"names": ["client", "health"]}]
        return {
            "server_name": SERVER_NAME,
            "listeners": [{"port": self._port, "bind_addresses": [HOST], "type": "http", "resources": resources}],
            "database": {"name": "sqlite3", "args": {"database": str(self._home / "homeserver.db")}},
            "signing_key_path": str(key),
            "media_store_path": str(self._home / "media"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "report_stats": False,
            "presence": {"enabled": False},
            "url_preview_enabled": False,
            "bcrypt_rounds": 4,
            "max_upload_size": "25M",
            "filter_timeline_limit": 1000,  # the page shows a room from its beginning
            **dict.fromkeys(("rc_message", "rc_registration", "rc_joins_per_room", "rc_room_creation"), _FREELY),
            "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _FREELY),
            "rc_joins": dict.fromkeys(("local", "remote"), _FREELY),
            "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _FREELY),
        }
