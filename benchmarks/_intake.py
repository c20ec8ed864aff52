"""Signed texts taken in: requests a second, against the same server that stores nothing."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from psutil import Process

from benchmarks._databases import ask
from benchmarks._load import Outcome, closed
from benchmarks._processes import CLIENT, bridge, busy, floor, pin
from benchmarks._result import insist, percentile, report, rounds, say
from benchmarks._traffic import text_in

SLICES, SLICE = 6, 1000  # taken in turns, so that both meet the same neighbours on the machine
BUSY = 0.7


def measure(name: str, databases: Callable[[], AbstractContextManager[str]]) -> None:
    """Run and report."""
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    with ExitStack() as stack:
        url = stack.enter_context(databases())
        port, child = stack.enter_context(bridge(url, 1, "door"))
        bare, other = stack.enter_context(floor("signature"))
        sent = 0
        for number in range(-1, rounds()):
            ours, theirs = Outcome(), Outcome()
            before = busy(child), busy(other)
            for _ in range(SLICES):
                requests = [text_in(sent + one, (sent + one) % 500) for one in range(SLICE)]
                sent += SLICE
                ours.add(asyncio.run(closed(port, requests)))
                theirs.add(asyncio.run(closed(bare, requests)))
            insist(not ours.refused and not theirs.refused, "a request was refused")
            insist(_stored(url) == sent, f"{sent} acknowledged, {_stored(url)} stored")
            if number >= 0:  # the first warms up
                measured.append((ours.rate, theirs.rate))
                ratio = ours.rate / theirs.rate
                cost, least = _cost(child, before[0]), _cost(other, before[1])
                say(
                    f"round {number}: bridge {_line(ours)}, {cost:.0f} us of processor each | stores nothing"
                    f" {_line(theirs)}, {least:.0f} us | {ratio:.2f}, by processor time {least / cost:.2f}"
                )
        alone = asyncio.run(closed(port, [text_in(sent + one, one) for one in range(300)], connections=1))
        p50, p99 = percentile(alone.latencies, 0.5), percentile(alone.latencies, 0.99)
        say(f"one connection: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    report(name, "requests/s", measured)


def _cost(child: Process, before: float) -> float:
    """Microseconds of processor time for each request of a round."""
    return (busy(child) - before) / (SLICES * SLICE) * 1e6


def _stored(url: str) -> int:
    return int(ask(url, "SELECT count(DISTINCT external_id) FROM inbox")[0][0])


def _line(outcome: Outcome) -> str:
    insist(outcome.busy / outcome.took < BUSY, f"the client was too busy ({outcome.busy / outcome.took:.2f})")
    p50, p99 = percentile(outcome.latencies, 0.5), percentile(outcome.latencies, 0.99)
    return f"{outcome.rate:.0f}/s p50 {p50:.1f} p99 {p99:.1f} ms"
