"""``textbridge sandbox``: a pretend Twilio and Slack or a Synapse on loopback, and the ordinary bridge under them."""

import asyncio
import contextlib
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import typer
import yaml
from aiohttp import web

from bridge.cli.child import Child
from bridge.cli.failure import Failure
from bridge.cli.furnishing import (
    MATRIX_BOT,
    MATRIX_PEOPLE,
    MATRIX_ROOMS,
    MATRIX_SEALED_ROOM,
    SEALED,
    configuration,
    furnish_slack,
    furnish_twilio,
    matrix_side,
)
from bridge.outside import encryption_needs, slack_manifest
from bridge.sandbox import steps
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.features import Features
from bridge.sandbox.matrix.errors import MatrixFailed
from bridge.sandbox.matrix.furnishing import MatrixRoom
from bridge.sandbox.matrix.installation import cache_folder, python_with_synapse
from bridge.sandbox.matrix.world import MatrixWorld
from bridge.sandbox.server import SandboxServer
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.twilio import TwilioWorld

Shown: TypeAlias = Literal["slack", "matrix", "both"]

HOST = "127.0.0.1"
SECONDS_BETWEEN_STATUSES = 0.4  # a text is seen on its way before it is delivered
STEPS: Mapping[Shown, steps.Steps] = {"slack": steps.SLACK, "matrix": steps.MATRIX, "both": steps.BOTH}


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

    @property
    def synapse(self) -> Path:
        return self.folder / "synapse"

    @property
    def matrix_state(self) -> Path:
        return self.folder / "matrix-state"


def show(*, platform: Shown, encrypted: bool, port: int, data: Path | None, browser: bool) -> None:
    """Serve the page until Ctrl-C. ``encrypted``: with one more room on Matrix, which is."""
    if encrypted and platform == "slack":
        raise Failure("--encrypted is for Matrix: add --platform matrix, or both.")
    if encrypted and (needs := encryption_needs()):
        raise Failure(needs)
    with contextlib.ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="textbridge-sandbox-")))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            python = None if platform == "slack" else python_with_synapse(cache_folder(), typer.echo)
            made = _Sandbox(_Places(folder.resolve()), platform, port, python, encrypted=encrypted)
            asyncio.run(made.serve(browser=browser))
        except MatrixFailed as problem:
            raise Failure(str(problem)) from problem
        except TimeoutError as problem:
            msg = "The bridge did not start in time. Try again, or see its log with --data."
            raise Failure(msg) from problem
        except OSError as problem:
            msg = f"Port {port} cannot be used ({problem.strerror}). Choose another with --port."
            raise Failure(msg) from problem


class _Sandbox:
    """What is served, from the vendors to the bridge. ``python``: the one that has Synapse, None without Matrix."""

    def __init__(self, places: _Places, platform: Shown, port: int, python: Path | None, *, encrypted: bool) -> None:
        self._places = places
        self._encrypted = encrypted
        self._platform: Shown = platform
        self._port = port
        clock, faults = SandboxClock(), Faults()
        self._slack, self._twilio = SlackWorld(clock, faults=faults), TwilioWorld(clock, faults=faults)
        self._twilio.pace = SECONDS_BETWEEN_STATUSES
        rooms = [*MATRIX_ROOMS, *([MATRIX_SEALED_ROOM] if encrypted else [])]
        self._matrix = None if python is None else _matrix(places, python, clock, port + 1 if port else 0, rooms)
        self._listen = f"{HOST}:{_free_port()}"
        self._child = Child(places.config, places.offset, self._listen, places.database, places.log)
        self._server = SandboxServer(
            self._slack,
            self._twilio,
            clock,
            self._child,
            features=Features.of_manifest(yaml.safe_load(slack_manifest())),
            matrix=self._matrix,
            steps=STEPS[platform],
            on_skip=lambda offset: _write_offset(places.offset, offset),
        )
        _write_offset(places.offset, clock.offset)

    async def serve(self, *, browser: bool) -> None:
        """Start everything, and end it when told to."""
        runner = web.AppRunner(self._server.application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port).start()
            url = f"http://{HOST}:{runner.addresses[0][1]}"
            await self._furnish(url)
            await self._until_told(url, browser=browser)
        finally:
            await self._child.stop()
            if self._matrix is not None:
                await self._matrix.homeserver.stop()
            await runner.cleanup()

    async def _furnish(self, url: str) -> None:
        self._server.bind(url)
        sides = [furnish_slack(self._slack, url)] if self._platform != "matrix" else []
        if self._matrix is not None:
            typer.echo("Starting Synapse …")
            await self._matrix.open()
            sides.append(matrix_side(self._matrix, self._places.matrix_state))
        account = furnish_twilio(self._twilio, self._listen, url, sealed=self._encrypted)
        self._places.config.write_text(configuration(sides, account, self._places.database, self._listen))

    async def _until_told(self, url: str, *, browser: bool) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await self._child.start()
        typer.echo(f"The sandbox is at {url}  (Ctrl-C ends it; the bridge's log is {self._places.log})")
        if self._matrix is not None:
            names = ", ".join(person.name for person in MATRIX_PEOPLE)
            typer.echo(f"In Element: homeserver {self._matrix.url}, user {names}, password {self._matrix.password}")
        if self._encrypted:
            typer.echo(f"The room {MATRIX_SEALED_ROOM.name} is encrypted: log in with Element, then text {SEALED}.")
        if browser:
            await asyncio.to_thread(webbrowser.open, url)
        await stop.wait()


def _matrix(places: _Places, python: Path, clock: SandboxClock, port: int, rooms: Sequence[MatrixRoom]) -> MatrixWorld:
    return MatrixWorld(python, places.synapse, clock, port=port, bot=MATRIX_BOT, people=MATRIX_PEOPLE, rooms=rooms)


def _write_offset(path: Path, seconds: float) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(f"{seconds}")
    fresh.replace(path)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])
