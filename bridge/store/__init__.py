"""The database: tables, migrations, and the port's ``Store`` over SQLite or PostgreSQL."""

from bridge.store.migrate import current, is_current, upgrade
from bridge.store.store import open_store

__all__ = ["current", "is_current", "open_store", "upgrade"]
