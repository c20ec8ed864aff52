"""The stale-reply stop: what was said that the writer of a reply could not have seen."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bridge.domain.conversations import Said
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef, person_of
from bridge.rules import owning_words as words
from bridge.rules.act import Act
from bridge.rules.people import is_same, name_of

UNSHOWN = timedelta(minutes=15)
"""A text of the contact that is not in the thread yet counts as unseen for so long; later something else is wrong."""

READING = timedelta(seconds=2)
"""Nobody has read, and answered, a text that was shown so shortly before: who writes then was writing already."""

TYPING = timedelta(seconds=10)
"""Nobody has read what a teammate posted while they were typing themselves: an answer takes about so long to write."""

_SECONDS_DIGITS = 11  # until the year 5138
_EPOCH = datetime.fromtimestamp(0, UTC)


def unseen(act: Act, draft: Message) -> tuple[str, ...]:
    """Return why the writer of a reply could not know all that was said, in plain words; empty: they could.

    The order is that of the platforms' own clocks, never that in which events reached us.
    """
    if act.line is None or not act.line.stale_stop or draft.origin is None:
        return ()
    return tuple(dict.fromkeys(_found(act, moment(draft.origin, draft.posted_at), draft.author)))


def _found(act: Act, written: datetime | None, author: str | None) -> Iterator[str]:
    for said in act.state.said:
        if said.author is None:
            if _is_unseen_text(said, written, act.now):
                yield words.WROTE_AGAIN
        elif is_later(moment(said.ref, said.posted_at), written, TYPING) and not _is_own(act, said.author, author):
            yield words.answered_by(name_of(said.author, act.policy) or "another teammate")


def _is_own(act: Act, key: str, author: str | None) -> bool:
    return author is not None and is_same(key, person_of(author), act.policy)


def _is_unseen_text(said: Said, written: datetime | None, now: datetime) -> bool:
    if said.ref is None:
        return now - said.at < UNSHOWN
    return is_later(moment(said.ref, said.posted_at), written, READING)


def is_later(one: datetime | None, other: datetime | None, grace: timedelta = timedelta()) -> bool:
    """Tell whether one moment came after another or, with ``grace``, at most so long before; unknown ones did not."""
    return one is not None and other is not None and one > other - grace


def moment(ref: ChatRef | None, at: datetime | None) -> datetime | None:
    """Return when a chat message was posted: ``at``, else what its id says, where ids are times (as Slack's are)."""
    if at is not None or ref is None:
        return at
    seconds, _, rest = ref.id.partition(".")
    if not (seconds.isdecimal() and rest.isdecimal() and len(seconds) <= _SECONDS_DIGITS):
        return None
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(rest[:6]))
