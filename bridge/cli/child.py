"""The bridge as a child process of the sandbox: the ordinary ``textbridge run``."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import aiohttp

from bridge.cli.strip import recent
from bridge.sandbox.process import StripRow

READY_SECONDS = 60.0
STOP_SECONDS = 50.0


class Child:
    """Starts, stops and kills ``textbridge run``. ``listen``: where its health is asked."""

    def __init__(self, config: Path, clock_offset: Path, listen: str, database: Path, log: Path) -> None:
        """Keep where its files are."""
        self._config = config
        self._clock_offset = clock_offset
        self._listen = listen
        self._database = database
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it and wait until it takes requests, or has failed to."""
        if self.running:
            return
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bridge",
                "--config",
                str(self._config),
                "run",
                "--leashed",
                "--clock-offset",
                str(self._clock_offset),
                stdin=asyncio.subprocess.PIPE,  # kept open: its end is the end of the bridge, even if we are killed
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while self.running and not await self._answers(session):  # noqa: ASYNC110 - another process gets ready
                await asyncio.sleep(0.05)

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(f"http://{self._listen}/health/ready") as answer:
                return answer.status == 200  # noqa: PLR2004 - HTTP
        return False

    async def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self.running:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end and wait until it has."""
        if self._process is not None and self.running:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                await self.kill()

    async def strip(self) -> Sequence[StripRow]:
        """The newest things it stored or sent, newest first."""
        return await asyncio.to_thread(recent, self._database)
