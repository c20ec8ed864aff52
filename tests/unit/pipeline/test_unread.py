"""Threads that are read before what comes live in them counts."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import pytest

from bridge.domain.people import ChatRef
from bridge.observability import ALARMS
from bridge.pipeline import catchup
from bridge.pipeline.catchup import EVERY, FIRST_RETRY_SECONDS, OVERLAP, UNREAD_SECONDS, CatchUp
from bridge.pipeline.intake import Intake
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import RawChatEvent
from bridge.ports.provider import Provider
from tests.pipeline.doubles import Phones
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, ROOT

OTHER = ChatRef("slack", "C1", "8.0")
CARD = "room:slack/C1"


def catching_up(script: Script, rooms: AbleRooms) -> tuple[CatchUp, Intake, ScriptedStore]:
    """Catching up on one platform."""
    store = ScriptedStore(script)
    around = replace(outside(rooms=rooms), providers={"main": cast("Provider", Phones())})
    intake = Intake(store.port, around.providers)
    return CatchUp(store.port, intake, around, lambda: NOW), intake, store


async def test_a_known_thread_is_taken_in_as_it_stands_and_is_read_then() -> None:
    script, rooms = Script(unread={ROOT: NOW}), AbleRooms()
    rooms.replies = [[RawChatEvent("a", b"1", ROOT), RawChatEvent("b", b"2", ROOT)]]
    assert not await catching_up(script, rooms)[0].unread("slack", rooms)
    assert [draft.external_id for draft in script.accepted] == ["a", "b"]
    assert {draft.source for draft in script.accepted} == {"chat:slack"}
    assert rooms.reads == [(ROOT, NOW - OVERLAP)]
    assert (script.unread, list(script.seen.values())) == ({}, [NOW])


async def test_a_thread_is_waited_for_while_a_card_is_on_its_way_and_else_none_of_ours() -> None:
    script, rooms = Script(unread={ROOT: None}, awaited={CARD}), AbleRooms()
    catch_up, _, _ = catching_up(script, rooms)
    assert await catch_up.unread("slack", rooms)
    assert script.unread == {ROOT: None}
    script.awaited.clear()
    assert not await catch_up.unread("slack", rooms)
    assert (script.unread, rooms.reads) == ({}, [])


async def test_threads_to_read_first_are_left_to_that() -> None:
    script, rooms = Script(threads=[(ROOT, NOW), (OTHER, NOW)], unread={ROOT: NOW}), AbleRooms()
    await catching_up(script, rooms)[0].threads("slack", rooms)
    assert [root for root, _ in rooms.reads] == [OTHER]
    assert script.unread == {ROOT: NOW}


async def test_a_thread_that_cannot_be_read_now_stays_and_the_others_are_read() -> None:
    script, rooms = Script(unread={ROOT: NOW, OTHER: NOW}), AbleRooms()
    rooms.replies = [SendDeferred("busy"), [RawChatEvent("a", b"1", OTHER)]]
    with pytest.raises(SendDeferred):
        await catching_up(script, rooms)[0].unread("slack", rooms)
    assert script.unread == {ROOT: NOW}
    assert [draft.external_id for draft in script.accepted] == ["a"]


async def test_a_thread_that_is_gone_is_waited_for_no_longer() -> None:
    script, rooms = Script(unread={ROOT: NOW}), AbleRooms()
    rooms.replies = [SendRejected("thread_not_found", "Gone.")]
    await catching_up(script, rooms)[0].unread("slack", rooms)
    assert (script.unread, script.accepted, script.seen) == ({}, [], {})


class Slow(AbleRooms):
    """Reads for as long as the test wants."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = asyncio.Event()

    async def read_thread(self, root: ChatRef, *, since: datetime) -> Sequence[RawChatEvent]:
        self.reads.append((root, since))
        await self.goes_on.wait()
        return [RawChatEvent("missed", b"1", ROOT)]


async def test_what_comes_while_its_thread_is_read_comes_after_it_and_nothing_else_waits(start: Start) -> None:
    script, rooms = Script(unread={ROOT: NOW}), Slow()
    catch_up, intake, store = catching_up(script, rooms)
    live = intake.chat("slack")
    start(catch_up.run())
    await until(lambda: rooms.reads)

    async def come() -> None:
        await live([RawChatEvent("live", b"2", ROOT)])

    coming = start(come())
    await live([RawChatEvent("elsewhere", b"3", OTHER), RawChatEvent("button", b"4", ROOT, urgent=True)])
    assert [external_id for _, external_id in store.kept] == ["elsewhere", "button"]
    rooms.goes_on.set()
    await until(coming.done)
    assert [draft.external_id for draft in script.accepted] == ["missed"]
    assert list(store.kept)[-1] == ("chat:slack", "live")


async def test_reading_ends_before_what_comes_live_has_no_more_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catchup, "READ_SECONDS", 0.0)
    script, rooms = Script(unread={ROOT: NOW}), Slow()
    with pytest.raises(SendOutcomeUnknown):
        await catching_up(script, rooms)[0].unread("slack", rooms)
    assert script.unread == {ROOT: NOW}


async def test_threads_are_read_again_soon_while_something_is_missing(start: Start) -> None:
    script, rooms = Script(unread={ROOT: NOW, OTHER: None}, awaited={CARD}), AbleRooms()
    rooms.replies = [SendDeferred("busy"), ()]
    catch_up, _, store = catching_up(script, rooms)
    start(catch_up.run())
    alarmed = ALARMS.labels("catch-up fails", "unread:slack")._value
    for seconds, alarms in ((FIRST_RETRY_SECONDS, 1), (UNREAD_SECONDS, 0)):
        await until(lambda wanted=seconds: store.waits[-1:] == [("threads", wanted, None)])
        assert alarmed.get() == alarms
        store.news.set()
    script.awaited.clear()
    await until(lambda: store.waits[-1] == ("threads", EVERY.total_seconds(), None))
    assert script.unread == {}
