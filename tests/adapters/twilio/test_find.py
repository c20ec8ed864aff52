import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.adapters.providers.twilio.provider import Twilio
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown
from bridge.ports.provider import SendReceipt
from bridge.sandbox.faults import FaultKind
from tests.adapters.twilio.support import CONTACT, LINE, Setting

OTHER = "+15550100999"


async def lose(setting: Setting, body: str = "On my way", key: str = "01KAN5Z3M8W2") -> SendReceipt | None:
    """Send a text whose answer is lost, and look it up as after a restart."""
    setting.fault("messages.create", "lose_answer")
    text = setting.text(body, key)
    with pytest.raises(SendOutcomeUnknown):
        await setting.adapter().send(text)
    return await setting.adapter().find_sent(text)


async def send_many(setting: Setting, adapter: Twilio, count: int) -> None:
    """Send different texts, some at a time, so that a busy machine is in time for each."""
    for first in range(0, count, 25):
        numbers = range(first, min(first + 25, count))
        await asyncio.gather(*(adapter.send(setting.text(f"{number}", f"{number}")) for number in numbers))


async def test_a_text_whose_answer_was_lost_is_found_and_sent_once(setting: Setting) -> None:
    found = await lose(setting)
    await setting.world.settled()
    (message,) = setting.world.phone(CONTACT).inbox
    assert found == SendReceipt(message.sid, 1)
    assert len(setting.calls("messages.create")) == 1


async def test_a_text_that_never_arrived_is_not_found(setting: Setting) -> None:
    setting.fault("messages.create", "lose_request")
    adapter, text = setting.adapter(), setting.text()
    with pytest.raises(SendOutcomeUnknown):
        await adapter.send(text)
    assert await adapter.find_sent(text) is None


async def test_what_was_never_attempted_is_not_looked_for(setting: Setting) -> None:
    await setting.adapter().send(setting.text())
    assert await setting.adapter().find_sent(setting.text(attempted_at=None)) is None
    assert setting.calls("messages.list") == []


async def test_only_the_same_contact_line_body_and_media_will_do(setting: Setting) -> None:
    setting.world.add_number(setting.account, "+15550100009")
    text = setting.text("yes")
    adapter = setting.adapter()
    for other in (
        setting.text("yes!"),
        setting.text("Yes"),
        setting.text("yes", recipient=OTHER),
        setting.text("yes", sender="+15550100009"),
        setting.text("yes", media_urls=("https://sms.example.org/media/1",)),
    ):
        await adapter.send(other)
    await setting.world.text_in(CONTACT, LINE, "yes")
    assert await setting.adapter().find_sent(text) is None
    receipt = await adapter.send(text)
    assert await setting.adapter().find_sent(text) == receipt


async def test_a_text_between_two_lines_of_ours_is_found_where_it_left(setting: Setting) -> None:
    setting.world.add_number(setting.account, OTHER)
    await setting.world.text_in(LINE, OTHER, "ok")
    assert await setting.adapter().find_sent(setting.text("ok", recipient=OTHER)) is None


async def test_an_older_text_with_the_same_words_is_not_taken_for_it(setting: Setting) -> None:
    await setting.adapter().send(setting.text("ok", "first"))
    setting.world.clock.skip(61)
    assert await setting.adapter().find_sent(setting.text("ok", "second")) is None


async def test_a_clock_of_ours_that_is_ahead_by_less_than_a_minute_does_no_harm(setting: Setting) -> None:
    text = setting.text("ok", attempted_at=setting.world.now() + timedelta(seconds=50))
    receipt = await setting.adapter().send(text)
    assert await setting.adapter().find_sent(text) == receipt


async def test_a_text_known_to_be_another_rows_is_never_taken(setting: Setting) -> None:
    adapter = setting.adapter()
    await adapter.send(setting.text("ok", "first"))
    setting.fault("messages.create", "lose_request")
    second = setting.text("ok", "second")
    with pytest.raises(SendOutcomeUnknown):
        await adapter.send(second)
    assert await adapter.find_sent(second) is None


async def test_a_text_the_store_knows_to_be_another_rows_is_never_taken(setting: Setting) -> None:
    receipt = await setting.adapter().send(setting.text("ok", "first"))
    second = setting.text("ok", "second")
    assert await setting.adapter().find_sent(second) == receipt
    assert await setting.adapter().find_sent(replace(second, taken=frozenset({receipt.provider_id}))) is None


async def test_of_equal_texts_in_a_row_each_finds_its_own(setting: Setting) -> None:
    adapter, texts = setting.adapter(), []
    for key in ("first", "second", "third"):
        texts.append(setting.text("ok", key))
        setting.fault("messages.create", "lose_answer")
        with pytest.raises(SendOutcomeUnknown):
            await adapter.send(texts[-1])
        setting.world.clock.skip(2)
    found = [await adapter.find_sent(text) for text in texts]
    assert [one and one.provider_id for one in found] == [message.sid for message in setting.world.messages]
    again = [await setting.adapter().find_sent(text) for text in texts[:2]]  # after a restart, by time alone
    assert again == found[:2]


async def test_three_equal_texts_in_the_same_second_are_three_different_ones(setting: Setting) -> None:
    adapter = setting.adapter()
    texts = [setting.text("ok", key) for key in ("first", "second", "third")]
    for text in texts:
        setting.fault("messages.create", "lose_answer")
        with pytest.raises(SendOutcomeUnknown):
            await adapter.send(text)
    found = {one.provider_id for text in texts if (one := await adapter.find_sent(text))}
    assert found == {message.sid for message in setting.world.messages}
    assert await adapter.find_sent(setting.text("ok", "fourth")) is None


async def test_it_is_found_behind_more_than_a_page_of_later_texts(setting: Setting) -> None:
    setting.fault("messages.create", "lose_answer")
    adapter, text = setting.adapter(), setting.text("the one")
    with pytest.raises(SendOutcomeUnknown):
        await adapter.send(text)
    sid = setting.world.messages[-1].sid
    await send_many(setting, adapter, 450)
    found = await setting.adapter().find_sent(text)
    assert found is not None
    assert found.provider_id == sid
    assert len(setting.calls("messages.list")) == 3


async def test_a_page_of_only_older_texts_ends_the_search(setting: Setting) -> None:
    adapter = setting.adapter()
    await send_many(setting, adapter, 450)
    setting.world.clock.skip(120)
    assert await adapter.find_sent(setting.text()) is None
    assert len(setting.calls("messages.list")) == 1


async def test_a_trial_accounts_added_words_do_not_hide_it(setting: Setting) -> None:
    await setting.adapter().send(setting.text("Sent from your Twilio trial account - ok"))
    assert await setting.adapter().find_sent(setting.text("ok")) is not None


async def test_line_ends_and_outer_spaces_do_not_hide_it(setting: Setting) -> None:
    await setting.adapter().send(setting.text("a\nb"))
    assert await setting.adapter().find_sent(setting.text(" a\r\nb ")) is not None


async def test_with_a_chosen_sender_unknown_the_contact_alone_is_searched(setting: Setting) -> None:
    service = setting.world.add_service(setting.account)
    setting.world.numbers[LINE].service = service
    text = setting.text(sender="", messaging_service=service.sid)
    setting.fault("messages.create", "lose_answer")
    with pytest.raises(SendOutcomeUnknown):
        await setting.adapter().send(text)
    assert await setting.adapter().find_sent(text) is not None
    assert "From" not in setting.calls("messages.list")[0].params


@pytest.mark.parametrize(
    ("kind", "value"), [("lose_answer", 0), ("status", 500), ("status", 400), ("html", 0), ("rate_limited", 5)]
)
async def test_when_twilio_cannot_tell_it_is_asked_later(setting: Setting, kind: FaultKind, value: float) -> None:
    times = 2 if kind == "lose_answer" else 1  # aiohttp itself repeats a read whose connection broke
    setting.fault("messages.list", kind, value, times)
    with pytest.raises(SendDeferred) as deferred:
        await setting.adapter().find_sent(setting.text())
    assert deferred.value.retry_after == (5.0 if kind == "rate_limited" else None)
    assert len(setting.calls("messages.list")) == times


async def test_refused_credentials_are_told_apart(setting: Setting) -> None:
    setting.violations_expected = True
    adapter = setting.adapter(auth_token="0" * 32)
    with pytest.raises(CredentialsRejected):
        await adapter.find_sent(setting.text())
    with pytest.raises(CredentialsRejected):
        await adapter.list_received(LINE, setting.world.now())


async def test_a_list_without_end_is_given_up(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.adapters.providers.twilio.lists._PAGE", 1)
    monkeypatch.setattr("bridge.adapters.providers.twilio.lists._MOST_PAGES", 3)
    adapter = setting.adapter()
    for number in range(5):
        await adapter.send(setting.text(f"{number}", f"{number}"))
    with pytest.raises(SendDeferred):
        await adapter.find_sent(setting.text())
