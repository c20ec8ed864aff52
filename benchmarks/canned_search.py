"""The search field of the form for canned responses, 5,000 of them stored: 99 of 100 answers within this time.

Slack waits three seconds. Floor: an answer of the same server that needs nothing read.
"""

import asyncio
import json
from contextlib import ExitStack
from datetime import UTC, datetime

from benchmarks._databases import ask as ask_database
from benchmarks._databases import sqlite
from benchmarks._drain import opened
from benchmarks._load import ask, steady
from benchmarks._paths import Way
from benchmarks._processes import CLIENT, bridge, pin, vendors
from benchmarks._result import insist, percentile, report, rounds, say
from benchmarks._traffic import search_in
from bridge.domain.canned import Canned
from bridge.domain.decision import Decision
from bridge.domain.keeping import SaveCanned
from bridge.ports.store import Unit

RESPONSES, ASKED, PER_SECOND = 5_000, 100, 25.0
PATH = "/platforms/slack"
WORDS = ("", "o", "hours", "response 49", "response-4321", "nothing like it")
LIVE = b"GET /health/live HTTP/1.1\r\nHost: bridge.example\r\n\r\n"


def fill(unit: Unit) -> None:
    """Make the responses."""
    now = datetime.now(UTC)
    made = [
        Canned(
            name=f"response-{number}",
            team="",
            text=f"This is response {number}. Our hours are {number % 24} to 18, dear {{{{ contact.name }}}}.",
            created_by="slack:U0000000001",
            updated_at=now,
            uses=number % 97,
        )
        for number in range(RESPONSES)
    ]
    unit.save(Decision(effects=tuple(SaveCanned(one) for one in made)), now)


async def filled(url: str) -> None:
    """The responses in a database."""
    async with opened(url) as store:
        await store.transact(fill)


def offered(port: int, conversation: int, typed: str) -> list[str]:
    """What the search field offers."""
    answer = json.loads(asyncio.run(ask(port, search_in(conversation, typed, PATH))))
    return [option["value"] for option in answer["options"]]


if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    with ExitStack() as stack:
        url = stack.enter_context(sqlite())
        asyncio.run(filled(url))
        vendor_port = stack.enter_context(vendors())
        port, _ = stack.enter_context(bridge(url, vendor_port))
        Way(port, vendor_port, PATH, 0, {}).open(1)
        conversation = int(ask_database(url, "SELECT max(number) FROM conversations")[0][0])
        insist(len(offered(port, conversation, "hours")) == 100, "a hundred of many are offered")  # noqa: PLR2004 - Slack's most
        insist(offered(port, conversation, "response-4321") == ["response-4321"], "the one asked for is offered")
        for number in range(-1, rounds()):
            searches = [search_in(conversation, WORDS[turn % len(WORDS)], PATH) for turn in range(ASKED)]
            found = asyncio.run(steady(port, searches, PER_SECOND))
            live = asyncio.run(steady(port, [LIVE] * ASKED, PER_SECOND * 2))
            insist(not found.refused and not live.refused, "a request was refused")
            p99, floor = percentile(found.latencies, 0.99), percentile(live.latencies, 0.99)
            if number >= 0:  # the first warms up
                measured.append((p99, floor))
                p50 = percentile(found.latencies, 0.5)
                say(f"round {number}: p50 {p50:.1f} p99 {p99:.1f} ms, answer without reading p99 {floor:.1f} ms")
    report("canned_search", "ms p99", measured)
