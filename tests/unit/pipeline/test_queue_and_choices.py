"""The queue and the choices of a search field: who sees them, and until when."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.canned import Canned
from bridge.domain.conversations import ConversationStatus, State
from bridge.domain.decision import Decision
from bridge.domain.events import CommandGiven
from bridge.domain.people import Person
from bridge.domain.queue import QueueEntry, View
from bridge.domain.showing import PublishHome, TellFound, TellQueue
from bridge.pipeline.calls import Call
from bridge.pipeline.choices import choices_of
from bridge.pipeline.enqueue import drafts
from bridge.pipeline.in_force import InForce
from bridge.pipeline.processor import load_to_begin
from bridge.pipeline.queue_calls import QueueCalls
from bridge.ports.platform import Asked
from bridge.rules.wording import HOME_REFUSED
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import ANA, CONTACT, NOW, conversation, policy, state


class WithCanned(Script):
    """A script that holds one canned response."""

    def find_canned(self, teams: Any, words: str, limit: int) -> list[Canned]:
        return [Canned(name="hours", text="We are open")]


def asked(**changed: Any) -> Asked:
    plain = Asked(person=ANA, form="canned", context="#1042 {}", field="response", typed="")
    return replace(plain, **changed)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        (asked(), ["hours"]),
        (asked(form="assign"), []),
        (asked(field="other"), []),
        (asked(context=""), []),
        (asked(person=Person("slack", "U9", outsider=True)), []),
    ],
)
async def test_choices_are_for_who_may_text(question: Asked, values: list[str]) -> None:
    store = ScriptedStore(WithCanned(state=state()))
    assert [value for value, _ in await choices_of(store.port, InForce(policy()))(question)] == values


async def test_a_conversation_that_is_gone_offers_nothing() -> None:
    assert list(await choices_of(ScriptedStore(WithCanned()).port, InForce(policy()))(asked())) == []


def test_what_cannot_begin_a_conversation_loads_nothing() -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text="new")
    assert load_to_begin(Script(state=state()).unit, event, policy()) == State()


def test_an_open_conversation_is_loaded_and_a_closed_one_leaves_a_fresh_number() -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text="new +15550100200 Hi")
    assert load_to_begin(Script(state=state()).unit, event, policy()) == state()
    closed = state(conversation=conversation(status=ConversationStatus.CLOSED))
    found = load_to_begin(Script(state=closed).unit, event, policy())
    assert (found.conversation, found.fresh_number, found.contact) == (None, 1042, closed.contact)


class Shows:
    """A platform that shows queues. ``shown``: those that were."""

    def __init__(self, *rooms: str) -> None:
        self.rooms = rooms
        self.shown: list[Any] = []

    async def rooms_of(self, person: Person, rooms: Any) -> list[str]:
        return [room for room in rooms if room in self.rooms]

    async def publish_home(self, person: Person, queue: Any) -> None:
        self.shown.append(queue)

    async def tell_queue(self, person: Person, room: str, queue: Any, *, handle: str) -> None:
        self.shown.append((room, queue, handle))


class Waits(Script):
    """A script in which one conversation of each line waits."""

    def queue_counts(self, lines: Any, people: Any) -> list[Any]:
        return [("mine", 0), ("waiting", len(lines))]

    def queue_page(self, lines: Any, people: Any, section: Any, *, offset: int, platform: str) -> list[Any]:
        status = conversation().status
        return [QueueEntry(number=1042, name="", address=CONTACT, line=line, status=status) for line in lines]

    def search(self, lines: Any, words: Any, *, limit: int, platform: str) -> list[Any]:
        status = conversation().status
        return [
            QueueEntry(number=number, name="", address=CONTACT, line=lines[0], status=status, words=" ".join(words))
            for number in range(limit)
        ]


def planned(kind: str, shows: object, *, age: float = 0.0, person: Person = ANA) -> Any:
    effect = TellQueue(person, "C1", View(), "h") if kind == "TellQueue" else PublishHome(person, View())
    [draft] = drafts(State(), Decision(effects=(effect,)))
    store = ScriptedStore(Waits())
    calls = QueueCalls(outside(rooms=shows, read=store.port.transact))
    plan = calls.tell_queue if kind == "TellQueue" else calls.publish_home
    claimed = row(kind, dict(draft.payload), target=draft.target)
    return plan(store.script.unit, claimed, NOW + timedelta(seconds=age))


async def test_the_page_shows_what_waits_in_the_persons_rooms() -> None:
    shows = Shows("C1")
    await a_call(planned("PublishHome", shows)).run()
    (queue,) = shows.shown
    assert queue.view == View("waiting")
    assert [(entry.name, entry.line, entry.may_act) for entry in queue.entries] == [
        ("+1 555-010-0200", "front-desk", True)
    ]
    stranger = Shows()
    await a_call(planned("PublishHome", stranger)).run()
    assert stranger.shown[0].entries == ()
    assert stranger.shown[0].view == View("unassigned")


async def test_a_guest_sees_no_queue() -> None:
    shows = Shows("C1")
    await a_call(planned("PublishHome", shows, person=Person("slack", "U9", outsider=True))).run()
    (queue,) = shows.shown
    assert (queue.entries, queue.refused) == ((), HOME_REFUSED)


async def test_the_answer_shows_what_waits_in_the_room() -> None:
    shows = Shows()
    await a_call(planned("TellQueue", shows)).run()
    ((room, queue, handle),) = shows.shown
    assert (room, handle, len(queue.entries)) == ("C1", "h", 1)


@pytest.mark.parametrize("kind", ["PublishHome", "TellQueue"])
def test_what_comes_late_or_cannot_be_shown_is_skipped(kind: str) -> None:
    assert isinstance(planned(kind, Shows("C1")), Call)
    assert planned(kind, Shows("C1"), age=61).status == "skipped"
    assert planned(kind, object()).status == "skipped"


async def test_what_was_found_is_told_up_to_a_number() -> None:
    [draft] = drafts(State(), Decision(effects=(TellFound(ANA, "C1", "late invoice", "h"),)))
    store, shows = ScriptedStore(Waits()), Shows()
    claimed = row("TellFound", dict(draft.payload), target=draft.target)

    def planned_at(shown: object, now: Any) -> Any:
        calls = QueueCalls(outside(rooms=shown, read=store.port.transact))
        return calls.tell_found(store.script.unit, claimed, now)

    await a_call(planned_at(shows, NOW)).run()
    ((room, queue, handle),) = shows.shown
    assert (room, handle, len(queue.entries), queue.more) == ("C1", "h", 10, True)
    assert (queue.entries[0].name, queue.entries[0].words) == ("+1 555-010-0200", "late invoice")
    assert queue.found.startswith("The newest 10 with “late invoice”")
    for shown, now in ((shows, NOW + timedelta(minutes=2)), (object(), NOW)):
        assert not isinstance(planned_at(shown, now), Call)
