"""Rooms that took the place of others, on both databases."""

from bridge.domain.decision import Decision
from bridge.domain.keeping import FollowRoom
from bridge.domain.people import RoomRef
from bridge.ports.store import Store
from tests.store.builders import save

OLD, NEW, NEWEST = (RoomRef("matrix", room) for room in ("!old/1:x", "!new", "!newest"))


async def test_they_are_kept_and_the_last_word_counts(store: Store) -> None:
    assert await store.transact(lambda unit: unit.followed_rooms()) == {}
    await save(store, Decision(effects=(FollowRoom(OLD, NEW), FollowRoom(NEW, OLD))))
    await save(store, Decision(effects=(FollowRoom(NEW, NEWEST),)))
    assert await store.transact(lambda unit: unit.followed_rooms()) == {OLD: NEW, NEW: NEWEST}
