"""Drivers' errors, told apart by what helps against them. The only place that knows their codes."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bridge.ports.store import StoreUnavailable


class Conflict(StoreUnavailable):
    """Another transaction was in the way (deadlock, serialization): the same work passes when done again."""


class ConnectionLost(StoreUnavailable):
    """The connection broke; a new one may do."""


SQLITE_UNAVAILABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_NOTADB,
    }
)
# Classes of SQLSTATE: connection, login, database, resources, operator, system, internal; read-only server.
POSTGRES_UNAVAILABLE = ("08", "28", "3D000", "53", "57", "58", "XX", "25006")
POSTGRES_LOST = ("08", "57P01", "57P02")
POSTGRES_CONFLICT = ("40001", "40P01", "55P03")


def translated(error: BaseException) -> StoreUnavailable | None:
    """What the port calls this error; None when it is a bug of ours or of the caller's."""
    if isinstance(error, StoreUnavailable):
        return error
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("no free connection to the database")
    if isinstance(error, OSError):  # TimeoutError and refused connections among them
        return ConnectionLost(f"no connection to the database ({type(error).__name__})")
    if not isinstance(error, DBAPIError):
        return _from_driver(error)
    if error.connection_invalidated:
        return ConnectionLost("the connection to the database broke")
    return None if error.orig is None else _from_driver(error.orig)


def _from_driver(error: BaseException) -> StoreUnavailable | None:
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        if state in POSTGRES_CONFLICT:
            return Conflict("another transaction was in the way")
        if state.startswith(POSTGRES_LOST):
            return ConnectionLost(_first_line(error))
        return StoreUnavailable(_first_line(error)) if state.startswith(POSTGRES_UNAVAILABLE) else None
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int) and code & 0xFF in SQLITE_UNAVAILABLE:
        return StoreUnavailable(_first_line(error))
    if isinstance(error.__cause__, OSError):
        return ConnectionLost(f"no connection to the database ({type(error.__cause__).__name__})")
    return None


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
