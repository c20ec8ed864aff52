"""The worlds of the flow tests, on SQLite."""

from tests.flow.conftest import _unpaced, logged, make_sqlite_world, open_checked

__all__ = ["_unpaced", "logged", "make_sqlite_world", "open_checked"]
