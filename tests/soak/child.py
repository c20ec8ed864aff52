"""The bridge as a process that is killed and started again."""

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0
WORKS, MOST = 0.4, 6.0  # the part of its life it works on a machine of its own; how much longer it may live
USER_TIME, SYSTEM_TIME = 11, 12  # places behind the name in /proc/…/stat


@dataclass
class Child:
    """``textbridge run`` with a configuration; what it writes is added to a file."""

    config: Path
    offset: Path
    log: Path
    port: int
    nursery: asyncio.subprocess.Process | None = None
    running: bool = False
    process: int = 0

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        if self.nursery is None:
            with self.log.open("ab") as log:
                self.nursery = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "tests.soak.nursery", "--config", str(self.config)),
                    *("run", "--clock-offset", str(self.offset)),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                )
        self.process = await self._tell("start")
        self.running = True

    def worked(self) -> float:
        """Seconds of processor time it had."""
        words = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(words[USER_TIME]) + int(words[SYSTEM_TIME])) / os.sysconf("SC_CLK_TCK")

    async def live(self, seconds: float) -> None:
        """Let it live so long; longer on a machine so busy that it gets nothing done."""
        loop = asyncio.get_running_loop()
        begun, worked = loop.time(), self.worked()
        await asyncio.sleep(seconds)
        while self.worked() - worked < WORKS * seconds and loop.time() - begun < MOST * seconds:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)

    async def _tell(self, word: str) -> int:
        assert self.nursery is not None
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"{word}\n".encode())
        async with asyncio.timeout(60):
            return int(await self.nursery.stdout.readline())

    async def ready(self) -> None:
        """Return once it takes connections. Raises when it ended instead."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            if not await self._tell("alive"):
                self.running = False
                raise RuntimeError(f"the bridge ended by itself; see {self.log}")
            await asyncio.sleep(0.02)
        raise RuntimeError("the bridge does not get ready")

    async def kill(self) -> None:
        """End it at once."""
        if self.running:
            self.running = False
            await self._tell("kill")

    async def ask(self) -> None:
        """Ask it to end, and do not wait for that."""
        await self._tell("ask")

    async def stop(self) -> None:
        """Ask it to end."""
        if self.running:
            self.running = False
            await self._tell("stop")

    async def close(self) -> None:
        """End everything."""
        await self.kill()
        if self.nursery is not None:
            self.nursery.kill()
            await self.nursery.wait()
