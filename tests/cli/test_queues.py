"""``textbridge inbox`` and ``textbridge outbox``."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import Decision
from bridge.domain.messages import Hold, MessageStatus
from bridge.ports.rows import InboxDraft, RowStatus
from bridge.store import inspect
from bridge.store.side_schema import audit
from tests.cli.conftest import Cli
from tests.cli.support import a_note, a_text, ask, message_of, stuck, waiting
from tests.store import builders

BODY = "On my way"
FAILED, UNKNOWN = MessageStatus.FAILED, MessageStatus.UNKNOWN


def acts(url: str) -> list[tuple[str, str, str, int | None, str | None]]:
    """What is on record; the chain must be whole."""
    rows = ask(url, lambda unit: inspect.connection_of(unit).execute(select(audit).order_by(audit.c.id)).all())
    assert ask(url, inspect.verify_audit).problem is None
    return [(row.act, row.actor, row.surface, row.conversation, row.message) for row in rows]


def set_aside(url: str, *external_ids: str) -> None:
    drafts = [InboxDraft("provider:main", name, "webhook", b"secret words", "ValueError: no") for name in external_ids]
    ask(url, lambda unit: unit.accept(drafts, datetime.now(UTC)))


def test_nothing_is_stuck(cli: Cli, database: str) -> None:
    assert cli("inbox", "list").out == "Nothing was set aside.\n"
    assert cli("inbox", "replay").out == "Nothing was set aside.\n"
    assert cli("outbox", "list").out == "No call waits, failed or is of unknown outcome.\n"


def test_rows_set_aside_are_listed_and_replayed(cli: Cli, database: str) -> None:
    set_aside(database, "SM1", "SM2", "SM3")
    listed = cli("inbox", "list").out
    assert listed.count("ValueError: no") == 3
    assert "secret words" not in listed
    first, *others = [line.split()[0] for line in listed.splitlines()[1:4]]
    assert cli("inbox", "list", "--limit", "1").out.count("ValueError") == 1
    assert cli("inbox", "replay", first).out.startswith("1 row will be handled again.")
    wrong = cli("inbox", "replay", first, others[0])
    assert (wrong.code, "1 of 2" in wrong.err) == (1, True)
    assert cli("inbox", "replay").out.startswith("1 row ")
    assert len(ask(database, inspect.list_unhandled)) == 3
    assert acts(database) == [("inbox_replayed", "operator", "cli", None, None)] * 3


def test_calls_are_listed_without_what_they_say(cli: Cli, database: str) -> None:
    key = a_text(database, "unknown", UNKNOWN)
    out = cli("outbox", "list").out
    for word in (key, "SendText", "#1001", "unknown", "line:front-desk", "made up"):
        assert word in out
    assert BODY not in out
    assert builders.contact().address not in out


def test_the_limit_counts_stuck_calls_first(cli: Cli, sqlite: str) -> None:
    note, text = a_note(sqlite, "pending"), a_text(sqlite, "failed", FAILED)
    out = cli("outbox", "list", "--limit", "1").out
    assert (text in out, note in out) == (True, False)


@pytest.mark.parametrize(("status", "of_message"), [("failed", FAILED), ("unknown", UNKNOWN)])
def test_a_text_is_sent_again_with_a_new_ticket(
    cli: Cli, database: str, status: RowStatus, of_message: MessageStatus
) -> None:
    key = a_text(database, status, of_message, provider_id=None, error_code="30005")
    outcome = cli("outbox", "retry", key, "--yes")
    assert (outcome.code, outcome.out.startswith("1 call will be made again.")) == (0, True)
    message = message_of(database)
    assert (message.status, message.ticket, message.error_code) == (MessageStatus.QUEUED, 2, None)
    assert ("SendText", 2) in waiting(database)
    assert ("SendText", 1) not in waiting(database)
    assert stuck(database) == []
    assert acts(database) == [("sent_again", "operator", "cli", 1001, "m1")]


def test_a_closed_conversation_is_open_again(cli: Cli, sqlite: str) -> None:
    key = a_text(sqlite, "failed", FAILED)
    closed = builders.conversation(status=ConversationStatus.CLOSED)
    ask(sqlite, lambda unit: unit.save(Decision(conversation=closed), builders.NOW))
    assert cli("outbox", "retry", key).code == 0
    found = ask(sqlite, lambda unit: unit.load_conversation(1001)).conversation
    assert found is not None
    assert found.status is ConversationStatus.OPEN


def test_what_failed_for_certain_needs_no_question(cli: Cli, sqlite: str) -> None:
    assert cli("outbox", "retry", a_text(sqlite, "failed", FAILED)).code == 0


def test_an_unknown_outcome_is_a_persons_decision(cli: Cli, sqlite: str) -> None:
    key = a_text(sqlite, "unknown", UNKNOWN)
    alone = cli("outbox", "retry", key)
    assert alone.code == 1
    assert "may get it twice" in alone.err
    assert "--yes" in alone.err
    refused = cli("outbox", "retry", key, typed="n\n")
    assert (refused.code, refused.err.endswith("Nothing was changed.\n")) == (1, True)
    assert message_of(sqlite).status is UNKNOWN
    assert waiting(sqlite) == []
    assert cli("outbox", "retry", key, typed="y\n").code == 0
    assert message_of(sqlite).status is MessageStatus.QUEUED


def test_what_can_be_made_again_is_told_apart(cli: Cli, sqlite: str) -> None:
    gone, note = a_text(sqlite, "unknown", MessageStatus.DELIVERED), a_note(sqlite, "failed")
    outcome = cli("outbox", "retry", gone, note, "--yes")
    assert (outcome.code, gone in outcome.err, note in outcome.err) == (1, True, False)
    assert outcome.err.endswith("The others will be made again.\n")
    assert waiting(sqlite) == [("PostNote", None)]


@pytest.mark.parametrize("status", [MessageStatus.SENDING, MessageStatus.DELIVERED, MessageStatus.QUEUED])
def test_a_text_that_moved_on_is_not_sent_again(cli: Cli, sqlite: str, status: MessageStatus) -> None:
    key = a_text(sqlite, "unknown", status)
    outcome = cli("outbox", "retry", key, "--yes")
    assert (outcome.code, key in outcome.err) == (1, True)
    assert waiting(sqlite) == []
    assert message_of(sqlite).ticket == 1
    assert stuck(sqlite) == [key]


def test_another_call_is_made_again_as_it_was(cli: Cli, database: str) -> None:
    key = a_note(database, "unknown")
    assert "appear twice" in cli("outbox", "retry", key).err
    assert cli("outbox", "retry", key, "--yes").code == 0
    assert waiting(database) == [("PostNote", None)]
    assert stuck(database) == []
    assert acts(database) == [("call_retried", "operator", "cli", 1001, None)]


def test_retrying_twice_sends_once(cli: Cli, sqlite: str) -> None:
    key = a_text(sqlite, "failed", FAILED)
    assert cli("outbox", "retry", key, key).code == 0
    again = cli("outbox", "retry", key)
    assert (again.code, "Neither failed nor unknown" in again.err) == (1, True)
    assert [kind for kind, _ in waiting(sqlite)].count("SendText") == 1


@pytest.mark.parametrize("verb", ["retry", "drop"])
def test_a_key_nobody_knows(cli: Cli, sqlite: str, verb: str) -> None:
    key = a_text(sqlite, "failed", FAILED)
    outcome = cli("outbox", verb, key, "nonsense", "--yes")
    assert (outcome.code, "nonsense" in outcome.err) == (1, True)
    assert stuck(sqlite) == [key]


@pytest.mark.parametrize(("status", "hold"), [(MessageStatus.QUEUED, None), (MessageStatus.HELD, Hold.UNDO)])
def test_a_text_that_waits_is_cancelled(cli: Cli, database: str, status: MessageStatus, hold: Hold | None) -> None:
    key = a_text(database, "pending", status, hold=hold, release_at=builders.later(60))
    assert "--yes" in cli("outbox", "drop", key).err
    assert message_of(database).status is status
    assert cli("outbox", "drop", key, typed="y\n").code == 0
    assert message_of(database).status is MessageStatus.CANCELLED
    assert waiting(database) == [("SetMark", None)]
    assert acts(database) == [("dropped", "operator", "cli", 1001, "m1")]


def test_a_text_held_for_a_person_is_theirs(cli: Cli, sqlite: str) -> None:
    """Its row is of an earlier time it was let go."""
    key = a_text(sqlite, "pending", MessageStatus.HELD, hold=Hold.GUARD)
    assert cli("outbox", "drop", key, "--yes").code == 0
    assert message_of(sqlite).status is MessageStatus.HELD
    assert waiting(sqlite) == []


def test_dropping_a_void_row_leaves_the_text_alone(cli: Cli, sqlite: str) -> None:
    key = a_text(sqlite, "pending", MessageStatus.QUEUED)
    newer = replace(message_of(sqlite), ticket=2)
    ask(sqlite, lambda unit: unit.save(Decision(messages=(newer,)), builders.NOW))
    assert cli("outbox", "drop", key, "--yes").code == 0
    assert message_of(sqlite).status is MessageStatus.QUEUED


def test_a_failed_call_leaves_the_list(cli: Cli, database: str) -> None:
    key = a_text(database, "failed", FAILED)
    assert cli("outbox", "drop", key, "--yes").out == "1 call dropped.\n"
    assert stuck(database) == []
    assert message_of(database).status is FAILED
    assert acts(database) == [("call_dropped", "operator", "cli", 1001, "m1")]
    ended = cli("outbox", "drop", key, "--yes")
    assert (ended.code, "ended already" in ended.err) == (1, True)


def test_a_call_under_way_is_not_dropped(cli: Cli, database: str) -> None:
    key = a_text(database, "in_flight", MessageStatus.SENDING)
    outcome = cli("outbox", "drop", key, "--yes")
    assert (outcome.code, "Under way" in outcome.err) == (1, True)
    assert message_of(database).status is MessageStatus.SENDING
    assert acts(database) == []


def test_control_characters_do_not_reach_the_terminal(cli: Cli, sqlite: str) -> None:
    draft = InboxDraft("provider:main", "SM1", "webhook", b"", "bad \x1b[2J name")
    ask(sqlite, lambda unit: unit.accept([draft], datetime.now(UTC)))
    assert "\x1b" not in cli("inbox", "list").out


def test_the_questions_on_a_text_are_answered_in_the_thread(cli: Cli, sqlite: str) -> None:
    key = a_text(sqlite, "unknown", UNKNOWN)
    note = builders.post("9.2", "m1", role="note")
    ask(sqlite, lambda unit: unit.save(Decision(posts=(note,)), builders.NOW))
    assert cli("outbox", "retry", key, "--yes").code == 0
    assert sorted(kind for kind, _ in waiting(sqlite)) == ["SendText", "SetMark", "UpdateNote"]
