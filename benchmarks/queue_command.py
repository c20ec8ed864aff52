"""``/sms queue`` until Slack has the answer, with 100,000 conversations on the line, against the same with none."""

import asyncio
import random
import time
from contextlib import ExitStack
from itertools import count

from benchmarks._databases import sqlite
from benchmarks._drain import opened
from benchmarks._load import steady
from benchmarks._processes import CLIENT, bridge, pin, seen, vendors
from benchmarks._result import insist, percentile, report, rounds, say
from benchmarks._traffic import command_in
from benchmarks.app_home import CONVERSATIONS, fill_all

ASKED, PER_SECOND, PATIENCE = 40, 10.0, 20.0
LINE = "front-desk"
ANSWER = "chat.postEphemeral"


async def fill(url: str) -> None:
    """Make the conversations."""
    async with opened(url) as store:
        await fill_all(store, random.Random(1), [LINE])


def milliseconds(port: int, vendor_port: int, numbers: "count[int]") -> list[float]:
    """From each command to its answer. One person's answers come in the order they asked."""
    commands = [command_in(next(numbers), "queue", "", "/platforms/slack") for _ in range(ASKED)]
    outcome = asyncio.run(steady(port, commands, PER_SECOND))
    insist(not outcome.refused, "a command was refused")
    answered: list[float] = []
    deadline = time.monotonic() + PATIENCE
    while len(answered) < ASKED and time.monotonic() < deadline:
        time.sleep(0.05)
        answered += [call[0] for call in seen(vendor_port) if call[1] == ANSWER]
    insist(len(answered) == ASKED, "a command was not answered")
    return [(at - outcome.began[place]) * 1000 for place, at in enumerate(answered)]


if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    numbers = count(1)
    with ExitStack() as stack:
        full, empty = stack.enter_context(sqlite()), stack.enter_context(sqlite())
        asyncio.run(fill(full))
        say(f"{CONVERSATIONS} conversations")
        ports: list[tuple[int, int]] = []
        for url in (full, empty):
            vendor_port = stack.enter_context(vendors())
            port, _ = stack.enter_context(bridge(url, vendor_port))
            ports.append((port, vendor_port))
        for number in range(-1, rounds()):
            many, none = (milliseconds(port, vendor_port, numbers) for port, vendor_port in ports)
            if number >= 0:  # the first warms up
                measured.append((percentile(many, 0.99), percentile(none, 0.99)))
                say(
                    f"round {number}: p50 {percentile(many, 0.5):.1f} p99 {measured[-1][0]:.1f} ms, with none"
                    f" p50 {percentile(none, 0.5):.1f} p99 {measured[-1][1]:.1f} ms"
                )
    report("queue_command", "ms p99", measured)
