"""The pretend outside world and the real bridge in one process, wired over loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bridge import app
from bridge.app import Service
from bridge.config import parse
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld
from bridge.store import upgrade

LINE = "+15550001000"
CONTACT = "+15550100200"
PATIENCE = 15.0


@dataclass
class World:
    """Everything a flow test touches."""

    clock: SandboxClock
    slack: SlackWorld
    twilio: TwilioWorld
    config_text: str
    url: str
    ana: Any = None
    ben: Any = None
    channel: Any = None
    number: Any = None
    phone: Any = None
    service: Service | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        """Start the bridge."""
        providers, platforms = app.settings_models()
        config = parse(self.config_text, {}, providers=providers, platforms=platforms)
        await asyncio.to_thread(upgrade, config.database.get_secret_value())
        self.service = await app.build(config, self.clock.now)
        ready = asyncio.Event()
        task = asyncio.create_task(self.service.serve(lambda _address: ready.set()))
        self.tasks = [task]
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()

    async def stop(self) -> None:
        """Stop the bridge as SIGTERM does."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.service is not None:
            await self.service.aclose()
        self.service, self.tasks = None, []

    def posts(self) -> list[Any]:
        """Every message in the room, oldest first."""
        return list(self.slack.channels[self.channel.id].messages.values())

    async def until(self, what: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Return what ``what`` gives once it is true."""
        deadline = asyncio.get_running_loop().time() + patience
        while not (found := what()):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"never came true: {what}\n{[vars_of(post) for post in self.posts()]}")
            for task in self.tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)
        return found


def vars_of(post: Any) -> Any:
    """A message as a short row, for failures."""
    return {name: getattr(post, name, None) for name in ("ts", "user", "text", "thread_ts", "reactions")}


@contextlib.asynccontextmanager
async def open_world(database: str, *, line: str = "", extra: str = "") -> AsyncIterator[World]:
    """A workspace with a room and two teammates, a number and a phone, and a bridge still to be started."""
    clock = SandboxClock()
    faults = Faults()
    slack, twilio = SlackWorld(clock, faults=faults, seed=1), TwilioWorld(clock, faults=faults, seed=7)
    slack.limits.enabled = False
    application = web.Application()
    application.add_subapp("/slack", slack.application())
    twilio.add_routes(application, "/twilio")
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    slack.bind(f"http://127.0.0.1:{port}/slack")
    twilio.base_url = f"http://127.0.0.1:{port}/twilio"
    mine = free_port()
    ana, ben = slack.add_user("ana", real_name="Ana Souza"), slack.add_user("ben", real_name="Ben Okafor")
    channel = slack.add_channel("front-desk", members=[ana.id, ben.id])
    account = twilio.add_account("Acme")
    number = twilio.add_number(account, LINE, sms_url=f"http://127.0.0.1:{mine}/webhooks/main")
    phone = twilio.add_phone(CONTACT, name="Maria")
    config = f"""
database: "{database}"
listen: 127.0.0.1:{mine}
public_url: http://127.0.0.1:{mine}
accounts:
  main: {{provider: twilio, account_sid: {account.sid}, auth_token: "{account.auth_token}", api_url: "{twilio.base_url}"}}
platforms:
  slack: {{kind: slack, bot_token: {slack.bot_token}, app_token: {slack.app_token}, api_url: "http://127.0.0.1:{port}/slack/api/"}}
lines:
  front-desk:
    account: main
    address: "{LINE}"
    rooms: [{{platform: slack, room: {channel.id}}}]
{line or "    undo: 0s"}
{extra}
"""
    world = World(
        clock=clock,
        slack=slack,
        twilio=twilio,
        config_text=config,
        url=f"http://127.0.0.1:{mine}",
        ana=ana,
        ben=ben,
        channel=channel,
        number=number,
        phone=phone,
    )
    try:
        yield world
    finally:
        await world.stop()
        await runner.cleanup()


def free_port() -> int:
    """A loopback port nobody uses right now."""
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def sqlite_url(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{path / 'bridge.db'}"
