"""What an app can show and ask in the page's Slack: blocks, menus, confirmations, modals, the home tab."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest_asyncio
from playwright.async_api import Browser, expect
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.listening import listening
from tests.browser.sandbox import Screen
from tests.sandbox.page.stage import House

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


CARD: list[Json] = [
    {"type": "header", "text": plain("Maria <Silva> · #1001")},
    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Status*\nOpen"}, {"type": "mrkdwn", "text": "_soon_"}]},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Due <!date^0^{date_num}|never> &lt;b&gt;"}]},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "close",
                "text": plain("Close it"),
                "value": "1001",
                "confirm": {
                    "title": plain("Close?"),
                    "text": {"type": "mrkdwn", "text": "A *new text* opens it."},
                    "confirm": plain("Yes, close"),
                    "deny": plain("Not yet"),
                },
            },
            {
                "type": "static_select",
                "action_id": "assign",
                "placeholder": plain("Assign"),
                "options": [{"text": plain("Ana"), "value": "ana"}, {"text": plain("Ben"), "value": "ben"}],
            },
            {"type": "overflow", "action_id": "more", "options": [{"text": plain("Block"), "value": "block"}]},
            {"type": "button", "action_id": "form", "text": plain("Open form")},
        ],
    },
]
FORM: Json = {
    "type": "modal",
    "title": plain("Reply with canned"),
    "submit": plain("Send it"),
    "blocks": [
        {
            "type": "input",
            "block_id": "when",
            "label": plain("When"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Who"),
            "element": {
                "type": "static_select",
                "action_id": "person",
                "options": [{"text": plain("Ana"), "value": "ana"}, {"text": plain("Ben"), "value": "ben"}],
            },
        },
    ],
}


class App:
    """Acknowledges everything; opens a form when asked; refuses the form's first submission."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.actions: asyncio.Queue[Json] = asyncio.Queue()
        self.submitted: list[Json] = []
        self.openings: list[asyncio.Task[Any]] = []

    async def run(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            envelope: Json = frame.json()
            if envelope["type"] == "interactive":
                await self._answer(socket, envelope)
            elif "envelope_id" in envelope:
                await socket.send_json({"envelope_id": envelope["envelope_id"]})

    async def _answer(self, socket: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        payload, answer = envelope["payload"], {"envelope_id": envelope["envelope_id"]}
        if payload["type"] == "view_submission":
            self.submitted.append(payload["view"]["state"]["values"])
            if len(self.submitted) == 1:
                answer["payload"] = {"response_action": "errors", "errors": {"when": "Say a time."}}
        for action in payload.get("actions", []):
            self.actions.put_nowait(action)
        await socket.send_json(answer)
        if any(action["action_id"] == "form" for action in payload.get("actions", [])):
            opening = self.client.views_open(trigger_id=payload["trigger_id"], view=FORM)
            self.openings.append(asyncio.get_running_loop().create_task(opening))


class Stage:
    """The page of a house with an app in it."""

    def __init__(self, house: House, app: App, screen: Screen) -> None:
        self.house, self.app, self.screen = house, app, screen
        self.card = screen.channel.get_by_role("article").first

    async def acted(self, action_id: str) -> Json:
        """Wait until the app has heard of an action."""
        async with asyncio.timeout(10):
            while (action := await self.app.actions.get())["action_id"] != action_id:
                pass
            return action


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    house = House()
    async with listening(house.server.application()) as url, aiohttp.ClientSession() as session:
        house.server.bind(url)
        client = AsyncWebClient(
            token=house.slack.bot_token, base_url=f"{url}/slack/api/", retry_handlers=[], session=session
        )
        app = App(client)
        address = str((await client.apps_connections_open(app_token=house.slack.app_token))["url"])
        async with session.ws_connect(address) as socket:
            running = asyncio.get_running_loop().create_task(app.run(socket))
            await client.chat_postMessage(channel=house.room.id, text="card", blocks=CARD)
            screen = await Screen.open(browser, url)
            yield Stage(house, app, screen)
            await screen.page.close()
            running.cancel()
            await asyncio.gather(running, *app.openings, return_exceptions=True)
        assert screen.complaints == []
        assert house.slack.violations == []


async def test_a_card_is_drawn_with_text_as_text(stage: Stage) -> None:
    await expect(stage.card.get_by_role("heading", name="Maria <Silva> · #1001")).to_be_visible()
    await expect(stage.card.locator("strong").filter(has_text="Status")).to_be_visible()
    await expect(stage.card.locator("em")).to_have_text("soon")
    await expect(stage.card.locator(".block-context")).to_have_text("Due 1970-01-01 <b>")
    await expect(stage.card.locator("hr")).to_be_visible()


async def test_a_confirmation_is_asked_first(stage: Stage) -> None:
    dialog = stage.screen.page.get_by_role("dialog")
    await stage.card.get_by_role("button", name="Close it").click()
    await dialog.get_by_role("button", name="Not yet").click()
    await expect(dialog).to_have_count(0)
    assert stage.app.actions.empty()
    await stage.card.get_by_role("button", name="Close it").click()
    await dialog.get_by_role("button", name="Yes, close").click()
    assert (await stage.acted("close"))["value"] == "1001"


async def test_menus_tell_the_app_what_was_chosen(stage: Stage) -> None:
    select = stage.card.get_by_role("combobox", name="Assign")
    await expect(select.locator("option:checked")).to_have_text("Assign")
    await select.select_option("Ben")
    assert (await stage.acted("assign"))["selected_option"]["value"] == "ben"
    await stage.card.get_by_role("button", name="More choices").click()
    await stage.screen.page.get_by_role("menuitem", name="Block").click()
    assert (await stage.acted("more"))["selected_option"]["value"] == "block"


async def test_a_form_shows_its_errors_keeps_what_was_typed_and_closes(stage: Stage) -> None:
    await stage.card.get_by_role("button", name="Open form").click()
    dialog = stage.screen.page.get_by_role("dialog")
    await dialog.get_by_label("When").fill("tomorrow")
    await dialog.get_by_label("Who").select_option("Ben")
    await dialog.get_by_role("button", name="Send it").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Say a time.")
    await expect(dialog.get_by_label("When")).to_have_value("tomorrow")
    await dialog.get_by_label("When").fill("at nine")
    await dialog.get_by_role("button", name="Send it").click()
    await expect(dialog).to_have_count(0)
    entered = stage.app.submitted[-1]
    assert entered["when"]["text"]["value"] == "at nine"
    assert entered["who"]["person"]["selected_option"]["value"] == "ben"


async def test_escape_closes_a_form(stage: Stage) -> None:
    await stage.card.get_by_role("button", name="Open form").click()
    await expect(stage.screen.page.get_by_role("dialog")).to_be_visible()
    await stage.screen.page.keyboard.press("Escape")
    await expect(stage.screen.page.get_by_role("dialog")).to_have_count(0)
    assert stage.house.slack.modals[stage.house.ana.id] == []


async def test_the_home_tab_is_shown_and_pressed(stage: Stage) -> None:
    button = {"type": "button", "action_id": "mine", "text": plain("Only mine")}
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    await stage.app.client.views_publish(user_id=stage.house.ana.id, view=view)
    await stage.screen.page.get_by_role("navigation").get_by_role("button", name="Textbridge").click()
    await stage.screen.page.get_by_role("button", name="Only mine").click()
    assert (await stage.acted("mine"))["type"] == "button"
