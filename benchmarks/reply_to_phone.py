"""A teammate's reply until Twilio has it: our own time, against a slack-bolt app that sends at once."""

from contextlib import ExitStack

from benchmarks._databases import sqlite
from benchmarks._passages import compare
from benchmarks._paths import Passage, Way

if __name__ == "__main__":

    def replies(way: Way, contacts: list[int], rate: float | None) -> Passage:
        """To their phones."""
        return way.reply(contacts, rate)

    with ExitStack() as stack:
        compare("reply_to_phone", stack.enter_context(sqlite()), replies)
