"""A teammate's 👀 until Slack has the changed card: our own time, against a slack-bolt app that changes it at once."""

from contextlib import ExitStack

from benchmarks._databases import sqlite
from benchmarks._paths import Way
from benchmarks._processes import CLIENT, bridge, floor, pin, vendors
from benchmarks._result import percentile, report, rounds, say

CONTACTS, CALM = 40, 20.0

if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    contacts = list(range(CONTACTS))
    with ExitStack() as stack:
        ours, theirs = stack.enter_context(vendors()), stack.enter_context(vendors())
        port, _ = stack.enter_context(bridge(stack.enter_context(sqlite()), ours))
        bridged = Way(port, ours, "/platforms/slack", 0, {})
        bolt_port, _ = stack.enter_context(floor("bolt", theirs))
        direct = Way(bolt_port, theirs, "/slack/events", 0, {})
        for way in (bridged, direct):
            way.open(CONTACTS)
            way.quiet()
        for number in range(-1, rounds()):
            claimed = number % 2 == 1
            medians: list[float] = []
            told: list[str] = []
            for way in (bridged, direct):
                passage = way.react(contacts, CALM, added=claimed)
                medians.append(percentile(passage.milliseconds, 0.5))
                told.append(passage.told())
                way.quiet()
            if number >= 0:  # the first warms up
                measured.append((medians[0], medians[1]))
                say(f"round {number}: bridge {told[0]} | directly {told[1]}")
    report("reaction_to_card", "ms p50", measured)
