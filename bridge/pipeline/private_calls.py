"""Rows that reach one person: private answers, what is on record, forms."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.pipeline.calls import Call, Outside, Planned, skip
from bridge.pipeline.links import permalink
from bridge.pipeline.payloads import to_form, to_note, to_person, to_ref
from bridge.ports.platform import AnswersPrivately, LinksMessages, OpensForms
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit
from bridge.rules.history import history, why

PRIVATE_SECONDS = 60.0
"""A private answer later than this helps nobody."""
TRIGGER_SECONDS = 3.0
"""What lets us open a form is good for so long at most."""
ACTS = 200
"""How many of the newest entries are read."""


LEDGER = 5
"""How many of the newest entries about consent are told."""


class PrivateCalls:
    """Plans what one person sees."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def answer_privately(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Tell one person something while it still helps."""
        return self._answer(row, to_note(row.payload["note"]), now)

    def tell_record(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Tell one person what is on record of the conversation."""
        acts = unit.acts(row.conversation, ACTS)
        if row.payload["why"]:
            return self._answer(row, why(acts), now)
        state = unit.load_conversation(row.conversation)
        people = [one for one in (state.contact, *(related.contact for related in state.joined)) if one is not None]
        ledger = unit.consent([one.id for one in people], LEDGER)
        return self._answer(row, history(acts, ledger), now)

    def _answer(self, row: OutboxRow, note: Note, now: datetime) -> Planned:
        person = to_person(row.payload["person"])
        platform = self._outside.platforms[person.platform]
        if _age(row, now) > PRIVATE_SECONDS or not isinstance(platform, AnswersPrivately):
            return skip(row)
        room, handle, thread = str(row.payload["room"]), str(row.payload["handle"]), to_ref(row.payload["thread"])
        root = to_ref(row.payload.get("link"))

        async def run() -> None:
            shown = note
            if root is not None and isinstance(platform, LinksMessages):
                shown = replace(note, link=await permalink(platform, root) or "")
            await platform.answer_privately(person, room, thread, shown, handle=handle)

        return Call(row=row, run=run, once=True)

    def open_form(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Open a form while the person's click still allows it."""
        platform = self._outside.platforms[row.target.partition(":")[2]]
        if _age(row, now) > TRIGGER_SECONDS or not isinstance(platform, OpensForms):
            return skip(row)
        trigger, form = str(row.payload["trigger"]), to_form(row.payload["form"])
        return Call(row=row, run=lambda: platform.open_form(trigger, form), once=True)


def _age(row: OutboxRow, now: datetime) -> float:
    return (now - row.created_at).total_seconds()
