"""Snoozed and shared conversations, and reminders, on both databases."""

from bridge.domain.conversations import ConversationStatus, Reminder
from bridge.domain.decision import Decision
from bridge.domain.effects import DropReminder, SaveReminder
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
