"""Which tests run on both databases: each feature's way through all parts, and whatever races, restarts or fails.

What differs from such a test only in what is decided or shown runs on SQLite alone; the store is tested on both.
"""

import pytest

on_sqlite = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
