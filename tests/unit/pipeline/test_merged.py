"""Merged conversations on their way through the pipeline: what is loaded, in which lane it waits, whom it reaches."""

from dataclasses import replace

from bridge.domain.cards import Note
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import CarryWords, PostNote, SendText, UpdateCard
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Planned
from bridge.pipeline.enqueue import drafts
from bridge.pipeline.in_force import InForce
from bridge.pipeline.processor import Processor, load_to_begin, with_other
from bridge.pipeline.text_calls import TextCalls
from bridge.pipeline.thread_calls import ThreadCalls
from bridge.ports.platform import Posted, ThreadText
from bridge.ports.rows import Settlement
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.pipeline.test_processor import of, rows
from tests.unit.pipeline.test_text_calls import BarePhones
from tests.unit.rules.builders import NOW, conversation, line, policy, posted, reply, state, text
from tests.unit.rules.families import SECOND, apart, left, merged, related, second, together
from tests.unit.rules.test_beginning import asked

SALES = line(name="sales", address="+15550002000")
BOTH = policy(lines={"front-desk": line(), "sales": SALES})
GOES_BY_SALES = related(replace(merged(), line="sales"))


class Family(Script):
    """A script that knows two conversations by number, and one by line and address."""

    def __init__(self, states: dict[int, State], newest: State | None = None) -> None:
        super().__init__()
        self.states = states
        self.newest = newest or State()

    def load_conversation(self, number: int) -> State:
        return self.states.get(number, State())

    def load_line(self, line: str, sender: str) -> State:
        return self.newest


class NamingRooms(AbleRooms):
    """Rooms that remember whom texts were shown from."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
        self.names.append(text.name)
        return await super().post_text(thread, text, key=key)


# loading


def test_a_command_that_names_another_conversation_finds_where_that_is_now() -> None:
    named, moved_on = state(), state(conversation=conversation(number=1050))
    merging = posted("!merge #1042")
    unit = Family({1042: named}, moved_on).unit
    assert with_other(unit, apart(other=None), merging).other == moved_on
    assert with_other(Family({1042: named}, apart()).unit, apart(other=None), merging).other == named
    assert with_other(Family({1042: named}).unit, apart(other=None), merging).other == named
    assert with_other(Family({}).unit, apart(other=None), merging).other == State()
    assert with_other(unit, State(), merging) == State()
    assert with_other(unit, state(), posted("Hello")) == state()


def test_splitting_finds_a_number() -> None:
    assert with_other(Family({}).unit, state(), posted("!split")).fresh_number == 1042


def test_the_boundary_is_that_of_the_line_it_is_shown_on() -> None:
    unit = Family({}, together(via=GOES_BY_SALES))
    unit.inbox = rows("provider:main")
    texted = of(text(sender=SECOND, recipient=SALES.address))
    Processor(ScriptedStore(unit).port, {"provider:main": texted}, InForce(BOTH), lambda: NOW).batch(unit.unit)
    [saved] = unit.saved
    assert saved.conversation is not None
    assert (saved.conversation.number, saved.messages[0].via) == (1042, 1001)


def test_a_merged_number_begins_nothing_new() -> None:
    known = together(via=GOES_BY_SALES)
    assert load_to_begin(Family({}, known).unit, asked("new +15550100200 Hello"), policy()) == known


# lanes


def test_what_is_said_in_the_other_thread_waits_in_that_ones_lane() -> None:
    effects = (PostNote("t9", Note("here")), PostNote("t1", Note("there")), UpdateCard("t1"), CarryWords("t1", 7, NOW))
    for the_state in (apart(), left(), replace(together(), conversation=second())):
        found = drafts(the_state, Decision(effects=effects))
        assert [(draft.lane, draft.conversation) for draft in found] == [
            ("1001:room:slack/C1", 1001),
            ("1042:room:slack/C1", 1042),
            ("1042:card:slack", 1042),
            ("1042:room:slack/C1", 1042),
        ]
    assert found[-1].payload == {"thread": "t1", "source": 7, "since": NOW.isoformat()}


def test_replies_to_a_number_wait_behind_one_another_wherever_they_were_written() -> None:
    by = replace(together(), joined=(GOES_BY_SALES,))
    sending = (SendText("m1", 1),)
    found = drafts(by, Decision(messages=(reply(via=1001),), effects=sending))
    assert [(draft.lane, draft.target, draft.conversation) for draft in found] == [("1001:line", "line:sales", 1042)]
    again = drafts(state(via=GOES_BY_SALES), Decision(messages=(reply(via=1001),), effects=sending))
    assert again[0].lane == "1001:line"
    own = drafts(by, Decision(messages=(reply(),), effects=sending))
    assert [(draft.lane, draft.target) for draft in own] == [("1042:line", "line:front-desk")]


# calls


async def test_a_reply_leaves_from_the_line_and_to_the_number_it_goes_by() -> None:
    message = reply(status=MessageStatus.QUEUED, hold=None, release_at=None, via=1001)
    script, phones = Script(state=together(message=message, via=GOES_BY_SALES)), BarePhones()
    await a_call(TextCalls(outside(phones, in_force=InForce(BOTH))).send_text(script.unit, row(), NOW)).run()
    assert [(sent.sender, sent.recipient) for sent in phones.sent] == [(SALES.address, SECOND)]


async def test_a_text_is_shown_with_its_number() -> None:
    shown = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, via=1001)
    rooms = NamingRooms()
    script = Script(together(message=shown, via=related(merged(), name="Maria")))
    calls = ThreadCalls(outside(rooms=rooms))
    await a_call(calls.post_text(script.unit, row(kind="PostText", payload={"thread": "t1"}), NOW)).run()
    assert rooms.names == ["Maria (+1 555-010-0300)"]


def carrying(script: Script, rooms: AbleRooms) -> Planned:
    payload: dict[str, object] = {"thread": "t1", "source": 7, "since": NOW.isoformat()}
    return ThreadCalls(outside(rooms=rooms)).carry_words(script.unit, row(kind="CarryWords", payload=payload), NOW)


async def test_what_was_said_before_a_split_is_repeated() -> None:
    script, rooms = Script(state()), AbleRooms()
    nothing = carrying(script, rooms)
    assert isinstance(nothing, Settlement)
    assert nothing.status == "skipped"
    script.words_ = [reply(kind=MessageKind.INBOUND, author=None)]
    await a_call(carrying(script, rooms)).run()
    assert rooms.said[-1].text == "From there:\nMaria: Yes, until six"


async def test_the_card_of_what_was_merged_links_to_where_it_goes_on() -> None:
    rooms = AbleRooms()
    calls = ThreadCalls(outside(rooms=rooms))
    asked_for = row(kind="UpdateCard", payload={"thread": "t9"})
    await a_call(calls.update_card(Script(left()).unit, asked_for, NOW)).run()
    assert (rooms.did[-1][1].merged, rooms.did[-1][1].later) == (1042, "https://chat/1")
