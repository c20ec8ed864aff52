"""10,000 texts at once through the whole bridge: all there, once each, in order; the result is its largest memory.

The floor is the memory before the burst.
"""

from contextlib import ExitStack
from pathlib import Path

from benchmarks._databases import sqlite
from benchmarks._paths import Way
from benchmarks._processes import CLIENT, bridge, pin, vendors
from benchmarks._result import insist, report, rounds, say

TEXTS, CONTACTS = 10_000, 200
MEBIBYTE = 1024 * 1024


def peak(process: int) -> float:
    """The most memory a process ever had, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def in_order(calls: list[tuple[int, str]]) -> bool:
    """Whether each thread's marks only grow."""
    last: dict[str, int] = {}
    for mark, thread in calls:
        if mark <= last.get(thread, -1):
            return False
        last[thread] = mark
    return True


if __name__ == "__main__":
    pin(0, CLIENT)
    measured: list[tuple[float, float]] = []
    for number in range(rounds(2)):
        with ExitStack() as stack:
            vendor_port = stack.enter_context(vendors())
            port, child = stack.enter_context(bridge(stack.enter_context(sqlite()), vendor_port))
            way = Way(port, vendor_port, "/platforms/slack", 0, {})
            way.open(CONTACTS)
            before = child.memory_info().rss / MEBIBYTE
            passed = way.text([place % CONTACTS for place in range(TEXTS)], None)
            largest = peak(child.pid)
            insist(in_order([(call[2], call[3]) for call in passed.calls]), "a thread is out of order")
            measured.append((largest, before))
            say(
                f"round {number}: taken in at {passed.outcome.rate:.0f}/s, in their threads at {passed.rate:.0f}/s,"
                f" at most {largest:.0f} MiB"
            )
    report("burst", "MiB", measured)
