"""Buttons, menus, shortcuts, commands, modals, the home tab, and answers through response URLs."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import Frame, SocketApp, Sockets

PLAIN = "plain_text"
OPTIONS = [{"text": {"type": PLAIN, "text": name.title()}, "value": name} for name in ("ana", "ben")]
BUTTONS: list[Frame] = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "action_id": "close", "text": {"type": PLAIN, "text": "Close"}, "value": "1042"},
            {"type": "static_select", "action_id": "assign", "options": OPTIONS},
        ],
    }
]


def modal(title: str = "Assign", **fields: Any) -> Frame:
    inputs = [
        {
            "type": "input",
            "block_id": "words",
            "optional": True,
            "label": {"type": PLAIN, "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "hello"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": {"type": PLAIN, "text": "Who"},
            "element": {"type": "external_select", "action_id": "person"},
        },
    ]
    titles = {"title": {"type": PLAIN, "text": title}, "submit": {"type": PLAIN, "text": "Go"}}
    return {"type": "modal", "callback_id": "assign", "blocks": inputs, **titles, **fields}


@pytest.fixture
async def app(sockets: Sockets, world: SlackWorld) -> SocketApp:
    world.delivery.subscriptions.clear()
    return await sockets.connect()


@pytest.fixture
async def card(client: AsyncWebClient, support: Channel) -> str:
    return str((await client.chat_postMessage(channel=support.id, text="card", blocks=BUTTONS))["ts"])


async def trigger(app: SocketApp, world: SlackWorld, ana: User) -> str:
    asked = asyncio.ensure_future(world.people.shortcut(ana.id, "new"))
    frame = await app.next()
    await app.ack(frame)
    await asked
    return frame["payload"]["trigger_id"]


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


async def test_a_click_waits_for_the_acknowledgement(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=card)
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close", "1042"))
    frame = await app.next()
    assert not clicked.done()
    await app.ack(frame)
    assert (await clicked).acknowledged
    payload = frame["payload"]
    assert (frame["type"], payload["type"], payload["user"]["id"]) == ("interactive", "block_actions", ana.id)
    assert payload["container"]["thread_ts"] == card
    assert payload["channel"]["id"] == support.id
    assert payload["message"]["ts"] == card
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("close", "card", "1042")
    assert reply.ts > card


async def test_an_unacknowledged_click_is_not_repeated(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close"))
    await app.next()
    world.clock.skip(3.1)
    assert (await clicked).acknowledged is False
    assert world.delivery.pending == 0


async def test_a_menu_sends_the_chosen_option(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    chosen = asyncio.ensure_future(world.people.select("ana", "support", card, "assign", "ben"))
    frame = await app.next()
    await app.ack(frame)
    await chosen
    assert frame["payload"]["actions"][0]["selected_option"] == OPTIONS[1]
    with pytest.raises(ActRefused, match="option_not_found"):
        await world.people.select("ana", "support", card, "assign", "nobody")
    with pytest.raises(ActRefused, match="action_not_found"):
        await world.people.click("ana", "support", card, "nothing")


async def test_a_message_shortcut_carries_the_message_and_its_thread(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    called = asyncio.ensure_future(world.people.shortcut(ana.id, "assign", support.id, root.ts))
    frame = await app.next()
    await app.ack(frame)
    await called
    assert frame["payload"]["type"] == "message_action"
    assert "thread_ts" not in frame["payload"]["message"]
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    called = asyncio.ensure_future(world.people.shortcut(ana.id, "assign", support.id, reply.ts))
    frame = await app.next()
    await app.ack(frame)
    await called
    assert frame["payload"]["message"]["thread_ts"] == root.ts


async def test_a_command_knows_no_thread_and_its_answer_is_private(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms", "queue"))
    frame = await app.next()
    await app.ack(frame, {"text": "nothing waits"})
    await typed
    payload = frame["payload"]
    assert (frame["type"], payload["command"], payload["text"]) == ("slash_commands", "/sms", "queue")
    assert not {"thread_ts", "message", "message_ts"} & set(payload)
    assert [(shown.user, shown.text) for shown in support.ephemeral] == [(ana.id, "nothing waits")]


async def test_a_response_url_takes_five_answers(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms"))
    frame = await app.next()
    await app.ack(frame)
    await typed
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    assert (await webhook.send(text="in private")).status_code == 200
    assert (await webhook.send(text="for all", response_type="in_channel")).status_code == 200
    assert [message.text for message in support.messages.values()] == ["for all"]
    for _ in range(3):
        assert (await webhook.send(text="again")).body == "ok"
    assert (await webhook.send(text="once more")).status_code == 404
    assert len(support.ephemeral) == 4
    assert world.violations == []


async def test_a_response_url_lives_half_an_hour(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms"))
    frame = await app.next()
    await app.ack(frame)
    await typed
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    world.clock.skip(1_801)
    assert (await webhook.send(text="late")).status_code == 404
    fresh = world.interactions.new_response_url(ana.id, support.id)
    async with session.post(fresh, json={"text": "x", "bogus": 1}) as response:
        assert response.status == 400
    assert [violation.method for violation in world.violations] == ["response_url"]
    world.violations.clear()


async def test_a_response_url_replaces_and_deletes_its_message(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel, card: str
) -> None:
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close"))
    frame = await app.next()
    await app.ack(frame)
    await clicked
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    await webhook.send(text="closed", replace_original=True)
    assert (support.messages[card].text, support.messages[card].blocks) == ("closed", None)
    await webhook.send(delete_original=True)
    assert card not in support.messages


async def test_an_ephemeral_message_can_be_clicked_and_replaced(
    app: SocketApp,
    client: AsyncWebClient,
    world: SlackWorld,
    session: aiohttp.ClientSession,
    ana: User,
    support: Channel,
) -> None:
    await client.chat_postEphemeral(channel=support.id, user=ana.id, text="sure?", blocks=BUTTONS)
    shown = support.ephemeral[0]
    clicked = asyncio.ensure_future(world.people.click("ana", "support", shown.ts, "close"))
    frame = await app.next()
    await app.ack(frame)
    await clicked
    assert frame["payload"]["container"]["is_ephemeral"] is True
    assert "message" not in frame["payload"]
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    await webhook.send(text="done", replace_original=True)
    assert [message.text for message in support.ephemeral] == ["done"]
    await webhook.send(delete_original=True)
    assert support.ephemeral == []


async def test_a_trigger_is_good_for_three_seconds_and_one_modal(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    used = await trigger(app, world, ana)
    await client.views_open(trigger_id=used, view=modal())
    assert await error(client, "views.open", trigger_id=used, view=modal()) == "exchanged_trigger_id"
    late = await trigger(app, world, ana)
    world.clock.skip(3.1)
    assert await error(client, "views.open", trigger_id=late, view=modal()) == "expired_trigger_id"
    assert world.violations == []
    assert await error(client, "views.open", trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"
    world.violations.clear()


WRONG_VIEWS: list[Frame] = [
    modal("A title of more than twenty-four characters"),
    {key: value for key, value in modal().items() if key != "submit"},
    modal(private_metadata="x" * 3001),
    modal(bogus=1),
    modal(blocks=[{"type": "nonsense"}]),
    {"type": "modal"},
    {"type": "home", "blocks": []},
]


@pytest.mark.parametrize("view", WRONG_VIEWS)
async def test_wrong_views_are_refused(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, view: Frame
) -> None:
    fresh = await trigger(app, world, ana)
    assert await error(client, "views.open", trigger_id=fresh, view=view) == "invalid_arguments"
    assert world.modals.get(ana.id, []) == []
    assert len(world.violations) == 1
    world.violations.clear()


async def test_a_modal_is_filled_in_and_submitted(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    await client.views_open(trigger_id=await trigger(app, world, ana), view=modal(private_metadata="thread 1"))
    offered = asyncio.ensure_future(world.people.options(ana.id, "person", "be"))
    frame = await app.next()
    await app.ack(frame, {"options": OPTIONS})
    assert await offered == OPTIONS
    assert (frame["payload"]["type"], frame["payload"]["value"]) == ("block_suggestion", "be")
    submitted = asyncio.ensure_future(world.people.submit_view(ana.id, {"person": OPTIONS[1] | {}}))
    frame = await app.next()
    await app.ack(frame)
    await submitted
    view = frame["payload"]["view"]
    assert view["private_metadata"] == "thread 1"
    assert view["state"]["values"]["words"]["text"] == {"type": "plain_text_input", "value": "hello"}
    assert world.modals[ana.id] == []


async def test_answers_to_a_submission_show_errors_update_push_and_clear(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    async def submit(answer: Frame) -> list[str]:
        done = asyncio.ensure_future(
            world.people.submit_view(ana.id, {"who": {"person": {"selected_option": OPTIONS[0]}}})
        )
        frame = await app.next()
        await app.ack(frame, answer)
        await done
        return [view.body["title"]["text"] for view in world.modals[ana.id]]

    await client.views_open(trigger_id=await trigger(app, world, ana), view=modal("One"))
    assert await submit({"response_action": "errors", "errors": {"who": "not here"}}) == ["One"]
    assert await submit({"response_action": "update", "view": modal("Two")}) == ["Two"]
    assert await submit({"response_action": "push", "view": modal("Three")}) == ["Two", "Three"]
    assert world.violations == []
    assert await submit({"response_action": "errors", "errors": {"nowhere": "x"}}) == ["Two", "Three"]
    assert await submit({"response_action": "update", "view": {"type": "modal"}}) == ["Two", "Three"]
    assert len(world.violations) == 2
    world.violations.clear()
    assert await submit({"response_action": "clear"}) == []


async def test_modals_stack_three_high_and_tell_of_closing_when_asked_to(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    assert await error(client, "views.push", trigger_id=await trigger(app, world, ana), view=modal()) == "not_found"
    await client.views_open(trigger_id=await trigger(app, world, ana), view=modal("1"))
    await client.views_push(trigger_id=await trigger(app, world, ana), view=modal("2"))
    await client.views_push(trigger_id=await trigger(app, world, ana), view=modal("3", notify_on_close=True))
    full = await error(client, "views.push", trigger_id=await trigger(app, world, ana), view=modal("4"))
    assert full == "push_limit_reached"
    closed = asyncio.ensure_future(world.people.close_view(ana.id))
    frame = await app.next()
    await app.ack(frame)
    await closed
    assert frame["payload"]["type"] == "view_closed"
    await world.people.close_view(ana.id)
    assert len(world.modals[ana.id]) == 1


async def test_an_update_needs_the_right_hash_and_keeps_what_was_entered(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    opened = await client.views_open(trigger_id=await trigger(app, world, ana), view=modal("One", external_id="x"))
    view = opened["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("Two", external_id="x"))
    stale = await error(client, "views.update", view_id=view["id"], hash=view["hash"], view=modal("Three"))
    assert stale == "hash_conflict"
    await client.views_update(external_id="x", view=modal("Four", external_id="x"))
    assert world.snapshot(ana.id)["modals"][0]["title"]["text"] == "Four"


async def test_a_button_in_a_modal_and_in_the_home_tab(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User
) -> None:
    await client.views_publish(user_id=ana.id, view={"type": "home", "blocks": BUTTONS})
    assert world.snapshot(ana.id)["home"]["blocks"] == BUTTONS
    clicked = asyncio.ensure_future(world.people.click_view(ana.id, "close"))
    frame = await app.next()
    await app.ack(frame)
    assert (await clicked).acknowledged
    assert frame["payload"]["container"] == {"type": "view", "view_id": frame["payload"]["view"]["id"]}
    chosen = asyncio.ensure_future(world.people.click_view(ana.id, "assign", "ana"))
    frame = await app.next()
    await app.ack(frame)
    await chosen
    assert frame["payload"]["view"]["state"]["values"]["card"]["assign"]["selected_option"] == OPTIONS[0]


@pytest.mark.parametrize(
    ("kind", "entered", "state"),
    [
        ("datepicker", "2026-11-24", {"selected_date": "2026-11-24"}),
        ("timepicker", "09:00", {"selected_time": "09:00"}),
        ("users_select", "U0000000001", {"selected_user": "U0000000001"}),
        ("multi_users_select", ["U0000000001"], {"selected_users": ["U0000000001"]}),
        ("radio_buttons", "ana", {"selected_option": OPTIONS[0]}),
        ("checkboxes", ["ana", "ben"], {"selected_options": OPTIONS}),
    ],
)
async def test_every_kind_of_input_is_filled_in(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, kind: str, entered: Any, state: Frame
) -> None:
    element: Frame = {"type": kind, "action_id": "it"}
    if kind in ("radio_buttons", "checkboxes"):
        element["options"] = OPTIONS
    block = {"type": "input", "block_id": "b", "label": {"type": PLAIN, "text": "It"}, "element": element}
    await client.views_open(trigger_id=await trigger(app, world, ana), view=modal(blocks=[block]))
    submitted = asyncio.ensure_future(world.people.submit_view(ana.id, {"it": entered}))
    frame = await app.next()
    await app.ack(frame)
    await submitted
    assert frame["payload"]["view"]["state"]["values"] == {"b": {"it": {"type": kind} | state}}


async def test_two_buttons_of_one_name_are_told_apart_by_value(
    app: SocketApp, client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    rows: list[Frame] = [
        {
            "type": "section",
            "text": {"type": PLAIN, "text": value},
            "accessory": {
                "type": "button",
                "action_id": "pick",
                "text": {"type": PLAIN, "text": "Pick"},
                "value": value,
            },
        }
        for value in ("one", "two")
    ]
    posted = await client.chat_postMessage(channel=support.id, text="which?", blocks=rows)
    clicked = asyncio.ensure_future(world.people.click("ana", "support", str(posted["ts"]), "pick", "two"))
    frame = await app.next()
    await app.ack(frame)
    await clicked
    assert frame["payload"]["actions"][0]["value"] == "two"
    with pytest.raises(ActRefused, match="action_not_found"):
        await world.people.click("ana", "support", str(posted["ts"]), "pick", "three")
