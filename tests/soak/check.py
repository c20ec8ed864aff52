"""What people on both sides see at the end, against what people on both sides did."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.flow import seen
from tests.soak.outside import Outside
from tests.soak.traffic import Traffic, Written

LATE = "Received while the bridge was away."
UNKNOWN = "It is not certain"
FAILED = "Not delivered"


@dataclass
class Count:
    """One line of the table, and examples of what is wrong."""

    sent: int = 0
    seen: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    examples: list[str] = field(default_factory=list[str])

    @property
    def breaches(self) -> int:
        """How often a promise was broken."""
        return self.lost + self.doubled + self.out_of_order


@dataclass
class Result:
    """The whole comparison."""

    texts: Count
    replies: Count
    acknowledged: int
    recovered: int
    unknown_shown: int
    leaked: int
    pictures: Count
    missing: list[str]

    @property
    def broken(self) -> bool:
        """Whether any promise was."""
        return bool(self.texts.breaches or self.replies.breaches or self.leaked or self.pictures.lost)


def compare(outside: Outside, traffic: Traffic) -> Result:
    """Compare phones and threads with what was written."""
    texts, replies, pictures = Count(), Count(), Count()
    missing: list[str] = []
    recovered = unknown = leaked = 0
    for contact in outside.contacts:
        posts = [post for post in _thread(outside, contact) if post.username]
        late = {seen.words(post) for post in posts if LATE in str(post.blocks)}
        recovered += len(late)
        _texts(traffic, contact, [seen.words(post) for post in posts], late, texts)
        notes = [seen.words(post) for post in _thread(outside, contact) if not post.username]
        unsure = sum(UNKNOWN in note or FAILED in note for note in notes)
        unknown += unsure
        got = [message.words for message in outside.twilio.phone(contact).inbox]
        mine = [entry for entry in traffic.written if entry.contact == contact]
        leaked += _replies(mine, got, unsure, replies, missing)
        _pictures(outside, traffic, contact, pictures)
    accepted = sum(text.accepted for text in traffic.texts)
    return Result(texts, replies, accepted, recovered, unknown, leaked, pictures, missing)


def _thread(outside: Outside, contact: str) -> list[seen.Message]:
    room = outside.slack.channels[outside.room_of(contact)].messages.values()
    roots = {post.ts for post in room if seen.is_card(post, contact)}
    return sorted((post for post in room if post.is_reply and post.thread_ts in roots), key=lambda post: post.ts)


def _texts(traffic: Traffic, contact: str, shown: Sequence[str], late: set[str], count: Count) -> None:
    sent = [text.body for text in traffic.texts if text.contact == contact]
    _tally(contact, sent, shown, count)
    place = {body: index for index, body in enumerate(sent)}
    live = [place[body] for body in shown if body in place and body not in late]
    _order(contact, live, count, sent)


def _replies(mine: Sequence[Written], got: Sequence[str], unsure: int, count: Count, all_missing: list[str]) -> int:
    """Count what became of replies; returns how many inner remarks reached the phone."""
    leaving = [entry for entry in mine if entry.kind in ("reply", "edited", "picture", "undone")]
    place: dict[str, int] = {}
    missing: list[str] = []
    times = Counter(got)
    for index, entry in enumerate(sorted(leaving, key=lambda entry: entry.ts)):
        words = [entry.body, *([entry.later] if entry.later else [])]
        place |= dict.fromkeys(words, index)
        seen_times = sum(times[word] for word in words)
        count.sent += 1
        count.seen += bool(seen_times)
        if seen_times > 1:
            count.doubled += 1
            count.examples.append(f"doubled: {entry.contact} {entry.body}")
        if not seen_times and entry.kind != "undone":
            missing.append(entry.body)
    if len(missing) > unsure:
        all_missing += missing
        count.lost += len(missing) - unsure
        count.examples.append(f"lost: {len(missing) - unsure} of {missing} ({unsure} are told)")
    _order(mine[0].contact if mine else "", [place[word] for word in got if word in place], count, list(place))
    inside = [entry.body for entry in mine if entry.kind in ("comment", "held")]
    leaks = [word for word in got if any(body in word for body in inside)]
    count.examples += [f"leaked: {word}" for word in leaks]
    return len(leaks)


def _pictures(outside: Outside, traffic: Traffic, contact: str, count: Count) -> None:
    sent = sum(text.picture for text in traffic.texts if text.contact == contact)
    shown = sum(len(post.files) for post in _thread(outside, contact) if post.user == outside.slack.bot_user_id)
    count.sent += sent
    count.seen += shown
    count.lost += max(0, sent - shown)
    count.doubled += max(0, shown - sent)


def _tally(contact: str, sent: Sequence[str], shown: Sequence[str], count: Count) -> None:
    times = Counter(shown)
    count.sent += len(sent)
    count.seen += len(shown)
    for body in sent:
        if times[body] != 1:
            count.lost += not times[body]
            count.doubled += times[body] > 1
            count.examples.append(f"{'doubled' if times[body] else 'lost'}: {contact} {body}")


def _order(contact: str, places: Sequence[int], count: Count, names: Sequence[str]) -> None:
    del names
    for before, after in itertools.pairwise(places):
        if after < before:
            count.out_of_order += 1
            count.examples.append(f"out of order: {contact} {before} before {after}")
