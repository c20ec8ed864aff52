"""Snoozed and shared conversations, and reminders, on both databases."""

from dataclasses import replace

from bridge.domain.conversations import ConversationStatus, Reminder
from bridge.domain.decision import Decision
from bridge.domain.events import ButtonPressed
from bridge.domain.keeping import DropReminder, SaveReminder
from bridge.domain.people import ChatRef, Person
from bridge.ports.store import Store
from tests.store.builders import NOW, conversation, known, later, save


def reminder(name: str, seconds: float, number: int = 1001) -> Reminder:
    return Reminder(
        id=name, conversation=number, person="slack:U1", words=f"call\n{name} 💬", due=later(seconds), created_at=NOW
    )


async def test_until_when_it_is_snoozed_and_with_whom_it_is_shared_is_kept(store: Store) -> None:
    away = conversation(status=ConversationStatus.SNOOZED, snoozed_until=later(60), shared=("slack/C1", "matrix/!a:b"))
    await save(store, known(conversation=away))
    assert (await store.transact(lambda unit: unit.load_conversation(1001))).conversation == away


async def test_reminders_are_kept_soonest_first_and_forgotten(store: Store) -> None:
    late, soon = reminder("r1", 90), reminder("r2", 60)
    await save(store, known(), Decision(effects=(SaveReminder(late), SaveReminder(soon), SaveReminder(soon))))
    assert list(await store.transact(lambda unit: unit.reminders(1001))) == [soon, late]
    assert list(await store.transact(lambda unit: unit.reminders(1002))) == []
    await save(store, Decision(effects=(DropReminder("r2"), DropReminder("r2"))))
    assert list(await store.transact(lambda unit: unit.reminders(1001))) == [late]


async def test_a_button_that_names_its_conversation_needs_no_place(store: Store) -> None:
    await save(store, known())
    anywhere = ChatRef("slack", "C9", "9.9")
    pressed = ButtonPressed(
        external_id="b", ref=anywhere, thread=None, author=Person("slack", "U1"), action="forget", value="#1001 r1"
    )
    state = await store.transact(lambda unit: unit.load(pressed))
    assert state.conversation is not None
    elsewhere = replace(pressed, value="")
    assert (await store.transact(lambda unit: unit.load(elsewhere))).conversation is None
