"""Time to accept a text (p99) at half load while 100,000 calls drain, against the same without them.

Half load: half of what the whole bridge carries to the threads.
"""

import asyncio
from contextlib import ExitStack

from benchmarks._databases import ask, sqlite
from benchmarks._drain import filled, notes
from benchmarks._load import steady
from benchmarks._paths import Way
from benchmarks._processes import CLIENT, bridge, pin, vendors
from benchmarks._result import insist, percentile, report, rounds, say
from benchmarks._traffic import text_in

PENDING, LANES, CONTACTS, SECONDS = 100_000, 1000, 200, 4
LIMIT = 400.0

if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    with ExitStack() as stack:
        empty, full = stack.enter_context(sqlite()), stack.enter_context(sqlite())
        asyncio.run(filled(full, notes(1_000_000, LANES, PENDING // LANES, platform="slack")))
        first, second = stack.enter_context(vendors()), stack.enter_context(vendors())
        calm_port, _ = stack.enter_context(bridge(empty, second))
        calm = Way(calm_port, second, "/platforms/slack", 0, {})
        calm.open(CONTACTS)
        rate = min(LIMIT, calm.text([one % CONTACTS for one in range(1500)], None).rate / 2)
        busy_port, busy = stack.enter_context(bridge(full, first))
        sent = calm.sent
        say(f"half load: {rate:.0f} texts/s")
        for number in range(-1, rounds()):
            figures: list[float] = []
            for port in (busy_port, calm_port):
                if port == calm_port:
                    busy.suspend()  # it would drain on and take the processor from the other
                size = int(rate * SECONDS)
                outcome = asyncio.run(steady(port, [text_in(sent + n, n % CONTACTS) for n in range(size)], rate))
                sent += size
                insist(not outcome.refused, "a request was refused")
                figures.append(percentile(outcome.latencies, 0.99))
            busy.resume()
            if number >= 0:  # the first warms up
                measured.append((figures[0], figures[1]))
                say(f"round {number}: p99 {figures[0]:.1f} ms while draining, {figures[1]:.1f} ms without")
        left = int(ask(full, "SELECT count(*) FROM outbox WHERE settled_at IS NULL AND target = 'note:slack'")[0][0])
        say(f"{left} of {PENDING} calls left")
        insist(left, "the outbox was empty before the end")
    report("intake_under_drain", "ms p99", measured)
