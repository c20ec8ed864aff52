"""What people on both sides see at the end, against what people on both sides did."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridge.domain.identity import identify
from tests.soak.outside import Outside
from tests.soak.records import Records, contradictions
from tests.soak.team import Seals, Team
from tests.soak.traffic import Traffic, Written

LEAVING = ("reply", "edited", "picture", "undone", "canned")


@dataclass
class Count:
    """One line of the table, and examples of what is wrong. ``told``: not there, and the thread says so."""

    sent: int = 0
    seen: int = 0
    told: int = 0
    stopped: int = 0
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
    """The whole comparison. ``unknown``, ``failed``, ``held``: of how many replies, of how many the thread says so.

    ``unreadable``: posts nobody's client could open; ``told_unreadable``: how many messages the bot said it could not
    read, and how many of them it never did.
    """

    texts: Count = field(default_factory=Count)
    replies: Count = field(default_factory=Count)
    pictures: Count = field(default_factory=Count)
    acts: Count = field(default_factory=Count)
    acknowledged: int = 0
    recovered: int = 0
    leaked: int = 0
    unknown: tuple[int, int] = (0, 0)
    failed: tuple[int, int] = (0, 0)
    held: tuple[int, int] = (0, 0)
    unreadable: list[str] = field(default_factory=list[str])
    told_unreadable: tuple[int, int] = (0, 0)
    entries: int = 0
    contradictions: list[str] = field(default_factory=list[str])
    stuck: Counter[str] = field(default_factory=Counter[str])
    at_rest: bool = True

    @property
    def broken(self) -> bool:
        """Whether any promise was."""
        counted = sum(count.breaches for count in (self.texts, self.replies, self.pictures, self.acts))
        silent = any(there != shown for there, shown in (self.unknown, self.failed, self.held))
        sealed = self.unreadable or any(self.told_unreadable)
        return bool(counted or silent or sealed or self.leaked or self.contradictions or self.stuck or not self.at_rest)


def compare(outside: Outside, traffic: Traffic, records: Records) -> Result:
    """Compare phones and threads with what was written, and the record with what was done."""
    result = Result(entries=len(records.entries), contradictions=contradictions(records), stuck=records.stuck)
    if records.chain is not None:
        result.contradictions.append(f"the record does not verify: {records.chain}")
    offered, stopped = set().union(*(team.offered() for team in outside.teams)), _taken_back(records)
    for contact in outside.contacts:
        got = [message.words for message in outside.twilio.phone(contact).inbox]
        mine = [entry for entry in traffic.written if entry.contact == contact]
        for team in outside.teams:
            result.recovered += _texts(traffic, contact, team, result.texts)
            _pictures(traffic, contact, team, result.pictures)
            here = [entry for entry in mine if entry.platform == team.platform]
            _replies(team, here, got, offered, stopped, result.replies)
        by_word = sum(name(entry) in stopped and entry.kind != "undone" for entry in mine)
        if by_word > (asked := traffic.done.words_of_undo[contact]):
            result.contradictions.append(f"{contact}: {by_word} replies taken back, {asked} times asked for")
        result.leaked += _leaks(contact, mine, traffic, got, result.replies)
    _acts(traffic, records, result.acts)
    result.acknowledged = sum(text.accepted for text in traffic.texts)
    result.unknown, result.failed = _told(records, "unknown", offered), _told(records, "failed", offered)
    told = [one for team in outside.teams if isinstance(team, Seals) for one in team.told_unreadable()]
    never = [one for one in told if identify("reply", "matrix", *one) not in records.messages]
    result.told_unreadable = len(told), len(never)
    result.unreadable = [one for team in outside.teams if isinstance(team, Seals) for one in team.unreadable()]
    held = [name(entry) for entry in traffic.written if entry.kind == "held"]
    result.held = len(held), sum(message in offered for message in held)
    return result


def name(entry: Written) -> str:
    """The id our side gives to what was written."""
    return identify("reply", entry.platform, entry.room, entry.id)


def _told(records: Records, status: str, offered: set[str]) -> tuple[int, int]:
    found = [one for one, row in records.messages.items() if row["status"].value == status]
    return len(found), sum(one in offered for one in found)


def _texts(traffic: Traffic, contact: str, team: Team, count: Count) -> int:
    """Compare texts; returns how many were found late."""
    sent = [text.body for text in traffic.texts if text.contact == contact]
    shown = team.shown(contact)
    _tally(contact, sent, [one.words for one in shown], count)
    place = {body: index for index, body in enumerate(sent)}
    _order(contact, [place[one.words] for one in shown if one.words in place and not one.late], count)
    return sum(one.late for one in shown)


def _taken_back(records: Records) -> set[str]:
    return {entry["message"] for entry in records.entries if entry["act"] == "undone" and entry["surface"] == "thread"}


def _replies(
    team: Team, mine: Sequence[Written], got: Sequence[str], offered: set[str], stopped: set[str], count: Count
) -> None:
    """Count what became of a team's replies to a contact."""
    place: dict[str, int] = {}
    times = Counter(got)
    leaving = [one for one in mine if one.kind in LEAVING]
    for index, entry in enumerate(sorted(leaving, key=lambda one: team.place(one.room, one.id))):
        words = [entry.body, *([entry.later] if entry.later else [])]
        place |= dict.fromkeys(words, index)
        seen_times = sum(times[word] for word in words)
        count.sent += 1
        count.seen += bool(seen_times)
        if seen_times > 1:
            count.doubled += 1
            count.examples.append(f"doubled: {entry.contact} {entry.body}")
        if not seen_times:
            _missing(entry, name(entry) in offered, name(entry) in stopped, count)
    _order(mine[0].contact if mine else "", [place[word] for word in got if word in place], count)


def _missing(entry: Written, told: bool, stopped: bool, count: Count) -> None:
    if entry.kind == "undone" or stopped:
        count.stopped += 1
    elif told:
        count.told += 1
    else:
        count.lost += 1
        count.examples.append(f"lost: {entry.contact} {entry.room} {entry.id} {entry.body} ({name(entry)})")


def _leaks(contact: str, mine: Sequence[Written], traffic: Traffic, got: Sequence[str], count: Count) -> int:
    """How many inner remarks reached the phone."""
    inside = [entry.body for entry in mine if entry.kind in ("comment", "held")]
    inside += [mark.detail for mark in traffic.done.marks if mark.contact == contact]
    leaks = [word for word in got if word.startswith("!") or any(body in word for body in inside)]
    count.examples += [f"leaked: {word}" for word in leaks]
    return len(leaks)


def _pictures(traffic: Traffic, contact: str, team: Team, count: Count) -> None:
    sent = [text.picture for text in traffic.texts if text.contact == contact and text.picture]
    _tally(contact, [picture.decode("latin-1") for picture in sent], team.pictures(contact), count, shorten=True)


def _acts(traffic: Traffic, records: Records, count: Count) -> None:
    """Each act with words of its own has one entry, or none when nobody was told that it was received."""
    bodies = {
        entry["message"]: records.messages[entry["message"]]["body"]
        for entry in records.entries
        if entry["act"] == "commented"
    }
    labelled = [entry["detail"] for entry in records.entries if entry["act"] == "labelled"]
    commented = [bodies[entry["message"]] for entry in records.entries if entry["act"] == "commented"]
    times = {"labelled": Counter(labelled), "commented": Counter(commented)}
    for mark in traffic.done.marks:
        found = times[mark.kind][mark.detail]
        count.sent += 1
        count.seen += bool(found)
        count.doubled += found > 1
        count.lost += mark.certain and not found
        if found > 1 or (mark.certain and not found):
            count.examples.append(f"{found} entries: {mark.kind} {mark.contact} {mark.detail}")


def _tally(contact: str, sent: Sequence[str], shown: Sequence[str], count: Count, *, shorten: bool = False) -> None:
    times = Counter(shown)
    count.sent += len(sent)
    count.seen += len(shown)
    for body in sent:
        if times[body] != 1:
            count.lost += not times[body]
            count.doubled += times[body] > 1
            said = body[-20:] if shorten else body
            count.examples.append(f"{'doubled' if times[body] else 'lost'}: {contact} {said!r}")


def _order(contact: str, places: Sequence[int], count: Count) -> None:
    for before, after in itertools.pairwise(places):
        if after < before:
            count.out_of_order += 1
            count.examples.append(f"out of order: {contact} {before} before {after}")
