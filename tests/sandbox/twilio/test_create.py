"""Creating messages with the vendor's own client."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.sandbox.twilio.support import LINE, PHONE, Setting, basic


async def test_a_text_reaches_the_phone(setting: Setting) -> None:
    made = await setting.create(body="Grüße 👍")
    assert (made.sid[:2], made.status, made.direction) == ("SM", "queued", "outbound-api")
    assert (made.from_, made.to, made.body, made.num_segments, made.num_media) == (LINE, PHONE, "Grüße 👍", "1", "0")
    assert (made.error_code, made.price, made.messaging_service_sid) == (None, None, None)
    await setting.world.settled()
    phone = setting.world.phone(PHONE)
    assert [(one.sid, one.body, one.status) for one in phone.inbox] == [(made.sid, "Grüße 👍", "delivered")]
    fetched = await setting.call(setting.client.messages(made.sid).fetch)
    assert fetched.status == "delivered"
    assert fetched.date_sent is not None
    assert not setting.world.violations


async def test_posting_twice_texts_twice(setting: Setting) -> None:
    first, second = await setting.create(), await setting.create()
    await setting.world.settled()
    assert [one.sid for one in setting.world.phone(PHONE).inbox] == [first.sid, second.sid]


@pytest.mark.parametrize(
    ("arguments", "code", "violation"),
    [
        ({"to": "hello"}, 21211, False),
        ({"to": "5550100200"}, 21211, False),
        ({"to": ""}, 21604, True),
        ({"to": LINE}, 21266, False),
        ({"to": f"whatsapp:{PHONE}"}, 21910, False),
        ({"from_": "+15550100009"}, 21606, False),
        ({"from_": "ACME"}, 21606, False),
        ({"from_": "+1"}, 21212, False),
        ({"from_": None}, 21603, True),
        ({"body": None}, 21619, True),
        ({"body": ""}, 21602, True),
        ({"body": "x" * 1601}, 21617, True),
        ({"body": None, "media_url": ["http://a.example/1"] * 11}, 21623, True),
        ({"media_url": ["ftp://a.example/1"]}, 21620, True),
        ({"media_url": ["a picture"]}, 21620, True),
        ({"status_callback": "nowhere"}, 21609, True),
        ({"status_callback": "http://under_score.example/"}, 21609, True),
        ({"messaging_service_sid": "MG" + "a" * 32}, 21701, False),
        ({"messaging_service_sid": "MGx"}, 21701, False),
        ({"content_sid": "HX" + "a" * 32}, 21655, False),
        ({"validity_period": 36001}, 20001, True),
        ({"validity_period": "soon"}, 20001, True),
        ({"smart_encoded": "maybe"}, 20001, True),
        ({"content_retention": "burn"}, 20001, True),
        ({"schedule_type": "fixed", "send_at": "2026-01-01T00:00:00Z"}, 35118, False),
        ({"send_at": "tomorrow"}, 35114, False),
    ],
)
async def test_wrong_calls(setting: Setting, arguments: dict[str, Any], code: int, *, violation: bool) -> None:
    status, got = await setting.refusal(**arguments)
    assert got == code
    assert status == (404 if code == 21701 and len(str(arguments["messaging_service_sid"])) == 34 else 400)
    assert not setting.world.messages
    assert bool(setting.world.violations) is violation


@pytest.mark.parametrize(
    "added",
    [("StatusCallbackUrl", "http://a.example/"), ("Foo", "1"), ("body", "lower case"), ("To", PHONE)],
)
async def test_unknown_and_repeated_parameters(setting: Setting, added: tuple[str, str]) -> None:
    status, answer = await post(setting, data=[("To", PHONE), ("From", LINE), ("Body", "x"), added])
    assert (status, answer["code"], answer["status"]) == (400, 20001, 400)
    assert answer["more_info"].endswith("20001")
    assert len(setting.world.violations) == 1
    assert not setting.world.messages


async def test_json_and_query_are_no_way_to_pass_parameters(setting: Setting) -> None:
    status, answer = await post(setting, json={"To": PHONE})
    assert (status, answer["code"]) == (415, 20001)
    status, answer = await post(setting, query="?To=%2B15550100200", data={"From": LINE, "Body": "x"})
    assert (status, answer["code"]) == (400, 20001)


async def test_unknown_address(setting: Setting) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{setting.world.base_url}/2010-04-01/Nowhere") as answer,
    ):
        assert answer.status == 404
        assert (await answer.json())["code"] == 20404
    assert len(setting.world.violations) == 1


async def post(setting: Setting, query: str = "", **arguments: Any) -> tuple[int, dict[str, Any]]:
    account = setting.account
    headers = basic(account.sid, account.auth_token)
    url = f"{setting.world.base_url}/2010-04-01/Accounts/{account.sid}/Messages.json{query}"
    async with aiohttp.ClientSession() as session, session.post(url, headers=headers, **arguments) as answer:
        return answer.status, await answer.json()


async def test_credentials(setting: Setting) -> None:
    account = setting.account
    key, secret = setting.world.add_api_key(account)
    setting.client = setting.client_of(key, secret, account.sid)
    assert (await setting.create()).sid
    for login, password in ((account.sid, "wrong"), (key, account.auth_token), ("", "")):
        status, answer = await fetch_account(setting, basic(login, password))
        assert (status, answer["code"]) == (401, 20003)
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic ???"}):
        assert (await fetch_account(setting, headers))[0] == 401
    other = setting.world.add_account("Other")
    assert (await fetch_account(setting, basic(other.sid, other.auth_token)))[0] == 401
    account.status = "suspended"
    assert await setting.refusal() == (403, 20005)


async def fetch_account(setting: Setting, headers: dict[str, str], sid: str = "") -> tuple[int, dict[str, Any]]:
    url = f"{setting.world.base_url}/2010-04-01/Accounts/{sid or setting.account.sid}.json"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_rotation_of_auth_tokens(setting: Setting) -> None:
    account = setting.account
    old, new = account.auth_token, account.add_secondary()
    for token in (old, new):
        setting.client = setting.client_of(account.sid, token)
        fetched = await setting.call(setting.client.api.accounts(account.sid).fetch)
        assert (fetched.friendly_name, fetched.status) == ("Acme", "active")
    assert account.auth_token == old
    account.promote()
    assert account.auth_token == new
    setting.client = setting.client_of(account.sid, old)
    assert await setting.refusal() == (401, 20003)


async def test_messaging_service(setting: Setting) -> None:
    world, account = setting.world, setting.account
    service = world.add_service(account, status_callback=setting.endpoint.url("/status"))
    assert await setting.refusal(from_=None, messaging_service_sid=service.sid) == (400, 21703)
    world.add_number(account, "+15550100002", service=service)
    world.add_number(account, "+15550100003", service=service)
    assert await setting.refusal(messaging_service_sid=service.sid) == (400, 21606)
    made = await setting.create(from_=None, messaging_service_sid=service.sid)
    assert (made.status, made.from_, made.num_segments, made.messaging_service_sid) == (
        "accepted",
        None,
        "0",
        service.sid,
    )
    await world.settled()
    assert (world.message(made.sid).sender, world.message(made.sid).num_segments) == ("+15550100002", 1)
    assert setting.endpoint.statuses() == ["queued", "sent", "delivered"]
    assert {one.form["MessagingServiceSid"] for one in setting.endpoint.seen} == {service.sid}
    await world.text_in(PHONE, "+15550100003", "hi")
    second = await setting.create(from_=None, messaging_service_sid=service.sid)
    await world.settled()
    assert world.message(second.sid).sender == "+15550100003"


async def test_scheduled_messages(setting: Setting) -> None:
    world = setting.world
    service = world.add_service(setting.account)
    world.add_number(setting.account, "+15550100002", service=service)
    common: dict[str, Any] = {"from_": None, "messaging_service_sid": service.sid, "schedule_type": "fixed"}
    for wrong in (timedelta(seconds=200), timedelta(days=36)):
        assert await setting.refusal(send_at=world.now() + wrong, **common) == (400, 35114)
    later = await setting.create(send_at=world.now() + timedelta(hours=1), **common)
    gone = await setting.create(send_at=world.now() + timedelta(hours=1), **common)
    assert later.status == "scheduled"
    canceled = await setting.call(setting.client.messages(gone.sid).update, status="canceled")
    assert canceled.status == "canceled"
    at_once = await setting.create(from_=None, messaging_service_sid=service.sid)
    world.clock.skip(3601)
    await world.settled()
    assert [one.sid for one in world.phone(PHONE).inbox] == [at_once.sid, later.sid]


async def test_templates(setting: Setting) -> None:
    sid = setting.world.add_template(setting.account, "Hello {{1}}, at {{2}}")
    made = await setting.create(body=None, content_sid=sid, content_variables='{"1": "Ada"}')
    assert made.body == "Hello Ada, at {{2}}"
    assert await setting.refusal(body=None, content_sid=sid, content_variables="[") == (400, 21656)
    assert await setting.refusal(body=None, content_sid=sid, content_variables="[]") == (400, 21656)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": LINE}, 21606),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
    ],
)
async def test_magic_numbers_of_test_credentials(setting: Setting, arguments: dict[str, Any], code: int) -> None:
    test = setting.world.add_account("Test", test=True)
    setting.client = setting.client_of(test.sid, test.auth_token)
    assert (await setting.refusal(**({"from_": "+15005550006"} | arguments)))[1] == code


async def test_test_credentials_text_nobody_and_open_nothing_else(setting: Setting) -> None:
    test = setting.world.add_account("Test", test=True)
    setting.client = setting.client_of(test.sid, test.auth_token)
    made = await setting.create(from_="+15005550006", status_callback=setting.endpoint.url("/status"))
    await setting.world.settled()
    assert made.status == "queued"
    assert not setting.world.phone(PHONE).inbox
    assert not setting.endpoint.seen
    status, answer = await fetch_account(setting, basic(test.sid, test.auth_token), test.sid)
    assert (status, answer["code"]) == (403, 20008)
