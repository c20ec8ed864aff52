"""The stale-reply stop: what was said that the writer of a reply could not have seen."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bridge.domain.conversations import Said
from bridge.domain.messages import Message
from bridge.domain.people import person_of
from bridge.rules import owning_words as words
from bridge.rules.act import Act
from bridge.rules.people import is_same, name_of

UNSHOWN = timedelta(minutes=15)
"""A text of the contact that is not in the thread yet counts as unseen for so long; later something else is wrong."""

TYPING = timedelta(seconds=10)
"""Nobody has read what a teammate posted while they were typing themselves: an answer takes about so long to write."""

_SECONDS_DIGITS = 11  # until the year 5138


def unseen(act: Act, draft: Message) -> tuple[str, ...]:
    """Return why the writer of a reply could not know all that was said, in plain words; empty: they could.

    The order is that of the platform's own time stamps, never that in which events reached us.
    """
    if act.line is None or not act.line.stale_stop or draft.origin is None:
        return ()
    return tuple(dict.fromkeys(_found(act, draft.origin.id, draft.author)))


def _found(act: Act, written: str, author: str | None) -> Iterator[str]:
    for said in act.state.said:
        if said.author is None:
            if _is_unseen_text(said, written, act.now):
                yield words.WROTE_AGAIN
        elif said.ref is not None and is_later(said.ref.id, written, TYPING) and not _is_own(act, said.author, author):
            yield words.answered_by(name_of(said.author, act.policy) or "another teammate")


def _is_own(act: Act, key: str, author: str | None) -> bool:
    return author is not None and is_same(key, person_of(author), act.policy)


def _is_unseen_text(said: Said, written: str, now: datetime) -> bool:
    return now - said.at < UNSHOWN if said.ref is None else is_later(said.ref.id, written)


def is_later(one: str, other: str, grace: timedelta = timedelta()) -> bool:
    """Tell whether a chat message came after another of its room, by ids that are time stamps (as Slack's are).

    With ``grace``: or at most so long before it.
    """
    first, second = _moment(one), _moment(other)
    return first is not None and second is not None and first > second - grace


def _moment(ref: str) -> timedelta | None:
    seconds, _, rest = ref.partition(".")
    if not (seconds.isdecimal() and rest.isdecimal() and len(seconds) <= _SECONDS_DIGITS):
        return None
    return timedelta(seconds=int(seconds), microseconds=int(rest[:6]))
