"""Modals as Slack takes them, at the longest too, and what their search fields offer."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from bridge.adapters.platforms.slack import forms, suggestions
from bridge.adapters.platforms.slack.directory import Directory
from bridge.adapters.platforms.slack.identity import Identity
from bridge.adapters.platforms.slack.reading import Reading
from bridge.adapters.platforms.slack.webhook import Webhook
from bridge.domain.cards import Field, Form
from bridge.ports.platform import Asked, AsksForChoices
from bridge.ports.store import StoreUnavailable
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.payloads import ANA, TEAM
from tests.adapters.slack.test_http import FORM as FORM_TYPE
from tests.adapters.slack.test_http import SECRET, request

LONG = "<&>\u202eé" * 3000
OPTIONS = tuple((f"{number}-" + "v" * 70, LONG) for number in range(150))
PAYLOAD = {
    "type": "block_suggestion",
    "user": {"id": ANA, "team_id": TEAM},
    "action_id": "response",
    "value": "hou",
    "view": {"callback_id": "canned", "private_metadata": "#1042 {}"},
}


def field(kind: Any, **changes: Any) -> Field:
    values: dict[str, Any] = {"name": f"n-{kind}", "label": "Label", "kind": kind}
    return Field(**(values | changes))


@pytest.mark.parametrize(
    "form",
    [
        Form(name="canned", title="Reply", submit="Next", fields=(field("search", hint="Type"),), context="#1 {}"),
        Form(name="canned_send", title="Reply", submit="Send", fields=(), text="We are open\n\n1 segment"),
        Form(
            name="n" * 300,
            title=LONG,
            submit=LONG,
            context="#1 " + "x" * 2997,
            text=LONG,
            fields=(
                field("search", name="s" * 300, label=LONG, hint=LONG, optional=True),
                field("text", label=LONG, initial=LONG, limit=9000),
                field("text", name="short", limit=300),
                field("choice", label=LONG, options=OPTIONS),
                field("person", label=LONG),
            ),
        ),
    ],
)
def test_slack_takes_the_modal(world: SlackWorld, form: Form) -> None:
    assert world.interactions.judge.view(forms.modal(form)) == []


def test_a_text_is_no_longer_than_is_asked_for() -> None:
    (block,) = forms.modal(Form(name="f", title="t", submit="s", fields=(field("text", limit=300),)))["blocks"]
    assert block["element"]["max_length"] == 300


async def offered(choices: Any, payload: Any = PAYLOAD, *, guest: bool = False) -> Any:
    reading = Reading("slack", Identity(team=TEAM), payload)
    web: Any = None
    directory = Directory(web, frozenset, lambda _: None)
    directory._guests[payload.get("user", {}).get("id", "")] = guest
    return (await suggestions.answer(payload, reading, directory, choices))["options"]


async def test_a_guest_asks_as_an_outsider() -> None:
    found: list[Asked] = []

    async def choices(asked: Asked) -> Sequence[tuple[str, str]]:
        found.append(asked)
        return ()

    await offered(choices, guest=True)
    assert found[0].person.outsider


async def test_what_is_typed_is_asked_for() -> None:
    found: list[Asked] = []

    async def choices(asked: Asked) -> Sequence[tuple[str, str]]:
        found.append(asked)
        return [("hours", "hours · We are open"), ("v" * 76, "too long to come back")]

    assert [option["value"] for option in await offered(choices)] == ["hours"]
    (asked,) = found
    assert (asked.person.id, asked.person.outsider) == (ANA, False)
    assert (asked.form, asked.context, asked.field, asked.typed) == ("canned", "#1042 {}", "response", "hou")


async def test_at_most_a_hundred_are_offered_each_as_short_as_slack_wants() -> None:
    async def choices(_asked: Asked) -> Sequence[tuple[str, str]]:
        return OPTIONS

    found = await offered(choices)
    assert len(found) == 100
    assert all(len(option["text"]["text"]) <= 75 for option in found)


async def test_what_cannot_be_had_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_asked: Asked) -> Sequence[tuple[str, str]]:
        raise StoreUnavailable("locked")

    assert await offered(broken) == []
    assert await offered(None) == []


async def test_by_http_the_options_are_the_answer() -> None:
    clock = SandboxClock()

    async def take(kind: str, payload: Any) -> Any:
        assert (kind, suggestions.is_asked(payload)) == ("interactive", True)
        return {"options": []}

    from urllib.parse import urlencode

    sent = request(urlencode({"payload": json.dumps(PAYLOAD)}).encode(), clock, kind=FORM_TYPE)
    reply = await Webhook(SECRET, clock.now, take).handle(sent)
    assert (reply.status, reply.content_type, reply.body) == (200, "application/json", b'{"options": []}')


def test_the_platform_asks(slack: Any) -> None:
    assert isinstance(slack, AsksForChoices)
