"""The last look at a reply, its call, and the look-up of one whose answer was lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from bridge.domain.messages import Media, MessageStatus
from bridge.domain.policy import ConsentPolicy
from bridge.pipeline.calls import Fetched, nothing
from bridge.pipeline.in_force import InForce
from bridge.pipeline.text_calls import TextCalls
from bridge.ports.provider import OutboundMessage, ProviderCapabilities, SendReceipt
from bridge.ports.rows import Settlement
from tests.unit.pipeline.able import PICTURE, AblePhones
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.rules.builders import CONTACT, LINE, NOW, conversation, line, policy, reply, state

QUEUED = reply(status=MessageStatus.QUEUED, hold=None, release_at=None)


class BarePhones:
    """A provider that sends and nothing else. ``sent``: what it was given."""

    capabilities: ClassVar[ProviderCapabilities] = ProviderCapabilities()

    def __init__(self) -> None:
        self.sent: list[OutboundMessage] = []

    async def send(self, message: OutboundMessage) -> SendReceipt:
        self.sent.append(message)
        return SendReceipt("SM1", 1)


class LookingPhones(AblePhones):
    """A provider that remembers what it was asked to find."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[OutboundMessage] = []

    async def find_sent(self, message: OutboundMessage) -> SendReceipt | None:
        self.wanted.append(message)
        return SendReceipt("SM9", 2)


async def test_a_reply_leaves_in_its_words_for_its_contact_and_is_sending_meanwhile() -> None:
    script, phones = Script(state=state(QUEUED)), BarePhones()
    around = outside(phones, in_force=InForce(policy(line(messaging_service="MG1"))))
    planned = a_call(TextCalls(around).send_text(script.unit, row(attempted_at=NOW), NOW))
    assert [message.status for saved in script.saved for message in saved.messages] == [MessageStatus.SENDING]
    assert await planned.run() == SendReceipt("SM1", 1)
    [sent] = phones.sent
    assert (sent.key, sent.sender, sent.recipient, sent.body) == ("k1", LINE, CONTACT, "Yes, until six")
    assert (sent.messaging_service, sent.attempted_at) == ("MG1", NOW)
    assert planned.find is nothing


async def test_a_lost_answer_is_looked_up_where_that_can_be_done() -> None:
    phones = LookingPhones()
    planned = a_call(TextCalls(outside(phones)).send_text(Script(state=state(QUEUED)).unit, row(), NOW))
    assert planned.find is not None
    assert await planned.find() == SendReceipt("SM9", 2)


def test_a_reply_in_its_undo_window_waits_and_one_that_was_stopped_is_skipped() -> None:
    texts = TextCalls(outside())
    waiting = texts.send_text(Script(state=state(reply())).unit, row(), NOW)
    assert isinstance(waiting, Settlement)
    assert (waiting.status, waiting.next_at) == ("pending", NOW + timedelta(seconds=5))
    stopped = texts.send_text(Script(state=state(reply(status=MessageStatus.CANCELLED))).unit, row(), NOW)
    assert isinstance(stopped, Settlement)
    assert stopped.status == "skipped"


def test_a_first_text_tells_how_to_opt_out_by_setting() -> None:
    rules = policy(consent=ConsentPolicy(opt_out_line="Reply STOP to end.", opt_out_line_on="first"))
    script = Script(state=state(QUEUED))
    TextCalls(outside(in_force=InForce(rules))).send_text(script.unit, row(), NOW)
    [saved] = script.saved
    assert saved.messages[0].body.endswith("Reply STOP to end.")
    assert saved.others == ()


def test_a_contact_who_opted_out_gets_nothing_and_the_thread_is_told() -> None:
    script = Script(state=state(QUEUED, conversation=conversation(opted_out=True)))
    refused = TextCalls(outside()).send_text(script.unit, row(), NOW)
    assert isinstance(refused, Settlement)
    assert refused.status == "skipped"
    assert "PostNote" in [draft.kind for draft in script.enqueued]


async def test_files_are_fetched_before_the_call_begins() -> None:
    files = (Media("F0", "image/jpeg", stored="m1/0"), Media("F1", "image/jpeg"))
    script = Script(state=state(replace(QUEUED, media=files)))
    planned = a_call(TextCalls(outside()).send_text(script.unit, row(), NOW))
    assert (planned.begins, planned.fetches, script.saved) == (False, (1,), [])
    assert await planned.run() == Fetched({1: PICTURE})


async def test_a_file_the_provider_carries_goes_along_and_the_others_as_links_in_the_words() -> None:
    files = tuple(
        Media(f"F{n}", kind, size=size, stored=f"m1/{n}")
        for n, (kind, size) in enumerate([("image/jpeg", 100), ("image/jpeg", 50), ("application/pdf", 10)])
    )
    phones = LookingPhones()
    script = Script(state=state(replace(QUEUED, body="", media=files)))
    planned = a_call(TextCalls(outside(phones)).send_text(script.unit, row(), NOW))
    assert planned.find is not None
    await planned.find()
    assert phones.wanted[0].media_urls == ("https://files/m1/0",)
    assert phones.wanted[0].body == "https://files/m1/1\nhttps://files/m1/2"
    assert (planned.linked, planned.link_seconds) == ("a file, a file", 86_400)


@pytest.mark.parametrize("known", [None, "SM5"])
def test_a_look_up_tells_of_the_links_of_the_text_it_finds(known: str | None) -> None:
    files = (Media("F0", "application/pdf", "the `plan`.pdf", size=10, stored="m1/0"),)
    script = Script(state=state(replace(QUEUED, status=MessageStatus.SENDING, provider_id=known, media=files)))
    texts = TextCalls(outside(LookingPhones()))
    planned = a_call(texts.send_text(script.unit, row(status="checking"), NOW + timedelta(hours=1)))
    assert (planned.linked, planned.link_seconds) == ("the plan.pdf", 82_800)


async def test_a_text_whose_file_is_not_here_is_looked_up_without_it() -> None:
    phones = LookingPhones()
    script = Script(state=state(replace(QUEUED, media=(Media("F0", "image/jpeg"),))))
    planned = a_call(TextCalls(outside(phones)).send_text(script.unit, row(status="checking"), NOW))
    assert planned.find is not None
    await planned.find()
    assert (phones.wanted[0].media_urls, phones.wanted[0].body) == ((), "Yes, until six")


@pytest.mark.parametrize("attempted", [None, NOW - timedelta(minutes=1)])
async def test_a_look_up_leaves_out_what_other_texts_are_known_as(attempted: Any) -> None:
    phones = LookingPhones()
    script = Script(state=state(replace(QUEUED, status=MessageStatus.SENDING)), taken=frozenset({"SM1"}))
    looking = row(status="checking", attempted_at=attempted)
    planned = a_call(TextCalls(outside(phones)).send_text(script.unit, looking, NOW))
    assert planned.find is not None
    assert await planned.find() == SendReceipt("SM9", 2)
    assert (planned.begins, await planned.run(), script.saved) == (False, None, [])
    assert (phones.wanted[0].taken, phones.wanted[0].attempted_at) == (frozenset({"SM1"}), attempted)


async def test_a_text_a_callback_told_of_is_not_looked_up() -> None:
    phones = LookingPhones()
    known = replace(QUEUED, status=MessageStatus.SENT, provider_id="SM5", segments=3)
    planned = a_call(TextCalls(outside(phones)).send_text(Script(state=state(known)).unit, row(status="checking"), NOW))
    assert planned.find is not None
    assert await planned.find() == SendReceipt("SM5", 3)
    assert phones.wanted == []


def test_nothing_is_looked_up_for_a_message_that_is_no_more() -> None:
    planned = TextCalls(outside()).send_text(Script(state=state()).unit, row(status="checking"), NOW)
    assert isinstance(planned, Settlement)
    assert planned.status == "skipped"


@pytest.mark.parametrize("missing", ["conversation", "contact"])
def test_a_text_without_its_conversation_is_a_fault_somebody_must_see(missing: str) -> None:
    script = Script(state=replace(state(QUEUED), **{missing: None}))
    with pytest.raises(LookupError, match="a text needs its conversation"):
        TextCalls(outside()).send_text(script.unit, row(), NOW)
