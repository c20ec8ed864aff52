"""Socket Mode: tickets, envelopes, acknowledgements, retries and the ways a connection ends."""

import asyncio

import aiohttp
import pytest

from bridge.sandbox.slack.delivery import Disorder
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import Sockets


async def refused_status(session: aiohttp.ClientSession, url: str) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await session.ws_connect(url)
    return caught.value.status


async def test_a_ticket_opens_one_connection_once(
    session: aiohttp.ClientSession, sockets: Sockets, world: SlackWorld
) -> None:
    ticket = await sockets.ticket()
    async with session.ws_connect(ticket) as socket:
        hello = await socket.receive_json()
    assert hello["num_connections"] == 1
    assert hello["debug_info"]["approximate_connection_time"] == 18_060
    assert await refused_status(session, ticket) == 401
    late = await sockets.ticket()
    world.clock.skip(31)
    assert await refused_status(session, late) == 401


async def test_a_refused_handshake_spends_the_ticket(
    session: aiohttp.ClientSession, sockets: Sockets, world: SlackWorld
) -> None:
    world.sockets.refuse_handshakes = 1
    ticket = await sockets.ticket()
    assert await refused_status(session, ticket) == 503
    assert await refused_status(session, ticket) == 401
    await sockets.connect()


async def test_an_event_carries_what_slack_sends(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = await sockets.connect()
    message = world.people.post(ana.id, support.id, "hello")
    frame = await app.next()
    await app.ack(frame)
    payload = frame["payload"]
    assert (frame["type"], frame["retry_attempt"], frame["retry_reason"]) == ("events_api", 0, "")
    assert frame["accepts_response_payload"] is False
    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == (
        "event_callback",
        world.team_id,
        world.app_id,
    )
    assert payload["authorizations"][0]["user_id"] == world.bot_user_id
    assert payload["is_ext_shared_channel"] is False
    assert payload["event"]["ts"] == payload["event"]["event_ts"] == message.ts
    assert payload["event"]["client_msg_id"] == message.client_msg_id
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_unacknowledged_events_come_at_once_then_after_one_and_five_minutes(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = await sockets.connect()
    world.people.post(ana.id, support.id, "hello")
    frames = [await app.next()]
    world.clock.skip(3.1)
    frames.append(await app.next())
    for wait in (60, 300):
        world.clock.skip(3.1)
        await world.delivery.settled()
        world.clock.skip(wait - 1)
        await asyncio.sleep(0)
        assert world.delivery.pending == 1
        world.clock.skip(1.1)
        frames.append(await app.next())
    assert [(frame["retry_attempt"], frame["retry_reason"]) for frame in frames] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({frame["payload"]["event_id"] for frame in frames}) == 1
    world.clock.skip(3.1)
    await world.delivery.settled()
    await asyncio.sleep(0)
    assert [payload["event"]["text"] for payload in world.delivery.lost] == ["hello"]


async def test_events_of_an_absence_come_only_as_retries(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    world.people.post(ana.id, support.id, "anyone there?")
    await world.delivery.settled()
    app = await sockets.connect()
    world.clock.skip(60)
    frame = await app.next()
    assert (frame["retry_attempt"], frame["retry_reason"]) == (2, "no_connection")
    await app.ack(frame)


async def test_a_backlog_can_be_dropped(sockets: Sockets, world: SlackWorld, ana: User, support: Channel) -> None:
    world.delivery.drop_when_away = True
    world.people.post(ana.id, support.id, "lost")
    await world.delivery.settled()
    app = await sockets.connect()
    world.clock.skip(400)
    world.people.post(ana.id, support.id, "found")
    assert (await app.event())["text"] == "found"
    assert [payload["event"]["text"] for payload in world.delivery.lost] == ["lost"]


async def test_order_is_kept_unless_disorder_is_asked_for(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = await sockets.connect()
    for number in range(20):
        world.people.post(ana.id, support.id, f"{number}")
    assert [event["text"] for event in await app.events(20)] == [f"{number}" for number in range(20)]
    world.delivery.disorder = Disorder(shuffle=1.0)
    for number in range(20):
        world.people.post(ana.id, support.id, f"{number}")
    for _ in range(55):
        world.clock.skip(0.02)
        await asyncio.sleep(0)
    texts = [event["text"] for event in await app.events(20)]
    assert texts != sorted(texts, key=int)
    assert sorted(texts, key=int) == [f"{number}" for number in range(20)]


async def test_events_can_come_twice_under_one_id_or_two(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = await sockets.connect()
    world.delivery.disorder = Disorder(same_id=1.0, new_id=1.0)
    world.people.post(ana.id, support.id, "hello")
    await app.events(3)
    payloads = [frame["payload"] for frame in app.frames if frame["type"] == "events_api"]
    assert len({payload["event_id"] for payload in payloads}) == 2
    assert len({payload["event"]["ts"] for payload in payloads}) == 1


async def test_envelopes_go_to_any_of_ten_connections_and_an_eleventh_is_sent_away(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    apps = [await sockets.connect() for _ in range(10)]
    eleventh = await sockets.connect(hello=False)
    assert (await eleventh.next())["reason"] == "too_many_websockets"
    assert await eleventh.closed()
    world.sockets.cut()
    first, second = [await sockets.connect() for _ in range(2)]
    received: list[int] = []

    async def read(number: int) -> None:
        app = (first, second)[number]
        while True:
            await app.event()
            received.append(number)

    readers = [asyncio.ensure_future(read(number)) for number in range(2)]
    for _ in range(30):
        world.people.post(ana.id, support.id, "hello")
    await world.delivery.settled()
    for reader in readers:
        reader.cancel()
    assert {received.count(0), received.count(1)} != {0, 30}
    assert len(received) == 30
    assert [await app.closed() for app in apps] == [True] * 10


async def test_an_acknowledgement_on_another_connection_counts(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    first = await sockets.connect()
    world.people.post(ana.id, support.id, "hello")
    frame = await first.next()
    second = await sockets.connect()
    await second.ack(frame)
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_a_refresh_warns_then_closes(sockets: Sockets, world: SlackWorld) -> None:
    app = await sockets.connect()
    world.sockets.refresh(warn=True)
    assert (await app.next())["reason"] == "warning"
    assert world.sockets.open_count == 1
    world.clock.skip(10)
    frame = await app.next()
    assert (frame["type"], frame["reason"]) == ("disconnect", "refresh_requested")
    assert await app.closed()
    assert world.sockets.open_count == 0


async def test_connections_age(sockets: Sockets, world: SlackWorld) -> None:
    short = await sockets.connect("&debug_reconnects=true")
    long = await sockets.connect()
    world.clock.skip(350)
    assert (await short.next())["reason"] == "warning"
    world.clock.skip(10)
    assert (await short.next())["reason"] == "refresh_requested"
    assert world.sockets.open_count == 1
    world.clock.skip(18_060)
    assert (await long.next())["reason"] == "warning"


async def test_a_switched_off_socket_mode_says_so(sockets: Sockets, world: SlackWorld) -> None:
    world.sockets.link_disabled = True
    app = await sockets.connect(hello=False)
    assert (await app.next())["reason"] == "link_disabled"
    assert await app.closed()
    world.sockets.link_disabled = False
    await sockets.connect()


async def test_a_socket_that_dies_with_an_event_in_hand_gets_it_again(
    sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = await sockets.connect()
    world.people.post(ana.id, support.id, "hello")
    await app.next()
    world.sockets.cut()
    again = await sockets.connect()
    world.clock.skip(3.1)
    assert (await again.next())["retry_attempt"] == 1


async def test_frames_without_envelope_are_noted(
    session: aiohttp.ClientSession, sockets: Sockets, world: SlackWorld, ana: User, support: Channel
) -> None:
    async with session.ws_connect(await sockets.ticket()) as socket:
        await socket.receive_json()
        await socket.send_str("[]")
        await socket.send_str("no json")
        world.people.post(ana.id, support.id, "hello")
        frame = await socket.receive_json()
        await socket.send_json({"envelope_id": frame["envelope_id"]})
        await world.delivery.settled()
    assert [violation.method for violation in world.violations] == ["socket", "socket"]
    world.violations.clear()
