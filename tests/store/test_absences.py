"""Who is away, and what is theirs, on both databases."""

from bridge.domain.conversations import Absence, ConversationStatus
from bridge.domain.decision import Decision
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.ports.store import Store
from tests.store.builders import NOW, conversation, known, later, save, thread

ANA, BEN, EVE = "slack:U1", "slack:U2", "slack:U3"


async def away(store: Store, seconds: float = 0) -> list[Absence]:
    return list(await store.transact(lambda unit: unit.absences(later(seconds))))


async def test_an_absence_lasts_until_its_time_or_its_end(store: Store) -> None:
    saved = (SaveAbsence(Absence(ANA, later(60))), SaveAbsence(Absence(BEN)), SaveAbsence(Absence(EVE, later(10))))
    await save(store, Decision(effects=saved))
    assert await away(store) == [Absence(ANA, later(60)), Absence(BEN), Absence(EVE, later(10))]
    assert await away(store, 10) == [Absence(ANA, later(60)), Absence(BEN)]
    assert await away(store, 60) == [Absence(BEN)]
    await save(store, Decision(effects=(EndAbsence(BEN), SaveAbsence(Absence(ANA)))))
    assert await away(store, 60) == [Absence(ANA)]


async def test_what_is_over_is_forgotten(store: Store) -> None:
    await save(store, Decision(effects=(SaveAbsence(Absence(ANA, NOW)), SaveAbsence(Absence(BEN)))))
    assert await away(store, -60) == [Absence(BEN)]


async def test_open_conversations_of_somebody_are_found(store: Store) -> None:
    await save(
        store,
        known(conversation=conversation(1001, assignee=ANA), threads=(thread("t1"),)),
        known(conversation=conversation(1002, assignee=ANA, status=ConversationStatus.CLOSED), threads=()),
        known(conversation=conversation(1003, assignee=BEN), threads=()),
        known(conversation=conversation(1004, assignee=ANA, line="gone"), threads=()),
        known(conversation=conversation(1005, assignee="matrix:@ana:x", status=ConversationStatus.SNOOZED), threads=()),
        known(conversation=conversation(1006, assignee=ANA), threads=()),
    )
    keys, lines = (ANA, "matrix:@ana:x"), ("front-desk", "sales")
    found = await store.transact(lambda unit: unit.assigned(keys, lines, 2))
    assert [(one.conversation.number, [t.id for t in one.threads]) for one in found] == [(1001, ["t1"]), (1005, [])]
    assert not await store.transact(lambda unit: unit.assigned(("slack:U9",), lines, 2))


async def test_a_word_and_a_status_are_two_absences_and_a_word_ends_both(store: Store) -> None:
    said, status = Absence(ANA, later(60)), Absence(ANA, None, by_status=True)
    await save(store, Decision(effects=(SaveAbsence(status), SaveAbsence(said))))
    assert await away(store) == [said, status]
    await save(store, Decision(effects=(EndAbsence(ANA, by_status=True),)))
    assert await away(store) == [said]
    await save(store, Decision(effects=(SaveAbsence(status), EndAbsence(ANA))))
    assert await away(store) == []
    await save(store, Decision(effects=(SaveAbsence(Absence(ANA, NOW, by_status=True)), SaveAbsence(status))))
    assert await away(store, 1) == [status]
