"""The receipt of an erasure: what was emptied, what stays and why, and what people have to remove."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from bridge.cli.output import say

KEPT = (
    "Rows without words or numbers: times, directions, statuses and who answered, so that reports stay right.",
    "The record of acts, chained and never changed: who did what when, labels, time zones, and why replies were held.",
    "On that record too: the words with which a teammate recorded consent.",
    "Backups made before, until you delete them. Restoring one brings everything back: erase again.",
    "The provider's own copies of texts and files, for as long as it keeps them: delete them in its console.",
    "Files uploaded to Matrix: no post leads to them any more, but only the server's administrator can delete them.",
    "Commands of teammates in the threads, such as !name: nothing links to them, and only people can delete them.",
    "What the bot said outside the threads: summaries and warnings in rooms, answers to one person alone.",
    "What stands in a conversation with another number: a name, and words shown there while both were merged.",
    "What your own rules' webhooks and an assistant were told.",
)
OPTED_OUT = "The number itself, because they opted out: kept with the opt-out, so that nobody texts them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An erasure, without personal data. ``ends``: last digits of each number. ``erased``: counts by kind.

    ``copies``: threads in chat whose removal is ``done``, ``waiting`` or ``failed``. ``for_people``: addresses of
    teammates' own posts, which a bot cannot delete.
    """

    id: str
    at: str
    actor: str
    reason: str
    ends: tuple[str, ...]
    conversations: tuple[int, ...]
    erased: Mapping[str, int]
    copies: Mapping[str, int]
    kept: tuple[str, ...]
    for_people: tuple[str, ...]


def write(receipt: Receipt, stream: TextIO) -> None:
    """Write it as JSON."""
    json.dump(asdict(receipt), stream, indent=2)
    stream.write("\n")
    stream.flush()


def show(receipt: Receipt, out: Path | None) -> None:
    """Print it for people."""
    counts = ", ".join(f"{kind} {count}" for kind, count in receipt.erased.items() if count) or "nothing was left"
    say(f"Receipt {receipt.id}, {receipt.at}: the contact with {_ends(receipt)} was erased.")
    say(f"Emptied: {counts}; in {_numbers(receipt)}.")
    for line in receipt.kept:
        say(f"Stays: {line}")
    for link in receipt.for_people:
        say(f"For people to delete: {link}")
    _show_copies(receipt)
    if out is not None:
        say(f"The receipt is in {out}.")


def _show_copies(receipt: Receipt) -> None:
    done, waiting, failed = (receipt.copies[name] for name in ("done", "waiting", "failed"))
    if done:
        say(f"The bot's posts are removed: {_threads(done)}.")
    if waiting:
        say(
            f"The bot's posts in {_threads(waiting)} are still to be removed: a running service does it now, one that "
            "is stopped when it runs next. `textbridge outbox list` shows what waits."
        )
    if failed:
        say(f"The bot's posts in {_threads(failed)} could not be removed: see `textbridge outbox list`.")


def _ends(receipt: Receipt) -> str:
    return " and ".join(f"the number ending in {end}" for end in receipt.ends)


def _numbers(receipt: Receipt) -> str:
    return ", ".join(f"#{number}" for number in receipt.conversations) or "no conversation"


def _threads(count: int) -> str:
    return "1 thread" if count == 1 else f"{count} threads"
