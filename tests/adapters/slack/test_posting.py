"""Posts, marks and updates, as the pretend Slack receives and shows them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.adapters.platforms.slack.marks import MARKS
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Button, Card, Note
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef, Person
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.ports.platform import (
    AnswersPrivately,
    CarriesMedia,
    FindsPosted,
    LinksMessages,
    ReadsThreads,
    TakesHttp,
    ThreadText,
)
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.model import Message
from bridge.sandbox.slack.world import SlackWorld

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CARD = Card(
    number=1042,
    name="Maria Silva",
    address="+1 555-123-4567",
    line="front-desk",
    line_address="+1 555-000-1000",
    status="open",
    hint="Reply in this thread to text them.",
    assignee="ana",
    labels=("lead", "vip"),
    waiting_since=NOON,
    next_due=NOON + timedelta(minutes=15),
    buttons=(Button("close", "Close", ""), Button("claim", "Claim", "", "primary")),
)
HOSTILE = (
    "<!channel> <!here> <@U0000000001> @channel @here @everyone #support <#C0000000001> *bold* _it_ ~s~ `code` "
    "```block``` :wave: &lt;!channel&gt; http://evil.example/ <http://evil.example|click> > quote"
)


def shown(world: SlackWorld, ref: ChatRef) -> Message:
    return world.message(ref.room, ref.id)


async def thread_in(slack: SlackPlatform, room: str) -> ChatRef:
    return await slack.open_thread(room, CARD, key="card-1")


def test_it_offers_every_ability(slack: SlackPlatform) -> None:
    for ability in (AnswersPrivately, CarriesMedia, FindsPosted, LinksMessages, ReadsThreads, TakesHttp):
        assert isinstance(slack, ability)


async def test_a_card_shows_who_texts_and_carries_its_key(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    ref = await slack.open_thread(room, CARD, key="card-1")
    card = shown(world, ref)
    assert card.blocks is not None
    assert card.blocks[0]["text"]["text"] == "Maria Silva · #1042"
    assert card.metadata == {"event_type": "textbridge", "event_payload": {"key": "card-1"}}
    assert "Maria Silva" in card.text
    assert "#1042" in card.text
    assert card.blocks[1]["elements"][0]["text"] == "From +1 555-123-4567 to front-desk (+1 555-000-1000)"
    fields = " ".join(field["text"] for field in card.blocks[2]["fields"])
    assert f"<!date^{int(NOON.timestamp())}^" in fields
    assert [element["action_id"] for element in card.blocks[-1]["elements"]] == ["close", "claim"]


async def test_a_card_with_little_to_say_is_short(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    bare = Card(number=1, name="", address="12345", line="l", line_address="", status="open", hint="")
    card = shown(world, await slack.open_thread(room, bare, key="card-1"))
    assert card.blocks is not None
    assert [block["type"] for block in card.blocks] == ["header", "context", "section"]
    assert card.blocks[0]["text"]["text"] == "12345 · #1"
    assert len(card.blocks[2]["fields"]) == 2


@pytest.mark.parametrize("name", ["", "+1 555-123-4567"])
async def test_the_card_of_a_nameless_contact_says_the_number_once(
    world: SlackWorld, slack: SlackPlatform, room: str, name: str
) -> None:
    card = shown(world, await slack.open_thread(room, replace(CARD, name=name), key="card-1"))
    assert card.blocks is not None
    assert card.blocks[0]["text"]["text"] == "+1 555-123-4567 · #1042"
    assert str(card.blocks).count("123-4567") == 1
    assert card.text.count("123-4567") == 1


@pytest.mark.parametrize(
    ("earlier", "linked"),
    [("https://x.slack.com/archives/C1/p1", True), ("1700000000.000100", False), ("https://x|<!channel>", False)],
)
async def test_a_card_links_the_thread_before(
    world: SlackWorld, slack: SlackPlatform, room: str, earlier: str, linked: bool
) -> None:
    card = shown(world, await slack.open_thread(room, replace(CARD, earlier=earlier), key="card-1"))
    assert (f"<{earlier}|" in str(card.blocks)) is linked
    assert "<!channel>" not in str(card.blocks)
    assert "arlier thread" in str(card.blocks)


async def test_a_card_is_drawn_anew_in_place(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    ref = await thread_in(slack, room)
    await slack.update_card(ref, replace(CARD, opted_out=True, status="opted out", assignee=None, hint="No texts."))
    card = shown(world, ref)
    assert card.blocks is not None
    assert card.blocks[0]["text"]["text"] == "⛔ Maria Silva · #1042"
    [alarm] = card.attachments or []
    assert (alarm["color"], alarm["blocks"][0]["text"]["text"]) == ("danger", "⛔ No texts.")
    assert card.metadata == {"event_type": "textbridge", "event_payload": {"key": "card-1"}}
    assert len(world.channel(room).messages) == 1
    await slack.update_card(ref, CARD)
    assert not shown(world, ref).attachments


async def test_a_text_stands_in_the_thread_under_the_contacts_name(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await thread_in(slack, room)
    ref = (await slack.post_text(root, ThreadText(name="Maria\n Silva\u202e", body="Hello\nthere"), key="text-1")).ref
    text = shown(world, ref)
    assert text.thread_ts == root.id
    assert text.username == "Maria Silva"
    assert text.text == "Hello\nthere"


async def test_hostile_text_rings_nobody_and_stays_as_it_was(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await thread_in(slack, room)
    ref = (await slack.post_text(root, ThreadText(name=HOSTILE, body=HOSTILE, note=HOSTILE), key="text-1")).ref
    arguments = world.journal.of("chat.postMessage")[-1].arguments
    assert not {"<!channel>", "<!here>", "<@U0000000001>", "<#C0000000001>"} & set(arguments["text"].split())
    assert "<" not in arguments["text"]
    assert arguments["unfurl_links"] is False
    assert arguments["unfurl_media"] is False
    assert "link_names" not in arguments
    blocks = shown(world, ref).blocks
    assert blocks is not None
    words = blocks[0]["elements"][0]["elements"]
    assert [(part["type"], part["text"]) for part in words] == [("text", HOSTILE)]
    assert blocks[1]["elements"][0]["type"] == "plain_text"


@pytest.mark.parametrize("body", ["", " ", "\0", "x" * 20_000, "&" * 9_000, "\n" * 50, "👩‍👩‍👧" * 2_000, "\ud800 lone"])
async def test_texts_of_any_size_are_one_post(world: SlackWorld, slack: SlackPlatform, room: str, body: str) -> None:
    root = await thread_in(slack, room)
    await slack.post_text(root, ThreadText(name="", body=body), key="text-1")
    assert len(world.journal.of("chat.postMessage")) == 2


async def test_a_note_has_its_buttons_and_names_the_person(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    root = await thread_in(slack, room)
    note = Note(
        "Held. Write `!send`.", (Button("send", "Send", "m1", "primary"), Button("keep", "Keep internal", "m1"))
    )
    ref = await slack.post_note(root, note, key="note-1")
    blocks = shown(world, ref).blocks
    assert blocks is not None
    assert {"type": "text", "text": "!send", "style": {"code": True}} in blocks[0]["elements"][0]["elements"]
    assert [element["value"] for element in blocks[1]["elements"]] == ["m1", "m1"]
    ana = world.user("ana").id
    for person, name in [
        (Person("slack", ana), "Ana Souza"),
        (Person("slack", "U0000009999"), "a teammate"),
        (Person("matrix", "@rui:example.org"), "@rui:example.org"),
    ]:
        await slack.update_note(ref, Note("Kept internal.", by=person))
        assert shown(world, ref).text == f"Kept internal by {name}."
        (block,) = shown(world, ref).blocks or []
        parts = block["elements"][0]["elements"]
        assert {part["type"] for part in parts} == {"text"}, "a mention would ring"
        assert "".join(part["text"] for part in parts) == f"Kept internal by {name}."


async def test_buttons_of_one_action_are_kept_apart(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    root = await thread_in(slack, room)
    buttons = tuple(Button("again", f"Send again {number}", str(number)) for number in range(3))
    ref = await slack.post_note(root, Note("Which one?", buttons), key="note-1")
    blocks = shown(world, ref).blocks
    assert blocks is not None
    assert [block["type"] for block in blocks] == ["rich_text", "actions", "actions", "actions"]


async def test_everything_at_its_longest_is_still_accepted(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    long = "&<>" * 3_000
    buttons = tuple(Button(f"action-{number}" * 40, long, long, "danger") for number in range(60))
    card = Card(
        number=10**9,
        name=long,
        address=long,
        line=long,
        line_address=long,
        status=long,
        hint=long,
        assignee=long,
        labels=(long,) * 50,
        waiting_since=NOON,
        next_due=NOON,
        opted_out=True,
        earlier="https://example.org/archives/C1/p1",
        buttons=buttons,
    )
    root = await slack.open_thread(room, card, key="k" * 200)
    await slack.update_card(root, card)
    note = await slack.post_note(root, Note(long, buttons), key="note-1")
    await slack.update_note(note, Note(long, buttons))
    await slack.post_text(root, ThreadText(name=long, body=long, note=long), key="text-1")


async def test_marks_replace_each_other_and_repeat_harmlessly(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    message = world.people.post("ana", "support", "hello")
    ref = ChatRef("slack", room, message.ts)
    before = Mark.NONE
    for mark in (Mark.HELD, Mark.ACCEPTED, Mark.DELIVERED, Mark.FAILED, Mark.KEPT):
        await slack.set_mark(ref, mark, before=before)
        await slack.set_mark(ref, mark, before=before)
        assert list(shown(world, ref).reactions) == [MARKS[mark]]
        before = mark
    await slack.set_mark(ref, Mark.NONE, before=before)
    await slack.set_mark(ref, Mark.NONE, before=before)
    assert shown(world, ref).reactions == {}


async def test_new_marks_do_not_wait_for_old_ones_that_slack_lets_nobody_take_away_for_now(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    refs = [ChatRef("slack", room, world.people.post("ana", "support", f"hello {n}").ts) for n in range(22)]
    gone = [await slack.set_mark(ref, Mark.ACCEPTED, before=Mark.HELD) for ref in refs]
    assert gone == [True] * 20 + [False] * 2, "Tier 2 is 20 a minute"
    assert all(MARKS[Mark.ACCEPTED] in shown(world, ref).reactions for ref in refs)
    calls = len(world.journal.of("reactions.remove"))
    with pytest.raises(SendDeferred) as waits:
        await slack.set_mark(refs[-1], Mark.NONE, before=Mark.HELD)
    assert waits.value.whole_target
    assert 0 < (waits.value.retry_after or 0) <= 61
    assert len(world.journal.of("reactions.remove")) == calls
    world.clock.skip(61)
    assert await slack.set_mark(refs[-1], Mark.NONE, before=Mark.HELD)


async def test_an_old_mark_that_cannot_be_taken_away_for_another_reason_is_tried_again_at_once(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    ref = ChatRef("slack", room, world.people.post("ana", "support", "hello").ts)
    await slack.set_mark(ref, Mark.HELD, before=Mark.NONE)
    world.faults.add(Fault("reactions.remove", "status", 500))
    assert not await slack.set_mark(ref, Mark.ACCEPTED, before=Mark.HELD)
    assert set(shown(world, ref).reactions) == {MARKS[Mark.HELD], MARKS[Mark.ACCEPTED]}
    assert await slack.set_mark(ref, Mark.NONE, before=Mark.HELD)
    assert list(shown(world, ref).reactions) == [MARKS[Mark.ACCEPTED]]


async def test_a_message_that_was_deleted_needs_no_mark(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    message = world.people.post("ana", "support", "hello")
    world.people.delete("ana", "support", message.ts)
    await slack.set_mark(ChatRef("slack", room, message.ts), Mark.FAILED, before=Mark.HELD)


async def test_a_private_answer_is_seen_in_the_thread_by_one_person(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await thread_in(slack, room)
    await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="t")
    person = Person("slack", world.user("ana").id)
    await slack.answer_privately(person, room, root, Note("Not sent."), handle="")
    whispered = world.channel("support").ephemeral
    assert [(one.user, one.thread_ts, one.text) for one in whispered] == [(person.id, root.id, "Not sent.")]


async def test_a_handle_that_is_not_slacks_is_not_used(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    person = Person("slack", world.user("ana").id)
    with pytest.raises(SendRejected, match="not Slack's"):
        await slack.answer_privately(person, room, None, Note("x"), handle="https://hooks.slack.com.evil.example/1")


async def test_a_link_opens_the_message(slack: SlackPlatform, room: str) -> None:
    root = await thread_in(slack, room)
    assert (await slack.link(root)).startswith("http")
