"""A contact's text: which conversation it belongs to, and where it is shown."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.conversations import Conversation, ConversationStatus, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import SILENT, Effect, OpenThread, PostMedia, PostText, Record, UpdateCard
from bridge.domain.events import TextReceived
from bridge.domain.identity import identify
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.domain.policy import Boundary, LinePolicy, Policy
from bridge.rules import threads
from bridge.rules.act import disarmed
from bridge.rules.addresses import normalise
from bridge.rules.assisting import to_sort
from bridge.rules.consent import inherited
from bridge.rules.hearing import Text, hear
from bridge.rules.later import outrun
from bridge.rules.merged import line_shown
from bridge.rules.overtaking import overtaken
from bridge.rules.ringing import in_thread, ring
from bridge.rules.thanks import is_thanks

LATE = timedelta(seconds=30)
"""A text found by listing after less than this is shown like any other."""


def line_of(policy: Policy, account: str, recipient: str) -> LinePolicy | None:
    """Return the line that was texted, None when no line has this address on this account."""
    address = address_of(recipient)
    for line in policy.lines.values():
        if line.account == account and line.address == address:
            return line
    return None


def address_of(raw: str) -> str:
    """Return an address in its one form; what is no known form of address stays as it came."""
    try:
        return normalise(raw, None)
    except ValueError:
        return raw.strip()


def needs_new(
    conversation: Conversation | None, boundary: Boundary, now: datetime, *, only_thanks: bool = False
) -> bool:
    """Tell whether a new text opens a new conversation. ``only_thanks``: it is shown, and changes nothing."""
    if conversation is None or conversation.erased_at is not None:
        return True
    if conversation.blocked or only_thanks:
        return False
    if conversation.status is not ConversationStatus.CLOSED or boundary.kind == "same_thread":
        return False
    if boundary.kind == "new_after_close":
        return True
    return conversation.closed_at is not None and now - conversation.closed_at > boundary.reopen_within


def only_thanks(conversation: Conversation | None, event: TextReceived, line: LinePolicy, now: datetime) -> bool:
    """Tell whether a text says no more than thanks for what was closed not long ago."""
    if conversation is None or conversation.status is not ConversationStatus.CLOSED or line.thanks_reopens:
        return False
    if conversation.erased_at is not None:
        return False
    recent = conversation.closed_at is not None and now - conversation.closed_at <= line.boundary.reopen_within
    return recent and not event.media and event.opt_out is None and is_thanks(event.body)


def text_received(state: State, event: TextReceived, line: LinePolicy, policy: Policy, now: datetime) -> Decision:
    """Take a text in; ``state.fresh_number`` must be there when ``needs_new`` says so.

    ``line``: the one that was texted; where the contact's conversation was merged into another line's, that one's
    settings count.
    """
    if state.message is not None:
        return NOTHING
    line = line_shown(state, line, policy)
    contact = state.contact or _new_contact(address_of(event.sender))
    earlier = state.conversation
    thanks = only_thanks(earlier, event, line, now)
    conversation = _conversation(state, contact, line, now, thanks=thanks)
    shown = threads.line_of(conversation, policy) or line
    live, fresh = threads.ensure_threads(state, conversation, shown, event.external_id, now)
    heard = hear(state, conversation, Text(event=event, contact=contact, threads=live, policy=policy, now=now))
    conversation = heard.conversation
    message = Message(
        id=identify("inbound", event.account, event.provider_id),
        conversation=conversation.number,
        kind=MessageKind.INBOUND,
        body=event.body,
        status=MessageStatus.RECEIVED,
        created_at=now,
        account=event.account,
        provider_id=event.provider_id,
        media=event.media,
        recovered=_came_late(event, now),
        via=conversation.reply_via,
    )
    before = earlier if earlier and earlier.number == conversation.number else None
    whom = SILENT if thanks else ring(before, conversation, line, policy, now, state.away)
    effects: list[Effect] = [OpenThread(thread.id) for thread in fresh]
    for thread in live:
        effects.append(PostText(thread.id, message.id, in_thread(whom, thread, is_new=thread in fresh)))
        effects += [PostMedia(thread.id, message.id, index) for index in range(len(message.media))]
    effects += [UpdateCard(thread.id) for thread in live if thread not in fresh]
    effects.append(Record("text_received", "contact", "provider", message.id, "thanks" if thanks else ""))
    if before is None or not before.blocked:
        effects += to_sort(policy, shown.name, message)
    effects += heard.effects
    effects += _taken_up(before, conversation, message)
    stopped, gave_way = overtaken(state, line, policy, now), outrun(state)
    return Decision(
        conversation=conversation,
        contact=contact,
        others=heard.others,
        threads=(*fresh, *(one for one in live if one not in fresh and one not in state.threads)),
        messages=(message, *heard.messages, *stopped.messages, *gave_way.messages),
        posts=(*stopped.posts, *gave_way.posts),
        effects=(*effects, *stopped.effects, *gave_way.effects),
    )


def _taken_up(before: Conversation | None, after: Conversation, message: Message) -> tuple[Effect, ...]:
    """What is on record, and no longer awaited, when the text took the conversation up again."""
    if before is None or before.status is after.status:
        return ()
    act = "reopened" if before.status is ConversationStatus.CLOSED else "woken"
    return (Record(act, "contact", "provider", message.id), *disarmed(before))


def _came_late(event: TextReceived, now: datetime) -> bool:
    return event.recovered and (event.sent_at is None or now - event.sent_at >= LATE)


def _new_contact(address: str) -> Contact:
    return Contact(id=identify("contact", address), address=address)


def _conversation(state: State, contact: Contact, line: LinePolicy, now: datetime, *, thanks: bool) -> Conversation:
    known = state.conversation
    if known is not None and known.erased_at is None and (known.blocked or thanks):
        return replace(known, last_inbound_at=now)
    if known is not None and not needs_new(known, line.boundary, now):
        return replace(
            known,
            status=ConversationStatus.OPEN,
            closed_at=None,
            snoozed_until=None,
            waiting_since=known.waiting_since or now,
            last_inbound_at=now,
        )
    if state.fresh_number is None:
        msg = "a new conversation needs a number"
        raise ValueError(msg)
    fresh = Conversation(
        number=state.fresh_number,
        line=line.name,
        contact=contact.id,
        status=ConversationStatus.OPEN,
        created_at=now,
        waiting_since=now,
        last_inbound_at=now,
    )
    return inherited(state, contact, fresh, known)
