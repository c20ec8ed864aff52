"""The figures of both ways with a million messages stored, against an empty database. The worst of them is the result.

All ratios read alike: 1.2 is a fifth worse than empty.
"""

import statistics
import time
from contextlib import ExitStack

from psutil import Process

from benchmarks._big import big
from benchmarks._databases import sqlite
from benchmarks._paths import Way
from benchmarks._processes import CLIENT, bridge, busy, pin, vendors
from benchmarks._result import percentile, report, rounds, say

CONTACTS, CALM = 100, 20.0
FIGURES = ("accepted/s", "texts/s", "replies/s", "text ms p50", "reply ms p50")
RATES = 3


def figures(way: Way) -> list[float]:
    """One round."""
    contacts = list(range(CONTACTS))
    texts, replies = way.text(contacts * 4, None), way.reply(contacts * 4, None)
    way.quiet()  # the marks and cards of the rush are still on their way
    calm = [way.text(contacts[:40], CALM), way.reply(contacts[:40], CALM)]
    return [texts.outcome.rate, texts.rate, replies.rate, *(percentile(one.milliseconds, 0.5) for one in calm)]


if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[list[tuple[float, float]]] = [[] for _ in FIGURES]
    with ExitStack() as stack:
        ways: list[Way] = []
        children: list[Process] = []
        for database in (big(), stack.enter_context(sqlite())):
            vendor_port = stack.enter_context(vendors())
            port, child = stack.enter_context(bridge(database, vendor_port))
            children.append(child)
            # New numbers in each run: the big database remembers the texts of the last.
            ways.append(Way(port, vendor_port, "/platforms/slack", int(time.time()) * 100, {}))
            ways[-1].open(CONTACTS)
        before: list[float] = []
        for number in range(-1, rounds()):
            pairs = list(zip(*(figures(way) for way in ways), strict=True))
            if number < 0:  # the first warms up
                before = [busy(child) for child in children]
                continue
            for place, (full, empty) in enumerate(pairs):
                measured[place].append((full, empty))
            told = (f"{name} {full:.1f} | {empty:.1f}" for name, (full, empty) in zip(FIGURES, pairs, strict=True))
            say(f"round {number}: a million | empty: {', '.join(told)}")
        spent = [busy(child) - start for child, start in zip(children, before, strict=True)]
        say(f"processor time: {spent[0] / spent[1]:.2f} x")
    worse = [[(b, a) if place < RATES else (a, b) for a, b in pairs] for place, pairs in enumerate(measured)]
    ratios = [statistics.median(a / b for a, b in pairs) for pairs in worse]
    say(", ".join(f"{name}: {ratio:.2f} x" for name, ratio in zip(FIGURES, ratios, strict=True)))
    place = ratios.index(max(ratios))
    # A rate is turned round (seconds for each), so that more is worse in every figure.
    pairs = [(1 / full, 1 / empty) if place < RATES else (full, empty) for full, empty in measured[place]]
    report("big_database", f"s for each of {FIGURES[place]}" if place < RATES else FIGURES[place], pairs)
