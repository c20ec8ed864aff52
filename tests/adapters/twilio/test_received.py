import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.events import DeliveryReported, TextReceived
from bridge.ports.errors import CredentialsRejected, SendDeferred
from bridge.sandbox.faults import FaultKind
from bridge.sandbox.twilio.model import Behaviour
from tests.adapters.twilio.support import CONTACT, LINE, Setting

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


async def test_texts_that_came_while_we_were_away_are_listed_oldest_first(setting: Setting) -> None:
    since = setting.world.now()
    for body in ("one", "", "three\n👋"):
        await setting.world.text_in(CONTACT, LINE, body)
    await setting.adapter().send(setting.text("ours"))
    found = await setting.adapter().list_received(LINE, since)
    assert [text.body for text in found] == ["one", "", "three\n👋"]
    first, message = found[0], setting.world.messages[0]
    assert first == TextReceived(
        account="main",
        external_id=message.sid,
        provider_id=message.sid,
        sender=CONTACT,
        recipient=LINE,
        body="one",
        sent_at=message.created.replace(microsecond=0),
        recovered=True,
    )


async def test_a_listed_text_is_the_one_its_webhook_brings(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url = f"{setting.callbacks.url}/webhooks/main"
    since = setting.world.now()
    await setting.world.text_in(CONTACT, LINE, "hello", [("image/png", PNG)])
    adapter = setting.adapter()
    (request,) = setting.callbacks.seen
    adapter.verify(request)
    (posted,) = adapter.parse(request)
    (listed,) = await adapter.list_received(LINE, since)
    assert isinstance(posted, TextReceived)
    assert (listed.external_id, listed.body, listed.media) == (posted.external_id, posted.body, posted.media)
    assert (await adapter.fetch_media(listed.media[0], limit=1000)).content_type == "image/png"


async def test_only_texts_to_that_line_since_that_second(setting: Setting) -> None:
    setting.world.add_number(setting.account, "+15550100009")
    await setting.world.text_in(CONTACT, LINE, "before")
    setting.world.clock.skip(10)
    since = setting.world.now()
    await setting.world.text_in(CONTACT, LINE, "after")
    await setting.world.text_in(CONTACT, "+15550100009", "elsewhere")
    adapter = setting.adapter()
    assert [text.body for text in await adapter.list_received(LINE, since)] == ["after"]
    assert [text.body for text in await adapter.list_received(LINE, since - timedelta(seconds=11))] == [
        "before",
        "after",
    ]
    assert await adapter.list_received(LINE, since + timedelta(seconds=5)) == []


async def test_a_time_of_another_zone_is_the_same_moment(setting: Setting) -> None:
    from zoneinfo import ZoneInfo

    await setting.world.text_in(CONTACT, LINE, "hello")
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        since = (setting.world.now() - timedelta(minutes=10)).astimezone(ZoneInfo(zone))
        assert len(await setting.adapter().list_received(LINE, since)) == 1
    asked = setting.calls("messages.list")[0].params["DateSent>"]
    assert asked == (setting.world.now() - timedelta(minutes=10, days=1)).strftime("%Y-%m-%d")


async def test_many_pages_are_read(setting: Setting) -> None:
    since = setting.world.now()
    for number in range(450):
        await setting.world.text_in(CONTACT, LINE, f"{number}")
    found = await setting.adapter().list_received(LINE, since)
    assert {text.body for text in found} == {f"{number}" for number in range(450)}
    assert len(setting.calls("messages.list")) == 3
    assert [text.sent_at for text in found] == sorted(text.sent_at for text in found if text.sent_at)


@pytest.mark.parametrize("setting", ["/pretend/twilio"], indirect=True)
async def test_a_base_address_with_a_path_serves_pages_and_media(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.adapters.providers.twilio.lists._PAGE", 1)
    setting.account.media_auth = True
    since = setting.world.now()
    for body in ("one", "two", "three"):
        await setting.world.text_in(CONTACT, LINE, body, [("image/png", PNG)])
    adapter = setting.adapter()
    found = await adapter.list_received(LINE, since)
    assert [text.body for text in found] == ["one", "two", "three"]
    assert (await adapter.fetch_media(found[0].media[0], limit=1000)).data == PNG


async def test_a_text_still_arriving_waits_for_the_next_time(setting: Setting) -> None:
    since = setting.world.now()
    await setting.world.text_in(CONTACT, LINE, "picture follows")
    setting.world.messages[0].status = "receiving"  # pyright: ignore[reportAttributeAccessIssue] -- not pretended
    assert await setting.adapter().list_received(LINE, since) == []


@pytest.mark.parametrize("where", ["messages.list", "media.list"])
@pytest.mark.parametrize(
    ("kind", "value"), [("lose_answer", 0), ("status", 500), ("status", 400), ("html", 0), ("rate_limited", 5)]
)
async def test_when_twilio_cannot_tell_it_is_asked_later(
    setting: Setting, where: str, kind: FaultKind, value: float
) -> None:
    since = setting.world.now()
    await setting.world.text_in(CONTACT, LINE, "hello", [("image/png", PNG)])
    setting.fault(where, kind, value, times=2)  # a read on a kept connection that is dropped is repeated by aiohttp
    with pytest.raises(SendDeferred):
        await setting.adapter().list_received(LINE, since)


@pytest.mark.parametrize("behaviour", ["deliver", "undelivered"])
async def test_what_became_of_a_text_is_what_its_callback_tells(setting: Setting, behaviour: Behaviour) -> None:
    setting.world.phone(CONTACT).behaviour = behaviour
    adapter = setting.adapter()
    sid = (await adapter.send(setting.text("hello"))).provider_id
    async with asyncio.timeout(5):
        while len(setting.callbacks.seen) < 2:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)
    (told,) = adapter.parse(setting.callbacks.seen[-1])
    assert isinstance(told, DeliveryReported)
    assert await adapter.delivery(sid) == replace(told, key=None)


async def test_a_text_nobody_knows_is_told_apart_from_one_that_cannot_be_asked_about(setting: Setting) -> None:
    adapter = setting.adapter()
    assert await adapter.delivery("SM" + "0" * 32) is None
    setting.fault("messages.fetch", "status", 503)
    with pytest.raises(SendDeferred):
        await adapter.delivery("SM" + "0" * 32)
    setting.fault("messages.fetch", "status", 401)
    with pytest.raises(CredentialsRejected):
        await adapter.delivery("SM" + "0" * 32)
