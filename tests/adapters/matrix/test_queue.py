"""The queue as it is told in a room."""

from datetime import UTC, datetime

from bridge.adapters.platforms.matrix.queue import NOTHING, queue_content
from bridge.domain.conversations import ConversationStatus
from bridge.domain.people import ChatRef, Person
from bridge.domain.queue import Queue, QueueEntry, View

ANA = Person("matrix", "@ana:x")
ENTRY = QueueEntry(
    number=1042,
    name="Maria <b>",
    address="+1 555-010-0200",
    line="front-desk",
    status=ConversationStatus.OPEN,
    since=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    assignee="slack:U1",
    root=ChatRef("matrix", "!r", "$card"),
)


def told(queue: Queue) -> tuple[str, str]:
    content = queue_content(queue, "matrix", lambda person: f"name of {person.id}", ANA)
    assert content["m.mentions"] == {"user_ids": [ANA.id]}
    assert content["msgtype"] == "m.notice"
    return content["body"], content["formatted_body"]


def test_an_entry_says_who_waits_since_when_and_where() -> None:
    body, html = told(Queue(view=View("waiting"), counts=(("mine", 0), ("waiting", 100)), entries=(ENTRY,)))
    facts = (
        "#1042 Maria <b> · front-desk · +1 555-010-0200 · waiting since 2026-11-22 09:00 UTC · name of U1 "
        "https://matrix.to/#/!r/$card"
    )
    assert body == f"Waiting longest 99+\nWaiting longest:\n{facts}"
    assert '<a href="https://matrix.to/#/!r/$card">#1042 Maria &lt;b&gt; · ' in html


def test_what_is_shown_elsewhere_has_no_link_and_what_is_left_out_is_said() -> None:
    plain = QueueEntry(number=7, name="", address="+1", line="a", status=ConversationStatus.OPEN)
    body, html = told(Queue(view=View("mine"), counts=(("mine", 12),), entries=(plain,) * 12))
    assert body.count("#7 +1 · a") == 10
    assert "There are more" in body
    assert "<a " not in html
    assert "There are more" in told(Queue(view=View("mine"), entries=(plain,), more=True))[0]


def test_an_empty_queue_says_so() -> None:
    assert told(Queue(view=View(), counts=(("mine", 0),))) == (NOTHING, NOTHING)


def test_what_was_found_is_told_with_its_words() -> None:
    entry = QueueEntry(
        number=1042,
        name="Maria",
        address="+15550100200",
        line="desk",
        status=ConversationStatus.OPEN,
        words="it is <late>",
    )
    queue = Queue(view=View(), entries=(entry,), more=True, found="Found for “late”: 1")
    shown = queue_content(queue, "matrix", lambda person: person.id, ANA)
    assert shown["body"].splitlines() == ["Found for “late”: 1", "#1042 Maria · desk · +15550100200 · it is <late>"]
    assert "it is &lt;late&gt;" in shown["formatted_body"]
