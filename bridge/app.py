"""The composition root: the only place that builds things."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bridge.config import Config
from bridge.config.keys import media_key
from bridge.observability import log
from bridge.outside import (
    build_assistant,
    build_languages,
    build_platforms,
    build_providers,
    build_webhooks,
    policy_for,
    system_clock,
)
from bridge.pipeline.calls import Outside
from bridge.pipeline.catchup import CatchUp
from bridge.pipeline.choices import choices_of
from bridge.pipeline.dispatcher import Dispatcher
from bridge.pipeline.in_force import InForce
from bridge.pipeline.intake import Intake
from bridge.pipeline.memory import ChatMemory
from bridge.pipeline.processor import Processor
from bridge.pipeline.readers import readers
from bridge.pipeline.reports import Reports
from bridge.pipeline.timers import Timers
from bridge.ports.clock import Clock
from bridge.ports.platform import AsksForChoices, ReadsThreads, Remembers
from bridge.service import Hangup, Service
from bridge.store import open_store, upgrade
from bridge.web.application import Door, make_application
from bridge.web.health import Health
from bridge.web.links import MediaLinks


async def build(
    config: Config, clock: Clock = system_clock, clock_moved: Callable[[], Awaitable[None]] | None = None
) -> Service:
    """Build the service; the database's tables must be up to date."""
    store = await open_store(config.database.get_secret_value(), clock)
    providers, platforms = build_providers(config, clock), build_platforms(config, clock)
    assistant, webhooks = build_assistant(config), build_webhooks(config)
    bots: dict[str, str] = {}
    outsiders: set[str] = set()
    in_force = InForce(policy_for(config, bots, outsiders, providers))
    for name, platform in platforms.items():
        if isinstance(platform, AsksForChoices):
            platform.ask(choices_of(store, in_force))
        if isinstance(platform, Remembers):
            platform.remember_in(ChatMemory(store, name, clock))
    rereads = {name for name, platform in platforms.items() if isinstance(platform, ReadsThreads)}
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
        processor=Processor(
            store, readers(providers, platforms), in_force, clock, rereads=rereads, language_of=build_languages()
        ),
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
        outsiders=outsiders,
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
