"""Databases for benchmarks, as durable as in life."""

import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bridge.store import upgrade
from tests.services import postgres

DURABLE: Mapping[str, str] = {"max_connections": "60", "shared_buffers": "256MB"}


@contextmanager
def sqlite() -> Generator[str]:
    """An empty database file; yields its address."""
    directory = Path(tempfile.mkdtemp(prefix="textbridge-benchmark-"))
    try:
        url = f"sqlite:///{directory / 'bridge.db'}"
        upgrade(url)
        yield url
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def server() -> Generator[postgres.Postgres]:
    """A PostgreSQL server of our own that writes to disk before it says so."""
    directory = Path(tempfile.mkdtemp(prefix="textbridge-benchmark-"))
    directory.chmod(0o755)  # PostgreSQL runs as another user when we are root
    try:
        yield postgres.shared_server(directory, DURABLE)
    finally:
        postgres.stop_server(directory)
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def postgresql(running: postgres.Postgres) -> Generator[str]:
    """An empty database on a server; yields its address."""
    with running.database() as url:
        upgrade(url)
        yield url


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        rows = connection.execute(statement).fetchall()
        connection.close()
        return rows
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()
