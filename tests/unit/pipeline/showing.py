"""How a row that shows something is planned, for the tests of both kinds."""

from typing import ClassVar

from bridge.domain.cards import Card, Note
from bridge.domain.conversations import ThreadState
from bridge.domain.messages import Media, MessageKind, MessageStatus
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Planned
from bridge.pipeline.mark_calls import MarkCalls
from bridge.pipeline.payloads import from_note
from bridge.pipeline.private_calls import PrivateCalls
from bridge.pipeline.thread_calls import ThreadCalls
from bridge.ports.platform import PlatformCapabilities
from bridge.ports.rows import Settlement
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.scripted import Script, outside, row
from tests.unit.rules.builders import NOW, reply, thread

OPENING = thread(state=ThreadState.OPENING, root=None)
EARLIER = ChatRef("slack", "C1", "0.5")
WORDS = Note("Not sent.")
FILE = Media("F1", "image/jpeg", "photo.jpg", 7)
INBOUND = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, account="main", origin=None, hold=None)
POSTS = ("OpenThread", "PostText", "PostMedia", "PostNote")


class RepeatingRooms(AbleRooms):
    """A platform that takes the same key once."""

    capabilities: ClassVar[PlatformCapabilities] = PlatformCapabilities(idempotent_post=True)


def plan(kind: str, script: Script, rooms: object | None = None, **changed: object) -> Planned:
    """What is done about such a row."""
    calls, private = ThreadCalls(outside(rooms=rooms)), PrivateCalls(outside(rooms=rooms))
    marks = MarkCalls(outside(rooms=rooms))
    payload: dict[str, object] = {"thread": "t1", "note": from_note(WORDS), "index": 0}
    planners = {
        "OpenThread": calls.open_thread,
        "PostText": calls.post_text,
        "PostMedia": calls.post_media,
        "PostNote": calls.post_note,
        "UpdateCard": calls.update_card,
        "UpdateNote": calls.update_note,
        "SetMark": marks.set_mark,
        "ClearMark": marks.clear_mark,
        "CarryComments": calls.carry_comments,
        "CarryWords": calls.carry_words,
        "TellRoom": calls.tell_room,
        "AnswerPrivately": private.answer_privately,
        "TellRecord": private.tell_record,
        "OpenForm": private.open_form,
    }
    given: dict[str, object] = {"payload": payload, **changed}
    return planners[kind](script.unit, row(kind, **given), NOW)  # pyright: ignore[reportArgumentType] - fields by name


def skipped(planned: Planned) -> bool:
    return isinstance(planned, Settlement) and planned.status == "skipped"


def shows(rooms: AbleRooms) -> list[Card]:
    return [did[1] for did in rooms.did if did[0] == "card"]
