"""STOP, START and HELP, which Twilio answers by itself."""

import pytest

from bridge.sandbox.twilio.consent import ANSWERS
from tests.sandbox.twilio.support import LINE, PHONE, Setting

SECOND = "+15550100002"


async def say(setting: Setting, body: str, line: str = LINE) -> list[str]:
    """Text, and return what the handset has received since."""
    inbox = setting.world.phone(PHONE).inbox
    before = len(inbox)
    await setting.world.text_in(PHONE, line, body)
    return [one.body for one in inbox[before:]]


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop ", "StopAll", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]
)
async def test_stop_words_block(setting: Setting, word: str) -> None:
    assert await say(setting, word) == [ANSWERS["STOP"]]
    assert [one.form["Body"] for one in setting.endpoint.seen] == [word]
    assert await setting.refusal() == (400, 21610)
    assert await say(setting, word) == []
    assert len(setting.endpoint.seen) == 2


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
async def test_start_words_open_again(setting: Setting, word: str) -> None:
    await say(setting, "STOP")
    assert await say(setting, word) == [ANSWERS["START"]]
    assert (await setting.create()).sid
    assert await say(setting, word) == []


@pytest.mark.parametrize("words", ["STOP please", "don't stop", "STOP.", "yes", "hello", ""])
async def test_other_words_are_words(setting: Setting, words: str) -> None:
    assert await say(setting, words) == []
    assert (await setting.create()).sid


async def test_help(setting: Setting) -> None:
    assert await say(setting, "help") == [ANSWERS["HELP"]]
    assert (await setting.create()).sid


async def test_the_answer_is_listed_as_a_reply(setting: Setting) -> None:
    await say(setting, "STOP")
    [answer] = await setting.call(setting.client.messages.list, to=PHONE)
    assert (answer.direction, answer.status, answer.body) == ("outbound-reply", "delivered", ANSWERS["STOP"])


async def test_a_number_is_blocked_alone(setting: Setting) -> None:
    setting.world.add_number(setting.account, SECOND)
    await say(setting, "STOP")
    assert (await setting.create(from_=SECOND)).sid
    assert (await setting.create(to="+15550100999")).sid


async def test_a_service_is_blocked_as_a_whole(setting: Setting) -> None:
    service = setting.world.add_service(setting.account, advanced_opt_out=True)
    setting.world.numbers[LINE].service = service
    setting.world.add_number(setting.account, SECOND, service=service)
    await say(setting, "STOP")
    assert setting.endpoint.seen[-1].form["OptOutType"] == "STOP"
    assert setting.endpoint.seen[-1].signed_by(setting.account.auth_token)
    assert await setting.refusal(from_=SECOND) == (400, 21610)
    assert await setting.refusal(from_=None, messaging_service_sid=service.sid) == (400, 21610)
    setting.world.add_number(setting.account, "+15550100003", sms_url=setting.endpoint.url("/sms"), service=service)
    await say(setting, "START", "+15550100003")
    assert setting.endpoint.seen[-1].form["OptOutType"] == "START"
    assert (await setting.create(from_=SECOND)).sid
    await say(setting, "hello")
    assert "OptOutType" not in setting.endpoint.seen[-1].form
