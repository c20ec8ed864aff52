"""A database with a million messages and all that comes with them, made once and kept in the temporary directory."""

import sqlite3
import tempfile
from pathlib import Path

from benchmarks._result import say
from bridge.store import upgrade
from bridge.store.migrate import head

MESSAGES, CONVERSATIONS = 1_000_000, 20_000
FIRST = 5_000_000  # number of the first conversation; contacts, messages and rows are numbered alike
HOUR_AGO = "(strftime('%s', 'now') - 3600) * 1000000"
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
WHEN = "{at} - (1000000 - i) * 1700000"
KEY = "printf('%012x%020x', (" + WHEN + ") / 1000, i)"
# For each table its columns with what row number i has there; the others are empty.
OF_EACH_CONVERSATION = {
    "contacts": {"id": "'c' || i", "address": "'+1444' || (1000000 + i)"},
    "contact_addresses": {"address": "'+1444' || (1000000 + i)", "contact": "'c' || i"},
    "conversations": {
        "number": "{first} + i",
        "line": "'front-desk'",
        "contact": "'c' || i",
        "status": "'open'",
        "created_at": "{at}",
        "labels": "'[]'",
        "last_inbound_at": "{at}",
        "last_outbound_at": "{at}",
        "opted_out": "0",
    },
    "threads": {
        "id": "'t' || i",
        "conversation": "{first} + i",
        "platform": "'slack'",
        "room": "'C0000000001'",
        "state": "'open'",
        "created_at": "{at}",
        "root": '\'["slack","C0000000001","1.\' || i || \'"]\'',
    },
}
OF_EACH_MESSAGE = {
    "messages": {
        "id": "'m' || i",
        "conversation": "{first} + i % {conversations}",
        "kind": "iif(i / {conversations} % 2, 'reply', 'inbound')",
        "body": "'Hello, is the blue one still there? This is number ' || i",
        "status": "iif(i / {conversations} % 2, 'delivered', 'received')",
        "created_at": WHEN,
        "reasons": "'[]'",
        "ticket": "1",
        "account": "'main'",
        "provider_id": "'SMold' || i",
        "segments": "1",
        "media": "'[]'",
        "recovered": "0",
        "version": "1",
    },
    "chat_posts": {
        "platform": "'slack'",
        "room": "'C0000000001'",
        "ref": "'2.' || i",
        "conversation": "{first} + i % {conversations}",
        "role": "'text'",
        "message": "'m' || i",
        "mark": "'none'",
        "shown": "'none'",
        "created_at": WHEN,
    },
    "inbox": {
        "id": "i + 1",
        "source": "'provider:main'",
        "external_id": "'SMold' || i",
        "kind": "'webhook'",
        "received_at": WHEN,
        "attempts": "1",
        "body": "zeroblob(800)",
        "handled_at": WHEN,
    },
    "lanes": {
        "key": "'old:' || i",
        "target": "'room:slack/C0000000001'",
        "head_seq": "1",
        "next_seq": "1",
        "token": "1",
    },
    "outbox": {
        "lane": "'old:' || i",
        "seq": "0",
        "key": KEY,
        "target": "'room:slack/C0000000001'",
        "kind": "'PostText'",
        "conversation": "{first} + i % {conversations}",
        "message": "'m' || i",
        "payload": "'{{}}'",
        "status": "'done'",
        "attempts": "1",
        "checks": "0",
        "created_at": WHEN,
        "attempted_at": WHEN,
        "settled_at": WHEN,
    },
    "audit": {
        "id": "i + 1",
        "at": WHEN,
        "act": "'text_received'",
        "actor": "'contact'",
        "surface": "'provider'",
        "conversation": "{first} + i % {conversations}",
        "message": "'m' || i",
        "detail": "''",
        "prev_hash": "''",
        "hash": "''",
    },
}


def big() -> str:
    """Return its address."""
    directory = Path(tempfile.gettempdir()) / "textbridge-benchmarks"
    directory.mkdir(exist_ok=True)
    path = directory / f"million-{head()}.db"
    if not path.exists():
        say(f"making a database of {MESSAGES} messages in {directory}, once")
        for old in directory.glob("million-*"):
            old.unlink()
        unfinished = path.with_suffix(".part")
        upgrade(f"sqlite:///{unfinished}")
        _fill(unfinished)
        unfinished.rename(path)
    return f"sqlite:///{path}"


def _fill(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    connection.execute("BEGIN")
    for tables, count in ((OF_EACH_CONVERSATION, CONVERSATIONS), (OF_EACH_MESSAGE, MESSAGES)):
        for table, columns in tables.items():
            names, values = ", ".join(columns), ", ".join(columns.values())
            filled = values.format(first=FIRST, conversations=CONVERSATIONS, at=HOUR_AGO)
            connection.execute(
                f"INSERT INTO {table} ({names}) {NUMBERS.format(last=count - 1)} SELECT {filled} FROM n"  # noqa: S608 - ours
            )
    last = FIRST + CONVERSATIONS
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('conversation', ?, NULL)", (last,))
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('audit', ?, '')", (MESSAGES,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
