"""From inbox rows to decisions: one transaction a batch."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from bridge.domain.conversations import Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Reschedule
from bridge.domain.events import ChatPosted, CommandGiven, Event, FormSubmitted, TextReceived
from bridge.domain.keeping import FollowRoom
from bridge.domain.policy import Policy
from bridge.observability import HANDLED, SET_ASIDE, log
from bridge.pipeline.digests import digest_of
from bridge.pipeline.enqueue import drafts, room_target
from bridge.pipeline.in_force import InForce
from bridge.pipeline.reasons import kind_and_reason, plain
from bridge.pipeline.rooms import follow
from bridge.ports.clock import Clock
from bridge.ports.languages import TellsLanguage, untold
from bridge.ports.rows import InboxRow, OutboxDraft
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.rules.absence import AT_MOST, heeds_absence, who_asks
from bridge.rules.aside import sign_of
from bridge.rules.automation.engine import wants
from bridge.rules.automation.happened import written
from bridge.rules.beginning import Wanted, begun_by, may_begin
from bridge.rules.beginning import wanted as wanted_beginning
from bridge.rules.canned import wanted
from bridge.rules.consent import covered
from bridge.rules.decide import decide
from bridge.rules.digest import asks_for_digest
from bridge.rules.inbound import line_of, needs_new, only_thanks
from bridge.rules.merged import line_shown
from bridge.rules.naming import asks_for
from bridge.rules.people import keys_of
from bridge.rules.reaching import reach
from bridge.rules.reminding import wants_reminders

BATCH = 16
"""An accept waits for a batch under way, so it is short."""
POLL_SECONDS = 2.0
TELL_AGAIN = timedelta(minutes=10)
CARD_PATIENCE = timedelta(minutes=1)
"""How long a reply waits for the card it hangs from to be written down, where its thread cannot be read later."""
ELSEWHERE = 500  # conversations with one contact that a refusal reaches
LISTED = 200  # canned responses; more than a list ever shows, those of other teams included

Reader = Callable[[InboxRow], Sequence[Event]]
_Leaving: TypeAlias = tuple[list[OutboxDraft], list[Reschedule]]


class Processor:
    """Handles inbox rows in the order they came, one processor at a time in an installation."""

    def __init__(
        self,
        store: Store,
        readers: Mapping[str, Reader],
        in_force: InForce,
        clock: Clock,
        *,
        rereads: Collection[str] = (),
        language_of: TellsLanguage = untold,
    ) -> None:
        """``readers`` turn a row into events, by the row's source. ``rereads``: platforms whose threads can be read."""
        self._store = store
        self._readers = readers
        self._in_force = in_force
        self._clock = clock
        self._rereads = rereads
        self._language_of = language_of
        self._told: dict[str, datetime] = {}

    async def run(self) -> None:
        """Handle rows until cancelled."""
        while True:
            try:
                handled = await self._store.transact(self.batch)
            except StoreUnavailable as problem:
                log().warning("database unavailable", where="processor", error=str(problem))
                handled = 0
                await asyncio.sleep(1.0)
            if handled < BATCH:
                await self._store.wait("inbox", POLL_SECONDS)

    def batch(self, unit: Unit) -> int:
        """Handle the oldest rows in one transaction; returns how many there were."""
        rows = unit.next_inbox(BATCH)
        if not rows:
            return 0
        try:
            handled = unit.savepoint(lambda: [(row, self._row(unit, row)) for row in rows])
            found = [(row, effects) for row, effects in handled if effects is not None]
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one bad row must not stop the others, so each has a savepoint of its own now
            found = [(row, effects) for row in rows if (effects := self._alone(unit, row)) is not None]
        for row, _ in found:
            HANDLED.labels(row.kind).inc()
        self._finish(
            unit,
            [row for row, _ in found],
            [draft for _, (waiting, _) in found for draft in waiting],
            [effect for _, (_, moved) in found for effect in moved],
        )
        return len(rows)

    def _alone(self, unit: Unit, row: InboxRow) -> _Leaving | None:
        """Handle one row; None when it was set aside, or has to wait."""
        try:
            return unit.savepoint(partial(self._row, unit, row))
        except StoreUnavailable:
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, a person looks at the row
            SET_ASIDE.labels(row.kind).inc()
            why = kind_and_reason(problem)
            log().error("row set aside", row=row.id, kind=row.kind, source=row.source, error=why)
            unit.set_aside(row, why, self._clock())
            self._tell(unit, row, plain(problem))
            return None

    def _tell(self, unit: Unit, row: InboxRow, why: str) -> None:
        """Say so where people look; one note speaks for all that is set aside in the next minutes."""
        now = self._clock()
        told = self._told.get(row.source)
        if told is not None and timedelta() <= now - told < TELL_AGAIN:
            return
        sign = sign_of(row.source, why, self._in_force.policy)
        if sign is not None:
            self._told[row.source] = now
            unit.enqueue(drafts(State(), Decision(effects=(sign,))), now)

    def _finish(
        self, unit: Unit, done: Sequence[InboxRow], waiting: Sequence[OutboxDraft], moved: Sequence[Reschedule]
    ) -> None:
        now = self._clock()
        if waiting:
            unit.enqueue(waiting, now)
        for effect in moved:
            unit.reschedule(effect.message, effect.at)
        if done:
            unit.handled(done, now)

    def _row(self, unit: Unit, row: InboxRow) -> _Leaving | None:
        """Handle a row; None when it has to wait."""
        now, policy = self._clock(), self._in_force.policy
        waiting: list[OutboxDraft] = []
        moved: list[Reschedule] = []
        for event in self._readers[row.source](row):
            state = with_other(unit, self._load(unit, event, policy, now), event)
            state = with_elsewhere(unit, state, event, policy)
            state = with_more(unit, state, event, policy, now)
            state = self._with_facts(unit, state, event, policy, now)
            if isinstance(event, ChatPosted) and self._goes(unit, event, state):
                if self._is_early(unit, row, event):
                    return None  # a reply is alone in its row
                unit.forget(row)
                continue
            decision = decide(state, event, policy, now)
            unit.save(decision, now, conversation=state.conversation.number if state.conversation else None)
            follow(policy, {one.before: one.after for one in decision.effects if isinstance(one, FollowRoom)})
            waiting += drafts(state, decision)
            moved += [effect for effect in decision.effects if isinstance(effect, Reschedule)]
        return waiting, moved

    def _is_early(self, unit: Unit, row: InboxRow, event: ChatPosted) -> bool:
        """Whether the card a reply may hang from is not written down yet, and its thread cannot be read later."""
        thread = event.thread
        if thread is None or thread.platform in self._rereads or self._clock() - row.received_at > CARD_PATIENCE:
            return False
        return unit.may_be_ours(thread, room_target(thread.platform, thread.room))

    def _goes(self, unit: Unit, event: ChatPosted, state: State) -> bool:
        """Whether a reply leaves no trace.

        It is none of our business; or the card it hangs from is not written down yet, or was written down late, and
        then the thread is read, where it stands behind those that were missed.
        """
        thread = event.thread
        if thread is None:
            return False
        rereads = thread.platform in self._rereads
        if state.conversation is not None:
            return rereads and not event.recovered and unit.is_unread(thread)
        if rereads and unit.may_be_ours(thread, room_target(thread.platform, thread.room)):
            unit.set_unread([thread])
        return True

    def _with_facts(self, unit: Unit, state: State, event: Event, policy: Policy, now: datetime) -> State:
        """Return the state with what the operator's rules ask about it."""
        wanted = wants(event, policy)
        if wanted is None:
            return state
        if wanted.turns:
            state = replace(state, away=tuple(unit.absences(now)))
        number = state.fresh_number or (state.conversation.number if state.conversation is not None else 0)
        facts = unit.facts(wanted, state.contact.id if state.contact is not None else "", number, now)
        text = written(state, event) if wanted.language else None
        if text is not None:
            facts = replace(facts, language=self._language_of(text.body))
        return replace(state, facts=facts)

    @staticmethod
    def _load(unit: Unit, event: Event, policy: Policy, now: datetime) -> State:
        if isinstance(event, CommandGiven | FormSubmitted) and begun_by(event):
            return load_to_begin(unit, event, policy)
        if not isinstance(event, TextReceived):
            return unit.load(event)
        known = unit.load(event)
        line = line_of(policy, event.account, event.recipient)
        if known.message is not None or line is None:
            return known
        state = unit.load_line(line.name, event.sender)
        line = line_shown(state, line, policy)
        thanks = only_thanks(state.conversation, event, line, now)
        if needs_new(state.conversation, line.boundary, now, only_thanks=thanks):
            return replace(state, fresh_number=unit.fresh_number())
        return state


def with_more(unit: Unit, state: State, event: Event, policy: Policy, now: datetime) -> State:
    """Return the state with what only few events are about: who is away, reminders, canned responses, a digest."""
    if (digest := asks_for_digest(event, policy, now)) is not None:
        return replace(state, digest=digest_of(unit, digest))
    if heeds_absence(event, state):
        state = replace(state, away=tuple(unit.absences(now)))
    if (person := who_asks(event)) is not None:
        mine = unit.assigned(keys_of(person, policy), tuple(policy.lines), AT_MOST)
        return replace(state, mine=tuple(mine))
    if state.conversation is not None and wants_reminders(event):
        return replace(state, reminders=tuple(unit.reminders(state.conversation.number)))
    asked = wanted(event)
    if asked is None:
        return state
    if asked.name is not None:
        return replace(state, canned=tuple(unit.canned([asked.name])))
    return replace(state, canned=tuple(unit.find_canned(tuple(policy.teams), asked.words, LISTED)))


def with_elsewhere(unit: Unit, state: State, event: Event, policy: Policy) -> State:
    """Return the state with the contact's other conversations, where the event may concern their consent."""
    reached = reach(state, event, policy)
    return state if reached is None else replace(state, elsewhere=tuple(_loose(unit, state, *reached)))


def _loose(unit: Unit, state: State, contacts: tuple[str, ...], lines: tuple[str, ...]) -> Iterator[Related]:
    """Those that the state does not hold already come as they are stored, its own with what it knows of them."""
    own = [one.conversation.number for one in (*state.joined, state.via) if one is not None]
    own += [state.earlier.number] if state.earlier is not None else []
    own += [state.conversation.number] if state.conversation is not None else []
    yield from (one for one in unit.elsewhere(contacts, lines, ELSEWHERE) if one.conversation.number not in own)


def with_other(unit: Unit, state: State, event: Event) -> State:
    """Return the state with the conversation an event names besides its own, and a number if it may begin one."""
    asked = asks_for(event)
    if asked.fresh:
        state = replace(state, fresh_number=unit.fresh_number())
    if asked.number is None or state.conversation is None:
        return state
    other = unit.load_conversation(asked.number)
    if other.conversation is not None and other.contact is not None:
        # where texts of the one that is named are shown now, unless that is the conversation itself
        goal = unit.load_line(other.conversation.line, other.contact.address)
        if goal.conversation is not None and goal.conversation.number != state.conversation.number:
            other = goal
    return replace(state, other=other)


def load_to_begin(unit: Unit, event: CommandGiven | FormSubmitted, policy: Policy) -> State:
    """Return the state a new conversation is decided on: with the one there is, or else with a fresh number."""
    asked = wanted_beginning(event, policy)
    if not isinstance(asked, Wanted):
        return State()
    state = unit.load_line(asked.line.name, asked.address)
    if not may_begin(state):
        return state
    fresh = replace(state, conversation=None, earlier=state.conversation, fresh_number=unit.fresh_number())
    contacts = (state.contact.id,) if state.contact is not None else ()
    return replace(fresh, elsewhere=tuple(_loose(unit, fresh, contacts, tuple(covered(asked.line.name, policy)))))
