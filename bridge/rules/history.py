"""What is on record, in words."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeAlias

from bridge.domain.automation import RAN, SURFACE
from bridge.domain.cards import INSERT, Note
from bridge.domain.consent import Consented
from bridge.domain.effects import Recorded
from bridge.domain.messages import Message
from bridge.domain.people import Person, person_of
from bridge.rules.consent_words import consent_line
from bridge.rules.owning_words import NO_RECORD

SHOWN = 20
NO_WORDS = "(a file)"
_Line: TypeAlias = tuple[str, tuple[Person | datetime, ...]]
_WORDS = {
    "text_received": "texted",
    "replied": "replied",
    "held": "wrote a reply, which was held",
    "released": "sent a held reply",
    "sent": "sent a reply to the provider",
    "sent_early": "sent a reply at once",
    "sent_again": "sent a reply again",
    "undone": "stopped a reply",
    "kept_internal": "kept a reply internal",
    "commented": "commented",
    "claim_refused": "tried to claim what was another's",
    "labelled": "changed labels",
    "named": "named the contact",
    "handed_over": "handed over",
    "shared": "shared the conversation",
    "thread_lost": "lost a thread",
    "snoozed": "snoozed it until",
    "planned": "wrote a reply to be sent",
    "sent_later": "sent a reply as planned",
    "outrun": "wrote before a reply was sent later",
    "woken": "ended the snooze",
    "held_for_night": "held a text for the contact's night until",
    "sent_at_night": "sent a text in the contact's night",
    "sent_in_the_morning": "sent a text as the contact's night was over",
    "opted_out": "opted out",
    "opted_in": "opted in",
    "refusal_doubted": "may have asked for no more texts",
    "refusal_denied": "said that it was no refusal",
    "opt_out_confirmed": "confirmed the opt-out to the contact",
    "held_for_consent": "held a text until it is known whether the contact wants any",
    "consent_asked": "asked the contact whether they want texts",
    "zone_set": "changed the contact's time zone",
    "sorted": "sorted a text",
    "not_sorted": "could not sort a text",
    "draft_asked": "asked the assistant for a draft",
    "draft_made": "drafted a reply",
    "draft_failed": "drafted nothing",
    "summary_asked": "asked the assistant for a summary",
    "summary_made": "summed it up",
    "summary_failed": "summed nothing up",
    "reminder_set": "set a reminder for",
    "reminder_taken_back": "took back what was to be reminded of",
    "reminder_told": "reminded",
    "sla_warned": "warned that a time runs out",
    "sla_missed": "told that a time is missed",
    "away": "went away",
    "back": "came back",
    "merged": "merged it into",
    "merged_here": "merged in here",
    "unmerged": "separated it from",
    "unmerged_here": "separated from here",
    "split": "closed it and split off",
    "split_from": "split it off from",
    "texted": "texted the contact",
    "notified": "notified",
}
_OTHERS = {"contact": "The contact", "bridge": "Textbridge", "operator": "The operator", "assistant": "The assistant"}
_PEOPLE = ("reminder_told", "assigned", "unassigned", "watched", "unwatched", "claim_refused")
_TIMED = ("snoozed", "reminder_set", "planned", "held_for_night")
_ANSWERS = ("replied", "sent_later", "released", "sent_early", "sent_again", "sent_at_night")
_NUMBERS = ("merged", "merged_here", "unmerged", "unmerged_here", "split", "split_from")
_TELLING = (
    *("labelled", "handed_over", "held", "opted_in", "opted_out", "failed", "shared", "zone_set"),
    *("sorted", "not_sorted", "draft_made", "draft_failed", "summary_made", "summary_failed"),
)
_STANDING = (
    ("merged", "unmerged"),
    ("merged_here", "unmerged_here"),
    ("split", "split_from"),
    ("assigned", "claimed", "unassigned"),
    ("handed_over",),
    ("closed", "reopened", "snoozed", "woken"),
    ("blocked", "unblocked"),
    ("opted_out", "opted_in"),
    ("labelled",),
    ("named",),
)


def history(entries: Sequence[Recorded], ledger: Sequence[Consented] = ()) -> Note:
    """Tell the last acts of a conversation, oldest first, and what is known of consent. Both: newest first."""
    acts = _told([_line(entry) for entry in reversed(entries[:SHOWN])], "Last on record:")
    if not ledger:
        return acts
    consent = _told([consent_line(entry) for entry in reversed(ledger)], "Consent:")
    return Note(f"{acts.text}\n{consent.text}", inserts=(*acts.inserts, *consent.inserts), quiet=True)


def why(entries: Sequence[Recorded]) -> Note:
    """Tell who answered, the act behind each thing that is now so, and what rules did. ``entries``: newest first."""
    last = [next((one for one in entries if one.record.act in group), None) for group in _STANDING]
    answers = [entry for entry in entries if entry.record.act in _ANSWERS][:SHOWN]
    chosen = {id(entry): entry for entry in (*answers, *last) if entry is not None}
    ordered = sorted(chosen.values(), key=lambda entry: entry.at)
    acts = _told([_line(entry) for entry in ordered], "Who answered, and why things stand as they do:")
    ran = list(_ran(entries))
    if not ran:
        return acts
    rules = _told(ran, "What rules did:")
    if not ordered:
        return rules
    return Note(f"{acts.text}\n{rules.text}", inserts=(*acts.inserts, *rules.inserts), quiet=True)


def _ran(entries: Sequence[Recorded]) -> Iterator[_Line]:
    """What a rule did again and again is one line, where it did so last. Oldest first."""
    alike: dict[tuple[str, str], list[Recorded]] = {}
    for entry in entries:
        if entry.record.act == RAN:
            alike.setdefault((entry.record.actor, entry.record.detail), []).append(entry)
    for same in reversed(list(alike.values())[:SHOWN]):
        words, inserts = _line(same[0])
        times = f" ({len(same)} times since {INSERT})" if len(same) > 1 else ""
        yield words + times, (*inserts, *([same[-1].at] if times else ()))


def _told(lines: Sequence[_Line], title: str) -> Note:
    if not lines:
        return NO_RECORD
    inserts = tuple(insert for _, found in lines for insert in found)
    return Note("\n".join((title, *(line for line, _ in lines))), inserts=inserts, quiet=True)


def _line(entry: Recorded) -> _Line:
    act, detail = entry.record.act, entry.record.detail
    inserts: list[Person | datetime] = [entry.at]
    who = _OTHERS.get(entry.record.actor) or _rule(entry.record.actor) or INSERT
    if who == INSERT:
        inserts.append(person_of(entry.record.actor))
    if act == RAN:
        return f"{INSERT} · {who}: {detail.replace(INSERT, '')}", tuple(inserts)
    line = f"{INSERT} · {who} {_WORDS.get(act, act.replace('_', ' '))}"
    if act in _PEOPLE and detail:
        inserts.append(person_of(detail))
        line += f" {INSERT}"
    elif detail and act in _TIMED:
        line += f" {_time(detail, inserts)}"
    elif act in _NUMBERS:
        line += f" {detail}"
    elif detail and act in _TELLING:
        line += f": {detail.replace(INSERT, '')}"
    return f"{line} ({entry.record.surface})", tuple(inserts)


def _rule(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return f"The rule `{name.replace(INSERT, '').replace('`', '')}`" if kind == SURFACE else ""


def _time(detail: str, inserts: list[Person | datetime]) -> str:
    """A time as readers' clocks show it, or the words that stand in its place."""
    try:
        inserts.append(datetime.fromisoformat(detail))
    except ValueError:
        return detail.replace(INSERT, "")
    return INSERT


COMMENTS_AT_MOST = 2_500
"""Letters of comments repeated in another thread; the older ones are left out first."""


def carried(comments: Sequence[tuple[Person | str, str]]) -> Note | None:
    """Repeat comments with their authors, oldest first, None when there are none. An author may be a rule, by name."""
    kept: list[tuple[Person | str, str]] = []
    letters = 0
    for author, words in reversed(comments):
        plain = words.replace(INSERT, "").strip().removeprefix("//").strip()
        letters += len(plain)
        if kept and letters > COMMENTS_AT_MOST:
            break
        kept.insert(0, (author, plain[:COMMENTS_AT_MOST]))
    if not kept:
        return None
    left_out = len(comments) - len(kept)
    title = "🔒 Comments so far:" if not left_out else f"🔒 The last {len(kept)} comments ({left_out} earlier ones):"
    lines = [f"{author if isinstance(author, str) else INSERT}: {words}" for author, words in kept]
    people = tuple(author for author, _ in kept if isinstance(author, Person))
    return Note("\n".join((title, *lines)), inserts=people, quiet=True)


def author_of(comment: Message) -> Person | str:
    """Return who wrote a comment, as ``carried`` takes it."""
    return _rule(comment.automatic) if comment.automatic is not None else person_of(comment.author or "")


def left_at(entries: Sequence[Recorded]) -> datetime | None:
    """Return when a conversation left the team that it was handed back to last. ``entries``: newest first.

    None when it never left; its first hand-over when no other brought it to that team.
    """
    moves = [one for one in entries if one.record.act in ("handed_over", "shared")]
    for after, move in pairwise(moves):
        if move.record.detail == moves[0].record.detail:
            return after.at
    return moves[-1].at if len(moves) > 1 else None


def repeated(messages: Sequence[Message], contact: str, *, latest: bool = False) -> Note | None:
    """Repeat texts and replies with who wrote them, oldest first, None when there are none. ``contact``: as shown.

    ``latest``: where they are too long, the oldest are left out, else the newest.
    """
    if latest:
        messages = _latest(messages)
    lines: list[str] = []
    inserts: list[Person] = []
    for message in messages:
        words = message.body.replace(INSERT, "").strip() or NO_WORDS
        if sum(map(len, lines)) + len(words) > COMMENTS_AT_MOST and lines:
            lines.append("…")
            break
        lines.append(f"{_writer(message) or contact}: {words[:COMMENTS_AT_MOST]}")
        inserts += [person_of(message.author)] if message.author else []
    return Note("\n".join(("From there:", *lines)), inserts=tuple(inserts), quiet=True) if lines else None


def _writer(message: Message) -> str:
    """Who wrote a reply, empty for the contact."""
    if message.automatic is not None:
        return _rule(message.automatic)
    return INSERT if message.author else ""


def _latest(messages: Sequence[Message]) -> Sequence[Message]:
    letters = 0
    for at, message in enumerate(reversed(messages)):
        letters += len(message.body)
        if at and letters > COMMENTS_AT_MOST:
            return messages[len(messages) - at :]
    return messages
