"""What a card says: the state of a conversation in words."""

from collections import Counter
from datetime import datetime

from bridge.domain.cards import Button, Card, Control, Menu
from bridge.domain.conversations import Conversation, ConversationStatus, State, Thread, ThreadState
from bridge.domain.messages import Message, MessageStatus
from bridge.domain.people import Person, person_of
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import consent_words, merged, merging_words, owning_words, sharing, snooze_words, wording
from bridge.rules.addresses import shown
from bridge.rules.canned import COMMAND
from bridge.rules.clocks import next_due
from bridge.rules.consent import why_out
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.ownership import assignable
from bridge.rules.people import name_of, on_platform
from bridge.rules.threads import line_of

MORE = "more"
"""Action of the menu whose options are actions themselves."""
SNOOZED, OUT_SINCE = "snoozed until", "opted out since"
"""Status that is followed by a time."""
_ON_RECORD = ((owning_words.HISTORY, "History"), (owning_words.WHY, "Who answered, and why"))
_MORE = (
    (owning_words.WATCH, "Watch: tell me of new texts"),
    (owning_words.UNWATCH, "Stop watching"),
    (merging_words.MERGE, "Merge into …"),
    *_ON_RECORD,
)
_HINTS = {
    "reply": "Reply in this thread to text them. Start with // to keep it internal.",
    "confirm": "Reply in this thread; each reply asks before it is sent. Start with // to keep it internal.",
    "explicit": "Only !send … texts them. Everything else in this thread stays internal.",
}


def card(state: State, thread: Thread, policy: Policy) -> Card:
    """Return the card of ``thread``; the state must hold its conversation and contact."""
    conversation, contact = state.conversation, state.contact
    if conversation is None or contact is None:
        msg = "a card needs a conversation and its contact"
        raise ValueError(msg)
    line, goal, route = line_of(conversation, policy), merged.home(state), merged.reply_route(state)
    answered = route.conversation if route else conversation
    moved = goal is None and follower(state, thread) is not None
    return Card(
        number=conversation.number,
        name=contact.name or shown(contact.address),
        address=shown(contact.address),
        line=conversation.line,
        line_address=shown(line.address) if line else "",
        status=(status := _status(conversation, answered, thread)),
        until=_moment(status, conversation, answered),
        hint=_hint(line, conversation, answered, policy, moved=moved),
        assignee=name_of(conversation.assignee, policy) if conversation.assignee else None,
        assigned=on_platform(person_of(conversation.assignee), thread.platform, policy)
        if conversation.assignee
        else None,
        team=conversation.team,
        held=_held(state.pending, thread.platform, policy),
        labels=conversation.labels,
        waiting_since=conversation.waiting_since if _awaited(conversation, answered) else None,
        answer_leaves=conversation.answer_held_until if not answered.opted_out else None,
        next_due=next_due(conversation, policy),
        breached_at=conversation.breached_at if _awaited(conversation, answered) else None,
        opted_out=answered.opted_out,
        earlier=thread.earlier.id if thread.earlier else None,
        later=_later(state, thread),
        merged=goal.conversation.number if goal else None,
        others=merged.further_addresses(state, policy),
        replies_to=shown((route.contact if route else contact).address) if state.joined else "",
        buttons=() if moved else controls(conversation, line, policy),
    )


def _awaited(conversation: Conversation, answered: Conversation) -> bool:
    """Tell whether the team can do something about a contact who waits."""
    return not answered.opted_out and not conversation.blocked and conversation.answer_held_until is None


def _status(conversation: Conversation, answered: Conversation, thread: Thread) -> str:
    if conversation.merged is not None:
        return f"merged into #{conversation.merged.into}"
    if conversation.blocked:
        return "blocked"
    if answered.opted_out:
        return OUT_SINCE if answered.consent.since is not None else "opted out"
    if thread.state is ThreadState.MOVED:
        return "handed over"
    if conversation.status is ConversationStatus.SNOOZED:
        return SNOOZED if conversation.snoozed_until else "snoozed until they write"
    return conversation.status.value


def _moment(status: str, conversation: Conversation, answered: Conversation) -> datetime | None:
    """The time that the words of a status end with."""
    if status == OUT_SINCE:
        return answered.consent.since
    return conversation.snoozed_until if status == SNOOZED else None


def _later(state: State, thread: Thread) -> str | None:
    after = follower(state, thread)
    return after.root.id if after is not None and after.root is not None else None


def follower(state: State, thread: Thread) -> Thread | None:
    """Return the thread where a conversation goes on that was merged, or moved away from this one."""
    if state.chain:
        return merged.home_thread(state, thread.platform)
    if thread.state is not ThreadState.MOVED:
        return None
    going_on = [one for one in state.threads if one.state in (ThreadState.OPEN, ThreadState.OPENING)]
    return next((one for one in going_on if one.platform == thread.platform), next(iter(going_on), None))


def _held(pending: tuple[Message, ...], platform: str, policy: Policy) -> tuple[tuple[Person, str | None, int], ...]:
    """Count the replies that wait for a person, by who wrote them."""
    writers = [
        message.author
        for message in pending
        if message.author and message.status is MessageStatus.HELD and message.hold in HELD_FOR_A_PERSON
    ]
    return tuple(
        (on_platform(person_of(key), platform, policy), name_of(key, policy), count)
        for key, count in Counter(writers).items()
    )


def controls(conversation: Conversation, line: LinePolicy | None, policy: Policy) -> tuple[Control, ...]:
    """Return the buttons and menus of a card; they are the same for everybody who looks at it."""
    if conversation.merged is not None:
        return (Button(merging_words.UNMERGE, "Unmerge", ""), Menu(MORE, "More", "more", _ON_RECORD))
    owned = conversation.assignee is not None
    names = tuple((name, name) for name in assignable(line, policy))
    return (
        Button(owning_words.UNASSIGN, "Unassign", "") if owned else Button(owning_words.CLAIM, "Claim", "", "primary"),
        Menu(owning_words.ASSIGN, "Assign to …", "choice" if names else "people", names),
        Button(COMMAND, "Canned", ""),
        *_ending(conversation.status),
        *sharing.menu(line, policy),
        Menu(MORE, "More", "more", _MORE),
    )


def _ending(status: ConversationStatus) -> tuple[Button, ...]:
    if status is ConversationStatus.CLOSED:
        return (Button(wording.REOPEN, "Reopen", ""),)
    asleep = status is ConversationStatus.SNOOZED
    away = Button(snooze_words.WAKE, "Wake", "") if asleep else Button(snooze_words.SNOOZE, "Snooze", "")
    return (away, Button(wording.CLOSE, "Close", ""))


def _hint(
    line: LinePolicy | None, conversation: Conversation, answered: Conversation, policy: Policy, *, moved: bool
) -> str:
    if conversation.merged is not None:
        return ""
    if conversation.blocked:
        return owning_words.BLOCKED
    if answered.opted_out:
        return why_out(answered, policy)
    if answered.consent.doubt is not None:
        return consent_words.DOUBT_HINT
    if moved:
        return ""
    return _HINTS[line.reply_mode] if line else "This line is no longer configured: replies are kept as comments."
