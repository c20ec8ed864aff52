"""Every change makes the events Slack makes, of the shape its types demand, only where the bot may look."""

from collections.abc import Callable

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.judge import event_problems
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import SocketApp, Sockets


@pytest.fixture
async def app(sockets: Sockets) -> SocketApp:
    return await sockets.connect()


def reply_file(world: SlackWorld, ana: User, room: Channel, root: str) -> None:
    picture = world.people.upload(ana.id, "cat.png", b"png", "image/png")
    world.people.post(ana.id, room.id, "look", thread_ts=root, files=[picture])


def unfurl(world: SlackWorld, room: Channel, root: str) -> None:
    world.people.unfurl(room.id, root, {"title": "A page", "from_url": "https://a.example", "fallback": "A page"})


ACTS: dict[str, tuple[Callable[[SlackWorld, User, Channel, str], object], list[str]]] = {
    "post": (lambda w, a, c, _: w.people.post(a.id, c.id, "hi"), ["message"]),
    "reply": (lambda w, a, c, r: w.people.post(a.id, c.id, "hi", thread_ts=r), ["message"]),
    "mention": (lambda w, a, c, _: w.people.post(a.id, c.id, "hi @textbot"), ["message", "app_mention"]),
    "broadcast": (
        lambda w, a, c, r: w.people.post(a.id, c.id, "hi", thread_ts=r, broadcast=True),
        ["message.thread_broadcast"],
    ),
    "file": (reply_file, ["message.file_share"]),
    "edit": (lambda w, a, c, r: w.people.edit(a.id, c.id, r, "changed"), ["message.message_changed"]),
    "unfurl": (lambda w, _, c, r: unfurl(w, c, r), ["message.message_changed"]),
    "delete": (lambda w, a, c, r: w.people.delete(a.id, c.id, r), ["message.message_deleted"]),
    "react": (lambda w, a, c, r: w.people.react(a.id, c.id, r, "eyes"), ["reaction_added"]),
    "archive": (lambda w, a, c, _: w.people.archive(c.id), ["message.channel_archive", "channel_archive"]),
    "rename": (lambda w, a, c, _: w.people.rename_channel(c.id, "new"), ["message.channel_name", "channel_rename"]),
    "kick": (lambda w, a, c, _: w.people.kick(a.id, c.id), ["message.channel_leave", "member_left_channel"]),
    "home": (lambda w, a, c, _: w.people.open_home(a.id), ["app_home_opened"]),
    "user": (lambda w, a, c, _: w.people.change_user(a.id, real_name="Ana S."), ["user_change"]),
}


@pytest.mark.parametrize("act", ACTS)
async def test_acts_make_events_of_slacks_shape(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, act: str
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    await app.event()
    do, expected = ACTS[act]
    do(world, ana, support, root.ts)
    events = await app.events(len(expected))
    assert [".".join(filter(None, [event["type"], event.get("subtype")])) for event in events] == expected
    assert [problem for event in events for problem in event_problems(event)] == []
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_private_channels_speak_of_groups(app: SocketApp, world: SlackWorld, ana: User) -> None:
    desk = world.add_channel("desk", [ana.id], private=True, shared=True)
    world.people.post(ana.id, desk.id, "hi")
    assert (await app.event())["channel_type"] == "group"
    assert app.frames[-1]["payload"]["is_ext_shared_channel"] is True
    world.people.archive(desk.id)
    assert [event["type"] for event in await app.events(2)] == ["message", "group_archive"]
    world.people.unarchive(desk.id)
    assert [event["type"] for event in await app.events(2)] == ["message", "group_unarchive"]


async def test_an_edit_is_marked_and_an_unfurl_is_not(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    message = world.people.post(ana.id, support.id, "one")
    world.people.edit(ana.id, support.id, message.ts, "two")
    unfurl(world, support, message.ts)
    _, edited, unfurled = await app.events(3)
    assert (edited["message"]["text"], edited["previous_message"]["text"]) == ("two", "one")
    assert edited["message"]["edited"]["user"] == ana.id
    assert edited["hidden"] is True
    assert unfurled["message"]["attachments"]
    assert unfurled["message"]["text"] == unfurled["previous_message"]["text"]
    assert unfurled["message"]["edited"] == unfurled["previous_message"]["edited"]


async def test_a_deleted_root_with_replies_leaves_a_tombstone(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    world.people.delete(ana.id, support.id, root.ts)
    changed = (await app.events(3))[2]
    assert (changed["subtype"], changed["message"]["subtype"]) == ("message_changed", "tombstone")
    assert root.ts in support.messages


async def test_a_retained_out_thread_vanishes_without_an_event(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    await app.events(2)
    await world.delivery.settled()
    world.people.delete_root(support.id, root.ts)
    assert world.delivery.pending == 0
    assert support.messages == {}


async def test_the_bots_own_posts_come_back(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    await client.chat_postMessage(channel=support.id, text="plain")
    posted = await client.chat_postMessage(channel=support.id, text="as Maria", username="Maria")
    await client.reactions_add(channel=support.id, timestamp=str(posted["ts"]), name="eyes")
    plain, custom, reaction = await app.events(3)
    assert (plain["user"], plain["bot_id"], plain["app_id"]) == (world.bot_user_id, world.bot_id, world.app_id)
    assert "subtype" not in plain
    assert (custom["subtype"], custom["username"], custom["bot_id"]) == ("bot_message", "Maria", world.bot_id)
    assert "user" not in custom
    assert reaction["user"] == world.bot_user_id
    assert [problem for event in (plain, custom, reaction) for problem in event_problems(event)] == []


async def test_nothing_is_told_of_channels_the_bot_is_not_in(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    elsewhere = world.add_channel("elsewhere", [ana.id], bot=False)
    world.people.post(ana.id, elsewhere.id, "quiet")
    world.people.kick(world.bot_user_id, support.id)
    world.people.post(ana.id, support.id, "gone")
    assert [event["type"] for event in await app.events(2)] == ["message", "member_left_channel"]
    world.people.invite(world.bot_user_id, support.id)
    assert [event["type"] for event in await app.events(2)] == ["message", "member_joined_channel"]
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_unsubscribed_and_unscoped_events_stay_away(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    world.delivery.subscriptions.discard("message.channels")
    message = world.people.post(ana.id, support.id, "quiet")
    world.scopes.discard("reactions:read")
    world.people.react(ana.id, support.id, message.ts, "eyes")
    assert world.delivery.pending == 0


async def test_outsiders_are_known_by_their_team(app: SocketApp, world: SlackWorld, ana: User) -> None:
    olaf = world.add_user("olaf", team="T9OUTSIDE99")
    shared = world.add_channel("shared", [ana.id, olaf.id], shared=True)
    world.people.post(olaf.id, shared.id, "hello from outside")
    assert (await app.event())["team"] == "T9OUTSIDE99"
    assert app.frames[-1]["payload"]["is_ext_shared_channel"] is True


async def test_administrators_and_other_apps_are_heard(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    people = world.people
    world.add_usergroup("front-desk")
    other = people.other_bot("support", "rain at noon")
    assert (await app.event())["bot_id"] == other.bot_id != world.bot_id
    people.post(ana.id, support.id, "/me waves")
    assert (await app.event())["subtype"] == "me_message"
    people.set_usergroup("front-desk", [ana.id])
    changed, updated = await app.events(2)
    assert (changed["type"], changed["added_users"]) == ("subteam_members_changed", [ana.id])
    assert (updated["type"], updated["subteam"]["users"]) == ("subteam_updated", [ana.id])
    old = support.id
    new = people.change_channel_id("support")
    moved = await app.event()
    assert (moved["old_channel_id"], moved["new_channel_id"]) == (old, new)
    people.delete_channel(new)
    assert (await app.event())["type"] == "channel_deleted"
    people.uninstall()
    assert [event["type"] for event in await app.events(2)] == ["tokens_revoked", "app_uninstalled"]
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


@pytest.mark.parametrize(
    ("mode", "shown"),
    [("tombstone", {"mode"}), ("hidden_by_limit", {"mode"}), ("file_access", {"mode", "file_access"})],
)
async def test_files_can_be_gone_hidden_or_to_be_asked_for(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel, mode: str, shown: set[str]
) -> None:
    file_id = world.people.upload(ana.id, "cat.png", b"png", "image/png")
    world.files[file_id].mode = mode
    world.people.post(ana.id, support.id, "look", files=[file_id])
    file = (await app.event())["files"][0]
    assert file.keys() >= shown
    assert "url_private" not in file
    asked = (await client.files_info(file=file_id))["file"] or {}
    assert asked["mode"] == ("hosted" if mode == "file_access" else mode)


async def test_what_rings_people_is_noticed(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    await client.chat_postMessage(channel=support.id, text="&lt;!channel&gt; see @ana")
    assert world.rung == []
    await client.chat_postMessage(channel=support.id, text="<!channel> hello")
    section = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}
    await client.chat_postMessage(channel=support.id, text="x", blocks=[{"type": "rich_text", "elements": [section]}])
    assert len(world.rung) == 2


async def test_a_restricted_channel_says_which_way(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    support.restricted = "restricted_action_read_only_channel"
    with pytest.raises(SlackApiError, match="restricted_action_read_only_channel"):
        await client.chat_postMessage(channel=support.id, text="x")
