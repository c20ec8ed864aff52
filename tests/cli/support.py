"""A configuration to write, the command line as a process, and calls that are stuck."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bridge.domain.decision import Decision
from bridge.domain.messages import Message, MessageStatus
from bridge.ports.rows import OutboxDraft, RowStatus, Settlement
from bridge.ports.store import Store, Unit
from bridge.store import inspect, open_store
from tests.store import builders

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
TARGET = "line:front-desk"
SECRETS = ("auth-token-0123456789abcdef", "xoxb-bot-token-0123", "xapp-app-token-0123")


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


def config_text(database: str, *, listen: str = "127.0.0.1:0", api_url: str = "http://127.0.0.1:9") -> str:
    """A configuration that is right and reaches nobody."""
    return f"""
database: "{database}"
listen: {listen}
public_url: http://127.0.0.1:9
accounts:
  main: {{provider: twilio, account_sid: AC{"0" * 32}, auth_token: "{SECRETS[0]}", api_url: "{api_url}"}}
platforms:
  slack: {{kind: slack, bot_token: "{SECRETS[1]}", app_token: "{SECRETS[2]}", api_url: "{api_url}/api/"}}
lines:
  front-desk: {{account: main, address: "+15550001000", rooms: [{{platform: slack, room: C0000000001}}]}}
"""


def write_config(folder: Path, text: str) -> Path:
    """Write a configuration where commands look for it."""
    path = folder / "textbridge.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command of its own process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "SLACK_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def command(*arguments: str) -> list[str]:
    """The command line as a process gets it."""
    return [sys.executable, "-m", "bridge", *arguments]


def process(*arguments: str, cwd: Path, **environ: str) -> Outcome:
    """Run a command as a process of its own, with nobody to answer."""
    done = subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def ask(url: str, work: Callable[[Unit], T]) -> T:
    """Do ``work`` in a transaction of its own."""

    async def main() -> T:
        store = await open_store(url, lambda: datetime.now(UTC))
        try:
            return await store.transact(work)
        finally:
            await store.aclose()

    return asyncio.run(main())


def message_of(url: str, name: str = "m1") -> Message:
    """A message as it is stored."""
    found = ask(url, lambda unit: unit.load_message(name)).message
    assert found is not None
    return found


def waiting(url: str) -> list[tuple[str, int | None]]:
    """Kind and ticket of every call still to be made, oldest first."""

    def work(unit: Unit) -> list[tuple[str, int | None]]:
        return [(line.kind, inspect.text_ticket(unit, line.key)) for line in inspect.list_unsettled(unit)]

    return ask(url, work)


def stuck(url: str) -> list[str]:
    """Keys of the calls somebody should look at."""
    return [line.key for line in ask(url, inspect.list_stuck)]


def a_text(
    url: str, status: RowStatus, message_status: MessageStatus, *, made: timedelta = timedelta(), **changes: Any
) -> str:
    """A reply whose call stands like this and was asked for at ``made`` from now; returns the call's key."""
    draft = OutboxDraft(
        lane="1001:line", target=TARGET, kind="SendText", conversation=1001, message="m1", payload={"ticket": 1}
    )
    message = builders.reply(status=message_status, ticket=1, origin=builders.chat("9.1"), **changes)
    return _call(url, draft, status, builders.known(messages=(message,)), made)


def a_note(url: str, status: RowStatus) -> str:
    """A post of the bot that stands like this; returns the call's key."""
    draft = OutboxDraft(
        lane="1001:room", target="room:slack/C1", kind="PostNote", conversation=1001, payload={"thread": "t1"}
    )
    return _call(url, draft, status, builders.known())


def _call(url: str, draft: OutboxDraft, status: RowStatus, decision: Decision, made: timedelta = timedelta()) -> str:
    now = datetime.now(UTC) + made

    async def main() -> str:
        store = await open_store(url, lambda: now)
        try:
            await store.transact(lambda unit: (unit.save(decision, now), unit.enqueue([draft], now)))
            return await _bring(store, draft, status, now)
        finally:
            await store.aclose()

    return asyncio.run(main())


async def _bring(store: Store, draft: OutboxDraft, status: RowStatus, now: datetime) -> str:
    if status == "pending":
        return (await store.transact(inspect.list_unsettled))[-1].key
    rows = await store.transact(lambda unit: unit.claim(draft.target, now, limit=1, lease=60, holder="test"))
    begun = await store.transact(lambda unit: unit.begin(rows, now))
    if status != "in_flight":
        ended = Settlement(row=replace(begun[0]), status=status, problem="made up")
        await store.transact(lambda unit: unit.settle([ended], now, holder="test"))
    return begun[0].key
