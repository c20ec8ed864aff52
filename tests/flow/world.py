"""The pretend outside world and the real bridge in one process, wired over loopback."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bridge import app, outside
from bridge.config import parse
from bridge.domain.people import ChatRef
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Fault, FaultKind, Faults
from bridge.sandbox.listening import listening
from bridge.sandbox.slack.model import Message as Post
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld
from bridge.service import Service
from bridge.store import inspect, upgrade
from tests.flow import seen
from tests.services.network import free_port

LINE = "+15550001000"
CONTACT = "+15550100200"
PLAIN = "    undo: 0s\n    stale_stop: false"
"""A line on which replies leave at once, whatever else happens at that moment."""
READING = 2.1
"""Seconds: a reply written earlier than that after a text is held as written without having seen it."""
PATIENCE = 60.0
NAP = 0.3


@dataclass
class World:
    """Everything a flow test touches. ``settings``: the parts of the configuration a test may change."""

    clock: SandboxClock
    slack: SlackWorld
    twilio: TwilioWorld
    faults: Faults
    database: str
    port: int
    line: str
    extra: str
    ana: Any = None
    ben: Any = None
    channel: Any = None
    account: Any = None
    number: Any = None
    phone: Any = None
    service: Service | None = None
    http_mode: bool = False
    heed_status: bool = True
    more_platforms: str = ""
    rooms_shown: str = ""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The bridge's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def config_text(self) -> str:
        """The configuration as it is now."""
        slack = self.slack
        mode = f"signing_secret: {slack.signing_secret}" if self.http_mode else f"app_token: {slack.app_token}"
        return f"""
database: "{self.database}"
listen: 127.0.0.1:{self.port}
public_url: {self.url}
accounts:
  main: {{provider: twilio, account_sid: {self.account.sid}, auth_token: "{self.account.auth_token}",
          api_url: "{self.twilio.base_url}"}}
platforms:
  slack: {{kind: slack, bot_token: {self.slack.bot_token}, {mode},
           api_url: "{self.slack.base_url}/api/", heed_status: {str(self.heed_status).lower()}}}
{self.more_platforms}
lines:
  front-desk:
    account: main
    address: "{self.number.phone_number}"
    rooms: [{self.rooms_shown or self.slack_room}]
{self.line}
{self.extra}
"""

    @property
    def slack_room(self) -> str:
        """The channel as a line's room."""
        return f"{{platform: slack, room: {self.channel.id}}}"

    # the bridge

    async def start(self) -> None:
        """Start the bridge; returns once it takes requests and, unless Slack refuses, events."""
        providers, platforms = outside.settings_models()
        config = parse(self.config_text, {}, providers=providers, platforms=platforms)
        await asyncio.to_thread(upgrade, config.database.get_secret_value())
        self.service = await app.build(config, self.clock.now)
        ready = asyncio.Event()
        task = asyncio.create_task(self.service.serve(lambda _address: ready.set()))
        self.tasks = [task]
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if task.done():
            task.result()

    async def connected(self) -> None:
        """Return once the bridge has a socket to Slack."""
        await self.until(lambda: self.slack.sockets.open_count)

    async def stop(self) -> None:
        """Stop the bridge as SIGTERM does."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.service is not None:
            await self.service.aclose()
        self.service, self.tasks = None, []

    async def restart(self) -> None:
        """Stop it and start it again."""
        await self.stop()
        await self.start()

    def skip(self, seconds: float) -> None:
        """Move the clock and let the bridge, whose naps are real, look at it."""
        self.clock.skip(seconds)
        if self.service is not None:
            self.service.store.wake()

    @property
    def service_busy(self) -> bool:
        """Whether a call to a vendor is under way."""
        return any(
            task.get_coro().__qualname__.endswith("_carry_out")  # pyright: ignore[reportAttributeAccessIssue] - tasks are untyped
            for task in asyncio.all_tasks()
        )

    async def overview(self) -> inspect.Overview:
        """What ``doctor`` counts."""
        assert self.service is not None
        return await self.service.store.transact(lambda unit: inspect.overview(unit, self.clock.now()))

    async def idle(self, *, skipping: float = 0.0) -> None:
        """Return once nothing waits to be handled or sent; see ``until`` for ``skipping``."""

        async def done() -> bool:
            found = await self.overview()
            return not found.unhandled and not found.unsettled

        await self.until_async(done, skipping=skipping)

    def fault(self, where: str, kind: FaultKind, value: float = 0.0, times: int = 1) -> None:
        """Order a fault."""
        self.faults.add(Fault(where, kind, value, times))

    # people

    async def text(self, body: str, *, sender: str = CONTACT, **how: Any) -> Any:
        """Text the line; the webhook must be answered well."""
        found = await self.twilio.text_in(sender, self.number.phone_number, body, **how)
        assert found.accepted, found.attempts
        return found

    def reply(self, words: str, who: Any = None, *, contact: str = CONTACT, **how: Any) -> Post:
        """Write in a contact's newest thread, after the time it takes to read what is shown there."""
        root = self.root(contact)
        self.read(contact)
        return self.slack.people.post((who or self.ana).id, root.channel, words, thread_ts=root.ts, **how)

    def read(self, contact: str = CONTACT) -> None:
        """Let the time go by in which nobody can have read a contact's newest text, if it is that new."""
        shown = [float(post.ts) for post in self.thread(contact) if post.username is not None]
        newest = READING - (self.clock.now().timestamp() - max(shown, default=0.0))
        if newest > 0:
            self.clock.skip(newest)

    async def open(self, body: str = "Is my order ready?", contact: str = CONTACT) -> Post:
        """A conversation with one text that is shown, and known to be; returns its card."""
        await self.text(body, sender=contact)
        await self.until(lambda: body in self.shown(contact))
        await self.written_down(next(post for post in self.thread(contact) if seen.words(post) == body))
        await self.connected()
        return self.root(contact)

    async def press(self, action: str, who: Any = None, *, nth: int = -1) -> Any:
        """Press the newest button of this name anybody can see."""
        person = who or self.ana
        found = await self.until(lambda: seen.with_button([*self.posts(), *self.private(person)], action))
        await self.written_down(found[nth])
        return await self.slack.people.click(person.id, found[nth].channel, found[nth].ts, action)

    async def written_down(self, post: Any) -> None:
        """Return once the bridge knows the post it made: nobody presses a button faster than that."""
        if isinstance(post, Post) and self.service is not None:
            store, ref = self.service.store, ChatRef("slack", post.channel, post.ts)

            async def known() -> bool:
                return await store.transact(lambda unit: unit.post(ref)) is not None

            await self.until_async(known)

    # what they see

    def rooms(self) -> list[Any]:
        """Channels of the team."""
        return [room for room in self.slack.channels.values() if room.kind != "im"]

    def posts(self) -> list[Post]:
        """Every message of the team's channels, oldest first."""
        return sorted((post for room in self.rooms() for post in room.messages.values()), key=lambda post: post.ts)

    def private(self, who: Any) -> list[Any]:
        """What only one teammate saw."""
        return [post for room in self.rooms() for post in room.ephemeral if post.user == who.id]

    def roots(self, contact: str = CONTACT) -> list[Post]:
        """The cards of a contact, oldest first."""
        return [post for post in self.posts() if seen.is_card(post, contact)]

    def root(self, contact: str = CONTACT) -> Post:
        """The newest card of a contact."""
        return self.roots(contact)[-1]

    def thread(self, contact: str = CONTACT) -> list[Post]:
        """Replies of all kinds in every thread of a contact, oldest first."""
        roots = {post.ts for post in self.roots(contact)}
        return [post for post in self.posts() if post.is_reply and post.thread_ts in roots]

    def shown(self, contact: str = CONTACT) -> list[str]:
        """The contact's texts as the team sees them."""
        return [seen.words(post) for post in self.thread(contact) if post.username is not None]

    def notes(self, contact: str = CONTACT) -> list[str]:
        """What the bot says in the threads of a contact."""
        ours = (post for post in self.thread(contact) if post.user == self.slack.bot_user_id and not post.username)
        return [seen.words(post) for post in ours if not post.files]

    def got(self, contact: str = CONTACT) -> list[str]:
        """What the contact's phone shows."""
        return [message.words for message in self.twilio.phone(contact).inbox]

    def marks(self, post: Post) -> list[str]:
        """The bot's reactions on a message."""
        now = self.slack.channels[post.channel].messages[post.ts]
        return [name for name, users in now.reactions.items() if self.slack.bot_user_id in users]

    async def until(self, what: Callable[[], Any], patience: float = PATIENCE, *, skipping: float = 0.0) -> Any:
        """Return what ``what`` gives once it is true; the clock is moved on by ``skipping`` seconds now and then."""

        async def ask() -> Any:
            return what()

        return await self.until_async(ask, patience, skipping=skipping)

    async def until_async(self, what: Callable[[], Any], patience: float = PATIENCE, *, skipping: float = 0.0) -> Any:
        """The same for what must be awaited."""
        skipped = asyncio.get_running_loop().time()
        deadline = skipped + patience
        while not (found := await what()):
            if skipping and asyncio.get_running_loop().time() - skipped > NAP:
                skipped = asyncio.get_running_loop().time()
                self.skip(skipping)
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError("never came true; the threads:\n" + "\n".join(map(seen.line, self.posts())))
            for task in self.tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.01)
        return found


@contextlib.asynccontextmanager
async def open_world(database: str, *, line: str = "", extra: str = "") -> AsyncGenerator[World]:
    """A workspace with a room and two teammates, a number and a phone, and a bridge still to be started."""
    clock, faults = SandboxClock(), Faults()
    slack, twilio = SlackWorld(clock, faults=faults, seed=1), TwilioWorld(clock, faults=faults, seed=7)
    slack.limits.enabled = False
    application = web.Application()
    application.add_subapp("/slack", slack.application())
    twilio.add_routes(application, "/twilio")
    async with listening(application, patience=5) as url:
        slack.bind(f"{url}/slack")
        twilio.base_url = f"{url}/twilio"
        ana, ben = slack.add_user("ana", real_name="Ana Souza"), slack.add_user("ben", real_name="Ben Okafor")
        world = World(clock, slack, twilio, faults, database, free_port(), line or PLAIN, extra, ana=ana, ben=ben)
        world.channel = slack.add_channel("front-desk", members=[ana.id, ben.id])
        world.account = twilio.add_account("Acme")
        world.number = twilio.add_number(world.account, LINE, sms_url=f"{world.url}/webhooks/main")
        world.phone = twilio.add_phone(CONTACT, name="Maria")
        try:
            yield world
        finally:
            faults.clear()
            await world.stop()
