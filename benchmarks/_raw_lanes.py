"""The least an outbox with an order per lane can be: a loop over sqlite3 on one thread, twenty jobs a commit.

No retries, no leases that run out, no results kept, nothing read about a job.
"""

import sqlite3
import time
from pathlib import Path

BATCH = 20


def prepare(path: Path, lanes: int, depth: int) -> sqlite3.Connection:
    """Tables full of jobs."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE lane (key TEXT PRIMARY KEY, head INT, next INT, due INT);"
        "CREATE INDEX due ON lane (due) WHERE due IS NOT NULL;"
        "CREATE TABLE job (lane TEXT, seq INT, status TEXT, payload TEXT, PRIMARY KEY (lane, seq));"
    )
    with connection:
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO lane VALUES (?, 0, ?, 0)", [(f"lane {n}", depth) for n in range(lanes)])
        jobs = [(f"lane {n}", seq, f"{n} {seq}") for n in range(lanes) for seq in range(depth)]
        connection.executemany("INSERT INTO job VALUES (?, ?, 'pending', ?)", jobs)
    return connection


def drain(connection: sqlite3.Connection) -> tuple[float, list[tuple[int, int]]]:
    """Jobs a second, and the jobs as (lane, number)."""
    done: list[tuple[int, int]] = []
    started = time.perf_counter()
    while True:
        now = int(time.time())
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            claimed = connection.execute(
                "UPDATE lane SET due = ? WHERE key IN (SELECT key FROM lane WHERE due <= ? ORDER BY due LIMIT ?)"
                " RETURNING key, head, next",
                (now + 60, now, BATCH),
            ).fetchall()
            jobs = [
                connection.execute(
                    "UPDATE job SET status = 'in flight' WHERE lane = ? AND seq = ? RETURNING payload", lane[:2]
                ).fetchone()[0]
                for lane in claimed
            ]
        if not claimed:
            return len(done) / (time.perf_counter() - started), done
        for payload in jobs:
            lane, _, number = payload.partition(" ")
            done.append((int(lane), int(number)))
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "UPDATE job SET status = 'done' WHERE lane = ? AND seq = ?", [lane[:2] for lane in claimed]
            )
            connection.executemany(
                "UPDATE lane SET head = head + 1, due = ? WHERE key = ?",
                [(now if head + 1 < last else None, key) for key, head, last in claimed],
            )
