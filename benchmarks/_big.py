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
OF_EACH_CONVERSATION = {
    "contacts": "'c' || i, '+1444' || (1000000 + i), NULL",
    "contact_addresses": "'+1444' || (1000000 + i), 'c' || i",
    "conversations": "{first} + i, 'front-desk', 'c' || i, 'open', {at}, NULL, '[]', NULL, {at}, {at}, NULL, 0,"
    " NULL, '[]', 0",
    "threads": "'t' || i, {first} + i, 'slack', 'C0000000001', 'open', {at},"
    ' \'["slack","C0000000001","1.\' || i || \'"]\', NULL, NULL',
}
OF_EACH_MESSAGE = {
    "messages": "'m' || i, {first} + i % {conversations}, iif(i / {conversations} % 2, 'reply', 'inbound'),"
    " 'Hello, is the blue one still there? This is number ' || i, iif(i / {conversations} % 2, 'delivered',"
    " 'received'),"
    " {at} - (1000000 - i) * 1700000, NULL, NULL, NULL, '[]', NULL, 1, 'main', 'SMold' || i, 1, NULL,"
    " '[]', NULL, 0, 1",
    "chat_posts": "'slack', 'C0000000001', '2.' || i, {first} + i % {conversations}, 'text', 'm' || i, 'none', 'none',"
    " {at} - (1000000 - i) * 1700000",
    "inbox": "i + 1, 'provider:main', 'SMold' || i, 'webhook', {at} - (1000000 - i) * 1700000, 1, zeroblob(800), NULL,"
    " {at} - (1000000 - i) * 1700000",
    "lanes": "'old:' || i, 'room:slack/C0000000001', 1, 1, NULL, 1, NULL",
    "outbox": "'old:' || i, 0, printf('%012x%020x', ({at} - (1000000 - i) * 1700000) / 1000, i),"
    " 'room:slack/C0000000001', 'PostText',"
    " {first} + i % {conversations}, 'm' || i, '{{}}', 'done', 1, 0, {at} - (1000000 - i) * 1700000, NULL,"
    " {at} - (1000000 - i) * 1700000, {at} - (1000000 - i) * 1700000, NULL, NULL",
    "audit": "i + 1, {at} - (1000000 - i) * 1700000, 'text_received', 'contact', 'provider',"
    " {first} + i % {conversations}, 'm' || i, '', '', ''",
}


def big() -> str:
    """Return its address."""
    directory = Path(tempfile.gettempdir()) / "textbridge-benchmarks"
    directory.mkdir(exist_ok=True)
    path = directory / f"million-{head()}.db"
    if not path.exists():
        say(f"making a database of {MESSAGES} messages in {directory}, once")
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        upgrade(f"sqlite:///{unfinished}")
        _fill(unfinished)
        unfinished.rename(path)
    return f"sqlite:///{path}"


def _fill(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;")
    connection.execute("BEGIN")
    for tables, count in ((OF_EACH_CONVERSATION, CONVERSATIONS), (OF_EACH_MESSAGE, MESSAGES)):
        for table, values in tables.items():
            filled = values.format(first=FIRST, conversations=CONVERSATIONS, at=HOUR_AGO)
            names = ", ".join(f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})"))
            # Values in the order of the columns: a column added later makes this fail at once.
            connection.execute(
                f"INSERT INTO {table} ({names}) {NUMBERS.format(last=count - 1)} SELECT {filled} FROM n"  # noqa: S608 - ours
            )
    last = FIRST + CONVERSATIONS
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('conversation', ?, NULL)", (last,))
    connection.execute("INSERT OR REPLACE INTO counters VALUES ('audit', ?, '')", (MESSAGES,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
