"""The database as commands use it: opened, asked once, closed; what is wrong with it said in sentences."""

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import make_url

from bridge.cli.failure import Failure
from bridge.config import Config
from bridge.config.redaction import without_password
from bridge.outside import system_clock
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.store import inspect, migrate, open_store

T = TypeVar("T")

FILE_REMEDY = "Check the path, its permissions and the disk; restore a backup if the file is damaged."
SERVER_REMEDY = (
    "Check the address, user and password in `database`, that the server runs, and that both were made there "
    "(createuser, createdb)."
)


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite database, None for a server's."""
    parsed = make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def remedy_of(url: str) -> str:
    """Return what to look at when a database cannot be used."""
    return SERVER_REMEDY if file_of(url) is None else FILE_REMEDY


def unusable(url: str, problem: Exception) -> Failure:
    """Return the failure of a database that cannot be used."""
    said = str(problem).rstrip(".")
    return Failure(f"The database {without_password(url)} cannot be used: {said}. {remedy_of(url)}")


def missing_folder(url: str) -> Path | None:
    """Return the folder that an SQLite database would be in, if it is not there."""
    file = file_of(url)
    return None if file is None or file.absolute().parent.is_dir() else file.absolute().parent


def require_folder(url: str) -> None:
    """Raise ``Failure`` when an SQLite database's folder is missing."""
    folder = missing_folder(url)
    if folder is not None:
        raise Failure(f"The database's folder {folder} does not exist. Make it, or change `database`.")


def revision_of(url: str) -> str | None:
    """Return the revision of the tables, None when there are none; no file is made. Raises ``Failure``."""
    require_folder(url)
    file = file_of(url)
    if file is not None and not file.exists():
        return None
    try:
        return migrate.current(url)
    except StoreUnavailable as problem:
        raise unusable(url, problem) from problem


def in_database(config: Config, work: Callable[[Unit], T]) -> T:
    """Do ``work`` in one transaction on tables that are up to date. Raises ``Failure``."""
    with _asked(config) as ask:
        return ask(work)


def in_portions(config: Config, read: Callable[[Unit, int], Sequence[T]], number: Callable[[T], int]) -> Iterator[T]:
    """Read portion after portion, a transaction each, until one is empty: a service beside it waits for none long.

    ``read`` is told the ``number`` of the last one it gave, first 0. Raises ``Failure``.
    """
    with _asked(config) as ask:
        after = 0
        while found := ask(partial(_portion, read, after)):
            yield from found
            after = number(found[-1])


def _portion(read: Callable[[Unit, int], Sequence[T]], after: int, unit: Unit) -> Sequence[T]:
    return read(unit, after)


@contextmanager
def _asked(config: Config) -> Generator[Callable[[Callable[[Unit], Any]], Any]]:
    url = config.database_url
    revision = revision_of(url)
    if revision != migrate.head():
        raise Failure(f"{standing(revision)} {STANDING_REMEDY}")
    with asyncio.Runner() as runner:

        def ask(work: Callable[[Unit], Any]) -> Any:
            try:
                return runner.run(store.transact(work))
            except StoreUnavailable as problem:
                raise unusable(url, problem) from problem

        try:
            store: Store = runner.run(open_store(url, system_clock))
        except StoreUnavailable as problem:
            raise unusable(url, problem) from problem
        try:
            if missing := ask(inspect.missing_tables):
                raise Failure(f"The database lacks {', '.join(missing)}. {MISSING_REMEDY}")
            yield ask
        finally:
            runner.run(store.aclose())


MISSING_REMEDY = "Somebody removed it from outside: restore a backup, and find out who can write there."
STANDING_REMEDY = "`textbridge db upgrade` brings them up to date, and so does `textbridge run` at its start."


def standing(revision: str | None) -> str:
    """Say how the tables stand to those this version needs. Raises ``Failure`` when a later version made them."""
    if revision is None:
        return "The database has no tables yet."
    if revision == migrate.head():
        return f"The tables are up to date (revision {revision})."
    if migrate.is_known(revision):
        return f"The tables are of an earlier version (revision {revision})."
    raise Failure(TOO_NEW)


TOO_NEW = "The database was made by a later version of Textbridge. Install that version, or restore a backup."
