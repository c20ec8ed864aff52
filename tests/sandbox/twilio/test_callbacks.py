"""Status callbacks, and what handsets make of a text."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from bridge.sandbox.faults import Fault
from bridge.sandbox.twilio import CallbackKnobs
from bridge.sandbox.twilio.model import Behaviour
from tests.sandbox.twilio.support import LINE, PHONE, Setting, until


async def reported(setting: Setting, knobs: CallbackKnobs | None = None) -> list[str]:
    setting.world.callbacks = knobs or CallbackKnobs()
    await setting.create(status_callback=setting.endpoint.url("/status?o=1"))
    await setting.world.settled()
    return setting.endpoint.statuses()


async def test_fields_and_signature(setting: Setting) -> None:
    made = await setting.create(status_callback=setting.endpoint.url("/status?o=1"))
    await setting.world.settled()
    sent, delivered = setting.endpoint.at("/status?o=1")
    common = {
        "ApiVersion": "2010-04-01",
        "AccountSid": setting.account.sid,
        "MessageSid": made.sid,
        "SmsSid": made.sid,
        "To": PHONE,
        "From": LINE,
    }
    assert dict(sent.form) == common | {"MessageStatus": "sent", "SmsStatus": "sent"}
    receipt = delivered.form.pop("RawDlrDoneDate")
    assert dict(delivered.form) == common | {"MessageStatus": "delivered", "SmsStatus": "delivered"}
    assert receipt == setting.world.message(made.sid).updated.strftime("%y%m%d%H%M")
    delivered.form["RawDlrDoneDate"] = receipt
    assert sent.signed_by(setting.account.auth_token)
    assert delivered.signed_by(setting.account.auth_token)


@pytest.mark.parametrize(
    ("behaviour", "chosen", "statuses", "code", "received"),
    [
        ("deliver", None, ["sent", "delivered"], None, True),
        ("silent", None, ["sent"], None, True),
        ("undelivered", None, ["sent", "undelivered"], 30005, False),
        ("undelivered", 30006, ["sent", "undelivered"], 30006, False),
        ("unreachable", None, ["sent", "undelivered"], 30003, False),
        ("failed", None, ["failed"], 30007, False),
        ("failed", 30034, ["failed"], 30034, False),
    ],
)
async def test_behaviours(
    setting: Setting, behaviour: Behaviour, chosen: int | None, statuses: list[str], code: int | None, *, received: bool
) -> None:
    setting.world.add_phone(PHONE, behaviour=behaviour, error_code=chosen)
    assert await reported(setting) == statuses
    assert setting.endpoint.seen[-1].form.get("ErrorCode") == (str(code) if code else None)
    assert bool(setting.world.phone(PHONE).inbox) is received
    [message] = await setting.call(setting.client.messages.list)
    assert (message.status, message.error_code) == (statuses[-1], code)
    assert bool(message.error_message) is bool(code)


async def test_a_slow_phone(setting: Setting) -> None:
    setting.world.add_phone(PHONE, behaviour="slow", delay=3600)
    first = await setting.create(status_callback=setting.endpoint.url("/status"))
    second = await setting.create(status_callback=setting.endpoint.url("/status"))
    await until(lambda: len(setting.endpoint.seen) == 2)
    assert setting.endpoint.statuses() == ["sent", "sent"]
    assert not setting.world.phone(PHONE).inbox
    setting.world.clock.skip(3601)
    await setting.world.settled()
    assert [one.sid for one in setting.world.phone(PHONE).inbox] == [first.sid, second.sid]


async def test_a_text_that_waited_too_long_is_dropped(setting: Setting) -> None:
    setting.world.add_phone(PHONE, behaviour="slow", delay=3600)
    made = await setting.create(validity_period=600)
    await until(lambda: setting.world.message(made.sid).status == "sent")
    setting.world.clock.skip(601)
    await setting.world.settled()
    message = setting.world.message(made.sid)
    assert (message.status, message.error_code, setting.world.phone(PHONE).inbox) == ("undelivered", 30036, [])


async def test_a_phone_that_opted_out(setting: Setting) -> None:
    setting.world.add_phone(PHONE, behaviour="opted_out")
    assert await setting.refusal() == (400, 21610)


async def test_reversed(setting: Setting) -> None:
    assert await reported(setting, CallbackKnobs(order="reversed")) == ["delivered", "sent"]


async def test_shuffled(setting: Setting) -> None:
    seen: set[tuple[str, ...]] = set()
    for _ in range(12):
        setting.endpoint.seen.clear()
        seen.add(tuple(await reported(setting, CallbackKnobs(order="shuffled"))))
    assert seen == {("sent", "delivered"), ("delivered", "sent")}


async def test_duplicated(setting: Setting) -> None:
    assert await reported(setting, CallbackKnobs(copies=2)) == ["sent", "sent", "delivered", "delivered"]


async def test_missing(setting: Setting) -> None:
    assert await reported(setting, CallbackKnobs(missing={"sent"})) == ["delivered"]


async def test_delayed(setting: Setting) -> None:
    setting.world.callbacks = CallbackKnobs(delay=43_200)
    made = await setting.create(status_callback=setting.endpoint.url("/status"))
    await until(lambda: setting.world.message(made.sid).status == "delivered")
    assert not setting.endpoint.seen
    setting.world.clock.skip(43_201)
    await setting.world.settled()
    assert setting.endpoint.statuses() == ["sent", "delivered"]


async def test_before_the_answer(setting: Setting) -> None:
    setting.world.callbacks = CallbackKnobs(before_answer=True)
    made = await setting.create(status_callback=setting.endpoint.url("/status"))
    assert setting.endpoint.statuses() == ["sent", "delivered"]
    assert made.status == "queued"


class TurnedOff(CallbackKnobs):
    """Knobs that somebody turns right after they were looked at."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name == "before_answer":
            super().__setattr__(name, False)
        return value


async def test_a_knob_that_is_turned_while_a_text_is_made_holds_it_up_no_longer(setting: Setting) -> None:
    setting.world.callbacks = TurnedOff(before_answer=True)
    async with asyncio.timeout(5):
        made = await setting.create()
    assert setting.world.message(made.sid).status == "delivered"


async def test_a_lost_answer_has_callbacks(setting: Setting) -> None:
    setting.world.faults.add(Fault("messages.create", "lose_answer"))
    with pytest.raises(OSError, match="Connection"):
        await reported(setting)
    await setting.world.settled()
    assert setting.endpoint.statuses() == ["sent", "delivered"]


async def test_no_callback_without_address(setting: Setting) -> None:
    await setting.create()
    await setting.world.settled()
    assert not setting.endpoint.seen


async def test_callbacks_follow_the_fragment(setting: Setting) -> None:
    setting.endpoint.answers.append((503, "", ""))
    await setting.create(status_callback=setting.endpoint.url("/status#rc=1&rp=5xx"))
    await setting.world.settled()
    assert setting.endpoint.statuses() == ["sent", "sent", "delivered"]


async def test_the_pace_shows_every_status(setting: Setting) -> None:
    setting.world.pace = 60
    made = await setting.create()
    message = setting.world.message(made.sid)
    for status in ("sent", "delivered"):
        await asyncio.sleep(0.01)
        assert message.status != status
        setting.world.clock.skip(61)
        await until(lambda status=status: message.status == status)
    times = list(message.times.values())
    assert list(message.times) == ["queued", "sent", "delivered"]
    assert [(later - earlier).total_seconds() > 59 for earlier, later in pairwise(times)] == [True] * 2
