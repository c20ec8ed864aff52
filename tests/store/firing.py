"""A process that fires timers until none is due. Run by test_timers.py, which may kill it at any moment."""

import asyncio
import sys

from bridge.domain.policy import Policy
from bridge.pipeline.in_force import InForce
from bridge.pipeline.timers import Timers
from bridge.store import open_store
from tests.store.builders import later

LATE = 100_000.0


async def main(url: str) -> None:
    """Fire what is due; stop when nothing is."""
    store = await open_store(url, lambda: later(LATE))
    timers = Timers(store, lambda: later(LATE), InForce(Policy(lines={})))
    while await store.transact(lambda unit: unit.next_timer()) is not None:  # noqa: ASYNC110 - others fire too
        await asyncio.sleep(await store.transact(timers.fire))
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
