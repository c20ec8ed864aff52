"""Listing, fetching, redacting, deleting; and finding what was lost."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from bridge.sandbox.faults import Fault, FaultKind
from bridge.sandbox.twilio import Limits
from tests.sandbox.twilio.support import LINE, PHONE, Setting, until

OTHER = "+15550100201"


async def test_filters(setting: Setting) -> None:
    first = await setting.create(body="1")
    await setting.create(body="2", to=OTHER)
    text = await setting.world.text_in(PHONE, LINE, "3")
    last = await setting.create(body="4")
    await setting.world.settled()
    listing = setting.client.messages.list
    assert [one.sid for one in await setting.call(listing, to=PHONE, from_=LINE)] == [last.sid, first.sid]
    inbound = await setting.call(listing, to=LINE)
    assert [(one.sid, one.direction, one.status) for one in inbound] == [(text.message.sid, "inbound", "received")]
    assert [one.body for one in await setting.call(listing)] == ["4", "3", "2", "1"]
    stranger = setting.world.add_account("Stranger")
    client = setting.client_of(stranger.sid, stranger.auth_token)
    assert await setting.call(client.messages.list) == []


async def test_date_filters(setting: Setting) -> None:
    world = setting.world
    old = await world.text_in(PHONE, LINE, "old")
    world.clock.skip(86_400)
    middle = await world.text_in(PHONE, LINE, "middle")
    world.clock.skip(86_400)
    new = await world.text_in(PHONE, LINE, "new")
    await setting.create(to=OTHER)
    listing, day = setting.client.messages.list, middle.message.created

    async def found(**limits: Any) -> list[str]:
        return [one.sid for one in await setting.call(listing, to=LINE, **limits)]

    today = date(day.year, day.month, day.day)
    assert await found(date_sent=today) == [middle.message.sid]
    assert await found(date_sent_after=today) == [new.message.sid, middle.message.sid]
    assert await found(date_sent_before=today) == [middle.message.sid, old.message.sid]
    assert await found(date_sent_after=day + timedelta(seconds=2)) == [new.message.sid]


async def test_a_message_that_was_not_sent_yet_has_no_date_sent(setting: Setting) -> None:
    setting.world.pace = 60.0
    made = await setting.create()
    today = setting.world.now().date()
    assert await setting.call(setting.client.messages.list, date_sent=today) == []
    assert [one.sid for one in await setting.call(setting.client.messages.list, to=PHONE)] == [made.sid]


async def test_paging_does_not_slip_when_messages_arrive(setting: Setting) -> None:
    for index in range(5):
        await setting.world.text_in(PHONE, LINE, str(index))
    first = await setting.call(setting.client.messages.page, to=LINE, page_size=2)
    assert [one.body for one in first] == ["4", "3"]
    await setting.world.text_in(PHONE, LINE, "newer")
    second = await setting.call(first.next_page)
    assert [one.body for one in second] == ["2", "1"]
    third = await setting.call(second.next_page)
    assert [one.body for one in third] == ["0"]
    assert third.next_page_url is None
    back = await setting.call(third.previous_page)
    assert [one.body for one in back] == ["2", "1"]
    assert [one.body for one in await setting.call(setting.client.messages.list, page_size=2)] == [
        "newer", "4", "3", "2", "1", "0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [{"page_size": 0}, {"page_size": 1001}, {"page_number": 3}, {"page_token": "PAnone"}]
)
async def test_wrong_pages(setting: Setting, arguments: dict[str, Any]) -> None:
    with pytest.raises(TwilioException):
        await setting.call(setting.client.messages.page, **arguments)


async def test_redact_and_delete(setting: Setting) -> None:
    setting.world.pace = 10.0
    made = await setting.create(body="secret")
    message = setting.client.messages(made.sid)
    for early in (lambda: message.update(body=""), message.delete):
        with pytest.raises(TwilioRestException) as refused:
            await setting.call(early)
        assert refused.value.code == 20009
    for status in ("sent", "delivered"):
        await asyncio.sleep(0.01)
        setting.world.clock.skip(11)
        await until(lambda status=status: setting.world.message(made.sid).status == status)
    with pytest.raises(TwilioRestException):
        await setting.call(message.update, body="other words")
    assert (await setting.call(message.update, body="")).body == ""
    assert await setting.call(message.delete) is True
    with pytest.raises(TwilioRestException) as gone:
        await setting.call(message.fetch)
    assert (gone.value.status, gone.value.code) == (404, 20404)
    [conversation] = setting.world.snapshot()["phones"][0]["conversations"]
    assert [one["body"] for one in conversation["messages"]] == ["secret"]


async def test_what_belongs_to_another_account_is_unknown(setting: Setting) -> None:
    made = await setting.create()
    stranger = setting.world.add_account("Stranger")
    client = setting.client_of(stranger.sid, stranger.auth_token)
    for call in (client.messages(made.sid).fetch, client.messages(made.sid).media.list):
        with pytest.raises(TwilioException):
            await setting.call(call)
    with pytest.raises(TwilioRestException) as refused:
        await setting.call(client.incoming_phone_numbers(setting.world.numbers[LINE].sid).fetch)
    assert refused.value.code == 20404


@pytest.mark.parametrize("kind", ["lose_answer", "lose_request"])
async def test_a_lost_answer_is_found_in_the_list(setting: Setting, kind: FaultKind) -> None:
    setting.world.faults.add(Fault("messages.create", kind))
    with pytest.raises(requests.ConnectionError):
        await setting.create(body="lost?")
    await setting.world.settled()
    found = [one.body for one in await setting.call(setting.client.messages.list, to=PHONE, from_=LINE)]
    arrived = [one.body for one in setting.world.phone(PHONE).inbox]
    assert found == arrived == (["lost?"] if kind == "lose_answer" else [])
    assert setting.world.journal[0].status is None
    assert setting.world.journal[0].error == kind


@pytest.mark.parametrize(
    ("kind", "value", "code"), [("status", 503, 20500), ("status", 500, 20500), ("rate_limited", 7, 20429)]
)
async def test_refusals_on_order(setting: Setting, kind: FaultKind, value: float, code: int) -> None:
    setting.world.faults.add(Fault("messages.create", kind, value))
    assert await setting.refusal() == (429 if kind == "rate_limited" else value, code)
    assert not setting.world.messages
    assert (await setting.create()).sid


async def test_a_page_instead_of_json(setting: Setting) -> None:
    setting.world.faults.add(Fault("messages.list", "html"))
    with pytest.raises(ValueError, match="Expecting value"):
        await setting.call(setting.client.messages.list)


async def test_a_late_answer_moves_with_the_clock(setting: Setting) -> None:
    setting.world.faults.add(Fault("messages.create", "delay", 900))
    sending = asyncio.create_task(setting.create())
    await until(lambda: setting.world.phone(PHONE).inbox)
    assert not sending.done()
    setting.world.clock.skip(901)
    assert (await sending).sid == setting.world.phone(PHONE).inbox[0].sid


async def test_an_answer_that_never_comes(setting: Setting) -> None:
    setting.world.faults.add(Fault("messages.create", "hang"))
    setting.client.http_client.timeout = 0.2
    with pytest.raises(requests.Timeout):
        await setting.create()
    await setting.world.settled()
    assert len(setting.world.phone(PHONE).inbox) == 1


async def test_rate_limit(setting: Setting) -> None:
    setting.world.limits = Limits(creates_per_second=2)
    await setting.create()
    await setting.create()
    assert await setting.refusal() == (429, 20429)
    setting.world.clock.skip(1)
    assert (await setting.create()).sid


async def test_numbers(setting: Setting) -> None:
    setting.world.add_number(setting.account, "+15550100002")
    numbers = setting.client.incoming_phone_numbers
    assert [one.phone_number for one in await setting.call(numbers.list)] == [LINE, "+15550100002"]
    [found] = await setting.call(numbers.list, phone_number=LINE)
    url = setting.endpoint.url("/new#rc=3")
    changed = await setting.call(numbers(found.sid).update, sms_url=url, sms_fallback_url=url, sms_method="POST")
    assert (changed.sms_url, (await setting.call(numbers(found.sid).fetch)).sms_fallback_url) == (url, url)
    await setting.world.text_in(PHONE, LINE, "hi")
    assert [one.url for one in setting.endpoint.seen] == [setting.endpoint.url("/new")]
    emptied = await setting.call(numbers(found.sid).update, sms_fallback_url="")
    assert (emptied.sms_url, emptied.sms_fallback_url) == (url, "")
    with pytest.raises(TwilioRestException):
        await setting.call(numbers("PN" + "0" * 32).fetch)
