"""Texts a second of 16 conversations at once into a Matrix room, against a client that sends the same concurrently."""

from benchmarks._matrix import CONTACTS, Sides, measure
from benchmarks._result import report, rounds, say

EACH = 12


async def _work(sides: Sides) -> None:
    measured: list[tuple[float, float]] = []
    contacts = [place % CONTACTS for place in range(CONTACTS * EACH)]
    for number in range(rounds()):
        ours, theirs = [(await way(contacts, None)).rate for way in (sides.text, sides.send)]
        measured.append((ours, theirs))
        say(f"round {number}: bridge {ours:.1f}/s | directly {theirs:.1f}/s")
    report("matrix_rate", "texts/s", measured)


if __name__ == "__main__":
    measure(_work)
