"""Texts acknowledged after their commit on PostgreSQL (synchronous_commit=on)."""

from functools import partial

from benchmarks._databases import postgresql, server
from benchmarks._intake import measure

if __name__ == "__main__":
    with server() as running:
        measure("intake_postgresql", partial(postgresql, running))
