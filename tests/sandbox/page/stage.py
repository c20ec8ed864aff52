"""A sandbox's server with nothing but a stand-in for the bridge's process under it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.features import Features
from bridge.sandbox.process import StripRow
from bridge.sandbox.server import SandboxServer
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld
from bridge.sandbox.twilio.model import Account

LINE, PHONE = "+15550001000", "+12125550142"
MANIFEST = {
    "display_information": {"name": "Textbridge"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "shortcuts": [
            {"name": "Send again", "type": "message", "callback_id": "again"},
            {"name": "Everywhere", "type": "global", "callback_id": "global"},
        ],
        "slash_commands": [{"command": "/sms", "usage_hint": "help"}],
    },
}


@dataclass
class Process:
    """Notes what it is asked to do."""

    running: bool = True
    asked: list[str] = field(default_factory=list[str])
    rows: list[StripRow] = field(default_factory=list[StripRow])

    async def start(self) -> None:
        self.asked.append("start")
        self.running = True

    async def kill(self) -> None:
        self.asked.append("kill")
        self.running = False

    async def stop(self) -> None:
        self.asked.append("stop")
        self.running = False

    async def strip(self) -> Sequence[StripRow]:
        return self.rows


class House:
    """A furnished world: Ana in #front-desk, a line, a phone."""

    def __init__(self) -> None:
        self.clock = SandboxClock()
        self.slack = SlackWorld(self.clock)
        self.twilio = TwilioWorld(self.clock, seed=7)
        self.process = Process()
        self.skips: list[float] = []
        self.ana: User = self.slack.add_user("ana", real_name="Ana Souza")
        self.ben: User = self.slack.add_user("ben", real_name="Ben Okafor")
        self.room: Channel = self.slack.add_channel("front-desk", [self.ana.id, self.ben.id])
        self.account: Account = self.twilio.add_account("Acme")
        self.twilio.add_number(self.account, LINE)
        self.twilio.add_phone(PHONE, name="Maria Silva")
        features = Features.of_manifest(MANIFEST)
        self.server = SandboxServer(
            self.slack, self.twilio, self.clock, self.process, features=features, on_skip=self.skips.append
        )
        self.url = ""


class Caller:
    """Talks to the server as the page does."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self.house, self.session = house, session

    async def act(self, act: str, *, expect: int = 200, **fields: Any) -> Any:
        async with self.session.post(f"{self.house.url}/sandbox/act", json={"act": act, **fields}) as answer:
            body = await answer.json()
            assert answer.status == expect, body
            return body["result"] if expect == 200 else body["error"]

    async def post(self, text: str, **fields: Any) -> Any:
        return await self.act("slack.post", user=self.house.ana.id, channel=self.house.room.id, text=text, **fields)

    async def text_from_line(self, body: str = "hello") -> int:
        """Text the phone as an app of the account would; returns the HTTP status."""
        account = self.house.account
        path = f"/twilio/2010-04-01/Accounts/{account.sid}/Messages.json"
        login = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.auth_token)}
        form = {"To": PHONE, "From": LINE, "Body": body}
        async with self.session.post(self.house.url + path, data=form, headers=login) as answer:
            return answer.status
