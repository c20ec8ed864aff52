"""The composition root: the only place that builds things. One TaskGroup runs them."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from aiohttp import web
from pydantic import BaseModel

from bridge.adapters import platforms as platform_adapters
from bridge.adapters import providers as provider_adapters
from bridge.adapters.assistants.chat_completions import ChatCompletions
from bridge.adapters.platforms.matrix.registration import registration
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.adapters.platforms.slack import manifest
from bridge.adapters.webhooks import SignedWebhook
from bridge.config import Config
from bridge.config.keys import media_key
from bridge.config.policy import policy_of
from bridge.config.problems import ConfigError, Problem
from bridge.config.reloading import reloaded, written_down
from bridge.domain.policy import Policy
from bridge.observability import OLDEST_INBOX, OLDEST_OUTBOX, alarm, log
from bridge.pipeline.calls import Outside
from bridge.pipeline.catchup import CatchUp
from bridge.pipeline.choices import choices_of
from bridge.pipeline.dispatcher import Dispatcher
from bridge.pipeline.in_force import InForce
from bridge.pipeline.intake import Intake
from bridge.pipeline.memory import ChatMemory
from bridge.pipeline.parts import keep_running, log_in
from bridge.pipeline.processor import Processor
from bridge.pipeline.readers import readers
from bridge.pipeline.reports import Reports
from bridge.pipeline.rooms import follow
from bridge.pipeline.timers import Timers
from bridge.pipeline.words import described
from bridge.ports.assistant import Assistant
from bridge.ports.clock import Clock
from bridge.ports.platform import AsksForChoices, Platform, PlatformCapabilities, Remembers
from bridge.ports.provider import Provider, ProviderCapabilities
from bridge.ports.specs import PlatformContext, ProviderContext
from bridge.ports.store import Store, StoreUnavailable
from bridge.ports.webhooks import Webhook
from bridge.store import open_store, upgrade
from bridge.store.leases import release
from bridge.store.prune import prune
from bridge.web.application import Door, make_application
from bridge.web.health import Health
from bridge.web.links import MediaLinks
from bridge.web.listener import listening

SETTINGS, IN_FORCE = "settings", "in force"
"""Where the settings that count are written down."""
HEALTH_SECONDS = 10.0
KEPT = timedelta(days=30)
HOUSEKEEPING_SECONDS = 3600.0
HOUSEKEEPING_PAUSE_SECONDS = 0.2


def system_clock() -> datetime:
    """Return the machine's time."""
    return datetime.now(UTC)


def settings_models() -> tuple[dict[str, type[BaseModel]], dict[str, type[BaseModel]]]:
    """Return the settings models of all providers and platforms, by name, for reading a configuration."""
    providers = {name: spec.settings for name, spec in provider_adapters.discover().items()}
    return providers, {name: spec.settings for name, spec in platform_adapters.discover().items()}


def capabilities() -> tuple[dict[str, ProviderCapabilities], dict[str, PlatformCapabilities]]:
    """Return what each provider and each platform can do, by name."""
    providers = {name: spec.capabilities for name, spec in provider_adapters.discover().items()}
    return providers, {name: spec.capabilities for name, spec in platform_adapters.discover().items()}


def slack_manifest(http_url: str | None = None) -> str:
    """Return the Slack app's manifest as YAML; ``http_url``: where Slack sends everything in HTTP mode."""
    return manifest.dump(http_url)


def matrix_registration(config: Config) -> str | None:
    """Return the registration of the first Matrix platform that is an appservice, as YAML; None when there is none."""
    for name, entry in config.platforms.items():
        if isinstance(entry.settings, MatrixSettings) and entry.settings.mode == "appservice":
            return registration(entry.settings, f"{config.public_url.rstrip('/')}/platforms/{name}")
    return None


def build_providers(config: Config, clock: Clock) -> dict[str, Provider]:
    """Return an adapter for each account."""
    specs = provider_adapters.discover()
    found: dict[str, Provider] = {}
    for name, account in config.accounts.items():
        lines = tuple(line.address for line in config.lines.values() if line.account == name)
        context = ProviderContext(account=name, public_url=config.public_url, lines=lines, clock=clock)
        found[name] = specs[account.provider].build(account.settings, context)
    return found


def build_platforms(config: Config, clock: Clock) -> dict[str, Platform]:
    """Return an adapter for each platform."""
    specs = platform_adapters.discover()
    found: dict[str, Platform] = {}
    for name, entry in config.platforms.items():
        rooms = (room.room for line in config.lines.values() for room in line.rooms if room.platform == name)
        context = PlatformContext(platform=name, clock=clock, rooms=tuple(dict.fromkeys(rooms)), commands=described())
        found[name] = specs[entry.kind].build(entry.settings, context)
    return found


def direct_platforms(config: Config) -> list[str]:
    """Return the platforms on which the bot can write to a person directly."""
    _, able = capabilities()
    return [name for name, entry in config.platforms.items() if able[entry.kind].direct_rooms]


def policy_for(config: Config, bots: dict[str, str], providers: Mapping[str, Provider]) -> Policy:
    """Return what decisions are made by, with these providers. ``bots``: filled in when the bot has logged in."""
    silent = [name for name, provider in providers.items() if not provider.capabilities.handles_stop]
    return policy_of(config, bots, direct_platforms(config), silent)


def check_personal(config: Config) -> None:
    """Raise ``ConfigError`` for a personal line whose teammate cannot be written to: its texts would show nowhere."""
    lines = policy_of(config, {}, direct_platforms(config)).lines
    hopeless = [name for name, line in lines.items() if not line.rooms]
    if hopeless:
        message = "this teammate has no id on a platform where the bot can write to a person directly."
        problems = [
            Problem(1, 1, f"lines.{name}.personal", message, "Give their id on Slack or Matrix.") for name in hopeless
        ]
        raise ConfigError(problems, "configuration")


def build_webhooks(config: Config) -> dict[str, Webhook]:
    """Return an adapter for each program that rules tell."""
    return {
        name: SignedWebhook(entry.url, entry.secret.get_secret_value(), private=entry.private_hosts)
        for name, entry in config.webhooks.items()
    }


def build_assistant(config: Config) -> Assistant | None:
    """Return the language model, if one is configured."""
    own = config.assistant
    if own is None:
        return None
    key = own.api_key.get_secret_value() if own.api_key else None
    return ChatCompletions(own.base_url, own.model, key, own.timeout)


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
        policy = policy_for(config, self.bots, self.providers)
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
        await platform.listen(self.intake.chat(name))

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


async def build(
    config: Config, clock: Clock = system_clock, clock_moved: Callable[[], Awaitable[None]] | None = None
) -> Service:
    """Build the service; the database's tables must be up to date."""
    store = await open_store(config.database.get_secret_value(), clock)
    providers, platforms = build_providers(config, clock), build_platforms(config, clock)
    assistant, webhooks = build_assistant(config), build_webhooks(config)
    bots: dict[str, str] = {}
    in_force = InForce(policy_for(config, bots, providers))
    for name, platform in platforms.items():
        if isinstance(platform, AsksForChoices):
            platform.ask(choices_of(store, in_force))
        if isinstance(platform, Remembers):
            platform.remember_in(ChatMemory(store, name, clock))
    intake = Intake(store, providers)
    links = MediaLinks(media_key(config), config.public_url, config.media.link_ttl)
    outside = Outside(
        providers=providers,
        platforms=platforms,
        in_force=in_force,
        media_link=links.link,
        media_life=config.media.link_ttl,
        media_limit=config.media.max_bytes,
        read=store.transact,
        assistant=assistant,
        webhooks=webhooks,
    )

    health = Health(store, intake, clock)
    # Two processes with the same name cannot be: the second finds the port taken.
    holder = f"{socket.gethostname()}/{config.listen}"
    door = Door(
        intake=intake,
        platforms=platforms,
        store=store,
        links=links,
        public_url=config.public_url.rstrip("/"),
        ready=health.facts,
        clock=clock,
    )
    return Service(
        config=config,
        store=store,
        providers=providers,
        platforms=platforms,
        assistant=assistant,
        webhooks=webhooks,
        intake=intake,
        processor=Processor(store, readers(providers, platforms), in_force, clock),
        dispatcher=Dispatcher(store, outside, clock, holder=holder),
        timers=Timers(store, clock, in_force),
        catch_up=CatchUp(store, intake, outside, clock),
        reports=Reports(store, intake, outside, clock),
        health=health,
        application=make_application(door),
        clock=clock,
        clock_moved=clock_moved,
        holder=holder,
        bots=bots,
        in_force=in_force,
    )


async def run(
    config: Config,
    *,
    clock: Clock = system_clock,
    migrate: bool = True,
    clock_moved: Callable[[], Awaitable[None]] | None = None,
    reread: Callable[[], Config] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; the call in hand is finished, the rest stays as rows.

    ``clock_moved``: returns each time a clock that is not the machine's was moved. ``reread``: the settings as the file
    has them now, which count from a SIGHUP on; may raise ``ConfigError``.
    """
    main = asyncio.ensure_future(_served(config, clock, clock_moved, reread, migrate=migrate))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, main.cancel)
    with suppress(asyncio.CancelledError):
        await main
    log().info("stopped")


async def _served(
    config: Config,
    clock: Clock,
    clock_moved: Callable[[], Awaitable[None]] | None,
    reread: Callable[[], Config] | None,
    *,
    migrate: bool,
) -> None:
    if migrate:
        await asyncio.to_thread(upgrade, config.database.get_secret_value())
    service = await build(config, clock, clock_moved)
    gc.freeze()  # what is loaded stays; going through all of it for garbage held requests up for 0.1 s at a time
    hangup = Hangup(service, reread) if reread is not None else None
    if hangup is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hangup.heard)
    try:
        await service.serve(lambda address: log().info("ready", listen=address))
    finally:
        if hangup is not None:
            await hangup.done()
        await service.aclose()


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
