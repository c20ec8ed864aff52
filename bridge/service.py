"""Everything that runs in one process, and how it starts, changes and ends."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from aiohttp import web

from bridge.config import Config
from bridge.config.problems import ConfigError
from bridge.config.reloading import reloaded, written_down
from bridge.domain.people import Person
from bridge.observability import OLDEST_INBOX, OLDEST_OUTBOX, alarm, log
from bridge.outside import check_personal, policy_for
from bridge.pipeline.catchup import CatchUp
from bridge.pipeline.dispatcher import Dispatcher
from bridge.pipeline.in_force import InForce
from bridge.pipeline.intake import Intake
from bridge.pipeline.parts import keep_running, log_in
from bridge.pipeline.processor import Processor
from bridge.pipeline.reports import Reports
from bridge.pipeline.rooms import follow
from bridge.pipeline.timers import Timers
from bridge.ports.assistant import Assistant
from bridge.ports.clock import Clock
from bridge.ports.people import KnowsOutsiders
from bridge.ports.platform import Platform
from bridge.ports.provider import Provider
from bridge.ports.store import Store, StoreUnavailable
from bridge.ports.webhooks import Webhook
from bridge.store.leases import release
from bridge.store.prune import prune
from bridge.web.health import Health
from bridge.web.listener import listening

SETTINGS, IN_FORCE = "settings", "in force"
"""Where the settings that count are written down."""
HEALTH_SECONDS = 10.0
PEOPLE_SECONDS = 300.0
KEPT = timedelta(days=30)
HOUSEKEEPING_SECONDS = 3600.0
HOUSEKEEPING_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that runs, built and not yet started."""

    config: Config
    store: Store
    providers: Mapping[str, Provider]
    platforms: Mapping[str, Platform]
    assistant: Assistant | None
    webhooks: Mapping[str, Webhook]
    intake: Intake
    processor: Processor
    dispatcher: Dispatcher
    timers: Timers
    catch_up: CatchUp
    reports: Reports
    health: Health
    application: web.Application
    clock: Clock
    clock_moved: Callable[[], Awaitable[None]] | None
    holder: str
    bots: dict[str, str]
    outsiders: set[str]
    in_force: InForce

    async def serve(self, ready: Callable[[str], None]) -> None:
        """Run until cancelled; ``ready`` is told the address once requests are taken."""
        listen = self.config.listen
        self.catch_up.hold_back()
        async with listening(self.application, listen.host, listen.port):
            await self._take_over()
            ready(f"{listen}")
            async with asyncio.TaskGroup() as group:
                for name, work in self._works().items():
                    group.create_task(keep_running(name, work), name=name)

    def _works(self) -> dict[str, Callable[[], Awaitable[None]]]:
        works: dict[str, Callable[[], Awaitable[None]]] = {
            "processor": self.processor.run,
            "dispatcher": self.dispatcher.run,
            "timers": self.timers.run,
            "catch-up": self.catch_up.run,
            "delivery reports": self.reports.run,
            "health": self._watch_health,
            "people": self._watch_people,
            "housekeeping": self._keep_house,
        }
        if self.clock_moved is not None:
            works["clock"] = partial(self._follow_clock, self.clock_moved)
        for name, platform in self.platforms.items():
            works[f"listen {name}"] = partial(self._listen, name, platform)
        return works

    async def _take_over(self) -> None:
        """Go on with what our predecessor was at: it is dead, since its port was free."""
        try:
            lanes = await self.store.transact(lambda unit: release(unit, self.holder, self.clock()))
            await self._follow_rooms()
            await self._write_down(self.config)
        except StoreUnavailable as problem:
            log().warning("database unavailable", where="start", error=str(problem))
        else:
            log().info("lanes taken over", count=lanes)

    async def _follow_rooms(self) -> None:
        """Learn which rooms took the place of those of the configuration, before and in other processes."""
        follow(self.in_force.policy, await self.store.transact(lambda unit: unit.followed_rooms()))

    async def reload(self, changed: Config) -> tuple[str, ...]:
        """Let changed settings count from now on; returns those that wait for a restart.

        Raises ``ConfigError`` and ``StoreUnavailable``; then nothing has changed.
        """
        config, waiting = reloaded(self.config, changed)
        check_personal(config)
        policy = policy_for(config, self.bots, self.outsiders, self.providers)
        follow(policy, self.in_force.policy.followed)
        await self._write_down(config)
        self.in_force.replace(policy)
        self.store.wake()
        return waiting

    async def _write_down(self, config: Config) -> None:
        """Keep what decisions are made by, so that changed rules can be compared with it."""
        words = {IN_FORCE: written_down(config)}
        await self.store.transact(lambda unit: unit.remember(SETTINGS, words))

    async def _listen(self, name: str, platform: Platform) -> None:
        self.bots[name] = await log_in(name, platform)
        await self._place(name)
        await platform.listen(self.intake.chat(name))

    async def _watch_people(self) -> None:
        while True:
            await asyncio.sleep(PEOPLE_SECONDS)
            for name in tuple(self.bots):
                await self._place(name)

    async def _place(self, name: str) -> None:
        """Learn which configured teammates are guests or strangers: an act that gives their name says nothing of it."""
        platform = self.platforms[name]
        if not isinstance(platform, KnowsOutsiders):
            return
        ids = {who: mate.name for mate in self.in_force.policy.teammates for at, who in mate.ids if at == name}
        mates = {Person(name, who).key: mate for who, mate in ids.items()}
        found = {Person(name, who).key for who in await platform.outsiders(tuple(ids))}
        for key in sorted(found - self.outsiders):
            log().warning("a teammate is no full member there and cannot answer", teammate=mates[key], platform=name)
        self.outsiders.difference_update(mates.keys() - found)
        self.outsiders.update(found)

    async def _watch_health(self) -> None:
        while True:
            try:
                await self._follow_rooms()
                found = await self.health.look()
                OLDEST_INBOX.set(found.unhandled_age or 0.0)
                OLDEST_OUTBOX.set(found.unsettled_age or 0.0)
                alarm("database unavailable", "store", on=False)
            except StoreUnavailable:
                alarm("database unavailable", "store", on=True)
            await asyncio.sleep(HEALTH_SECONDS)

    async def _follow_clock(self, moved: Callable[[], Awaitable[None]]) -> None:
        while True:
            await moved()
            self.store.wake()

    async def _keep_house(self) -> None:
        """Forget bodies of requests and rows of calls that nobody needs any more, in small portions."""
        while True:
            gone = await self.store.transact(lambda unit: prune(unit, self.clock() - KEPT))
            await asyncio.sleep(HOUSEKEEPING_PAUSE_SECONDS if gone else HOUSEKEEPING_SECONDS)

    async def aclose(self) -> None:
        """Close what was opened."""
        for adapter in (*self.providers.values(), *self.platforms.values(), *self.webhooks.values(), self.assistant):
            if adapter is not None:
                await adapter.aclose()
        await self.health.aclose()
        await self.store.aclose()


class Hangup:
    """Reads the configuration again whenever a SIGHUP comes, one after another."""

    def __init__(self, service: Service, reread: Callable[[], Config]) -> None:
        """``reread``: returns what the file says now, or raises ``ConfigError``."""
        self._service = service
        self._reread = reread
        self._last: asyncio.Task[None] | None = None

    def heard(self) -> None:
        """Begin to read the file."""
        self._last = asyncio.create_task(self._after(self._last))

    async def done(self) -> None:
        """Return once what was begun has ended."""
        if self._last is not None:
            await self._last

    async def _after(self, earlier: asyncio.Task[None] | None) -> None:
        if earlier is not None:
            await earlier
        try:
            waiting = await self._service.reload(await asyncio.to_thread(self._reread))
        except ConfigError as error:
            problems = [str(problem) for problem in error.problems]
            log().error("configuration refused; the one before stays in force", problems=problems)
        except StoreUnavailable as problem:
            log().error("configuration not read again; the one before stays in force", error=str(problem))
        else:
            log().info("configuration read again", waits_for_restart=list(waiting))
            alarm("configuration refused", "reload", on=False)
            return
        alarm("configuration refused", "reload", on=True)
