"""What a contact's text says about further texts, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bridge.domain.consent import ConsentKind, Source
from bridge.domain.conversations import Conversation, State, Thread
from bridge.domain.effects import ArmTimer, Effect, PostNote, Record, SendText
from bridge.domain.events import TextReceived
from bridge.domain.identity import identify
from bridge.domain.keeping import NoteConsent
from bridge.domain.messages import Message, MessageKind, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.domain.policy import Policy
from bridge.rules import consent_words as words
from bridge.rules import segments
from bridge.rules.consent import Change, Changed, entry_of, opted_in, opted_out, provider_answers, wish_of
from bridge.rules.doubting import sounds_like_refusal
from bridge.rules.merged import succeeded
from bridge.rules.waiting import let_through

DOUBT_TIMER = "doubt"


@dataclass(frozen=True, slots=True)
class Heard:
    """The conversation a text is shown in, with replies going back where it came from, and what else changed."""

    conversation: Conversation
    others: tuple[Conversation, ...] = ()
    messages: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that came: from whom, in which threads it is shown."""

    event: TextReceived
    contact: Contact
    threads: Sequence[Thread]
    policy: Policy
    now: datetime


def hear(state: State, conversation: Conversation, text: Text) -> Heard:
    """Heed what a text says. ``conversation``: where it is shown."""
    others: tuple[Conversation, ...] = ()
    if conversation.number == state.fresh_number:
        conversation, others = succeeded(state, conversation)
    number = state.via.conversation.number if state.via is not None else None
    conversation = replace(conversation, reply_via=number)
    if state.via is None:
        texted, who = conversation, text.contact
    else:
        known = next((one for one in others if one.number == number), state.via.conversation)
        texted, who = replace(known, last_inbound_at=text.now), state.via.contact
    said = _Said(state, conversation, texted, who, text)
    changed, messages, effects = _heeded(said)
    conversation, others = folded(conversation, (*others, changed.conversation, *changed.others))
    return Heard(conversation, others, messages, effects)


def folded(
    conversation: Conversation, changes: Sequence[Conversation]
) -> tuple[Conversation, tuple[Conversation, ...]]:
    """Return a conversation with what the changes say of its consent, and the other changes, the last of each."""
    last = {one.number: one for one in changes}
    own = last.pop(conversation.number, None)
    if own is not None:
        conversation = replace(conversation, opted_out=own.opted_out, consent=own.consent)
    return conversation, tuple(last.values())


@dataclass(frozen=True, slots=True)
class _Said:
    """``texted``: the conversation with the address the text came from; ``shown``: the one it is shown in."""

    state: State
    shown: Conversation
    texted: Conversation
    contact: Contact
    text: Text

    @property
    def id(self) -> str:
        return identify("inbound", self.text.event.account, self.text.event.provider_id)

    @property
    def via(self) -> int | None:
        return self.shown.reply_via

    def change(self, source: Source) -> Change:
        words_said = self.text.event.body.strip()[: words.EVIDENCE_AT_MOST]
        return Change(
            source=source, actor="contact", surface="provider", now=self.text.now, words=words_said, message=self.id
        )


def _heeded(said: _Said) -> tuple[Changed, tuple[Message, ...], tuple[Effect, ...]]:
    wish = wish_of(said.text.event, said.texted, said.text.policy)
    if wish is None:
        return _doubted(said)
    change = said.change("keyword" if said.text.event.opt_out is None else "provider")
    if wish == "START":
        changed = opted_in(said.state, said.texted, said.contact, said.text.policy, change)
    else:
        changed = opted_out(said.state, said.texted, said.contact, said.text.policy, change)
    waiting = [one for one in said.state.pending if one.via == said.via]
    messages, sends = let_through(said.state, waiting, said.text.policy, said.text.now)
    confirmation, told = _confirmed(said) if wish == "STOP" and not said.texted.opted_out else ((), ())
    return changed, (*messages, *confirmation), (*changed.effects, *sends, *told)


def _doubted(said: _Said) -> tuple[Changed, tuple[Message, ...], tuple[Effect, ...]]:
    """Ask the team about a text that may be a refusal in other words; one question at a time."""
    known = said.texted
    if (
        known.opted_out
        or known.blocked
        or known.consent.doubt is not None
        or not sounds_like_refusal(said.text.event.body)
    ):
        return Changed(known), (), ()
    change = said.change("words")
    after = replace(known, consent=replace(known.consent, doubt=said.id))
    effects: tuple[Effect, ...] = (
        *(PostNote(thread.id, words.question(said.id), said.id) for thread in said.text.threads),
        ArmTimer(DOUBT_TIMER, said.id, said.text.now + said.text.policy.held_reminder),
        NoteConsent(entry_of(ConsentKind.DOUBTED, after, said.contact, said.text.policy, change)),
        Record("refusal_doubted", "contact", "provider", said.id, conversation=known.number),
    )
    return Changed(after), (), effects


def _confirmed(said: _Said) -> tuple[tuple[Message, ...], tuple[Effect, ...]]:
    """Tell the contact that they get no more texts, once, where the provider does not."""
    line = said.text.policy.lines.get(said.texted.line)
    if line is None or provider_answers(said.text.event, line):
        return (), ()
    body = segments.gsm_friendly(said.text.policy.consent.confirmation)
    message = Message(
        id=identify("confirmation", said.text.event.external_id),
        conversation=said.shown.number,
        kind=MessageKind.REPLY,
        body=body,
        status=MessageStatus.QUEUED,
        created_at=said.text.now,
        segments=segments.count(body).number,
        ticket=1,
        via=said.via,
        purpose=Purpose.CONFIRMATION,
    )
    notes = tuple(PostNote(thread.id, words.confirmed(body)) for thread in said.text.threads)
    return (message,), (*notes, SendText(message.id, 1), Record("opt_out_confirmed", "bridge", "provider", message.id))
