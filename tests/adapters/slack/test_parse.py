"""Events of Slack as the domain sees them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.adapters.platforms.slack.identity import Identity
from bridge.adapters.platforms.slack.parse import EVENT_TYPES, opened, read
from bridge.domain.content import Emoji, Link, Mention, Text
from bridge.domain.events import (
    ChatDeleted,
    ChatEdited,
    ChatEvent,
    ChatPosted,
    ReactionChanged,
    RoomChanged,
)
from bridge.domain.people import ChatRef, Person
from tests.adapters.slack.payloads import (
    ANA,
    APP,
    BOT,
    ROOM,
    TEAM,
    US,
    changed,
    event_body,
    message,
    rich,
    section,
)

WE = Identity(user=US, bot=BOT, team=TEAM)
ROOT, POST = ChatRef("slack", ROOM, "1700000000.000100"), ChatRef("slack", ROOM, "1700000001.000100")


def parse(raw: bytes, us: Identity = WE) -> list[ChatEvent]:
    return list(read(opened(raw), "slack", us))


def only(raw: bytes, us: Identity = WE) -> Any:
    (event,) = parse(raw, us)
    return event


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast", "me_message"])
def test_a_reply_in_a_thread(subtype: str | None) -> None:
    event = only(event_body(message("hello", **({"subtype": subtype} if subtype else {}))))
    assert event == ChatPosted(
        external_id=f"message:{ROOM}:{POST.id}",
        ref=POST,
        thread=ROOT,
        author=Person("slack", ANA),
        content=(Text("hello"),),
        posted_at=datetime(2023, 11, 14, 22, 13, 21, 100, UTC),
    )


@pytest.mark.parametrize("thread", [None, POST.id])
def test_a_message_that_is_no_reply_has_no_thread(thread: str | None) -> None:
    event = message()
    del event["thread_ts"]
    assert only(event_body(event | ({"thread_ts": thread} if thread else {}))).thread is None


@pytest.mark.parametrize(
    "own",
    [
        {"user": US},
        {"bot_id": BOT, "user": None},
        {"app_id": APP, "user": None, "subtype": "bot_message", "username": "Maria"},
        {"bot_id": BOT, "user": US, "subtype": "file_share"},
    ],
)
@pytest.mark.parametrize("us", [WE, Identity()])
def test_our_own_posts_are_no_events_even_before_we_logged_in(own: dict[str, Any], us: Identity) -> None:
    if us == Identity() and "app_id" not in own and own.get("user") != US:
        own = own | {"app_id": APP}
    posted = message(**own)
    assert parse(event_body(posted), us) == []
    assert parse(event_body(changed(posted | {"edited": {"user": US, "ts": "2.0"}, "text": "new"}, posted)), us) == []


@pytest.mark.parametrize("bot", [{"bot_id": "B9"}, {"bot_id": "B9", "user": None, "subtype": "bot_message"}])
def test_another_bot_is_known_as_one(bot: dict[str, Any]) -> None:
    assert only(event_body(message(**bot))).author.bot


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "message_replied", "reminder_add", "tombstone"])
def test_other_kinds_of_messages_are_nothing(subtype: str) -> None:
    assert parse(event_body(message(subtype=subtype))) == []


def test_a_mention_event_is_nothing_for_the_message_comes_too() -> None:
    assert parse(event_body(message() | {"type": "app_mention"})) == []
    assert "app_mention" not in EVENT_TYPES


@pytest.mark.parametrize(
    ("fields", "shared", "outsider"),
    [
        ({"team": TEAM}, False, False),
        ({"team": TEAM}, True, False),
        ({"team": "T9"}, True, True),
        ({"team": TEAM, "user_team": "T9"}, True, True),
        ({"team": TEAM, "source_team": "T9"}, True, True),
        ({"team": "T9"}, False, True),
        ({"team": None}, True, True),
        ({"team": None}, False, False),
    ],
)
def test_people_of_other_organisations_are_outsiders(fields: dict[str, Any], shared: bool, outsider: bool) -> None:
    raw = event_body(message(**fields), is_ext_shared_channel=shared)
    assert only(raw).author.outsider is outsider
    assert only(raw, Identity()).author.outsider is outsider


def test_a_colleague_in_the_same_organisation_is_none() -> None:
    raw = event_body(message(team="T2", user_team="E1"), is_ext_shared_channel=False)
    assert not only(raw, Identity(user=US, team=TEAM, enterprise="E1")).author.outsider


def test_an_edit_is_the_new_words() -> None:
    before = message("old")
    now = message("new", edited={"user": ANA, "ts": "1700000009.000000"})
    event = only(event_body(changed(now, before)))
    assert isinstance(event, ChatEdited)
    assert (event.ref, event.thread, event.author, event.content) == (
        POST,
        ROOT,
        Person("slack", ANA),
        (Text("new"),),
    )
    again = only(event_body(changed(now, before, event_ts="1700000011.000000"), event_id="Ev2"))
    assert again.external_id == event.external_id
    same_second = only(event_body(changed(now | {"text": "newer"}, now)))
    assert same_second.external_id != event.external_id


def test_a_link_preview_is_no_edit() -> None:
    before = message("see http://x.example")
    assert parse(event_body(changed(before | {"attachments": [{"id": 1}]}, before))) == []
    edited = before | {"edited": {"user": ANA, "ts": "5.0"}}
    assert parse(event_body(changed(edited | {"attachments": [{"id": 1}]}, edited))) == []
    assert parse(event_body(changed(before, None))) == []


def test_a_file_taken_out_is_an_edit() -> None:
    with_file = message(
        "look", files=[{"id": "F1", "name": "a.jpg", "mimetype": "image/jpeg", "url_private": "https://x"}]
    )
    gone = message("look", files=[{"id": "F1", "mode": "tombstone"}])
    event = only(event_body(changed(gone, with_file)))
    assert isinstance(event, ChatEdited)
    assert event.files[0].refused == "the file was deleted in Slack"


def test_deletions_are_told_for_teammates_and_for_us() -> None:
    deleted = {"type": "message", "subtype": "message_deleted", "channel": ROOM, "deleted_ts": POST.id, "ts": "9.0"}
    event = only(event_body(deleted | {"previous_message": message()}))
    assert event == ChatDeleted(external_id=f"delete:{ROOM}:{POST.id}", ref=POST, thread=ROOT)
    ours = only(event_body(deleted | {"previous_message": message(bot_id=BOT, user=US)}))
    assert ours.ref == POST
    assert only(event_body(deleted)).thread is None


def test_a_tombstone_is_a_deleted_root() -> None:
    now = {"type": "message", "subtype": "tombstone", "ts": ROOT.id, "thread_ts": ROOT.id, "user": "USLACKBOT"}
    event = only(event_body(changed(now, message(bot_id=BOT, ts=ROOT.id))))
    assert event == ChatDeleted(external_id=f"delete:{ROOM}:{ROOT.id}", ref=ROOT, thread=None)


@pytest.mark.parametrize(("kind", "sign"), [("reaction_added", "+"), ("reaction_removed", "-")])
def test_reactions(kind: str, sign: str) -> None:
    event = {
        "type": kind,
        "user": ANA,
        "reaction": "+1::skin-tone-3",
        "item": {"type": "message", "channel": ROOM, "ts": POST.id},
        "item_user": US,
        "event_ts": "1700000003.000300",
    }
    assert only(event_body(event)) == ReactionChanged(
        external_id=f"reaction:{sign}:{ROOM}:{POST.id}:{ANA}:+1::skin-tone-3:1700000003.000300",
        ref=POST,
        author=Person("slack", ANA),
        name="+1",
        added=sign == "+",
    )
    assert parse(event_body(event | {"user": US})) == []
    assert parse(event_body(event | {"item": {"type": "file", "file": "F1"}})) == []
    assert only(event_body(event, is_ext_shared_channel=True)).author.outsider


@pytest.mark.parametrize(
    ("event", "usable"),
    [
        ({"type": "channel_archive"}, False),
        ({"type": "group_archive"}, False),
        ({"type": "channel_deleted"}, False),
        ({"type": "group_deleted"}, False),
        ({"type": "channel_left"}, False),
        ({"type": "group_left"}, False),
        ({"type": "member_left_channel", "user": US}, False),
        ({"type": "member_joined_channel", "user": US}, True),
        ({"type": "channel_unarchive"}, True),
        ({"type": "group_unarchive"}, True),
    ],
)
def test_rooms_close_and_open(event: dict[str, Any], usable: bool) -> None:
    changed_room = only(event_body({"user": ANA, **event, "channel": ROOM, "event_ts": "7.0"}))
    assert changed_room == RoomChanged(
        external_id=f"room:{event['type']}:{ROOM}:7.0", platform="slack", room=ROOM, usable=usable
    )


@pytest.mark.parametrize(
    "event",
    [
        {"type": "member_left_channel", "user": ANA, "channel": ROOM},
        {"type": "member_joined_channel", "user": ANA, "channel": ROOM},
        {"type": "channel_rename", "channel": {"id": ROOM, "name": "x"}},
        {"type": "user_change", "user": {"id": ANA}},
        {"type": "app_home_opened", "user": ANA, "channel": "D1", "tab": "messages"},
        {"type": "tokens_revoked"},
    ],
)
def test_what_does_not_concern_us_is_nothing(event: dict[str, Any]) -> None:
    assert parse(event_body(event)) == []


def test_a_channel_with_a_new_id() -> None:
    event = {"type": "channel_id_changed", "old_channel_id": ROOM, "new_channel_id": "C2", "event_ts": "7.0"}
    moved = only(event_body(event))
    assert (moved.room, moved.new_room, moved.usable) == (ROOM, "C2", True)


def test_files_say_where_they_are_or_why_not() -> None:
    base = {"id": "F1", "name": "a.jpg", "mimetype": "image/jpeg", "size": 3}
    files = [
        base | {"url_private": "https://files.slack.com/a", "url_private_download": "https://files.slack.com/d"},
        base | {"file_access": "check_file_info"},
        base | {"mode": "tombstone"},
        base | {"mode": "hidden_by_limit"},
        base | {"mode": "external", "is_external": True, "url_private": "https://drive.example"},
        base | {"file_access": "access_denied"},
    ]
    found = only(event_body(message(subtype="file_share", files=files))).files
    assert [media.source for media in found] == ["https://files.slack.com/d", "file:F1", "", "", "", ""]
    assert [media.refused is None for media in found] == [True, True, False, False, False, False]
    assert (found[0].content_type, found[0].name, found[0].size) == ("image/jpeg", "a.jpg", 3)


def test_rich_text_is_preferred_to_text() -> None:
    blocks = rich(
        section(
            {"type": "user", "user_id": "U2"},
            " see ",
            {"type": "link", "url": "https://x.example", "text": "this"},
            {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        )
    )
    assert only(event_body(message("<@U2> *something else*", blocks=blocks))).content == (
        Mention("person", "U2", ""),
        Text(" see "),
        Link("https://x.example", "this"),
        Emoji("wave", "👋"),
    )
