"""``textbridge erase contact``: what it asks, refuses and says."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.cli import erasing
from bridge.domain.conversations import ConversationStatus, Merged
from bridge.domain.people import Contact
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Unit
from bridge.store import audit
from bridge.store.inspect import connection_of
from tests.cli.conftest import Cli
from tests.cli.support import ask, waiting
from tests.store.builders import NOW, chat, contact, conversation, known, reply, thread

ADDRESS = contact().address
ERASE = ("erase", "contact", ADDRESS)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service runs here that could be waited for."""
    monkeypatch.setattr(erasing, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(erasing, "PAUSE_SECONDS", 0.0)


def talked(database: str, **changes: Any) -> None:
    """A conversation with a thread and a comment of a teammate."""
    said = reply(body="she is late", origin=chat("2.0"))
    decision = known(conversation=conversation(**changes), messages=(said,), threads=(thread(root=chat("1.0")),))
    ask(database, lambda unit: unit.save(decision, NOW))


def recorded(unit: Unit) -> list[tuple[str, str, str]]:
    return [(row["act"], row["actor"], row["detail"]) for row in audit.page(connection_of(unit), 0)]


def test_it_asks_for_the_number_once_more_and_gives_a_receipt(cli: Cli, database: str, tmp_path: Path) -> None:
    talked(database)
    refused = cli(*ERASE, typed="+15550009999\n")
    assert refused.code == 1
    assert refused.err.endswith("That is another number. Nothing was erased.\n")
    done = cli(*ERASE, "--reason", "asked by mail", "--out", "r.json", typed=f"{ADDRESS}\n")
    assert done.code == 0
    assert "1 conversation will be emptied, which cannot be undone." in done.err
    assert "the number ending in 1111 was erased" in done.out
    assert "For people to delete: slack, room C1, message 2.0" in done.out
    assert "in 1 thread are still to be removed" in done.out
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    receipt = json.loads(text)
    assert (receipt["ends"], receipt["conversations"], receipt["reason"]) == (["1111"], [1001], "asked by mail")
    assert receipt["copies"] == {"done": 0, "waiting": 1, "failed": 0}
    assert ADDRESS not in text
    assert waiting(database) == [("EraseThread", None)]
    assert ask(database, recorded) == [("erased", "operator", f"receipt {receipt['id']} asked by mail")]
    assert cli("audit", "verify").code == 0


def test_a_number_nobody_has_and_a_second_time(cli: Cli, sqlite: str) -> None:
    talked(sqlite)
    assert cli(*ERASE, "--yes").code == 0
    again = cli(*ERASE, "--yes")
    assert (again.code, again.err) == (1, f"There is no contact with the address {ADDRESS}. Nothing was erased.\n")
    assert cli("export", "contact", ADDRESS).code == 1
    assert cli("export", "conversation", "1001").out.startswith("#1001 with erased:")
    assert "is not a telephone number" in cli("erase", "contact", "+1", "--yes").err


def test_without_a_terminal_it_must_be_told_yes_and_no_number_goes_on_record(cli: Cli, sqlite: str) -> None:
    talked(sqlite)
    assert "Say --yes if that is wanted; nothing was erased." in cli(*ERASE).err
    assert "without the number" in cli(*ERASE, "--yes", "--reason", f"asked from {ADDRESS[:5]}-{ADDRESS[5:]}").err


def test_numbers_of_one_person_are_named_together(cli: Cli, sqlite: str) -> None:
    talked(sqlite, merged=Merged(into=1002, at=NOW, status=ConversationStatus.OPEN))
    other = Contact("contact other", "+15550002222", "Bea")
    joined = conversation(1002, contact=other.id, joined=(1001,))
    ask(sqlite, lambda unit: unit.save(known(conversation=joined, contact=other, threads=()), NOW))
    assert "merged with those of +15550002222." in cli(*ERASE, "--yes").err
    done = cli(*ERASE, other.address, "--yes")
    assert "the number ending in 1111 and the number ending in 2222 was erased" in done.out


def test_who_opted_out_keeps_the_number_and_the_receipt_says_so(cli: Cli, sqlite: str) -> None:
    talked(sqlite, opted_out=True)
    assert "Stays: The number itself, because they opted out" in cli(*ERASE, "--yes").out
    assert "nothing was left" in cli(*ERASE, "--yes").out


def test_what_waits_to_be_handled_is_waited_for(cli: Cli, sqlite: str) -> None:
    talked(sqlite)
    request = InboxDraft("provider:main", "SM1", "webhook", f"From=%2B{ADDRESS[1:]}".encode())
    ask(sqlite, lambda unit: unit.accept([request], NOW))
    refused = cli(*ERASE, "--yes")
    assert refused.code == 1
    assert "Nothing was erased: let the service run" in refused.err
