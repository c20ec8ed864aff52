"""Texts acknowledged after their commit on SQLite (WAL, synchronous=FULL)."""

from benchmarks._databases import sqlite
from benchmarks._intake import measure

if __name__ == "__main__":
    measure("intake_sqlite", sqlite)
