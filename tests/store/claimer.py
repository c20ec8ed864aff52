"""A process that makes calls until there are none: prints each as ``lane seq attempts``. Run by test_processes.py."""

import asyncio
import sys

from bridge.ports.rows import Settlement
from bridge.ports.store import Store
from bridge.store import open_store
from tests.store.builders import NOW, begin, claim, settle


async def some(store: Store, holder: str) -> int:
    """Make a few calls; returns how many."""
    begun = await begin(store, await claim(store, limit=3, holder=holder))
    for row in begun:
        sys.stdout.write(f"{row.lane} {row.seq} {row.attempts}\n")
    settled = await settle(store, *(Settlement(row=row, status="done") for row in begun), holder=holder)
    if settled != len(begun):
        raise SystemExit("somebody else ended our calls")
    return len(begun)


async def main(url: str, holder: str) -> None:
    """Stop when there was nothing for a while."""
    store = await open_store(url, lambda: NOW)
    idle = 0
    while idle < 20:
        idle = 0 if await some(store, holder) else idle + 1
        await asyncio.sleep(0.01 if idle else 0)
    await store.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
