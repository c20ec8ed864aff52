"""``column`` is one of many values, given as one parameter.

SQLAlchemy's own IN writes a parameter for each value: another statement for each number of them, rendered anew each
time and, on PostgreSQL, prepared anew.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Dialect,
    Text,
    TypeDecorator,
    bindparam,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from bridge.store.types import clean, dump


class Texts(TypeDecorator[list[str]]):
    """Texts: an array, or on SQLite, which has none, JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the database has it."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> list[str] | str:
        """Python to database."""
        values = [clean(one) for one in value or ()]
        return values if dialect.name == "postgresql" else dump(values)


class Numbers(TypeDecorator[list[int]]):
    """Whole numbers, likewise."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """As the database has it."""
        return dialect.type_descriptor(ARRAY(BigInteger()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> list[int] | str:
        """Python to database."""
        values = list(value or ())
        return values if dialect.name == "postgresql" else dump(values)


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002 - SQLAlchemy's
        """As it is: with the ``= 1`` that SQLAlchemy would add, SQLite finds no index for it."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the values of the parameter ``name``."""
    kind = Numbers() if isinstance(column.type, BigInteger) else Texts()
    return _Among(column, bindparam(name, type_=kind))


def one_of(column: ColumnElement[Any], *words: str) -> ColumnElement[bool]:
    """Whether the column is one of these few words of ours, which are always the same and so stand in the statement."""
    return column.in_([literal_column(f"'{word}'") for word in words])


@compiles(_Among, "postgresql")
def _postgresql(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(values, **options)})"


@compiles(_Among, "sqlite")
def _sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    found = f"SELECT value FROM json_each({compiler.process(values, **options)})"  # noqa: S608 - a parameter's name
    return f"{compiler.process(column, **options)} IN ({found})"
