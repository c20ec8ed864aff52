"""The bridge as a process that is killed and started again."""

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30.0
# Modules take most of the time a process needs to start: the next one loads them while its predecessor runs.
WARM = """
import sys
import alembic.command
import bridge.app
import bridge.cli.run
bridge.app.settings_models()
sys.stdin.readline()
from bridge.__main__ import main
main()
"""


@dataclass
class Child:
    """``textbridge run`` with a configuration; what it writes is added to a file."""

    config: Path
    offset: Path
    log: Path
    port: int
    process: asyncio.subprocess.Process | None = None
    next: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; it is not ready yet."""
        self.process, self.next = self.next or await self._load(), None
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.next = await self._load()

    async def _load(self) -> asyncio.subprocess.Process:
        """A process that waits for its turn."""
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", WARM, "--config", str(self.config)),
                *("run", "--clock-offset", str(self.offset)),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Return once it takes connections. Raises when it ended instead."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if self.process is None or self.process.returncode is not None:
                raise RuntimeError(f"the bridge ended by itself; see {self.log}")
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.02)
        raise RuntimeError("the bridge does not get ready")

    async def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            if self.process.returncode is None:
                self.process.kill()
            await self.process.wait()

    async def close(self) -> None:
        """End everything."""
        await self.kill()
        if self.next is not None:
            self.next.kill()
            await self.next.wait()

    async def stop(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            async with asyncio.timeout(60):
                await self.process.wait()
