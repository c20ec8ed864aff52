import asyncio
import base64
import logging
import warnings
from datetime import timedelta

import pytest
from aiohttp import ClientTimeout

from bridge.adapters.providers.twilio.provider import Twilio
from bridge.domain.events import DeliveryReported
from bridge.domain.messages import MessageStatus
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.sandbox.faults import FaultKind
from tests.adapters.twilio.support import CONTACT, LINE, Setting
from tests.contract.support import http_answer, listening

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


async def test_a_text_reaches_the_phone_from_the_line_with_its_key_in_the_callback(setting: Setting) -> None:
    receipt = await setting.adapter().send(setting.text("à bientôt 👋\n2+2=4 & so on", key="01K/ü ?"))
    await setting.world.settled()
    (message,) = setting.world.phone(CONTACT).inbox
    assert (message.sid, message.sender, message.body) == (receipt.provider_id, LINE, "à bientôt 👋\n2+2=4 & so on")
    assert receipt.segments == message.num_segments == 1
    (call,) = setting.calls("messages.create")
    assert call.params["StatusCallback"] == f"{setting.callbacks.url}/webhooks/main?o=01K%2F%C3%BC%20%3F"
    assert set(call.params) == {"To", "From", "Body", "StatusCallback"}


@pytest.mark.parametrize(("seconds", "asked"), [(None, None), (2700, 2700), (3, 15), (36_000, None), (90_000, None)])
async def test_a_text_that_is_not_to_come_late_says_so_within_twilios_bounds(
    setting: Setting, seconds: int | None, asked: int | None
) -> None:
    within = None if seconds is None else timedelta(seconds=seconds)
    receipt = await setting.adapter().send(setting.text(valid_for=within))
    assert setting.world.message(receipt.provider_id).validity == asked


async def test_what_twilio_posts_back_verifies_and_names_the_key(setting: Setting) -> None:
    adapter = setting.adapter()
    receipt = await adapter.send(setting.text(key="01K/ü ?"))
    await setting.world.settled()
    events: list[DeliveryReported] = []
    for request in setting.callbacks.seen:
        adapter.verify(request)
        events += [event for event in adapter.parse(request) if isinstance(event, DeliveryReported)]
    assert {event.key for event in events} == {"01K/ü ?"}
    assert {event.provider_id for event in events} == {receipt.provider_id}
    assert events[-1].status is MessageStatus.DELIVERED


async def test_pictures_are_named_by_their_addresses(setting: Setting) -> None:
    urls = tuple(f"https://sms.example.org/media/{number}?a=1&b=2" for number in range(10))
    await setting.adapter().send(setting.text("", media_urls=urls))
    assert setting.world.messages[-1].media_urls == urls
    assert "Body" not in setting.calls("messages.create")[0].params


async def test_with_a_messaging_service_the_line_still_speaks(setting: Setting) -> None:
    service = setting.world.add_service(setting.account)
    setting.world.add_number(setting.account, "+15550100009", service=service)
    setting.world.numbers[LINE].service = service
    receipt = await setting.adapter().send(setting.text(messaging_service=service.sid))
    await setting.world.settled()
    assert setting.world.phone(CONTACT).inbox[0].sender == LINE
    assert setting.calls("messages.create")[0].params["From"] == LINE
    assert receipt.provider_id == setting.world.messages[-1].sid


async def test_without_a_line_the_messaging_service_chooses(setting: Setting) -> None:
    service = setting.world.add_service(setting.account)
    setting.world.numbers[LINE].service = service
    receipt = await setting.adapter().send(setting.text(sender="", messaging_service=service.sid))
    assert receipt.segments == 0  # Twilio does not know it yet


@pytest.mark.parametrize(
    ("recipient", "sender", "code"),
    [
        ("+15005550001", "+15005550006", "21211"),
        ("+15005550002", "+15005550006", "21612"),
        ("+15005550003", "+15005550006", "21408"),
        ("+15005550004", "+15005550006", "21610"),
        ("+15005550009", "+15005550006", "21614"),
        (CONTACT, "+15005550001", "21212"),
        (CONTACT, "+15005550007", "21606"),
    ],
)
async def test_what_twilio_refuses_is_final_with_code_and_advice(
    setting: Setting, recipient: str, sender: str, code: str
) -> None:
    test = setting.world.add_account("Test", test=True)
    adapter = setting.adapter(account_sid=test.sid, auth_token=test.auth_token)
    with pytest.raises(SendRejected) as rejected:
        await adapter.send(setting.text(recipient=recipient, sender=sender))
    assert rejected.value.code == code
    assert recipient not in str(rejected.value)
    assert len(setting.calls("messages.create")) == 1


async def test_a_full_queue_may_pass_later(setting: Setting) -> None:
    test = setting.world.add_account("Test", test=True)
    adapter = setting.adapter(account_sid=test.sid, auth_token=test.auth_token)
    with pytest.raises(SendDeferred) as deferred:
        await adapter.send(setting.text(sender="+15005550008"))
    assert deferred.value.whole_target


async def test_a_wrong_token_or_account_is_a_matter_of_credentials(setting: Setting) -> None:
    setting.violations_expected = True
    for adapter in (setting.adapter(auth_token="0" * 32), setting.adapter(account_sid="AC" + "0" * 32)):
        with pytest.raises(CredentialsRejected, match="credentials"):
            await adapter.send(setting.text())
    setting.account.status = "suspended"
    with pytest.raises(CredentialsRejected, match="suspended"):
        await setting.adapter().send(setting.text())
    assert setting.received() == []


async def test_an_api_key_logs_in_for_the_account(setting: Setting) -> None:
    key, secret = setting.world.add_api_key(setting.account)
    receipt = await setting.adapter(api_key=key, api_secret=secret).send(setting.text())
    assert receipt.provider_id == setting.world.messages[-1].sid


async def test_the_first_of_several_tokens_works_before_and_after_the_promotion(setting: Setting) -> None:
    old, new = setting.account.auth_token, setting.account.add_secondary()
    adapter = setting.adapter(auth_token=[new, old])
    await adapter.send(setting.text("before"))
    setting.account.promote()
    await adapter.send(setting.text("after"))
    await setting.world.settled()
    assert setting.received() == ["before", "after"]
    for request in setting.callbacks.seen:
        adapter.verify(request)


@pytest.mark.parametrize(
    ("kind", "value", "arrives"),
    [("lose_answer", 0, 1), ("lose_request", 0, 0), ("status", 500, 0), ("status", 503, 0), ("html", 0, 0)],
)
async def test_a_lost_answer_is_an_unknown_outcome_after_one_call(
    setting: Setting, kind: FaultKind, value: float, arrives: int
) -> None:
    setting.fault("messages.create", kind, value)
    with pytest.raises(SendOutcomeUnknown):
        await setting.adapter().send(setting.text())
    await setting.world.settled()
    assert len(setting.calls("messages.create")) == 1
    assert len(setting.received()) == arrives


async def test_no_answer_in_time_is_an_unknown_outcome(setting: Setting) -> None:
    setting.fault("messages.create", "hang")
    with pytest.raises(SendOutcomeUnknown):
        await setting.adapter(timeout=0.2).send(setting.text())
    await setting.world.settled()
    assert len(setting.received()) == 1


async def test_too_many_requests_are_safe_to_repeat(setting: Setting) -> None:
    setting.fault("messages.create", "rate_limited", 3)
    with pytest.raises(SendDeferred) as deferred:
        await setting.adapter().send(setting.text())
    assert (deferred.value.retry_after, deferred.value.whole_target) == (3.0, True)
    setting.fault("messages.create", "status", 429)
    with pytest.raises(SendDeferred) as deferred:
        await setting.adapter().send(setting.text())
    assert (deferred.value.retry_after, deferred.value.whole_target) == (None, True)
    assert setting.received() == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b'{"code": 20429, "status": 400}', SendDeferred),
        (b'{"code": "21610"}', SendRejected),
        (b'{"code": {"a": 1}}', SendRejected),
        (b'{"code": null, "message": ["odd"]}', SendRejected),
        (b"<html>blocked</html>", SendRejected),
        (b'{"type": "t", "title": "t", "status": 400, "code": 20003, "detail": "d"}', CredentialsRejected),
        (b'{"type": "t", "title": "t", "status": 200, "code": 21211}', SendRejected),
    ],
)
async def test_a_refusal_in_whatever_shape_is_certain(setting: Setting, answer: bytes, error: type[Exception]) -> None:
    async with listening(http_answer("400 Bad Request", answer)) as server:
        with pytest.raises(error):
            await setting.adapter(api_url=server.url).send(setting.text())
        assert server.requests == 1


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        ("403 Forbidden", b"<html>", CredentialsRejected),
        ("403 Forbidden", b'{"code": 21408}', SendRejected),
        ("404 Not Found", b"<html>", CredentialsRejected),
        ("404 Not Found", b'{"code": 20404}', CredentialsRejected),
        ("404 Not Found", b'{"code": 21701}', SendRejected),
        ("408 Request Timeout", b"", SendOutcomeUnknown),
        ("302 Found", b"", SendOutcomeUnknown),
        ("200 OK", b'{"sid": ""}', SendOutcomeUnknown),
        ("500 Internal Server Error", b'{"code": 20429}', SendOutcomeUnknown),
    ],
)
async def test_each_status_means_what_is_certain_about_it(
    setting: Setting, status: str, answer: bytes, error: type[Exception]
) -> None:
    async with listening(http_answer(status, answer)) as server:
        with pytest.raises(error):
            await setting.adapter(api_url=server.url).send(setting.text())
        assert server.requests == 1


async def test_an_endless_answer_is_cut_off(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.adapters.providers.twilio.http.MAX_ANSWER", 1000)
    async with listening(http_answer("201 Created", b'{"sid": "SM1"}' + b" " * 2000)) as server:
        with pytest.raises(SendOutcomeUnknown):
            await setting.adapter(api_url=server.url).send(setting.text())


async def test_half_a_character_is_refused_before_anything_is_sent(setting: Setting) -> None:
    with pytest.raises(SendRejected):
        await setting.adapter().send(setting.text("\ud83d"))
    assert setting.calls("messages.create") == []


async def test_many_at_once_each_get_their_own_answer(setting: Setting) -> None:
    adapter = setting.adapter()
    texts = [setting.text(f"text {number}", key=f"key{number}") for number in range(100)]
    receipts = await asyncio.gather(*(adapter.send(text) for text in texts))
    stored = {message.sid: message.body for message in setting.world.messages}
    assert [stored[receipt.provider_id] for receipt in receipts] == [text.body for text in texts]


async def test_nothing_of_a_text_is_logged(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    setting.fault("messages.create", "status", 500)
    with pytest.raises(SendOutcomeUnknown) as unknown:
        await setting.adapter().send(setting.text("a secret"))
    await setting.adapter().send(setting.text("a secret"))
    ours = [one for one in caplog.records if not one.name.startswith("aiohttp.access")]
    assert all(word not in one.getMessage() for one in ours for word in ("secret", CONTACT, CONTACT[1:], "AC"))
    assert unknown.value.__suppress_context__


async def test_the_environment_does_not_send_credentials_elsewhere(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("REGION", "ie1"), ("EDGE", "dublin"), ("ACCOUNT_SID", "AC0"), ("AUTH_TOKEN", "0")):
        monkeypatch.setenv(f"TWILIO_{name}", value)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await setting.adapter().send(setting.text())).provider_id


async def test_nothing_on_its_way_out_of_aiohttp_is_used(setting: Setting) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        adapter = setting.adapter()
        await adapter.send(setting.text())
        await adapter.find_sent(setting.text())
        await adapter.list_received(LINE, setting.world.now())
        await adapter.check()


async def test_credentials_go_to_the_configured_host_only(setting: Setting) -> None:
    adapter = setting.adapter()
    with pytest.raises(Exception, match="another host"):
        await adapter._calls.http.request("GET", "http://127.0.0.1:9/2010-04-01/Accounts.json")


async def test_the_log_in_is_utf_8_basic_auth(setting: Setting) -> None:
    async with listening(http_answer("401 Unauthorized", b"{}")) as server:
        with pytest.raises(CredentialsRejected):
            await setting.adapter(api_url=server.url, auth_token="pä:ss").send(setting.text())
        sent = base64.b64encode(f"{setting.account.sid}:pä:ss".encode())
        assert b"authorization: basic " + sent.lower() in server.heads[0].lower()


def test_calls_end_after_twenty_seconds_by_themselves(setting: Setting) -> None:
    context = setting.adapter()._context
    adapter = Twilio(setting.adapter()._checks._settings, context)
    assert adapter._calls.http._limits == ClientTimeout(total=20, connect=5)
