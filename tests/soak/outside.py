"""The pretend vendors of the soak, with people on both sides, on one port of loopback; Synapse is a real one."""

import contextlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld
from tests.soak.acts import NAMES
from tests.soak.matrix_rooms import open_rooms
from tests.soak.matrix_team import MatrixTeam
from tests.soak.slack_team import SlackTeam
from tests.soak.team import Team

ROOMS = 10
CONTACTS = 20
UNDO = ("0s", "2s")
Opening: TypeAlias = contextlib.AbstractAsyncContextManager[tuple[MatrixTeam, list[str], str]]


@dataclass
class Outside:
    """Vendors and people. ``platforms``: of the configuration, as YAML, by name."""

    clock: SandboxClock
    faults: Faults
    slack: SlackWorld
    twilio: TwilioWorld
    account: Any
    platforms: dict[str, str] = field(default_factory=dict[str, str])
    teams: list[Team] = field(default_factory=list[Team])
    lines: list[str] = field(default_factory=list[str])
    contacts: list[str] = field(default_factory=list[str])

    def line_of(self, contact: str) -> str:
        """The number a contact texts."""
        return self.lines[self.contacts.index(contact) % len(self.lines)]

    def config(self, database: str, port: int) -> str:
        """The bridge's configuration."""
        lines = "".join(
            f"""
  line-{number}:
    account: main
    address: "{self.lines[number]}"
    rooms: [{self._rooms(number)}]
    undo: {UNDO[number % len(UNDO)]}
    stale_stop: false
    sla: quick"""
            for number in range(ROOMS)
        )
        mates = "".join(f"  {name}: {{{self._ids(place)}}}\n" for place, name in enumerate(NAMES))
        platforms = "".join(f"  {name}: {settings}\n" for name, settings in self.platforms.items())
        return f"""
database: "{database}"
listen: 127.0.0.1:{port}
public_url: http://127.0.0.1:{port}
accounts:
  main: {{provider: twilio, account_sid: {self.account.sid}, auth_token: "{self.account.auth_token}",
          api_url: "{self.twilio.base_url}"}}
platforms:
{platforms}
teammates:
{mates}
canned:
  place: "Meet us at door {{{{ door }}}}."
sla:
  quick: {{first_response: 2s, next_response: 2s, resolution: 6s, warn_at: 0.5,
           ladder: [assignee, {{after: 1s, notify: ana}}]}}
rules:
  - {{name: every text, on: message_received, do: [{{label: texted}}]}}
  - {{name: no answer, on: {{no_reply: 3s}}, do: [{{notify: {{person: ana, text: "Still waiting."}}}}]}}
lines:{lines}
"""

    def _rooms(self, number: int) -> str:
        shown = ((team.platform, team.rooms[self.contacts[number]]) for team in self.teams)
        return ", ".join(f'{{platform: {platform}, room: "{room}"}}' for platform, room in shown)

    def _ids(self, place: int) -> str:
        return ", ".join(f'{team.platform}: "{team.members[place]}"' for team in self.teams)


@contextlib.asynccontextmanager
async def open_outside(
    port: int, seed: int, platforms: Sequence[str], folder: Path, *, sealed: bool
) -> AsyncGenerator[Outside]:
    """Vendors that reach the bridge on ``port``. ``folder``: where Synapse lives; ``sealed``: rooms are encrypted."""
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
    for number in range(ROOMS):
        line = f"+1555000{1000 + number}"
        twilio.add_number(outside.account, line, sms_url=f"http://127.0.0.1:{port}/webhooks/main#rc=2&rp=5xx,ct,rt")
        outside.lines.append(line)
    outside.contacts = [twilio.add_phone(f"+1555010{1000 + number}").number for number in range(CONTACTS)]
    async with contextlib.AsyncExitStack() as stack:
        if "slack" in platforms:
            _add_slack(outside)
        if "matrix" in platforms:
            await _add_matrix(stack, outside, open_rooms(folder, ROOMS, None, sealed=sealed))
        if "appservice" in platforms:
            await _add_matrix(stack, outside, open_rooms(folder, ROOMS, port, sealed=False))
        try:
            yield outside
        finally:
            faults.clear()
            await runner.cleanup()


def _by_contact(outside: Outside, rooms: Sequence[str]) -> dict[str, str]:
    return {contact: rooms[place % len(rooms)] for place, contact in enumerate(outside.contacts)}


def _add_slack(outside: Outside) -> None:
    slack = outside.slack
    members = [slack.add_user(name).id for name in NAMES]
    rooms = [slack.add_channel(f"desk-{number}", members=members).id for number in range(ROOMS)]
    team = SlackTeam(outside.clock, outside.faults, slack, members, _by_contact(outside, rooms))
    outside.teams.append(team)
    outside.platforms["slack"] = (
        f'{{kind: slack, bot_token: {slack.bot_token}, app_token: {slack.app_token}, api_url: "{slack.base_url}/api/"}}'
    )


async def _add_matrix(stack: contextlib.AsyncExitStack, outside: Outside, opening: Opening) -> None:
    team, rooms, settings = await stack.enter_async_context(opening)
    team.rooms |= _by_contact(outside, rooms)
    outside.teams.append(team)
    outside.platforms["matrix"] = settings


def write_config(folder: Path, outside: Outside, database: str, port: int) -> Path:
    """The configuration as a file."""
    path = folder / "textbridge.yaml"
    path.write_text(outside.config(database, port))
    return path
