"""The operator's rules, seen in the thread and on the contact's phone."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bridge import app
from bridge.cli import rules as cli_rules
from bridge.cli.settings import load_config
from bridge.domain.conversations import State
from bridge.observability import ALARMS
from bridge.ports.store import Unit
from bridge.sandbox.listening import listening
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.world import CONTACT, World

OTHER = "+15550100333"
TEAM = """
teammates:
  ana: {slack: %(ana)s}
  ben: {slack: %(ben)s}
teams:
  sales: {members: [ana, ben]}
canned:
  pricing: "Hi {{ contact.first_name | default('there') }}, we send you a price within the hour."
"""
PRICING = """
rules:
  - name: pricing goes to sales
    on: message_received
    if: {all: [{line: front-desk}, {text: '\\b(price|quote)\\b'}]}
    do: [{label: lead}, {assign: {team: sales, by: round_robin}}, {reply: {canned: pricing}}]
    stop: true
  - name: the rest
    on: message_received
    do: [{comment: "Nobody was asked."}]
"""
IMPATIENT = """
rules:
  - name: nobody answers
    on: {no_reply: 30m}
    do: [{notify: {person: ben, text: "They wait for half an hour."}}]
"""


def configure(world: World, rules: str) -> None:
    """Give the world its team and rules."""
    world.extra = TEAM % {"ana": world.ana.id, "ben": world.ben.id} + rules


async def assignee_of(world: World, contact: str) -> str:
    """Return whose a contact's conversation is."""
    assert world.service is not None
    state = await world.service.store.transact(lambda unit: unit.load_line("front-desk", contact))
    assert state.conversation is not None
    return (state.conversation.assignee or "").removeprefix("slack:")


def card_of(world: World, contact: str) -> str:
    """Return the card of a contact as it is drawn."""
    root = world.root(contact)
    return str(root.blocks)


async def test_who_asks_for_a_price_is_answered_and_is_the_next_in_turns(make_world: MakeWorld) -> None:
    async with make_world() as world:
        configure(world, PRICING)
        await world.start()
        await world.open("What is your price?")
        await world.until(world.got)
        assert world.got() == ["Hi there, we send you a price within the hour."]
        await world.open("Your best quote?", OTHER)
        await world.until(lambda: world.got(OTHER))
        await world.idle()
        notes = "\n".join(world.notes())
        assert "by the rule pricing goes to sales" in notes
        assert "Automatic text by the rule pricing goes to sales: Hi there" in notes
        assert "Nobody was asked" not in notes
        assert "lead" in card_of(world, OTHER)
        assert [await assignee_of(world, contact) for contact in (CONTACT, OTHER)] == [world.ana.id, world.ben.id]
        world.reply("!why")
        told = await world.until(lambda: [one for one in world.private(world.ana) if "pricing goes" in seen.words(one)])
        assert "texted pricing" in seen.words(told[-1])


async def test_a_text_that_a_machine_wrote_is_not_answered(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        configure(world, PRICING)
        await world.start()
        await world.open("This is an automated message: the price list is attached. Do not reply.")
        await world.idle()
        assert world.got() == []
        world.reply("!why")
        told = await world.until(lambda: [one for one in world.private(world.ana) if "pricing goes" in seen.words(one)])
        assert "the text sounds automatic" in seen.words(told[-1])


async def test_somebody_is_called_when_nobody_answers(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        configure(world, IMPATIENT)
        await world.start()
        await world.open("Anybody there?")
        await world.idle()
        world.skip(29 * 60)
        await world.idle()
        assert not [note for note in world.notes() if "half an hour" in note]
        world.skip(2 * 60)
        await world.until(lambda: [note for note in world.notes() if "half an hour" in note])


LABELS = """
rules:
  - name: prices
    on: message_received
    if: {keyword: price}
    do: [{label: lead}]
"""
CHANGED = LABELS.replace("keyword: price", "keyword: [price, parcel]").replace("label: lead", "label: hot")


def written(world: World, folder: Path, rules: str) -> Path:
    """Write the configuration with these rules."""
    configure(world, rules)
    file = folder / "changed.yaml"
    file.write_text(world.config_text, encoding="utf-8")
    return file


async def test_changed_rules_are_tried_on_what_was_texted_and_count_after_a_reload(
    make_world: MakeWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with make_world() as world:
        configure(world, LABELS)
        await world.start()
        await world.open("What is the price?")
        await world.open("Where is my parcel?", OTHER)
        await world.idle()
        file = written(world, tmp_path, CHANGED)
        before = await labels_of(world)
        await asyncio.to_thread(cli_rules.test, file, "30d", None, as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert (told["texts"], told["rules"]) == (2, [{"rule": "prices", "before": 1, "after": 2}])
        assert [one["text"] for one in told["differences"]] == ["What is the price?", "Where is my parcel?"]
        before_it = [one["before"] for one in told["differences"]]
        assert before_it == [[{"rule": "prices", "did": "changed labels: lead"}], []]
        assert await labels_of(world) == before == [("lead",), ()]
        await asyncio.to_thread(cli_rules.test, file, "30d", None, as_json=False)
        assert "2 texts in 2 conversations since 30d ago; 2 would go otherwise." in capsys.readouterr().out
        assert world.service is not None
        await world.service.reload(load_config(file))
        await world.text("The price, please")
        await world.idle()
        assert await labels_of(world) == [("lead", "hot"), ()]


async def labels_of(world: World) -> list[tuple[str, ...]]:
    """Return the labels of both conversations."""
    assert world.service is not None
    store = world.service.store
    states = [await store.transact(partial(_latest, contact)) for contact in (CONTACT, OTHER)]
    return [state.conversation.labels for state in states if state.conversation is not None]


def _latest(contact: str, unit: Unit) -> State:
    return unit.load_line("front-desk", contact)


async def test_a_wrong_file_changes_nothing_and_is_told(make_sqlite_world: MakeWorld, tmp_path: Path) -> None:
    async with make_sqlite_world() as world:
        configure(world, LABELS)
        await world.start()
        assert world.service is not None
        file = written(world, tmp_path, LABELS.replace("keyword", "keywort"))
        hangup = app.Hangup(world.service, lambda: load_config(file))
        with capture_logs() as entries:
            hangup.heard()
            await hangup.done()
        [entry] = [entry for entry in entries if "refused" in entry["event"] and "problems" in entry]
        assert 'Did you mean "keyword"?' in entry["problems"][0]
        assert ALARMS.labels("configuration refused", "reload")._value.get() == 1
        await world.open("What is the price?")
        await world.idle()
        assert (await labels_of(world))[0] == ("lead",)
        file = written(world, tmp_path, CHANGED)
        hangup.heard()
        await hangup.done()
        assert ALARMS.labels("configuration refused", "reload")._value.get() == 0
        await world.text("And the price of the other?")
        await world.idle()
        assert (await labels_of(world))[0] == ("lead", "hot")


HOOK = """
webhooks:
  crm: {url: "%s/hook", secret: "0123456789abcdef", private_hosts: true}
rules:
  - name: tell the program
    on: message_received
    do: [{label: lead}, {webhook: crm}]
"""


async def test_a_program_is_told_until_it_answers_and_no_text_leaves_with_it(make_sqlite_world: MakeWorld) -> None:
    told: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.Response(status=503 if len(told) == 1 else 204)

    program = web.Application()
    program.router.add_post("/hook", answer)
    async with listening(program) as url, make_sqlite_world() as world:
        configure(world, HOOK % url)
        await world.start()
        await world.open("Something private")
        await world.until(lambda: len(told) > 1, skipping=30)
        await world.idle()
        first, second = told[:2]
        assert first["id"] == second["id"]
        assert (second["rule"], second["event"]) == ("tell the program", "message_received")
        assert second["conversation"]["labels"] == ["lead"]
        assert second["contact"]["address"] == CONTACT
        assert "Something private" not in str(told)


AFTER_HOURS = """
    hours: shop
hours:
  shop: {zone: UTC, week: {mon-sun: "%s-%s"}}
rules:
  - name: after hours
    on: message_received
    if: {hours: closed}
    do: [{reply: {text: "Thank you. We are back {{ hours.next_opening }}."}}]
"""


async def test_after_hours_the_contact_is_told_when_somebody_is_back_and_once(make_sqlite_world: MakeWorld) -> None:
    opens = datetime.now(UTC) + timedelta(hours=2)
    closes = opens + timedelta(hours=1)
    async with make_sqlite_world() as world:
        world.extra = AFTER_HOURS % (f"{opens:%H:%M}", f"{closes:%H:%M}")
        await world.start()
        await world.open("Are you there?")
        await world.text("Hello?")
        await world.idle()
        [said] = world.got()
        assert said.startswith(("Thank you. We are back today at ", "Thank you. We are back tomorrow at "))
        assert f"{opens.hour % 12 or 12}:{opens:%M}" in said
        world.skip(2.5 * 3600)
        await world.text("And now?")
        await world.idle()
        assert world.got() == [said]


SPANISH = """
rules:
  - name: in Spanish
    on: message_received
    if: {language: es}
    do: [{label: spanish}]
"""


async def test_a_text_goes_by_its_language_and_so_does_a_trial(
    make_sqlite_world: MakeWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with make_sqlite_world() as world:
        configure(world, SPANISH)
        await world.start()
        await world.open("¿A qué hora abren mañana?")
        await world.open("What time do you open tomorrow?", OTHER)
        await world.idle()
        assert await labels_of(world) == [("spanish",), ()]
        file = written(world, tmp_path, SPANISH.replace("language: es", "language: en"))
        await asyncio.to_thread(cli_rules.test, file, "30d", None, as_json=True)
        told = json.loads(capsys.readouterr().out)["differences"]
        assert [(len(one["before"]), len(one["after"])) for one in told] == [(1, 0), (0, 1)]
