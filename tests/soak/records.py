"""What the database says at the end: what became of each message, and who did what."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, create_engine, func, select

from bridge.domain.people import ChatRef
from bridge.store import audit as chain
from bridge.store.schema import contact_addresses, conversations, messages, outbox
from bridge.store.side_schema import audit

ONCE = ("text_received", "replied", "commented", "canned_sent", "sent", "outcome_unknown", "undone", "failed")
"""Entries that a message may have once: nobody sends again, releases or takes back anything here."""
TAKES_UP = ("replied", "canned_sent", "released")
"""Acts that open a closed conversation without an entry of their own."""


@dataclass(frozen=True)
class Records:
    """Rows as they are read; ``stuck``: kinds of calls, texts aside, that failed or of which nobody knows."""

    messages: dict[str, RowMapping]
    conversations: dict[int, RowMapping]
    entries: list[RowMapping]
    contacts: dict[int, str]
    stuck: Counter[str]
    chain: str | None

    def of(self, ref: ChatRef) -> RowMapping | None:
        """The message that was written as this post."""
        return next((row for row in self.messages.values() if row["origin"] == ref), None)


def read(url: str) -> Records:
    """Read everything."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        found = Records(
            messages={row["id"]: row for row in _rows(connection, select(messages))},
            conversations={row["number"]: row for row in _rows(connection, select(conversations))},
            entries=_rows(connection, select(audit).order_by(audit.c.id)),
            contacts={row["number"]: row["address"] for row in _rows(connection, _ADDRESSES)},
            stuck=Counter({row["kind"]: row["count"] for row in _rows(connection, _STUCK)}),
            chain=chain.verify(connection).problem,
        )
    engine.dispose()
    return found


_ADDRESSES = select(conversations.c.number, contact_addresses.c.address).join(
    contact_addresses, contact_addresses.c.contact == conversations.c.contact
)
_STUCK = (
    select(outbox.c.kind, func.count().label("count"))
    .where(outbox.c.stuck_at.is_not(None), outbox.c.kind != "SendText")
    .group_by(outbox.c.kind)
)


def _rows(connection: Connection, query: Any) -> list[RowMapping]:
    return list(connection.execute(query).mappings())


@dataclass
class _Course:
    """A conversation as its entries tell it."""

    assignee: str | None = None
    closed: bool = False
    labels: list[str] = field(default_factory=list[str])


def contradictions(records: Records) -> list[str]:
    """Entries that could not follow one another, doubled ones, and a conversation that is not as they leave it."""
    found: list[str] = []
    courses: dict[int, _Course] = {}
    for entry in records.entries:
        if entry["conversation"] is not None:
            course = courses.setdefault(entry["conversation"], _Course())
            if wrong := _step(course, entry):
                found.append(f"entry {entry['id']} of #{entry['conversation']}: {entry['act']} {wrong}")
    for number, row in records.conversations.items():
        course = courses.get(number, _Course())
        told = (course.assignee, course.closed, sorted(course.labels))
        stored = (row["assignee"], row["status"].value == "closed", sorted(row["labels"]))
        if told != stored:
            found.append(f"#{number}: entries leave it as {told}, stored is {stored}")
    found += _without_rule(records)
    times = Counter((entry["act"], entry["message"]) for entry in records.entries if _counts_once(entry))
    return found + [f"{act} of {message}: {count} entries" for (act, message), count in times.items() if count > 1]


def _without_rule(records: Records) -> list[str]:
    """Texts that the rule for every text was asked about never, or twice."""
    every = [entry for entry in records.entries if entry["actor"] == "rule:every text" and entry["act"] == "rule_ran"]
    asked = Counter(entry["message"] for entry in every)
    texts = [entry["message"] for entry in records.entries if entry["act"] == "text_received"]
    return [f"the rule for every text ran {asked[text]} times for {text}" for text in texts if asked[text] != 1]


def _counts_once(entry: RowMapping) -> bool:
    return entry["act"] in ONCE and entry["surface"] != "edit"  # changed words are judged anew, and that is an act


def _step(course: _Course, entry: RowMapping) -> str:  # noqa: PLR0911 - one line an act
    match entry["act"]:
        case "claimed" | "assigned" as act:
            person, before = (entry["actor"] if act == "claimed" else entry["detail"]), course.assignee
            course.assignee = person
            taken = before is not None and (act == "claimed" or entry["actor"] == "bridge")
            return "of what is somebody's" if taken or before == person else ""
        case "unassigned":
            before, course.assignee = course.assignee, None
            return "" if before == entry["detail"] else f"from {before}"
        case "closed":
            before, course.closed = course.closed, True
            return "twice" if before else ""
        case "reopened":
            before, course.closed = course.closed, False
            return "" if before else "while it is open"
        case "labelled":
            return _labelled(course, entry["detail"])
        case act if act in TAKES_UP:
            course.closed = False
            return ""
        case _:
            return ""


def _labelled(course: _Course, changes: str) -> str:
    before = set(course.labels)
    for change in changes.split():
        name, gone = change.lstrip("+-"), change.startswith("-")
        course.labels = [label for label in course.labels if label != name] + ([] if gone else [name])
    return "" if set(course.labels) != before else "changes nothing"
