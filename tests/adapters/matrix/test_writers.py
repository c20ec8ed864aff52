"""Who is taken to write in which thread."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.adapters.platforms.matrix.writers import QUIET, THERE, Writers

US, ANA, BEN = "@bot:x", "@ana:x", "@ben:x"


class Heard:
    """A room as syncs tell of it, and a clock."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        self.writers = Writers(US, lambda: self.now)

    def _take(self, **found: Any) -> list[tuple[str, Any]]:
        return list(self.writers.take("!r", {name: {"events": events} for name, events in found.items()}))

    def typing(self, *people: str) -> list[tuple[str, Any]]:
        return self._take(ephemeral=[{"type": "m.typing", "content": {"user_ids": list(people)}}])

    def read(self, person: str, root: str | None) -> list[tuple[str, Any]]:
        receipt = {"ts": 1, **({} if root is None else {"thread_id": root})}
        return self._take(ephemeral=[{"type": "m.receipt", "content": {"$e": {"m.read": {person: receipt}}}}])

    def wrote(self, person: str, root: str) -> list[tuple[str, Any]]:
        relates = {"rel_type": "m.thread", "event_id": root}
        return self._take(timeline=[{"sender": person, "content": {"m.relates_to": relates}}])


def test_two_in_one_thread_are_told_once_in_a_while() -> None:
    heard = Heard()
    heard.read(ANA, "$t")
    heard.wrote(BEN, "$t")
    assert heard.typing(ANA) == []
    assert heard.typing(ANA, BEN, US) == [("$t", [ANA, BEN])]
    assert heard.typing(ANA, BEN) == []
    heard.now += QUIET + timedelta(seconds=1)
    assert heard.typing(ANA, BEN) == [], "they were there too long ago"
    heard.read(ANA, "$t")
    assert heard.read(BEN, "$t") == [("$t", [ANA, BEN])]


def test_who_is_elsewhere_or_was_there_long_ago_is_not_counted() -> None:
    heard = Heard()
    heard.read(ANA, "$t")
    heard.read(BEN, "$other")
    assert heard.typing(ANA, BEN) == []
    heard.read(BEN, "$t")
    assert heard.typing() == []
    heard.read(BEN, None)
    assert heard.typing(ANA, BEN) == [], "an unthreaded receipt says nothing of a thread"
    heard.read(BEN, "$t")
    heard.typing()
    heard.now += THERE + timedelta(seconds=1)
    heard.read(ANA, "$t")
    assert heard.typing(ANA, BEN) == []


def test_nonsense_says_nothing() -> None:
    heard = Heard()
    assert heard._take(ephemeral=[{"type": "m.typing", "content": {"user_ids": "x"}}, {"type": "m.receipt"}]) == []
