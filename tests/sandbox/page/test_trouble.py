"""Trouble on order strikes once and is gone."""

import aiohttp
import pytest

from bridge.sandbox.twilio.model import Message
from tests.sandbox.page.stage import PHONE, Caller, House


async def fates(house: House) -> list[tuple[str, int | None]]:
    await house.twilio.settled()
    return [(message.status, message.error_code) for message in house.twilio.messages]


@pytest.mark.parametrize(("code", "fate"), [(30003, "undelivered"), (30005, "undelivered"), (30007, "failed")])
async def test_only_the_next_text_fails(house: House, caller: Caller, code: int, fate: str) -> None:
    await caller.act("fault.fail", code=code)
    await caller.text_from_line("one")
    assert await fates(house) == [(fate, code)]
    await caller.text_from_line("two")
    assert (await fates(house))[1:] == [("delivered", None)]
    assert house.twilio.phone(PHONE).behaviour == "deliver"


async def test_a_refused_recipient_is_refused_once(house: House, caller: Caller) -> None:
    await caller.act("fault.fail", code=21610)
    assert await caller.text_from_line("one") == 400
    # The page's knob turns itself off when it hears of the refusal, a moment after the answer.
    await caller.act("fault.twice", on=False)
    assert await caller.text_from_line("two") == 201


async def test_a_phone_added_meanwhile_fails_too(house: House, caller: Caller) -> None:
    house.twilio.phones.clear()
    await caller.act("fault.fail", code=30007)
    await caller.act("phone.add", number=PHONE)
    await caller.text_from_line("one")
    await caller.text_from_line("two")
    assert (await fates(house))[0] == ("failed", 30007)
    assert house.twilio.phone(PHONE).behaviour == "deliver"


async def test_a_phone_told_to_be_off_stays_off_after_another_trouble(house: House, caller: Caller) -> None:
    await caller.act("fault.fail", code=30007)
    await caller.act("phone.behave", number=PHONE, behaviour="unreachable")
    await caller.text_from_line("one")
    assert await fates(house) == [("failed", 30007)]
    await caller.text_from_line("two")
    assert (await fates(house))[1] == ("undelivered", 30003)


async def test_trouble_can_be_called_off(house: House, caller: Caller) -> None:
    await caller.act("fault.fail", code=30003)
    await caller.act("fault.lose", vendor="twilio")
    await caller.act("fault.twice", on=True)
    await caller.act("fault.clear")
    assert await caller.text_from_line() == 201
    assert await fates(house) == [("delivered", None)]
    assert house.twilio.webhooks.copies == 1


async def test_a_lost_answer_leaves_the_text_sent(house: House, caller: Caller) -> None:
    await caller.act("fault.lose", vendor="twilio")
    with pytest.raises(aiohttp.ClientError):
        await caller.text_from_line("one")
    assert [message.body for message in sent(house)] == ["one"]
    assert await caller.text_from_line("two") == 201


async def test_everything_twice(house: House, caller: Caller) -> None:
    await caller.act("fault.twice", on=True)
    assert (house.twilio.webhooks.copies, house.twilio.callbacks.copies) == (2, 2)
    assert house.slack.delivery.disorder.same_id == 1.0


def sent(house: House) -> list[Message]:
    return [message for message in house.twilio.messages if message.direction == "outbound-api"]
