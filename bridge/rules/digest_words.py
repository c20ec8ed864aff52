"""What a digest says."""

from bridge.domain.cards import INSERT, Note
from bridge.domain.digest import Digest, Longest
from bridge.domain.queue import COUNTED
from bridge.rules.addresses import shown

_GREETING = "☀️ Good morning. What waits here:"
_MORE = "`/sms queue` lists them."


def morning(digest: Digest) -> Note | None:
    """Tell a room what waits; None when nothing does."""
    counts, longest = digest.counts, digest.longest
    lines = [
        _waiting(counts.get("waiting", 0), longest),
        _line(counts.get("breached", 0), "is overdue", "are overdue"),
        _line(counts.get("unassigned", 0), "is nobody's", "are nobody's"),
        _line(counts.get("held", 0), "has a held reply", "have held replies"),
        _line(counts.get("failed", 0), "has a reply that did not arrive", "have replies that did not arrive"),
        _line(digest.opted_out, "contact opted out since the last digest", "contacts opted out since the last digest"),
    ]
    said = [line for line in lines if line]
    if not said:
        return None
    since = longest.since if longest is not None else None
    return Note("\n".join((_GREETING, *said, _MORE)), inserts=() if since is None else (since,), quiet=True)


def _waiting(count: int, longest: Longest | None) -> str:
    said = _line(count, "waits for an answer", "wait for an answer")
    if longest is None:
        return said
    name = (longest.name or shown(longest.address)).replace(INSERT, "")
    since = f" since {INSERT}" if longest.since is not None else ""
    return f"{said}, the longest #{longest.number} ({name}){since}"


def _line(count: int, one: str, many: str) -> str:
    if not count:
        return ""
    number = f"{COUNTED - 1}+" if count >= COUNTED else str(count)
    return f"• {number} {one if count == 1 else many}"
