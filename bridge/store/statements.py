"""Inserts that both databases know, built once each."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

Values: TypeAlias = dict[str, Any]
Insert: TypeAlias = "PostgresInsert | SqliteInsert"


def insert_into(dialect: str, table: Table) -> Insert:
    """An insert that has ``on_conflict_do_…``. Each dialect is imported where it is used: both together are slow."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415 - see above

        return postgresql_insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert  # noqa: PLC0415 - see above

    return sqlite_insert(table)


@cache
def _upsert(dialect: str, table: Table, only: tuple[str, ...] | None) -> Insert:
    statement = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in keys] if only is None else only
    changes: dict[str, ColumnElement[Any]] = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def upsert(
    connection: Connection, table: Table, rows: Sequence[Values], *, only: tuple[str, ...] | None = None
) -> None:
    """Insert rows, or bring those there already (by primary key) up to date, ``only`` in these columns."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, only), rows)


@cache
def _insert_missing(dialect: str, table: Table) -> Insert:
    return insert_into(dialect, table).on_conflict_do_nothing()


def insert_missing(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        connection.execute(_insert_missing(connection.dialect.name, table), rows)
