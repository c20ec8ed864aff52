"""The clocks of a conversation: which times it has to keep, how much of them has passed, and when the next is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bridge.domain.clocks import STOPPED, Clock, Clocks
from bridge.domain.conversations import Conversation, ConversationStatus
from bridge.domain.hours import Hours
from bridge.domain.policy import Policy, SlaPolicy
from bridge.rules.hours import after_working, working_time
from bridge.rules.threads import line_of

Kind: TypeAlias = Literal["response", "resolution"]
KINDS: tuple[Kind, ...] = ("response", "resolution")

SPAM = "spam"
"""The label of what nobody has to answer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to say after so much business time. ``notify``: whom, in the words of ``SlaStep``."""

    after: timedelta
    notify: tuple[str, ...] = ()


def sla_of(conversation: Conversation, policy: Policy) -> SlaPolicy | None:
    """Return the SLA policy of a conversation: the one a rule gave it, else that of a label, else its line's."""
    if conversation.sla is not None and conversation.sla in policy.sla:
        return policy.sla[conversation.sla]
    labels = set(conversation.labels)
    labelled = next((one for one in policy.sla.values() if labels.intersection(one.labels)), None)
    line = policy.lines.get(conversation.line)
    return labelled or (policy.sla.get(line.sla) if line is not None and line.sla is not None else None)


def with_sla(conversation: Conversation, name: str | None) -> Conversation:
    """Return the conversation with the SLA policy of this name, None: that of its labels or line again.

    Its clocks and timers follow when the decision that holds it is made.
    """
    return replace(conversation, sla=name)


def runs(conversation: Conversation) -> bool:
    """Tell whether somebody waits for the team, so that time counts."""
    if conversation.status is not ConversationStatus.OPEN or conversation.waiting_since is None:
        return False
    if conversation.answer_held_until is not None:
        return False
    aside = conversation.opted_out or conversation.blocked or conversation.merged is not None
    return not aside and SPAM not in conversation.labels


def target_of(kind: Kind, conversation: Conversation, sla: SlaPolicy) -> timedelta | None:
    """Return the time to keep, None where there is none."""
    if kind == "resolution":
        return sla.resolution
    return sla.first_response if conversation.last_outbound_at is None else sla.next_response


def moments_of(target: timedelta, sla: SlaPolicy) -> tuple[Moment, ...]:
    """Return what is to be said and when, soonest first: the warning, the breach, the further steps of the ladder."""
    found = [Moment(target * sla.warn_at)] if sla.warn_at < 1 else []
    current = Moment(target)
    for step in sla.ladder:
        if step.after:
            found.append(current)
            current = Moment(current.after + step.after)
        current = replace(current, notify=(*current.notify, step.notify))
    return (*found, current)


def clock_of(kind: Kind, clocks: Clocks) -> Clock:
    """Return one of the two."""
    return clocks.response if kind == "response" else clocks.resolution


def spent(kind: Kind, clocks: Clocks, hours: Hours | None, now: datetime) -> timedelta:
    """Return how much business time one of them has counted until now."""
    known = clock_of(kind, clocks).spent
    return known if clocks.running_since is None else known + working_time(hours, clocks.running_since, now)


def reached(kind: Kind, clocks: Clocks, hours: Hours | None, after: timedelta) -> datetime | None:
    """Return when a clock has counted so much, None: never, or it stands."""
    since, left = clocks.running_since, after - clock_of(kind, clocks).spent
    return None if since is None else after_working(hours, since, left)


def hours_of(conversation: Conversation, policy: Policy) -> Hours | None:
    """Return the business hours in which a conversation's time counts, None: always."""
    line = line_of(conversation, policy)
    return line.hours if line is not None else None


def next_moments(conversation: Conversation, policy: Policy) -> Mapping[Kind, datetime]:
    """Return when each clock has something to say next."""
    sla = sla_of(conversation, policy)
    if sla is None or conversation.clocks.running_since is None:
        return {}
    return dict(_next(conversation, sla, hours_of(conversation, policy)))


def _next(conversation: Conversation, sla: SlaPolicy, hours: Hours | None) -> Iterator[tuple[Kind, datetime]]:
    for kind in KINDS:
        target = target_of(kind, conversation, sla)
        told = clock_of(kind, conversation.clocks).told
        moments = moments_of(target, sla) if target is not None else ()
        at = reached(kind, conversation.clocks, hours, moments[told].after) if told < len(moments) else None
        if at is not None:
            yield kind, at


def next_due(conversation: Conversation, policy: Policy) -> datetime | None:
    """Return which time of a conversation ends next, None: none that runs, or all are missed."""
    sla, clocks = sla_of(conversation, policy), conversation.clocks
    if sla is None or clocks.running_since is None:
        return None
    hours = hours_of(conversation, policy)
    found: list[datetime] = []
    for kind in KINDS:
        target = target_of(kind, conversation, sla)
        if target is not None and not is_breached(kind, conversation, sla):
            at = reached(kind, clocks, hours, target)
            found += [at] if at is not None else []
    return min(found, default=None)


def is_breached(kind: Kind, conversation: Conversation, sla: SlaPolicy) -> bool:
    """Tell whether it was told that a time is missed."""
    target = target_of(kind, conversation, sla)
    if target is None:
        return False
    told = moments_of(target, sla)[: clock_of(kind, conversation.clocks).told]
    return any(moment.after >= target for moment in told)


def ticked(before: Conversation | None, after: Conversation, policy: Policy, now: datetime) -> Conversation:
    """Return a conversation with its clocks as they are now. ``before``: as it was until now, None: not known."""
    sla = sla_of(after, policy)
    if sla is None:
        return replace(after, clocks=STOPPED, breached_at=None)
    clocks = after.clocks
    if before is not None and sla_of(before, policy) != sla:
        clocks = _untold(clocks)
    clocks = _running(before, after, clocks, now) if runs(after) else _standing(clocks, hours_of(after, policy), now)
    if after.status is ConversationStatus.CLOSED:
        clocks = STOPPED
    elif after.waiting_since is None:
        clocks = replace(clocks, response=Clock())
    timed = replace(after, clocks=clocks)
    return timed if any(is_breached(kind, timed, sla) for kind in KINDS) else replace(timed, breached_at=None)


def _running(before: Conversation | None, after: Conversation, clocks: Clocks, now: datetime) -> Clocks:
    if clocks.running_since is not None:
        return clocks
    goes_on = before is not None and before.waiting_since is not None and not runs(before)
    return replace(clocks, running_since=now if goes_on else after.waiting_since)


def _standing(clocks: Clocks, hours: Hours | None, now: datetime) -> Clocks:
    return Clocks(
        response=replace(clocks.response, spent=spent("response", clocks, hours, now)),
        resolution=replace(clocks.resolution, spent=spent("resolution", clocks, hours, now)),
    )


def _untold(clocks: Clocks) -> Clocks:
    """Under other times, what was told counts no more."""
    return replace(clocks, response=replace(clocks.response, told=0), resolution=replace(clocks.resolution, told=0))
