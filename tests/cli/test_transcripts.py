"""``textbridge export conversation``, ``contact``, ``all`` and ``audit``."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.consent import ConsentEntry, ConsentKind
from bridge.domain.conversations import Conversation, ConversationStatus
from bridge.domain.effects import Record
from bridge.domain.keeping import NoteConsent
from bridge.domain.messages import Media, Message, MessageKind, MessageStatus
from tests.cli.conftest import Cli
from tests.cli.support import ask
from tests.store.builders import NOW, contact, conversation, known

ADDRESS = contact().address
FORMULA = '=HYPERLINK("http://x")\n<b>bold</b>'
PARTS = (
    ("m1", MessageKind.INBOUND, "Is it ready?", MessageStatus.RECEIVED, None),
    ("m2", MessageKind.COMMENT, "he is late", MessageStatus.KEPT, "slack:U1"),
    ("m3", MessageKind.REPLY, FORMULA, MessageStatus.DELIVERED, "slack:U1"),
)


def talked(database: str, **changes: Any) -> Conversation:
    """A text, a comment and a reply with a file, in one conversation, an opt-out, and an act on record."""
    own = replace(conversation(), **changes)
    messages = [
        Message(
            id=f"{own.number}{name}",
            conversation=own.number,
            kind=kind,
            body=body,
            status=status,
            author=author,
            created_at=NOW + timedelta(minutes=at),
            media=(Media("x", "image/png", "plan.png", 9),) if kind is MessageKind.REPLY else (),
        )
        for at, (name, kind, body, status, author) in enumerate(PARTS)
    ]
    entry = ConsentEntry(
        kind=ConsentKind.OPT_OUT, contact=own.contact, address=ADDRESS, line=own.line, account="main",
        scope="line", source="keyword", conversation=own.number, words="stop", person=None,
    )  # fmt: skip
    effects = (NoteConsent(entry), Record("replied", "slack:U1", "thread", "m3"))
    decision = known(conversation=own, messages=tuple(messages), effects=effects, threads=())
    ask(database, lambda unit: unit.save(decision, NOW))
    return own


def test_a_conversation_to_be_read(cli: Cli, database: str) -> None:
    own = talked(database)
    found = cli("export", "conversation", f"#{own.number}")
    assert (found.code, found.err) == (0, "")
    head, facts, _, asked, said, told, bold, file = found.out.splitlines()
    assert head.startswith(f"#{own.number} with ")
    assert "open; begun" in facts
    assert asked.endswith(": Is it ready?")
    assert said.endswith("slack:U1 (comment): he is late")
    assert told.endswith('slack:U1 (delivered): =HYPERLINK("http://x")')
    assert (bold, file) == ("    <b>bold</b>", "    [plan.png]")
    without = cli("export", "conversation", str(own.number), "--no-comments")
    assert "he is late" not in without.out
    assert "Is it ready?" in without.out


def test_without_comments_nothing_is_told_that_never_reached_the_contact(cli: Cli, database: str) -> None:
    own = talked(database)
    replies = tuple(
        Message(
            id=status,
            conversation=own.number,
            kind=MessageKind.REPLY,
            body=f"<{status}>",
            status=status,
            created_at=NOW,
        )
        for status in MessageStatus
        if status not in (MessageStatus.RECEIVED, MessageStatus.KEPT)
    )
    ask(database, lambda unit: unit.save(known(conversation=own, messages=replies, threads=()), NOW))
    told = cli("export", "contact", ADDRESS, "--no-comments").out
    inside = {MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.CANCELLED}
    assert {one.status for one in replies if f"<{one.status}>" not in told} == inside
    assert "Is it ready?" in told


def test_a_page_shows_markup_as_it_was_written(cli: Cli, database: str) -> None:
    own = talked(database)
    page = cli("export", "conversation", str(own.number), "--format", "html").out
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page
    assert '<dd class="comment">he is late</dd>' in page


def test_all_conversations_as_a_table_are_harmless_to_a_spreadsheet(cli: Cli, database: str) -> None:
    first, second = talked(database), talked(database, number=1002)
    rows = list(csv.DictReader(io.StringIO(cli("export", "all", "--format", "csv").out)))
    assert [row["conversation"] for row in rows] == [str(first.number)] * 3 + [str(second.number)] * 3
    assert (rows[2]["body"], rows[2]["files"], rows[0]["contact"]) == (f"'{FORMULA}", "plan.png", ADDRESS)


def test_a_contact_whole_with_consent_in_a_file_of_its_owner(cli: Cli, database: str, tmp_path: Path) -> None:
    own, file = talked(database), tmp_path / "contact.json"
    found = cli("export", "contact", ADDRESS, "--out", str(file))
    assert found.out.startswith("Wrote 1 conversation to")
    assert file.stat().st_mode & 0o077 == 0
    whole = json.loads(file.read_text())
    assert [one["number"] for one in whole["conversations"]] == [own.number]
    assert [one["body"] for one in whole["conversations"][0]["messages"]] == [body for _, _, body, _, _ in PARTS]
    assert [(one["kind"], one["words"]) for one in whole["consent"]] == [("opt_out", "stop")]


def test_what_was_texted_after_a_merging_is_of_both_contacts_and_says_whose_it_was(cli: Cli, database: str) -> None:
    own, other = talked(database), contact("+15550009999")
    formula = replace(other, name="=2+3")
    gone = replace(conversation(1002), contact=other.id, status=ConversationStatus.CLOSED)
    texts = tuple(
        Message(id=name, conversation=own.number, kind=kind, body=body, status=status, created_at=NOW, via=1002)
        for name, kind, body, status in (
            ("v1", MessageKind.INBOUND, "From my other phone", MessageStatus.RECEIVED),
            ("v2", MessageKind.REPLY, "We saw it", MessageStatus.DELIVERED),
        )
    )
    ask(database, lambda unit: unit.save(known(contact=formula, conversation=gone, messages=texts, threads=()), NOW))
    whole = json.loads(cli("export", "contact", other.address).out)["conversations"]
    assert [one["number"] for one in whole] == [own.number, 1002]
    whose = {one["body"]: one["contact"] for one in whole[0]["messages"]}
    assert (whose["From my other phone"], whose["We saw it"], whose["Is it ready?"]) == (
        other.address, other.address, ADDRESS,
    )  # fmt: skip
    assert [one["number"] for one in json.loads(cli("export", "contact", ADDRESS).out)["conversations"]] == [own.number]
    read = cli("export", "conversation", str(own.number)).out
    assert f"with texts of #1002, =2+3 ({other.address})" in read
    assert f"=2+3 ({other.address}): From my other phone" in read
    assert f"(delivered to {other.address}): We saw it" in read
    table = csv.DictReader(io.StringIO(cli("export", "contact", other.address, "--format", "csv").out))
    rows = {row["body"]: row for row in table}
    assert rows["From my other phone"]["contact"] == other.address
    assert rows["From my other phone"]["author"].startswith("'=2+3")


def test_the_record_with_what_chains_it(cli: Cli, database: str) -> None:
    talked(database)
    [entry] = json.loads(cli("export", "audit", "--format", "json").out)
    assert (entry["act"], entry["actor"], entry["id"], entry["prev_hash"]) == ("replied", "slack:U1", 1, "")
    assert cli("export", "audit").out.startswith("id,at,act,actor,surface,")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (("conversation", "7"), "There is no conversation #7."),
        (("conversation", "seven"), "textbridge export conversation 1042"),
        (("contact", "+15550109999"), "There is no contact with this address."),
        (("contact", "0+"), "must be a telephone number"),
        (("all", "--format", "xml"), "--format takes text, html, csv, json."),
    ],
)
def test_what_is_not_there_is_said(cli: Cli, database: str, wanted: tuple[str, ...], said: str) -> None:
    talked(database)
    found = cli("export", *wanted)
    assert (found.code, found.out) == (1, "")
    assert said in found.err


def test_nothing_is_an_empty_list(cli: Cli, database: str) -> None:
    assert json.loads(cli("export", "all").out) == {"conversations": []}
    assert cli("export", "all", "--format", "text").out == ""
    assert cli("export", "audit").out.count("\n") == 1
