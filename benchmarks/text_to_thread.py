"""A text of a known contact until Slack has it: our own time, against a slack-bolt app that posts at once."""

from contextlib import ExitStack

from benchmarks._databases import sqlite
from benchmarks._passages import compare
from benchmarks._paths import Passage, Way

if __name__ == "__main__":

    def texts(way: Way, contacts: list[int], rate: float | None) -> Passage:
        """In their threads."""
        return way.text(contacts, rate)

    with ExitStack() as stack:
        compare("text_to_thread", stack.enter_context(sqlite()), texts)
