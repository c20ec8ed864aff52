"""What is known of consent comes back as it went; the ledger is in order, and only ever added to."""

from datetime import datetime
from functools import partial

import pytest

from bridge.domain.consent import UNKNOWN, Consent, Consented, ConsentEntry, ConsentKind
from bridge.domain.decision import Decision
from bridge.domain.keeping import NoteConsent
from bridge.ports.store import Store, Unit
from bridge.store import consent as ledger
from bridge.store.inspect import connection_of
from tests.store.builders import NOW, conversation, known, later, save


@pytest.mark.parametrize(
    "consent",
    [
        UNKNOWN,
        Consent(since=NOW, by="contact", line="front-desk"),
        Consent(doubt="m1", given=True, asking="asked", told=True),
    ],
)
async def test_what_is_known_comes_back(store: Store, consent: Consent) -> None:
    await save(store, known(conversation=conversation(consent=consent)))
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert state.conversation is not None
    assert state.conversation.consent == consent


def entry(contact: str, words: str) -> ConsentEntry:
    return ConsentEntry(
        kind=ConsentKind.OPT_OUT,
        contact=contact,
        address="+15550001111",
        line="front-desk",
        account="main",
        scope="everything",
        source="keyword",
        conversation=1001,
        words=words,
        message="m1",
    )


async def test_the_ledger_is_read_by_contact_and_as_a_whole(store: Store) -> None:
    said = [("c1", "one"), ("c2", "two"), ("c1", "three"), ("c3", "four\x00 😀")]
    for number, (contact, words) in enumerate(said):
        noted = known(effects=(NoteConsent(entry(contact, words)),))
        await store.transact(partial(_save, noted, later(number)))
    newest = await store.transact(lambda unit: unit.consent(["c1", "c3"], 2))
    assert [one.entry.words for one in newest] == ["four\ufffd 😀", "three"]
    assert newest[1] == Consented(later(2), entry("c1", "three"))
    whole = await store.transact(lambda unit: ledger.page(connection_of(unit), 0))
    assert [row["contact"] for row in whole] == ["c1", "c2", "c1", "c3"]
    assert await store.transact(lambda unit: ledger.page(connection_of(unit), whole[1]["id"])) == whole[2:]


def _save(noted: Decision, at: datetime, unit: Unit) -> None:
    unit.save(noted, at)


async def test_a_contacts_conversations_on_some_lines(store: Store) -> None:
    others = [(1002, "sales"), (1003, "front-desk"), (1004, "branch")]
    await save(store, known())
    for number, line in others:
        await save(store, known(conversation=conversation(number, line=line), threads=()))
    contact = conversation().contact
    found = await store.transact(lambda unit: unit.elsewhere([contact], ["front-desk", "sales"], 10))
    assert [one.conversation.number for one in found] == [1003, 1002, 1001]
    assert [len(one.threads) for one in found] == [0, 0, 1]
    assert await store.transact(lambda unit: unit.elsewhere([contact], ["front-desk"], 1)) == [found[0]]
    assert await store.transact(lambda unit: unit.elsewhere(["nobody"], ["front-desk"], 10)) == []
