"""A text of a known contact until a member of the room sees it, against a client that sends the same event at once."""

from benchmarks._matrix import CONTACTS, Sides, measure
from benchmarks._result import percentile, report, rounds, say

TURNS, TEXTS, CALM = 6, 8, 5.0
"""Turns of a few texts each, so that what else the machine does meets both sides alike."""


async def _work(sides: Sides) -> None:
    measured: list[tuple[float, float]] = []
    contacts = [place % CONTACTS for place in range(TEXTS)]
    for number in range(rounds()):
        ours, theirs = list[float](), list[float]()
        for _ in range(TURNS):
            ours += (await sides.text(contacts, CALM)).milliseconds
            theirs += (await sides.send(contacts, CALM)).milliseconds
        measured.append((percentile(ours, 0.5), percentile(theirs, 0.5)))
        tails = percentile(ours, 0.99), percentile(theirs, 0.99)
        say(
            f"round {number}: bridge p50 {measured[-1][0]:.1f} p99 {tails[0]:.1f} ms | "
            f"directly p50 {measured[-1][1]:.1f} p99 {tails[1]:.1f} ms"
        )
    report("matrix_text_to_room", "ms p50", measured)


if __name__ == "__main__":
    measure(_work)
