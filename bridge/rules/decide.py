"""The one entrance: (state, event, policy, now) -> decision."""

from datetime import datetime

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatEdited,
    ChatPosted,
    CommandGiven,
    DeliveryReported,
    Event,
    FormSubmitted,
    HomeOpened,
    PostSettled,
    ReactionChanged,
    SendSettled,
    StatusChanged,
    TextReceived,
    TimerFired,
    WritingTogether,
)
from bridge.domain.policy import Policy
from bridge.rules.answer_held import with_answer
from bridge.rules.answering import answered
from bridge.rules.automation.engine import automated
from bridge.rules.delivery import delivery_reported, send_settled
from bridge.rules.echo import echoed
from bridge.rules.edits import chat_deleted, chat_edited
from bridge.rules.inbound import line_of, text_received
from bridge.rules.queueing import home_opened, shown_anew
from bridge.rules.replies import chat_posted
from bridge.rules.room_commands import form_submitted
from bridge.rules.rooms import room_changed
from bridge.rules.statuses import status_changed
from bridge.rules.surfaces import button_pressed, command_given, reaction_changed
from bridge.rules.threads import post_settled
from bridge.rules.timers import timer_fired
from bridge.rules.timing import timed
from bridge.rules.together import writing_together


class NoSuchLine(ValueError):
    """A text came to an address that no line of the configuration has on this account."""


def decide(state: State, event: Event, policy: Policy, now: datetime) -> Decision:
    """Return what is true after ``event`` and what to do. Raises ``NoSuchLine``; reads nothing but its arguments."""
    decided = with_answer(state, _decided(state, event, policy, now), policy)
    decision = automated(state, event, decided, policy, now)
    return timed(state, event, echoed(state, decision, policy), policy, now)


def _decided(state: State, event: Event, policy: Policy, now: datetime) -> Decision:  # noqa: C901, PLR0911, PLR0912 - one line an event
    match event:
        case TextReceived():
            line = line_of(policy, event.account, event.recipient)
            if line is None:
                msg = f"no line has the address {event.recipient} on account {event.account}"
                raise NoSuchLine(msg)
            return text_received(state, event, line, policy, now)
        case DeliveryReported():
            return delivery_reported(state, event, policy, now)
        case ChatPosted():
            return chat_posted(state, event, policy, now)
        case ChatEdited():
            return chat_edited(state, event, policy, now)
        case ChatDeleted():
            return chat_deleted(state, event, policy, now)
        case ReactionChanged():
            return reaction_changed(state, event, policy, now)
        case ButtonPressed():
            return shown_anew(button_pressed(state, event, policy, now), event)
        case HomeOpened():
            return home_opened(event)
        case WritingTogether():
            return writing_together(state, event, now)
        case StatusChanged():
            return status_changed(state, event, policy)
        case CommandGiven():
            return command_given(state, event, policy, now)
        case FormSubmitted():
            return form_submitted(state, event, policy, now)
        case SendSettled():
            return send_settled(state, event, policy, now)
        case PostSettled():
            return post_settled(state, event, policy, now)
        case TimerFired():
            return timer_fired(state, event, policy, now)
        case AssistantAnswered():
            return answered(state, event, policy, now)
        case _:
            return room_changed(event, policy, now)
