"""``textbridge sandbox``: a pretend Twilio and Slack on loopback, and the ordinary bridge under them."""

import asyncio
import contextlib
import signal
import socket
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import typer
import yaml
from aiohttp import web

from bridge.app import slack_manifest
from bridge.cli.child import Child
from bridge.cli.failure import Failure
from bridge.cli.furnishing import furnish
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.features import Features
from bridge.sandbox.server import SandboxServer
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld

HOST = "127.0.0.1"
SECONDS_BETWEEN_STATUSES = 0.4  # a text is seen on its way before it is delivered


@dataclass(frozen=True, slots=True)
class _Places:
    """Files of one sandbox."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "textbridge.db"

    @property
    def config(self) -> Path:
        return self.folder / "textbridge.yaml"

    @property
    def offset(self) -> Path:
        return self.folder / "clock-offset"

    @property
    def log(self) -> Path:
        return self.folder / "bridge.log"


def show(*, port: int, data: Path | None, browser: bool) -> None:
    """Serve the page until Ctrl-C."""
    with contextlib.ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="textbridge-sandbox-")))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            asyncio.run(_serve(_Places(folder.resolve()), port, browser=browser))
        except TimeoutError as problem:
            msg = "The bridge did not start in time. Try again, or see its log with --data."
            raise Failure(msg) from problem
        except OSError as problem:
            msg = f"Port {port} cannot be used ({problem.strerror}). Choose another with --port."
            raise Failure(msg) from problem


async def _serve(places: _Places, port: int, *, browser: bool) -> None:
    clock, faults = SandboxClock(), Faults()
    slack, twilio = SlackWorld(clock, faults=faults), TwilioWorld(clock, faults=faults)
    listen = f"{HOST}:{_free_port()}"
    child = Child(places.config, places.offset, listen, places.database, places.log)
    server = SandboxServer(
        slack,
        twilio,
        clock,
        child,
        features=Features.of_manifest(yaml.safe_load(slack_manifest())),
        on_skip=lambda offset: _write_offset(places.offset, offset),
    )
    twilio.pace = SECONDS_BETWEEN_STATUSES
    _write_offset(places.offset, clock.offset)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, HOST, port)
    await site.start()
    url = f"http://{HOST}:{runner.addresses[0][1]}"
    server.bind(url)
    places.config.write_text(furnish(slack, twilio, places.database, listen, url))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await child.start()
        typer.echo(f"The sandbox is at {url}  (Ctrl-C ends it; the bridge's log is {places.log})")
        if browser:
            await asyncio.to_thread(webbrowser.open, url)
        await stop.wait()
    finally:
        await child.stop()
        await runner.cleanup()


def _write_offset(path: Path, seconds: float) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{seconds}")
    fresh.replace(path)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])
