"""Opt-out and opt-in words, which Twilio answers by itself: https://help.twilio.com/articles/223134027."""

from typing import Literal

from bridge.sandbox.twilio.model import Message, Number, Phone
from bridge.sandbox.twilio.segments import count_segments
from bridge.sandbox.twilio.state import State

OptOutType = Literal["STOP", "START", "HELP"]
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
HELP_WORDS = frozenset({"HELP", "INFO"})
ANSWERS: dict[OptOutType, str] = {
    "STOP": "You have been unsubscribed and will get no more messages from this number. Reply START to resubscribe.",
    "START": "You have been re-subscribed to messages from this number. Reply HELP for help, STOP to unsubscribe.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data rates may apply.",
}


def keyword(body: str) -> OptOutType | None:
    """Return what a text asks for; only the exact word counts, in any case."""
    word = body.strip().upper()
    if word in STOP_WORDS:
        return "STOP"
    if word in START_WORDS:
        return "START"
    return "HELP" if word in HELP_WORDS else None


def note_consent(state: State, phone: Phone, number: Number, body: str) -> OptOutType | None:
    """Record what the text asks for and text the answer; a word that changes nothing is only a text."""
    asked = keyword(body)
    out = number.consent_key in phone.opted_out
    if asked is None or (asked == "STOP" and out) or (asked == "START" and not out):
        return None
    if asked == "STOP":
        phone.opted_out.add(number.consent_key)
    elif asked == "START":
        phone.opted_out.discard(number.consent_key)
    reply(state, phone, number, ANSWERS[asked])
    return asked


def reply(state: State, phone: Phone, number: Number, body: str) -> Message:
    """Text ``body`` to the handset at once, as Twilio's own answer or that of TwiML."""
    now = state.now()
    message = Message(
        sid=state.ids.sid("SM"),
        account=number.account,
        direction="outbound-reply",
        sender=number.phone_number,
        to=phone.number,
        body=body,
        status="queued",
        created=now,
        updated=now,
        num_segments=count_segments(body),
        service=number.service,
    )
    state.store(message)
    message.reach("sent", now)
    message.reach("delivered", now)
    message.received = True
    phone.inbox.append(message)
    return message
