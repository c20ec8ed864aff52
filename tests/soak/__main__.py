"""Kill the real process at random for minutes and compare both ends; the exit code tells whether a promise broke."""

import argparse
import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import aiohttp

from tests.services import postgres
from tests.services.network import free_port
from tests.soak import dump, records
from tests.soak.check import Count, Result, compare
from tests.soak.child import Child
from tests.soak.outside import Outside, open_outside, write_config
from tests.soak.traffic import Traffic

SPEED = 6.0
SHORT_LIVED = 0.75
ASKED_FIRST = 0.1  # some are killed while they end in good order
SETTLE_SECONDS = 300.0


@dataclass(frozen=True)
class Chosen:
    """What was asked for. ``database``: its address; ``seconds``: after which no more kills begin.

    ``sealed``: Matrix rooms are encrypted.
    """

    database: str
    platforms: tuple[str, ...]
    kills: int
    seconds: float
    sealed: bool


def platforms(chosen: str) -> tuple[str, ...]:
    """The platforms of an argument."""
    return ("slack", "matrix") if chosen == "both" else (chosen,)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="how often the process is killed")
    parser.add_argument("--minutes", type=float, default=60.0, help="end after so long even with fewer kills")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of all that is random here")
    parser.add_argument(
        "--platform",
        choices=("slack", "matrix", "appservice", "both"),
        default="slack",
        help="where the team sits; appservice: in Matrix, which pushes its events",
    )
    parser.add_argument("--encrypted", action="store_true", help="the rooms on Matrix are encrypted")
    parser.add_argument("--keep", type=Path, help="keep database and logs in this folder")
    arguments = parser.parse_args()
    if arguments.encrypted and arguments.platform not in ("matrix", "both"):
        parser.error("--encrypted needs --platform matrix or both")
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="textbridge-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    with database(folder, server=arguments.postgresql) as url:
        seconds = arguments.minutes * 60
        chosen = Chosen(url, platforms(arguments.platform), arguments.kills, seconds, arguments.encrypted)
        result = asyncio.run(soak(folder, chosen, Random(arguments.seed)))
    where = "PostgreSQL" if arguments.postgresql else "SQLite"
    how = f"{where}, {arguments.platform}{', encrypted' if arguments.encrypted else ''}"
    print_table(result, f"seed {arguments.seed}, {arguments.kills} kills, {how}")
    if arguments.keep is None and not result.broken:
        shutil.rmtree(folder, ignore_errors=True)
    elif result.broken:
        say(f"database and log: {folder}")
    sys.exit(1 if result.broken else 0)


@contextlib.contextmanager
def database(folder: Path, *, server: bool) -> Generator[str]:
    """An empty database."""
    if not server:
        yield f"sqlite:///{folder / 'bridge.db'}"
        return
    folder.chmod(0o755)  # it runs as another user when this runs as root
    running = postgres.shared_server(folder)
    try:
        with running.database() as url:
            yield url
    finally:
        postgres.stop_server(folder)


async def soak(folder: Path, chosen: Chosen, random: Random) -> Result:
    """Let people and faults loose on the process while it is killed; then wait for calm and compare."""
    port = free_port()
    seed = random.randrange(10**6)
    async with open_outside(port, seed, chosen.platforms, folder, sealed=chosen.sealed) as outside:
        offset = folder / "clock-offset"
        offset.write_text("0")
        child = Child(write_config(folder, outside, chosen.database, port), offset, folder / "bridge.log", port)
        traffic = Traffic(outside, random)
        ticking = asyncio.create_task(tick(outside, offset))
        await child.start()
        await child.ready()
        acting = asyncio.create_task(traffic.run())
        try:
            await kill_on_and_on(child, chosen, random)
            traffic.over.set()
            await acting
            outside.faults.clear()
            for team in outside.teams:
                team.mend()
            at_rest = await calm(outside, port)
            await child.stop()
            await child.start()
            await child.ready()
            for team in outside.teams:
                if not await team.caught_up(outside.contacts, SETTLE_SECONDS):
                    say(f"not everything on {team.platform} was read")
            at_rest = await calm(outside, port) and at_rest
            await child.stop()
            for team in outside.teams:
                await team.look()
        finally:
            acting.cancel()
            ticking.cancel()
            await asyncio.gather(acting, ticking, return_exceptions=True)
            await child.close()
        dump.write(folder / "outside.json", outside, traffic)
        return replace(compare(outside, traffic, records.read(chosen.database)), at_rest=at_rest)


async def tick(outside: Outside, offset: Path) -> None:
    """Let time run faster than it does, for vendors and bridge alike."""
    last = time.monotonic()
    while True:
        await asyncio.sleep(0.1)
        now = time.monotonic()
        outside.clock.skip((now - last) * (SPEED - 1))
        last = now
        written = offset.with_suffix(".new")
        written.write_text(str(outside.clock.offset))
        written.replace(offset)


async def kill_on_and_on(child: Child, chosen: Chosen, random: Random) -> None:
    """Kill and restart, now and then before it was ready."""
    started = time.monotonic()
    for number in range(1, chosen.kills + 1):
        if random.random() < 0.15:
            await asyncio.sleep(random.uniform(0.05, 1.0))
        else:
            await child.ready()
            await child.live(random.uniform(0.3, 1.6) if random.random() < SHORT_LIVED else random.uniform(2.0, 6.0))
        if random.random() < ASKED_FIRST:
            await child.ask()
            await asyncio.sleep(random.uniform(0, 0.5))
        await child.kill()
        await child.start()
        if number % 25 == 0:
            say(f"{number} kills in {time.monotonic() - started:.0f} s")
        if time.monotonic() - started > chosen.seconds:
            break
    await child.ready()


async def calm(outside: Outside, port: int) -> bool:
    """Return once nothing is under way any more; False when that takes too long."""
    quiet = 0
    started = time.monotonic()
    async with aiohttp.ClientSession() as session:
        while quiet < 10:
            await asyncio.sleep(0.2)
            async with session.get(f"http://127.0.0.1:{port}/health/ready") as answer:
                found = json.loads(await answer.text())
            open_rows = found.get("oldest_inbox_seconds") or found.get("oldest_outbox_seconds")
            quiet = 0 if open_rows or not found.get("ready") else quiet + 1
            outside.clock.skip(5.0)
            if time.monotonic() - started > SETTLE_SECONDS:
                say(f"it does not come to rest: {found}")
                return False
    return True


def print_table(result: Result, what: str) -> None:
    """One table, then examples of what broke."""
    say(f"\n{what}: {result.acknowledged} texts acknowledged at once, {result.recovered} shown as found later\n")
    heads = ("sent", "seen", "told", "stopped", "lost", "doubled", "disorder")
    say(f"{'':10}" + "".join(f"{head:>9}" for head in heads))
    for name in ("texts", "replies", "pictures", "acts"):
        say(row(name, getattr(result, name)))
    say(f"\ncomments leaked: {result.leaked}")
    for name in ("unknown", "failed", "held"):
        there, shown = getattr(result, name)
        say(f"replies {name}: {there}, of which their thread tells: {shown}")
    told, never = result.told_unreadable
    say(f"posts nobody could decrypt: {len(result.unreadable)}")
    say(f"messages told to be unreadable: {told}, of which were never read: {never}")
    stuck = ", ".join(f"{count} {kind}" for kind, count in result.stuck.items()) or "none"
    say(f"other calls that failed for good: {stuck}")
    say(f"entries on record: {result.entries}, contradictions: {len(result.contradictions)}")
    say(f"came to rest: {'yes' if result.at_rest else 'no'}; a promise broke: {'yes' if result.broken else 'no'}\n")
    examples = (result.texts, result.replies, result.pictures, result.acts)
    for example in [
        *(one for count in examples for one in count.examples),
        *result.unreadable,
        *result.contradictions,
    ][:60]:
        say(f"  {example}")


def say(line: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def row(name: str, count: Count) -> str:
    """A line of the table."""
    cells = (count.sent, count.seen, count.told, count.stopped, count.lost, count.doubled, count.out_of_order)
    return f"{name:10}" + "".join(f"{cell:>9}" for cell in cells)


if __name__ == "__main__":
    main()
