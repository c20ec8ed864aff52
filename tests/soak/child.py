"""The bridge as a process that is killed and started again."""

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0


@dataclass
class Child:
    """``textbridge run`` with a configuration; what it writes is added to a file."""

    config: Path
    offset: Path
    log: Path
    port: int
    nursery: asyncio.subprocess.Process | None = None
    running: bool = False

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
        await self._tell("start")
        self.running = True

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
