"""Both ways measured alike: at a calm rate for the time of each message, then all at once for messages a second."""

from collections.abc import Callable
from contextlib import ExitStack

from benchmarks._paths import Passage, Way
from benchmarks._processes import CLIENT, bridge, floor, pin, vendors
from benchmarks._result import percentile, report, rounds, say

CONTACTS = 200
CALM = 20.0
Passing = Callable[[Way, list[int], float | None], Passage]


def compare(name: str, database: str, passing: Passing) -> None:
    """Run and report."""
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    contacts = list(range(CONTACTS))
    with ExitStack() as stack:
        ours, theirs = stack.enter_context(vendors()), stack.enter_context(vendors())
        port, _ = stack.enter_context(bridge(database, ours))
        bridged = Way(port, ours, "/platforms/slack", 0, {})
        bolt_port, _ = stack.enter_context(floor("bolt", theirs))
        direct = Way(bolt_port, theirs, "/slack/events", 0, {})
        for way in (bridged, direct):
            way.open(CONTACTS)
            passing(way, contacts, CALM * 5)  # warms up
            way.quiet()
        for number in range(rounds()):
            calm = [passing(way, contacts[:60], CALM) for way in (bridged, direct)]
            rush = [passing(way, contacts * 2, None) for way in (bridged, direct)]
            bridged.quiet()  # the marks and cards of the rush are still on their way
            medians = [percentile(one.milliseconds, 0.5) for one in calm]
            measured.append((medians[0], medians[1]))
            say(
                f"round {number}: bridge {calm[0].told()}, {rush[0].rate:.0f}/s | "
                f"directly {calm[1].told()}, {rush[1].rate:.0f}/s | time x {medians[0] / medians[1]:.1f}"
            )
    report(name, "ms p50", measured)
