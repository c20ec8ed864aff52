"""Bring a database's tables up to date. Alembic is imported only when something of it is asked for.

These functions block, and must not be called on an event loop's thread: use ``asyncio.to_thread``. Those that take a
database's address raise ``StoreUnavailable``.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, inspect, make_url

from bridge.store.engine_sqlite import READS, WRITES, make_engine
from bridge.store.errors import translated

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

SCRIPTS = Path(__file__).parent / "migrations"
VERSIONS = "alembic_version"
SQLITE_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL")  # tables are rebuilt: no foreign keys meanwhile


class DatabaseTooNew(Exception):
    """The database was made by a later version of Textbridge."""


def upgrade(url: str) -> None:
    """Make or change the tables. Safe when several processes do it at once. Raises ``DatabaseTooNew``."""
    _connected(url, _upgrade)


def current(url: str) -> str | None:
    """The revision of the database, None for an empty one."""
    return _connected(url, _current)


def of_one_moment(url: str, work: Callable[[Connection], T]) -> T:
    """Do ``work``, which only reads, on the database as it is now; others go on writing."""
    return _connected(url, lambda connection: work(_still(connection)), begin=READS)


def in_transaction(url: str, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in one transaction, however long it takes."""
    return _connected(url, work)


def has_tables(connection: Connection) -> bool:
    """Whether there is anything in the database."""
    return bool(inspect(connection).get_table_names())


def upgrade_to(connection: Connection, revision: str) -> None:
    """Make or change the tables up to ``revision``."""
    from alembic import command  # noqa: PLC0415 - see above

    command.upgrade(_config(connection), revision)


def is_current(url: str) -> bool:
    """Whether the tables are those this version needs."""
    return current(url) == head()


def is_known(revision: str) -> bool:
    """Whether a revision is of this version or an earlier one."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return any(script.revision == revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions())


def head() -> str:
    """The revision this version needs: the last of the files, whose names begin with theirs."""
    return max(path.name.partition("_")[0] for path in SCRIPTS.glob("versions/[0-9]*_*.py"))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    if _current(connection) == head():
        return

    from alembic import command  # noqa: PLC0415 - see above
    from alembic.util import CommandError  # noqa: PLC0415 - see above

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7478200118)")  # whoever comes second finds it done
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        if _current(connection) is None:
            raise
        raise DatabaseTooNew("the database was made by a later version of Textbridge: install that version") from error


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSIONS):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {VERSIONS}").scalar()  # noqa: S608 - ours


def _still(connection: Connection) -> Connection:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    return connection


def _connected(url: str, work: Callable[[Connection], T], *, begin: str = WRITES) -> T:
    try:
        return _in_transaction(url, work, begin)
    except Exception as error:
        if (unavailable := translated(error)) is None:
            raise
        raise unavailable from error


def _in_transaction(url: str, work: Callable[[Connection], T], begin: str) -> T:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        from bridge.store.engine_postgres import run_once  # noqa: PLC0415 - asyncpg is slow to import

        return asyncio.run(run_once(url, work))
    with make_engine(parsed, pragmas=SQLITE_PRAGMAS, begin=begin).begin() as connection:
        return work(connection)
