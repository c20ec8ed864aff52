"""Journal, feed and snapshot; ids; segments; speed."""

import asyncio
import json
import time

import aiohttp
import pytest
from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.listening import listening
from bridge.sandbox.twilio import Change, TwilioWorld
from bridge.sandbox.twilio.journal import KEPT_CHANGES
from bridge.sandbox.twilio.segments import count_segments
from tests.sandbox.twilio.support import LINE, PHONE, PNG, Setting, basic


async def test_the_journal_tells_what_happened(setting: Setting) -> None:
    text = await setting.world.text_in(PHONE, LINE, "hi")
    made = await setting.create(status_callback=setting.endpoint.url("/status?o=1"))
    await setting.world.settled()
    await setting.refusal(to="nobody")
    path = f"/2010-04-01/Accounts/{setting.account.sid}/Messages.json"
    status = setting.endpoint.url("/status?o=1")
    assert [(one.kind, one.where, one.method, one.url, one.status, one.sid) for one in setting.world.journal] == [
        ("webhook", "sms", "POST", setting.endpoint.url("/sms"), 200, text.message.sid),
        ("rest", "messages.create", "POST", path, 201, made.sid),
        ("callback", "sent", "POST", status, 200, made.sid),
        ("callback", "delivered", "POST", status, 200, made.sid),
        ("rest", "messages.create", "POST", path, 400, None),
    ]
    assert setting.world.journal[1].params["StatusCallback"] == status
    assert all(0 <= one.seconds < 5 for one in setting.world.journal)


async def test_the_feed(setting: Setting) -> None:
    feed = setting.world.subscribe()
    text = await setting.world.text_in(PHONE, LINE, "hi")
    setting.world.add_phone("+15550100201")
    assert await anext(feed) == Change("message", text.message.sid)
    feed.close()
    rest = [change async for change in feed]
    assert Change("journal", text.message.sid) in rest
    assert rest[-1] == Change("phone", "+15550100201")


async def test_a_feed_nobody_reads_stays_small_and_ends_with_the_world(setting: Setting) -> None:
    feed = setting.world.subscribe()
    for index in range(KEPT_CHANGES + 10):
        setting.world.journal.changed("message", str(index))
    await setting.world.close()
    seen = [change.sid async for change in feed]
    assert (len(seen), seen[-1]) == (KEPT_CHANGES, str(KEPT_CHANGES + 9))


async def test_the_snapshot_is_json(setting: Setting) -> None:
    text = await setting.world.text_in(PHONE, LINE, "look", media=[("image/png", PNG)])
    made = await setting.create(body="nice")
    await setting.world.settled()
    await setting.world.text_in(PHONE, LINE, "stop")
    shot = json.loads(json.dumps(setting.world.snapshot()))
    assert [one["phone_number"] for one in shot["lines"]] == [LINE]
    [phone] = shot["phones"]
    assert (phone["name"], phone["behaviour"], phone["opted_out"]) == ("Ada", "deliver", [LINE])
    [conversation] = phone["conversations"]
    assert conversation["line"] == LINE
    first, second, *_ = conversation["messages"]
    assert (first["sid"], first["direction"], first["body"], first["status"]) == (
        text.message.sid,
        "in",
        "look",
        "received",
    )
    assert first["media"] == [
        {
            "sid": text.message.media[0].sid,
            "url": f"/phone-media/{text.message.media[0].sid}",
            "content_type": "image/png",
            "size": len(PNG),
        }
    ]
    assert (second["sid"], second["direction"], second["received"]) == (made.sid, "out", True)
    assert list(second["times"]) == ["queued", "sent", "delivered"]
    assert [one["kind"] for one in shot["journal"]] == ["webhook", "rest", "webhook"]
    assert shot["violations"] == []


async def test_under_a_prefix(setting: Setting) -> None:
    world, app = TwilioWorld(SandboxClock(), seed=1), web.Application()
    world.add_routes(app, "/twilio")
    async with listening(app) as address:
        world.base_url = f"{address}/twilio"
        account = world.add_account("Acme")
        world.add_number(account, LINE, sms_url=setting.endpoint.url("/sms"))
        for index in range(3):
            await world.text_in(PHONE, LINE, str(index), media=[("image/png", PNG)])
        setting.world, setting.client = world, setting.client_of(account.sid, account.auth_token)
        setting.client.api.base_url = world.base_url
        listed = await setting.call(setting.client.messages.list, page_size=2)
        assert [one.body for one in listed] == ["2", "1", "0"]
        url = setting.endpoint.seen[0].form["MediaUrl0"]
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert await answer.read() == PNG


async def test_the_same_seed_gives_the_same_ids() -> None:
    def ids(seed: int | None) -> list[str]:
        world = TwilioWorld(SandboxClock(), seed=seed)
        account = world.add_account()
        return [account.sid, account.auth_token, world.add_number(account, LINE).sid]

    assert ids(5) == ids(5) != ids(6)
    assert ids(None) != ids(None)


def test_a_number_is_owned_once() -> None:
    world = TwilioWorld(SandboxClock())
    world.add_number(world.add_account(), LINE)
    with pytest.raises(ValueError, match="owned already"):
        world.add_number(world.add_account(), LINE)


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("a" * 152 + "€" + "a" * 152, 3),
        ("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2), ("ж" * 135, 3), ("👍" * 35, 1), ("👍" * 36, 2),
        ("“" + "a" * 69, 1), ("`" * 71, 2), ("\t" * 71, 2),
    ],
)  # fmt: skip
def test_segments(body: str, segments: int) -> None:
    assert count_segments(body) == segments


async def test_more_than_500_creates_a_second(setting: Setting) -> None:
    url = f"{setting.world.base_url}/2010-04-01/Accounts/{setting.account.sid}/Messages.json"
    data = {"To": PHONE, "From": LINE, "Body": "x"}
    async with aiohttp.ClientSession(headers=basic(setting.account.sid, setting.account.auth_token)) as session:

        async def send(count: int) -> None:
            for _ in range(count):
                async with session.post(url, data=data) as answer:
                    assert answer.status == 201
                    await answer.read()

        # Processor time of both sides: the machine may have other things to do.
        began = time.process_time()
        await asyncio.gather(*(send(50) for _ in range(10)))
        await setting.world.settled()
        rate = 500 / (time.process_time() - began)
    assert len(setting.world.phone(PHONE).inbox) == 500
    assert rate > 500
