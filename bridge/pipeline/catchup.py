"""What happened while we were away: list the provider's texts and read the threads, and take in what is missing."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

from bridge.domain.people import ChatRef
from bridge.domain.policy import LinePolicy
from bridge.observability import alarm, log
from bridge.pipeline.calls import Outside
from bridge.pipeline.enqueue import room_target
from bridge.pipeline.intake import Intake, drafts
from bridge.ports.clock import Clock
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import ReadsThreads
from bridge.ports.provider import PollsInbound
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, StoreUnavailable, Unit

EVERY = timedelta(minutes=5)
OVERLAP = timedelta(minutes=10)
THREADS_IN_USE = timedelta(days=7)
THREADS_AT_MOST = 200
READ_AT_ONCE = 4
FIRST_RETRY_SECONDS = 5.0
SOON_SECONDS = 0.25
UNREAD_SECONDS = 1.0
READ_SECONDS = 8.0
"""Less than what comes live waits for: it must not be stored while its thread is read."""

_PASSING = (SendDeferred, SendOutcomeUnknown, SendRejected, CredentialsRejected, StoreUnavailable)


class CatchUp:
    """Compares what the outside has with what is stored, at start and every few minutes."""

    def __init__(self, store: Store, intake: Intake, outside: Outside, clock: Clock) -> None:
        """``outside``: who can be asked."""
        self._store = store
        self._intake = intake
        self._outside = outside
        self._clock = clock
        self._done: dict[ChatRef, int] = {}  # threads read in the round begun, by the connection of then

    def hold_back(self) -> None:
        """Before the door opens: what comes by it waits for what came before."""
        lines, providers = self._outside.policy.lines.values(), self._outside.providers
        for line in [line for line in lines if isinstance(providers[line.account], PollsInbound)]:
            self._intake.gates[line.account].close(line.name)

    async def run(self) -> None:
        """Catch up until cancelled; every source on its own, so that one that is down holds up no other."""
        async with asyncio.TaskGroup() as group:
            for line in self._outside.policy.lines.values():
                provider = self._outside.providers[line.account]
                if isinstance(provider, PollsInbound):
                    group.create_task(self._repeat_line(provider, line))
            for name, platform in self._outside.platforms.items():
                if isinstance(platform, ReadsThreads):
                    group.create_task(self._repeat_threads(name, platform))
                    group.create_task(self._repeat_unread(name, platform))

    async def _repeat_line(self, provider: PollsInbound, line: LinePolicy) -> None:
        source = f"line:{line.account}/{line.address}"
        while True:
            pause = EVERY.total_seconds()
            try:
                await self.line(provider, line.account, line.address)
                alarm("catch-up fails", source, on=False)
            except _PASSING as problem:
                pause = _told(source, problem)
            self._intake.gates[line.account].open(line.name)
            await asyncio.sleep(pause)

    async def line(self, provider: PollsInbound, account: str, address: str) -> int:
        """Take in the texts of one line that are not stored yet; returns how many there were."""
        source = f"line:{account}/{address}"
        started = self._clock()
        seen = await self._store.transact(lambda unit: unit.seen_until(source))
        new = 0
        if seen is not None:
            for event in await provider.list_received(address, seen - OVERLAP):
                new += await self._intake.listed(account, event)
        await self._store.transact(lambda unit: unit.set_seen_until(source, started))
        if new:
            log().warning("texts recovered", source=source, count=new)
        return new

    async def _repeat_threads(self, name: str, platform: ReadsThreads) -> None:
        source, door, failures = f"threads:{name}", self._intake.door(name), 0
        while True:
            pause = EVERY.total_seconds()
            door.gap.clear()
            try:
                await self.threads(name, platform)
                alarm("catch-up fails", source, on=False)
                failures = 0
            except _PASSING as problem:
                failures += 1
                pause = min(_told(source, problem), SOON_SECONDS * 2**failures)
            if not failures and not door.gap.is_set():
                door.gate.open("threads")
                door.hurried.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await door.gap.wait()

    async def threads(self, name: str, platform: ReadsThreads) -> None:
        """Take in what was written in the threads in use and is not stored yet.

        A round that could not be ended goes on where it was: a platform that lets fewer threads be read a minute than
        there are would else be asked about the first of them for ever.
        """
        since = self._clock() - THREADS_IN_USE

        def opened(unit: Unit) -> tuple[dict[ChatRef, datetime], datetime]:
            found, first = unit.open_threads(name, since, THREADS_AT_MOST), dict(unit.unread_threads(name))
            wanted = [(root, begun) for root, begun in found.threads if root not in first]
            return {root: unit.seen_until(_cursor(root)) or begun for root, begun in wanted}, found.since

        door, (left, reached) = self._intake.door(name), await self._store.transact(opened)
        done = {root for root, connection in self._done.items() if connection == door.connections} - door.hurried
        left = {root: complete for root, complete in left.items() if root not in done}
        if reached > since:
            log().warning("only threads used lately are read", platform=name, since=reached.isoformat())
        alarm("threads left out of catch-up", f"threads:{name}", on=reached > since)
        problems: list[Exception] = []

        async def read() -> None:
            while left:
                root = next((root for root in left if root in door.hurried), None) or next(iter(left))
                complete, connection = left.pop(root), door.connections
                try:
                    read_at = await self._thread(name, platform, root, complete)
                    door.was_read(root, connection, read_at)
                    self._done[root] = connection
                except (SendDeferred, SendOutcomeUnknown) as problem:
                    problems.append(problem)
                    if isinstance(problem, SendDeferred) and problem.whole_target:
                        left.clear()
                except (CredentialsRejected, StoreUnavailable) as problem:
                    problems.append(problem)
                    left.clear()

        async with asyncio.TaskGroup() as group:
            for _ in range(READ_AT_ONCE):
                group.create_task(read())
        if problems:
            raise problems[-1]
        self._done = {root: one for root, one in self._done.items() if root.platform != name}

    async def _thread(self, name: str, platform: ReadsThreads, root: ChatRef, complete: datetime) -> datetime | None:
        """Read a thread from where it is known to be complete: a newer reply that is known proves nothing about it.

        Returns when it was read, None when it can no longer be.
        """
        started = self._clock()
        try:
            found = await platform.read_thread(root, since=complete - OVERLAP)
        except SendRejected as problem:
            log().info("thread cannot be read", platform=name, code=problem.code)
            return None
        await self._intake.missed(name)(found)
        await self._store.transact(lambda unit: unit.set_seen_until(_cursor(root), started))
        return started

    async def _repeat_unread(self, name: str, platform: ReadsThreads) -> None:
        while True:
            try:
                waiting = await self.unread(name, platform)
                pause = UNREAD_SECONDS if waiting else EVERY.total_seconds()
                alarm("catch-up fails", f"unread:{name}", on=False)
            except _PASSING as problem:
                pause = _told(f"unread:{name}", problem)
            await self._store.wait("threads", pause)

    async def unread(self, name: str, platform: ReadsThreads) -> bool:
        """Read the threads that must be read before what comes live in them; True: some of their cards are not known.

        Until then their replies are not taken in as they come, so that a thread is taken in as it stands.
        """

        def left(unit: Unit) -> tuple[dict[ChatRef, datetime], bool]:
            found, waiting = dict[ChatRef, datetime](), False
            for root, begun in unit.unread_threads(name):
                if begun is not None:
                    found[root] = unit.seen_until(_cursor(root)) or begun
                elif unit.may_be_ours(root, room_target(root.platform, root.room)):
                    waiting = True
                else:
                    unit.set_read(root)
            return found, waiting

        known, waiting = await self._store.transact(left)
        problems: list[Exception] = []
        for root, complete in known.items():
            try:
                await self._unread(name, platform, root, complete)
            except _PASSING as problem:
                problems.append(problem)
        if problems:
            raise problems[-1]
        return waiting

    async def _unread(self, name: str, platform: ReadsThreads, root: ChatRef, complete: datetime) -> None:
        door, started = self._intake.door(name), self._clock()
        found, read_at, connection = list[InboxDraft](), None, door.connections
        with door.reading(root):
            try:
                async with asyncio.timeout(READ_SECONDS):
                    found = drafts(name, await platform.read_thread(root, since=complete - OVERLAP))
                read_at = started
            except TimeoutError as problem:
                msg = "thread not read in time"
                raise SendOutcomeUnknown(msg) from problem
            except SendRejected as problem:
                log().info("thread cannot be read", platform=name, code=problem.code)

            def take_in(unit: Unit) -> None:
                unit.accept_in_order(found, self._clock())
                unit.set_read(root)
                if read_at is not None:
                    unit.set_seen_until(_cursor(root), read_at)

            await self._store.transact(take_in)
            door.was_read(root, connection, read_at)


def _cursor(root: ChatRef) -> str:
    return f"thread:{root.platform}/{root.room}/{root.id}"


def _told(source: str, problem: Exception) -> float:
    asked = problem.retry_after if isinstance(problem, SendDeferred) else None
    if isinstance(problem, SendDeferred) and problem.whole_target:  # a pace to keep: the round goes on where it was
        log().info("catch-up waits for a limit", source=source, seconds=asked)
    else:
        log().warning("catch-up failed", source=source, error=type(problem).__name__)
        alarm("catch-up fails", source, on=True)
    return max(FIRST_RETRY_SECONDS, asked or 0.0)
