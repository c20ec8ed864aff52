"""Rows that remove what the bot posted, and what is written when they did."""

from bridge.domain.effects import Record
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Call, nothing
from bridge.pipeline.enqueue import erase_thread
from bridge.pipeline.erase_calls import EraseCalls
from bridge.pipeline.outcomes import succeeded
from bridge.ports.erasing import Erased
from bridge.ports.rows import Settlement
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.pipeline.working import write
from tests.unit.rules.builders import NOW

ROOT = ChatRef("slack", "C1", "1.0")


class ErasingRooms(AbleRooms):
    """A platform that removes posts."""

    async def erase_thread(self, root: ChatRef) -> Erased:
        self.did.append(("erased", root))
        return Erased(2, 1)


async def test_the_posts_of_the_rows_thread_are_removed() -> None:
    rooms, draft = ErasingRooms(), erase_thread(1042, ROOT)
    assert (draft.lane, draft.target, draft.conversation) == ("1042:erase:slack", "erase:slack", 1042)
    claimed = row(draft.kind, dict(draft.payload), target=draft.target)
    planned = EraseCalls(outside(rooms=rooms)).erase_thread(Script().unit, claimed, NOW)
    assert await a_call(planned).run() == Erased(2, 1)
    assert rooms.did == [("erased", ROOT)]


def test_where_posts_cannot_be_removed_the_operator_is_shown_the_row() -> None:
    claimed = row("EraseThread", {"ref": ["slack", "C1", "1.0"]})
    planned = EraseCalls(outside()).erase_thread(Script().unit, claimed, NOW)
    assert isinstance(planned, Settlement)
    assert (planned.status, planned.problem) == ("failed", "the platform cannot remove posts")
    empty = EraseCalls(outside()).erase_thread(Script().unit, row("EraseThread", {"ref": None}), NOW)
    assert isinstance(empty, Settlement)
    assert empty.status == "skipped"


def test_each_part_goes_on_record_and_the_row_goes_on_until_nothing_is_left() -> None:
    call = Call(row=row("EraseThread", {}, target="erase:slack"), run=nothing)
    part, last = succeeded(call, Erased(10, 3, more=True), NOW), succeeded(call, Erased(2, 3), NOW)
    assert (part.settlement.status, part.settlement.next_at) == ("pending", NOW)
    assert (last.settlement.status, last.settlement.next_at) == ("done", None)
    script = Script()
    for ending in (part, last):
        write(script, ending)
    acts = [effect for saved in script.saved for effect in saved.effects]
    assert acts == [
        Record("copies_erased", "bridge", "slack", detail="10 removed"),
        Record("copies_erased", "bridge", "slack", detail="2 removed, 3 left to people"),
    ]
