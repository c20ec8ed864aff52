"""What the bridge stored and sent, in plain words, read from its database while it runs or not."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from bridge.sandbox.process import Level, StripRow
from bridge.store import inspect
from bridge.store.inspect import InboxLine, OutboxLine
from bridge.store.unit import StoreUnit

ROWS = 14

_CALLS = {
    "OpenThread": "Card",
    "PostText": "Text in the thread",
    "PostMedia": "File in the thread",
    "PostNote": "Note in the thread",
    "CarryComments": "Comments carried over",
    "CarryWords": "Texts carried over",
    "TellRoom": "Note in a channel",
    "UpdateCard": "Card changed",
    "UpdateNote": "Note changed",
    "SetMark": "Mark on a reply",
    "ClearMark": "Mark taken away",
    "AnswerPrivately": "Private answer",
    "TellRecord": "Private answer",
    "TellQueue": "Private answer",
    "TellFound": "Private answer",
    "TellReport": "Report",
    "AskAssistant": "Question to the assistant",
    "CallWebhook": "Call of a webhook",
    "EraseThread": "Posts removed",
    "OpenForm": "Form",
    "PublishHome": "Home tab",
    "SendText": "Text to the phone",
}
_STATES = {
    "pending": "waits its turn",
    "preparing": "is being prepared",
    "in_flight": "is on its way",
    "checking": "answer lost: being looked up",
    "done": "done",
    "failed": "failed",
    "unknown": "outcome unknown: a person decides",
    "skipped": "not needed any more",
}
_OUTSIDE = {"provider": "text or report from the provider", "chat": "event from {name}"}
_OWN = {"SendSettled": "answer of the provider", "TimerFired": "a timer fell due"}


def recent(database: Path) -> Sequence[StripRow]:
    """Return the newest rows of inbox and outbox, newest first; empty until there is a database."""
    if not database.exists():
        return ()
    engine = create_engine(f"sqlite:///file:{database}?mode=ro&uri=true")
    try:
        with engine.connect() as connection:
            unit = StoreUnit(connection)
            stored = [_stored(line) for line in inspect.recent_inbox(unit, ROWS)]
            called = [_called(line) for line in inspect.recent_outbox(unit, ROWS)]
    except SQLAlchemyError:
        return ()
    finally:
        engine.dispose()
    return sorted([*stored, *called], key=lambda row: row.at, reverse=True)[:ROWS]


def _stored(line: InboxLine) -> StripRow:
    source, _, name = line.source.partition(":")
    what = _OWN.get(line.kind, line.kind) if source == "own" else _OUTSIDE.get(source, source).format(name=name.title())
    state = "handled" if line.handled_at else "waits its turn"
    level: Level = "error" if line.problem else "info"
    return StripRow(line.received_at, "Stored", f"{what} · {line.problem or state}", level)


def _called(line: OutboxLine) -> StripRow:
    level: Level = "info"
    if line.status in ("failed", "unknown"):
        level = "error"
    elif line.status == "checking" or line.attempts > 1:
        level = "warning"
    about = f"#{line.conversation} · " if line.conversation else ""
    kind, _, place = line.target.partition(":")  # room:slack/C123, mark:slack, line:front-desk
    where = "" if kind == "line" else f"{place.partition('/')[0].title()} · "
    tries = f", try {line.attempts}" if line.attempts > 1 else ""
    detail = f"{where}{about}{_STATES.get(line.status, line.status)}{tries}"
    return StripRow(line.settled_at or line.created_at, _CALLS.get(line.kind, line.kind), detail, level)
