"""Modals and the home tab: opened, filled in, stacked, updated and closed."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import Frame, SocketApp
from tests.sandbox.slack.interactive import BUTTONS, OPTIONS, PLAIN, error, modal, trigger


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
