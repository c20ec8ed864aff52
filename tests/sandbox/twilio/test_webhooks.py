"""Texts from people: what is posted, how it is signed, and how often it is tried."""

import asyncio
import socket

import pytest

from bridge.sandbox.twilio import Place, Text, TextIn, WebhookKnobs
from bridge.sandbox.twilio.posting import read_settings
from tests.sandbox.twilio.support import LINE, PHONE, PNG, Answer, Setting, until

FAILING: Answer = (503, "", "")
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response>{}</Response>'


def statuses(text: TextIn) -> list[int | None]:
    return [one.status for one in text.attempts]


async def test_fields_and_signature(setting: Setting) -> None:
    text = await setting.world.text_in(PHONE, LINE, " Grüße & 👍 ", media=[("image/png", PNG), ("text/vcard", b"x")])
    [seen] = setting.endpoint.seen
    sid, account = text.message.sid, setting.account.sid
    media = f"{setting.world.base_url}/2010-04-01/Accounts/{account}/Messages/{sid}/Media"
    assert dict(seen.form) == {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "SmsStatus": "received",
        "AccountSid": account,
        "From": PHONE,
        "To": LINE,
        "Body": " Grüße & 👍 ",
        "NumMedia": "2",
        "NumSegments": "1",
        "ApiVersion": "2010-04-01",
        "FromCity": "SPRINGFIELD",
        "FromState": "IL",
        "FromZip": "62701",
        "FromCountry": "US",
        "ToCity": "SAN FRANCISCO",
        "ToState": "CA",
        "ToZip": "94103",
        "ToCountry": "US",
        "MediaContentType0": "image/png",
        "MediaUrl0": f"{media}/{text.message.media[0].sid}",
        "MediaContentType1": "text/vcard",
        "MediaUrl1": f"{media}/{text.message.media[1].sid}",
    }
    assert sid.startswith("MM")
    assert seen.signed_by(setting.account.auth_token)
    assert seen.headers["I-Twilio-Idempotency-Token"]
    assert seen.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert (text.accepted, statuses(text)) == (True, [200])
    assert not setting.world.violations


async def test_extra_service_and_missing_fields(setting: Setting) -> None:
    number = setting.world.numbers[LINE]
    number.service = setting.world.add_service(setting.account)
    number.place = None
    setting.world.add_phone(PHONE, place=Place())
    await setting.world.text_in(PHONE, LINE, "", ProfileName="Ada", Latitude="52.5")
    [seen] = setting.endpoint.seen
    assert seen.form["MessagingServiceSid"] == number.service.sid
    assert (seen.form["ProfileName"], seen.form["Latitude"], seen.form["FromCity"]) == ("Ada", "52.5", "")
    assert "ToCity" not in seen.form
    assert seen.signed_by(setting.account.auth_token)


async def test_a_service_may_have_its_own_address(setting: Setting) -> None:
    setting.endpoint.answers.append(FAILING)
    inbound, fallback = setting.endpoint.url("/service"), setting.endpoint.url("/service-fallback")
    service = setting.world.add_service(setting.account, inbound_url=inbound, fallback_url=fallback)
    setting.world.numbers[LINE].service = service
    await setting.world.text_in(PHONE, LINE, "hi")
    assert [one.url for one in setting.endpoint.seen] == [inbound, fallback]


async def test_get_signs_the_whole_address(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_method = "GET"
    setting.world.numbers[LINE].sms_url += "?line=1"
    await setting.world.text_in(PHONE, LINE, "Grüße + mehr")
    [seen] = setting.endpoint.seen
    assert seen.method == "GET"
    assert seen.signed_by(setting.account.auth_token)


@pytest.mark.parametrize(
    ("fragment", "answers", "expected"),
    [
        ("", [FAILING], [503]),
        ("", ["cut"], [None]),
        ("#rc=2&rp=5xx", [FAILING], [503, 200]),
        ("#rc=2&rp=5xx", [FAILING] * 3, [503, 503, 503]),
        ("#rc=0&rp=all", [FAILING], [503]),
        ("#rc=5&rp=5xx,rt", [FAILING, "cut", (404, "", "")], [503, None, 404]),
        ("#rc=5&rp=all", [(404, "", ""), "cut", FAILING], [404, None, 503, 200]),
        ("#rp=4xx", [(404, "", "")] * 2, [404, 404]),
        ("#rp=all", [(302, "", "")], [302]),
        ("#rc=9", [FAILING], [503]),
    ],
)
async def test_retries_follow_the_fragment(
    setting: Setting, fragment: str, answers: list[Answer], expected: list[int | None]
) -> None:
    setting.world.numbers[LINE].sms_url += fragment
    setting.endpoint.answers.extend(answers)
    text = await setting.world.text_in(PHONE, LINE, "hi")
    assert statuses(text) == expected
    assert text.accepted is (expected[-1] == 200)
    assert len(setting.endpoint.seen) == len(expected)
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in setting.endpoint.seen}) == 1
    assert all(one.signed_by(setting.account.auth_token) for one in setting.endpoint.seen)
    assert bool(setting.world.violations) is (fragment == "#rc=9")


async def test_only_connecting_is_retried_by_default(setting: Setting) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        setting.world.numbers[LINE].sms_url = f"http://127.0.0.1:{unused.getsockname()[1]}/sms"
        text = await setting.world.text_in(PHONE, LINE, "anybody there?")
    assert statuses(text) == [None, None]
    assert text.deliveries[0].error_code == 11205
    found = await setting.call(setting.client.messages.list, to=LINE)
    assert [one.body for one in found] == ["anybody there?"]


async def test_a_slow_answer_is_cut_off(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url += "#rt=150&rc=1&rp=rt"
    setting.endpoint.answers.append("hang")
    text = await setting.world.text_in(PHONE, LINE, "hi")
    assert statuses(text) == [None, 200]
    assert text.attempts[0].seconds == pytest.approx(0.15, abs=0.1)


async def test_the_total_time_ends_the_tries(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url += "#tt=200&rc=5&rp=all"
    setting.endpoint.answers.append("hang")
    assert statuses(await setting.world.text_in(PHONE, LINE, "hi")) == [None]


async def test_the_fallback_is_told_the_error(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_fallback_url = setting.endpoint.url("/fallback#rc=1&rp=5xx")
    setting.endpoint.answers.extend([FAILING, FAILING])
    text = await setting.world.text_in(PHONE, LINE, "hi")
    assert statuses(text) == [503, 503, 200]
    assert text.accepted
    [first, second] = setting.endpoint.at("/fallback")
    assert first.form == second.form
    assert (first.form["ErrorCode"], first.form["ErrorUrl"]) == ("11200", setting.endpoint.url("/sms"))
    assert first.signed_by(setting.account.auth_token)


def test_settings_of_an_address() -> None:
    settings, wrong = read_settings("http://a.example/#ct=2000&rt=5000&tt=9000&rc=3&rp=5xx,ct,rt&e=ashburn&x=1&ct=99")
    assert (settings.connect, settings.read, settings.total, settings.retries) == (2.0, 5.0, 9.0, 3)
    assert settings.retried == {"5xx", "ct", "rt"}
    assert wrong == ["x=1", "ct=99"]


@pytest.mark.parametrize(
    ("answer", "texted", "violations"),
    [
        ((200, "", ""), [], 0),
        ((204, "", ""), [], 0),
        ((200, TWIML.format(""), "text/xml"), [], 0),
        (
            (200, TWIML.format("<Message><Body>one</Body></Message><Message>two</Message>"), "text/xml"),
            ["one", "two"],
            0,
        ),
        ((200, "OK", "text/plain"), ["OK"], 1),
        ((200, "{}", "application/json"), [], 1),
        ((200, "<Response", "application/xml"), [], 1),
        ((200, "<html/>", "text/html"), [], 1),
    ],
)
async def test_what_an_answer_says_is_done(
    setting: Setting, answer: Answer, texted: list[str], violations: int
) -> None:
    setting.endpoint.answers.append(answer)
    await setting.world.text_in(PHONE, LINE, "hi")
    assert [one.body for one in setting.world.phone(PHONE).inbox] == texted
    assert len(setting.world.violations) == violations
    assert [one.direction for one in setting.world.messages[1:]] == ["outbound-reply"] * len(texted)


async def test_copies_come_at_once(setting: Setting) -> None:
    setting.endpoint.answers.extend(["hang", "hang"])
    setting.world.numbers[LINE].sms_url += "#rt=300"
    texting = asyncio.create_task(setting.world.text_in(PHONE, LINE, "hi", copies=3))
    await until(lambda: len(setting.endpoint.seen) == 3)
    assert not texting.done()
    text = await texting
    assert {one.form["MessageSid"] for one in setting.endpoint.seen} == {text.message.sid}
    assert sorted(map(str, statuses(text))) == ["200", "None", "None"]


async def test_forged_signatures(setting: Setting) -> None:
    await setting.world.text_in(PHONE, LINE, "hi", forged=True)
    setting.world.webhooks = WebhookKnobs(forged=True)
    await setting.world.text_in(PHONE, LINE, "hi")
    await setting.world.text_in(PHONE, LINE, "hi", forged=False)
    assert [one.signed_by(setting.account.auth_token) for one in setting.endpoint.seen] == [False, False, True]


async def test_lost_webhooks_are_in_the_list_only(setting: Setting) -> None:
    setting.world.webhooks = WebhookKnobs(lost=1, copies=2)
    first = await setting.world.text_in(PHONE, LINE, "first")
    await setting.world.text_in(PHONE, LINE, "second")
    assert (first.attempts, first.accepted) == ((), False)
    assert [one.form["Body"] for one in setting.endpoint.seen] == ["second", "second"]
    listed = await setting.call(setting.client.messages.list, to=LINE)
    assert [one.body for one in listed] == ["second", "first"]


async def test_late_webhooks_move_with_the_clock(setting: Setting) -> None:
    setting.world.webhooks = WebhookKnobs(delay=600)
    texting = asyncio.create_task(setting.world.text_in(PHONE, LINE, "hi"))
    await asyncio.sleep(0)
    assert [one.body for one in setting.world.messages] == ["hi"]
    setting.world.clock.skip(601)
    assert (await texting).accepted


async def test_many_texts_in_another_order(setting: Setting) -> None:
    texts = [Text(PHONE, LINE, str(index)) for index in range(30)]
    outcomes = await setting.world.texts_in(texts, shuffled=True)
    bodies = [str(index) for index in range(30)]
    assert [one.message.body for one in outcomes] == bodies
    assert [one.body for one in setting.world.messages] == bodies
    arrived = [one.form["Body"] for one in setting.endpoint.seen]
    assert arrived != bodies
    assert sorted(arrived) == sorted(bodies)


async def test_rotation_signs_with_the_primary_token(setting: Setting) -> None:
    second = setting.account.add_secondary()
    await setting.world.text_in(PHONE, LINE, "before")
    setting.account.promote()
    await setting.world.text_in(PHONE, LINE, "after")
    assert [one.signed_by(second) for one in setting.endpoint.seen] == [False, True]


async def test_a_number_nobody_owns(setting: Setting) -> None:
    with pytest.raises(LookupError):
        await setting.world.text_in(PHONE, "+15550109999", "hi")
    assert not setting.world.messages


async def test_a_number_without_address_keeps_texts_in_the_list(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url = ""
    assert not (await setting.world.text_in(PHONE, LINE, "hi")).attempts
    assert len(setting.world.messages) == 1


async def test_waiting_for_a_turn_does_not_use_up_the_time(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url += "#tt=2000&rt=2000"
    hanging: list[Answer] = ["hang"] * 100
    setting.endpoint.answers.extend(hanging)
    phones = [setting.world.add_phone(f"+1555010{1000 + index}").number for index in range(150)]
    outcomes = await setting.world.texts_in([Text(phone, LINE, "hello") for phone in phones])
    assert [one.accepted for one in outcomes] == [False] * 100 + [True] * 50


async def test_texts_of_one_phone_come_in_their_order_however_slow_the_first_answer_is(setting: Setting) -> None:
    setting.world.numbers[LINE].sms_url += "#rt=300"
    setting.endpoint.answers.append("hang")
    await setting.world.texts_in([Text(PHONE, LINE, body) for body in ("one", "two", "three")])
    assert [one.form["Body"] for one in setting.endpoint.seen] == ["one", "two", "three"]
    setting.endpoint.seen.clear()
    setting.endpoint.answers.append("hang")
    await setting.world.texts_in([Text(PHONE, LINE, "slow"), Text("+13105550177", LINE, "of another")])
    assert len(setting.endpoint.seen) == 2
