"""What a card says: the state of a conversation in words."""

from bridge.domain.cards import Button, Card
from bridge.domain.conversations import ConversationStatus, State, Thread
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import wording
from bridge.rules.addresses import shown

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
    line = policy.lines.get(conversation.line)
    closed = conversation.status is ConversationStatus.CLOSED
    button = Button(wording.REOPEN, "Reopen", "") if closed else Button(wording.CLOSE, "Close", "")
    return Card(
        number=conversation.number,
        name=contact.name or shown(contact.address),
        address=shown(contact.address),
        line=conversation.line,
        line_address=shown(line.address) if line else "",
        status="opted out" if conversation.opted_out else conversation.status.value,
        hint=_hint(line, opted_out=conversation.opted_out),
        assignee=conversation.assignee,
        labels=conversation.labels,
        waiting_since=conversation.waiting_since,
        opted_out=conversation.opted_out,
        earlier=thread.earlier.id if thread.earlier else None,
        buttons=(button,),
    )


def _hint(line: LinePolicy | None, *, opted_out: bool) -> str:
    if opted_out:
        return wording.OPTED_OUT
    return _HINTS[line.reply_mode] if line else "This line is no longer configured: replies are kept as comments."
