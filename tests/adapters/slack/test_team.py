"""What teammates own, as Slack shows it: menus and forms at their longest, and names that notify nobody."""

from datetime import UTC, datetime

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import INSERT, Button, Card, Field, Form, Menu, Note
from bridge.domain.people import ChatRef, Person
from bridge.ports.errors import SendRejected
from bridge.ports.platform import OpensForms, ThreadText
from bridge.sandbox.slack.world import SlackWorld

LONG = "x" * 5_000
MANY = tuple((f"{number}{LONG}", f"{number}{LONG}") for number in range(200))


def person(world: SlackWorld, name: str) -> Person:
    return Person("slack", world.user(name).id)


def card(**changed: object) -> Card:
    plain: dict[str, object] = {
        "number": 1042,
        "name": "Maria",
        "address": "+1 555-123-4567",
        "line": "front-desk",
        "line_address": "+1 555-000-1000",
        "status": "open",
        "hint": "",
    }
    return Card(**{**plain, **changed})  # pyright: ignore[reportArgumentType] - fields by name


def said(world: SlackWorld, ref: ChatRef) -> str:
    message = world.message(ref.room, ref.id)
    return f"{message.text} {message.blocks}"


async def test_a_card_at_its_longest_is_taken(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    ana = person(world, "ana")
    longest = card(
        name=LONG,
        assignee=LONG,
        team=LONG,
        labels=(LONG,) * 20,
        held=((ana, LONG, 1),) * 100,
        later="https://" + "x" * 2_000,
        earlier=LONG,
        hint=LONG,
        buttons=(
            Button("claim", LONG, "", "primary"),
            Menu("assign", LONG, "choice", MANY),
            Menu("people", LONG, "people"),
            Menu("more", LONG, "more", MANY),
        ),
    )
    ref = await slack.open_thread(room, longest, key="card-1")
    await slack.update_card(ref, longest)
    kinds = [element["type"] for element in (world.message(room, ref.id).blocks or [])[-1]["elements"]]
    assert kinds == ["button", "static_select", "users_select", "static_select"]


async def test_a_card_names_people_and_notifies_nobody(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    ana, stranger = person(world, "ana"), Person("matrix", "@eve:x")
    ref = await slack.open_thread(room, card(assigned=ana, held=((stranger, "eve", 2),)), key="card-1")
    assert "Ana Souza" in said(world, ref)
    assert "2 held by eve" in said(world, ref)
    assert world.rung == []
    nameless = await slack.open_thread(room, card(assigned=stranger), key="card-2")
    assert "a teammate" in said(world, nameless)
    late = world.add_user("late", real_name="Late Comer")
    assert "Late Comer" in said(world, await slack.open_thread(room, card(assigned=Person("slack", late.id)), key="c3"))


async def test_a_moved_card_links_on(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    there = await slack.open_thread(room, card(later="https://slack.example/archives/C1/p1"), key="card-1")
    assert "<https://slack.example/archives/C1/p1|" in said(world, there)
    unlinked = await slack.open_thread(room, card(later="9.0"), key="card-2")
    assert "goes on in another thread" in said(world, unlinked)


async def test_notes_mention_on_purpose_only(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    root = await slack.open_thread(room, card(), key="card-1")
    ana, when = person(world, "ana"), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    loud = Note(f"Assigned to {INSERT}.", inserts=(ana,))
    quiet = Note(f"{INSERT} · {INSERT} claimed", inserts=(when, ana), quiet=True, link="https://slack.example/x")
    assert f"'user_id': '{ana.id}'" in said(world, await slack.post_note(root, loud, key="n1"))
    assert len(world.rung) == 1
    shown = said(world, await slack.post_note(root, quiet, key="n2"))
    assert "Ana Souza" in shown
    assert "2026-11-22 12:00 UTC" in shown
    assert "https://slack.example/x" in shown
    assert len(world.rung) == 1
    odd = Note(f"{INSERT} and {INSERT}", inserts=(Person("matrix", "@eve:x"), ana, when))
    assert "@eve:x" in said(world, await slack.post_note(root, odd, key="n3"))
    assert "nobody" in said(world, await slack.post_note(root, Note(f"nobody {INSERT}"), key="n4"))


async def test_a_text_rings_whom_it_shall_and_shows_in_the_room(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await slack.open_thread(room, card(), key="card-1")
    ana = person(world, "ana")
    text = ThreadText(name="Maria", body="<!channel> hi", people=(ana, Person("slack", "no id")), bump=True)
    ref = (await slack.post_text(root, text, key="t1")).ref
    assert f"<@{ana.id}>" in said(world, ref)
    assert "no id" not in said(world, ref)
    assert world.journal.of("chat.postMessage")[-1].arguments["reply_broadcast"] is True
    everyone = (await slack.post_text(root, ThreadText(name="Maria", body="hi", everyone=True), key="t2")).ref
    assert "<!here>" in said(world, everyone)


async def test_a_form_at_its_longest_opens_once(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    assert isinstance(slack, OpensForms)
    fields = (
        Field(name="who", label=LONG, kind="choice", options=MANY, initial=MANY[0][0]),
        Field(name="person", label="Person", kind="person", initial=world.user("ana").id),
        Field(name="words", label="Words", kind="text", initial=LONG, hint=LONG, optional=True),
        Field(name="empty", label="Empty", kind="text"),
        Field(name="anybody", label="Anybody", kind="person"),
    )
    trigger = world.people._interactions.new_trigger(world.user("ana").id)
    form = Form(name="assign", title=LONG, submit=LONG, fields=fields, context=LONG)
    await slack.open_form(trigger, form)
    assert len(world.modals[world.user("ana").id]) == 1
    with pytest.raises(SendRejected):
        await slack.open_form(trigger, form)
