"""A homeserver that loses answers, limits, breaks, leaves gaps; and a store that is away."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.adapters.platforms.matrix import following, gathering, homeserver
from bridge.domain.events import ChatPosted
from bridge.domain.messages import Mark
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk, now, open_desk
from tests.contract.support import closed_port
from tests.services.faulty import Fault, Proxy, faulty
from tests.services.synapse import Synapse

HTML = {"Content-Type": "text/html"}
SENDS = "^PUT .*/send/"
LOST = 2  # aiohttp tries a kept connection that turns out to be dead once more


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "FIRST_PAUSE", 0.02)


@pytest.fixture
async def proxy(synapse: Synapse) -> AsyncIterator[Proxy]:
    async with faulty(synapse.url) as proxy:
        yield proxy


@pytest.fixture
async def shaky(desk: Desk, proxy: Proxy) -> AsyncIterator[Desk]:
    """The desk with a bot that speaks through the proxy."""
    through = replace(desk, url=proxy.url)
    through.platform = through.made()
    try:
        yield through
    finally:
        await through.deafen()
        await through.platform.aclose()


async def test_a_post_whose_answer_was_lost_is_there_once_after_a_repeat(shaky: Desk, proxy: Proxy) -> None:
    proxy.faults.append(Fault(SENDS, 0, times=LOST))
    with pytest.raises(SendOutcomeUnknown):
        await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    root = await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    assert [event["event_id"] for event in await shaky.ana.messages(shaky.room)] == [root.id]


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (502, "<html>Bad gateway</html>", HTML),
        (500, '{"errcode": "M_UNKNOWN", "error": "Internal server error"}', {}),
        (200, "<html>All is well</html>", HTML),
        (200, "{}", {}),
        (404, "<html>Not found</html>", HTML),
        (-1, "", {}),
    ],
)
async def test_an_answer_that_says_nothing_leaves_it_open(
    shaky: Desk, proxy: Proxy, status: int, body: str, headers: dict[str, str]
) -> None:
    await shaky.platform.start()
    lost = status < 0
    proxy.faults.append(Fault(SENDS, status, body, headers, times=LOST if lost else 1))
    with pytest.raises(SendOutcomeUnknown):
        await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    assert proxy.count(SENDS) == (LOST if lost else 1), "nothing may be repeated behind our back"


@pytest.mark.parametrize(
    ("body", "headers", "wait"),
    [
        ('{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}', {}, 1.5),
        ('{"errcode": "M_LIMIT_EXCEEDED"}', {"Retry-After": "3"}, 3.0),
        ('{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}', {"Retry-After": "2"}, 2.0),
        ("<html>slow down</html>", {"Retry-After": "soon"}, None),
        ("", {}, None),
    ],
)
async def test_a_limit_is_obeyed_in_either_form_and_nothing_is_repeated(
    shaky: Desk, proxy: Proxy, body: str, headers: dict[str, str], wait: float | None
) -> None:
    await shaky.platform.start()
    proxy.faults.append(Fault(SENDS, 429, body, headers))
    with pytest.raises(SendDeferred) as limited:
        await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    assert (limited.value.retry_after, limited.value.whole_target) == (wait, True)
    assert proxy.count(SENDS) == 1


async def many_cards(desk: Desk, many: int) -> None:
    for number in range(many):
        await desk.platform.open_thread(desk.room, CARD, key=f"k{number}")


async def test_the_limit_of_a_real_homeserver_is_told_with_its_wait(synapse: Synapse) -> None:
    async with open_desk(synapse, limited=True) as desk:
        with pytest.raises(SendDeferred) as limited:
            await many_cards(desk, 20)
        assert limited.value.retry_after is not None
        assert 0 < limited.value.retry_after < 10


async def test_a_homeserver_that_cannot_be_reached_has_certainly_done_nothing(desk: Desk) -> None:
    nowhere = desk.made(homeserver=f"http://127.0.0.1:{closed_port()}")
    try:
        with pytest.raises(SendDeferred):
            await nowhere.open_thread(desk.room, CARD, key="k1")
    finally:
        await nowhere.aclose()


async def test_a_token_that_is_no_longer_good_is_told(shaky: Desk) -> None:
    await shaky.platform.start()
    await shaky.listen()
    other = shaky.made()
    await other.start()
    await other._server.call("log out", "POST", "/_matrix/client/v3/logout", {})
    await other.aclose()
    with pytest.raises(CredentialsRejected):
        await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    assert shaky.listening is not None
    with pytest.raises(CredentialsRejected):
        await shaky.listening


async def test_a_mark_that_is_there_already_is_shown(shaky: Desk, proxy: Proxy) -> None:
    root = await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    proxy.faults.append(Fault(SENDS, 0, times=LOST))
    with pytest.raises(SendOutcomeUnknown):
        await shaky.platform.set_mark(root, Mark.KEPT, before=Mark.NONE)
    await shaky.platform.set_mark(root, Mark.KEPT, before=Mark.NONE)
    assert await shaky.ana.reactions(shaky.room, root.id) == [(shaky.bot.user_id, "🔒")]
    proxy.faults.append(Fault(SENDS, 0, times=LOST))
    with pytest.raises(SendOutcomeUnknown):
        await shaky.platform.set_mark(root, Mark.ACCEPTED, before=Mark.KEPT)
    await shaky.platform.set_mark(root, Mark.KEPT, before=Mark.KEPT)
    assert await shaky.ana.reactions(shaky.room, root.id) == [(shaky.bot.user_id, "🔒")]


async def test_a_new_mark_does_not_wait_for_the_end_of_the_old_one(shaky: Desk, proxy: Proxy) -> None:
    root = await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    assert await shaky.platform.set_mark(root, Mark.ACCEPTED, before=Mark.NONE)
    limited = Fault("^PUT .*/redact/", 429, '{"errcode": "M_LIMIT_EXCEEDED"}', times=2)
    proxy.faults.append(limited)
    assert not await shaky.platform.set_mark(root, Mark.DELIVERED, before=Mark.ACCEPTED)
    with pytest.raises(SendDeferred):
        await shaky.platform.set_mark(root, Mark.NONE, before=Mark.ACCEPTED)
    us = shaky.bot.user_id
    assert await shaky.ana.reactions(shaky.room, root.id) == sorted([(us, "☑️"), (us, "📤")])
    assert await shaky.platform.set_mark(root, Mark.DELIVERED, before=Mark.ACCEPTED)
    assert await shaky.ana.reactions(shaky.room, root.id) == [(us, "☑️")]


async def test_a_gap_of_many_pages_is_filled_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
    monkeypatch.setattr(homeserver, "PAGE", 4)
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    await desk.passed()
    await desk.deafen()
    known = set(desk.notebook.events)
    said = [await desk.ana.reply(desk.room, root.id, f"reply {number}") for number in range(23)]
    await desk.listen()
    await desk.taken(said[-1])
    assert [event for event in desk.notebook.events if event not in known] == said
    assert desk.notebook.repeats == 0


async def test_what_came_while_the_store_was_away_comes_again(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    desk.notebook.down = 3
    said = await desk.ana.reply(desk.room, root.id, "Yes, since noon")
    assert isinstance(await desk.taken(said), ChatPosted)
    assert desk.notebook.down == 0


@pytest.mark.parametrize("status", [500, 502, -1, 200])
async def test_following_goes_on_after_trouble_and_does_not_hammer(shaky: Desk, proxy: Proxy, status: int) -> None:
    await shaky.listen()
    root = await shaky.platform.open_thread(shaky.room, CARD, key="k1")
    proxy.faults.append(Fault("GET .*/sync", status, "<html>", HTML, times=4))
    proxy.faults.append(Fault("GET .*/event/", 503, "<html>", HTML))
    said = await shaky.ana.answer(shaky.room, root.id, "Yes, since noon")
    assert isinstance(await shaky.taken(said), ChatPosted)
    assert proxy.count("GET .*/sync") < 12


async def test_an_event_that_trips_us_is_kept_and_holds_nothing_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(event: object) -> str:
        raise KeyError(event)

    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "replied_to", trip)
        odd = await desk.ana.answer(desk.room, root.id, "odd")
        raw = await desk.until(lambda: desk.notebook.events.get(odd))
    with pytest.raises(ValueError, match="could not be read"):
        desk.platform.parse(raw.body)
    said = await desk.ana.answer(desk.room, root.id, "even")
    assert isinstance(await desk.taken(said), ChatPosted)


@pytest.mark.parametrize("sent", [None, "soon", 2**53, -(2**53)])
async def test_a_time_that_is_none_counts_as_late(desk: Desk, sent: object) -> None:
    await desk.platform.start()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = await desk.ana.reply(desk.room, root.id, "from another server")
    event = await desk.ana.look(desk.room, said)
    gathered = gathering.Gathered()
    await desk.platform._hearing.gatherer.take(desk.room, {**event, "origin_server_ts": sent}, gathered, desk.notebook)
    [posted] = desk.platform.parse(gathered.events[0].body)
    assert isinstance(posted, ChatPosted)
    assert posted.recovered


async def test_a_room_we_are_out_of_that_cannot_be_read_keeps_no_other_from_being_read(
    shaky: Desk, proxy: Proxy
) -> None:
    proxy.faults.append(Fault("^GET .*/messages", 403, '{"errcode": "M_FORBIDDEN"}', times=2))
    timeline = {"limited": True, "prev_batch": "p0", "events": []}
    follower = following.Follower(shaky.platform._hearing, shaky.notebook, now)
    for state in ("leave", "join"):
        answer, gathered = {"rooms": {state: {shaky.room: {"timeline": timeline}}}}, gathering.Gathered()
        if state == "leave":
            await follower._gather(answer, "s0", gathered)
            assert gathered.words == {f"left:{shaky.room}": "s0"}
        else:
            with pytest.raises(SendRejected):
                await follower._gather(answer, "s0", gathered)


async def test_a_reply_found_late_with_a_mark_of_ours_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "LATE", timedelta(0))
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    await desk.deafen()
    marked = await desk.ana.reply(desk.room, root.id, "sent before the restore")
    plain = await desk.ana.reply(desk.room, root.id, "never seen")
    await desk.platform.set_mark(desk.ref(marked), Mark.ACCEPTED, before=Mark.NONE)
    await desk.ben.react(desk.room, plain, "📤")
    await desk.listen()
    for event, expected in ((marked, True), (plain, False)):
        posted = await desk.taken(event)
        assert isinstance(posted, ChatPosted)
        assert (posted.recovered, posted.marked) == (True, expected)
