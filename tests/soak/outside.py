"""The pretend vendors of the soak, with people on both sides, on one port of loopback."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld

ROOMS = 10
CONTACTS = 20
UNDO = ("0s", "2s")
NAMES = ("ana", "ben", "cleo")


@dataclass
class Outside:
    """Vendors and people. ``room``/``line`` by contact: where its texts go."""

    clock: SandboxClock
    faults: Faults
    slack: SlackWorld
    twilio: TwilioWorld
    account: Any
    team: list[str] = field(default_factory=list[str])
    rooms: list[str] = field(default_factory=list[str])
    lines: list[str] = field(default_factory=list[str])
    contacts: list[str] = field(default_factory=list[str])

    def line_of(self, contact: str) -> str:
        """The number a contact texts."""
        return self.lines[self.contacts.index(contact) % len(self.lines)]

    def room_of(self, contact: str) -> str:
        """The channel a contact is shown in."""
        return self.rooms[self.contacts.index(contact) % len(self.rooms)]

    def config(self, database: str, port: int) -> str:
        """The bridge's configuration."""
        lines = "".join(
            f"""
  line-{number}:
    account: main
    address: "{self.lines[number]}"
    rooms: [{{platform: slack, room: {self.rooms[number]}}}]
    undo: {UNDO[number % len(UNDO)]}
    stale_stop: false"""
            for number in range(ROOMS)
        )
        mates = "".join(f"  {name}: {{slack: {who}}}\n" for name, who in zip(NAMES, self.team, strict=True))
        return f"""
database: "{database}"
listen: 127.0.0.1:{port}
public_url: http://127.0.0.1:{port}
accounts:
  main: {{provider: twilio, account_sid: {self.account.sid}, auth_token: "{self.account.auth_token}",
          api_url: "{self.twilio.base_url}"}}
platforms:
  slack: {{kind: slack, bot_token: {self.slack.bot_token}, app_token: {self.slack.app_token},
           api_url: "{self.slack.base_url}/api/"}}
teammates:
{mates}
canned:
  place: "Meet us at door {{{{ door }}}}."
lines:{lines}
"""


@contextlib.asynccontextmanager
async def open_outside(port: int, seed: int) -> AsyncGenerator[Outside]:
    """Vendors that reach the bridge on ``port``."""
    clock, faults = SandboxClock(), Faults()
    slack, twilio = SlackWorld(clock, faults=faults, seed=seed), TwilioWorld(clock, faults=faults, seed=seed)
    slack.limits.enabled = False
    application = web.Application()
    application.add_subapp("/slack", slack.application())
    twilio.add_routes(application, "/twilio")
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    own = runner.addresses[0][1]
    slack.bind(f"http://127.0.0.1:{own}/slack")
    twilio.base_url = f"http://127.0.0.1:{own}/twilio"
    outside = Outside(clock, faults, slack, twilio, twilio.add_account("Acme"))
    outside.team = [slack.add_user(name).id for name in NAMES]
    for number in range(ROOMS):
        outside.rooms.append(slack.add_channel(f"desk-{number}", members=outside.team).id)
        line = f"+1555000{1000 + number}"
        twilio.add_number(outside.account, line, sms_url=f"http://127.0.0.1:{port}/webhooks/main#rc=2&rp=5xx,ct,rt")
        outside.lines.append(line)
    for number in range(CONTACTS):
        outside.contacts.append(twilio.add_phone(f"+1555010{1000 + number}").number)
    try:
        yield outside
    finally:
        faults.clear()
        await runner.cleanup()


def write_config(folder: Path, outside: Outside, database: str, port: int) -> Path:
    """The configuration as a file."""
    path = folder / "textbridge.yaml"
    path.write_text(outside.config(database, port))
    return path
