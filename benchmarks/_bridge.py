"""The real bridge in a process of its own, against the pretend vendors, without the vendors' pace.

``python -m benchmarks._bridge DATABASE PORT VENDOR_PORT [door]``; ``door``: takes requests in and does no more.
"""

import asyncio
import gc
import sys
from dataclasses import replace
from typing import Any

from benchmarks._traffic import ACCOUNT, LINE, PUBLIC, ROOM, SIGNING, TOKEN
from bridge import app, outside
from bridge.cli.run import run_loop
from bridge.config import Config, parse
from bridge.service import Service
from bridge.web.listener import listening


def settings(database: str, port: int, vendor_port: int) -> str:
    """The configuration file: a line, an account and a room."""
    vendor = f"http://127.0.0.1:{vendor_port}"
    return f"""
database: "{database}"
listen: 127.0.0.1:{port}
public_url: {PUBLIC}
accounts:
  main: {{provider: twilio, account_sid: {ACCOUNT}, auth_token: "{TOKEN}", api_url: "{vendor}"}}
platforms:
  slack: {{kind: slack, bot_token: xoxb-benchmark, signing_secret: "{SIGNING}", api_url: "{vendor}/api/"}}
lines:
  front-desk:
    {{account: main, address: "{LINE}", rooms: [{{platform: slack, room: {ROOM}}}], undo: 0s, stale_stop: false}}
"""


def configuration(database: str, port: int, vendor_port: int) -> Config:
    """The same, read."""
    providers, platforms = outside.settings_models()
    return parse(settings(database, port, vendor_port), {}, providers=providers, platforms=platforms)


def without_pace(service: Service) -> None:
    """Slack lets a room have one post a second: then Slack would be measured, not the bridge."""
    for adapter in service.platforms.values():
        unpaced: Any = adapter
        unpaced.capabilities = replace(adapter.capabilities, rate=None, edit_rate=None)


async def main(database: str, port: int, vendor_port: int, *, door: bool) -> None:
    """Serve until killed."""
    service = await app.build(configuration(database, port, vendor_port))
    without_pace(service)
    gc.freeze()  # as ``app.run`` does
    if not door:
        await service.serve(lambda _address: print("ready", flush=True))
    async with listening(service.application, "127.0.0.1", port):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    run_loop(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), door="door" in sys.argv))
