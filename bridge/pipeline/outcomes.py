"""From the end of a call to what is written about its row: certainty decides."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.effects import Record
from bridge.domain.events import PostSettled, SendSettled
from bridge.domain.people import ChatRef
from bridge.observability import alarm, log
from bridge.pipeline.backoff import LOOK_UP_POST, LOOK_UP_SEND, delay, next_look
from bridge.pipeline.calls import Answer, Call, Fetched, Lingering
from bridge.pipeline.enqueue import ROOM, clear_mark
from bridge.ports.erasing import Erased
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Posted
from bridge.ports.provider import SendReceipt
from bridge.ports.rows import OutboxDraft, OutboxRow, Settlement
from bridge.rules import wording

CREDENTIALS_SECONDS = 60.0
ROOM_SECONDS = 60.0
"""A room that was closed for long is tried this often; after a short while out of it we are soon back."""
LOOK_UP_LIMIT_SECONDS = 900.0
FETCH_SECONDS = 300.0
_OF_A_MESSAGE = frozenset({"SetMark", "ClearMark", "UpdateNote"})
"""What is pointless, and nobody's fault, once the message it is about cannot be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What is written about a row, and until when its whole target must rest. ``then``: rows that follow from it.

    ``record``: an act to put on record.
    """

    settlement: Settlement
    rest_until: datetime | None = None
    fetched: Fetched | None = None
    then: tuple[OutboxDraft, ...] = ()
    record: Record | None = None


def succeeded(call: Call, answer: Answer, now: datetime) -> Ending:
    """The call was answered."""
    row = call.row
    if isinstance(answer, Fetched):
        return Ending(settlement=Settlement(row=row, status="pending", next_at=now), fetched=answer)
    if isinstance(answer, Lingering):
        follow = clear_mark(row.conversation, answer.ref, answer.mark)
        return Ending(settlement=Settlement(row=row, status="done", shown=call.shown), then=(follow,))
    if isinstance(answer, Erased):
        return _erased(row, answer, now)
    if isinstance(answer, AssistantAnswered):
        return Ending(settlement=Settlement(row=row, status="done", event=answer))
    event = None
    if isinstance(answer, SendReceipt):
        event = SendSettled(
            external_id=f"{row.key}:accepted",
            message=row.message or "",
            outcome="accepted",
            provider_id=answer.provider_id,
            segments=answer.segments,
            linked=call.linked,
            link_seconds=call.link_seconds,
        )
    return Ending(
        settlement=Settlement(
            row=row,
            status="pending" if call.more else "done",
            next_at=now if call.more else None,
            event=event,
            posted=_ref_of(answer),
            posted_at=answer.at if isinstance(answer, Posted) else None,
            root_of=call.root_of,
            unread=call.rereads and row.status == "checking",  # people may have written since it was posted
            role=call.role,
            digest=call.digest,
            shown=call.shown,
        )
    )


def _erased(row: OutboxRow, answer: Erased, now: datetime) -> Ending:
    platform = row.target.partition(":")[2]
    said = f"{answer.removed} removed" if answer.more else f"{answer.removed} removed, {answer.left} left to people"
    return Ending(
        settlement=Settlement(
            row=row, status="pending" if answer.more else "done", next_at=now if answer.more else None
        ),
        record=Record("copies_erased", "bridge", platform, detail=said),
    )


def _ref_of(answer: Answer) -> ChatRef | None:
    if isinstance(answer, Posted):
        return answer.ref
    return answer if isinstance(answer, ChatRef) else None


def failed(call: Call, problem: BaseException, now: datetime) -> Ending:  # noqa: PLR0911 - one line a kind of error
    """The call raised; what is certain decides what follows."""
    row = call.row
    if row.status == "checking" and call.find is not None:
        return _look_up_failed(call, problem, now)
    if call.once:
        return Ending(settlement=Settlement(row=row, status="skipped", problem=_name(problem)))
    if isinstance(problem, SendDeferred):
        return _deferred(call, problem, now)
    if isinstance(problem, SendRejected):
        return _rejected(call, problem, now)
    if isinstance(problem, MediaRefused):
        return _media_refused(row, problem)
    if isinstance(problem, CredentialsRejected):
        return _credentials(row, now)
    return _unknown(call, now, problem)


def _deferred(call: Call, problem: SendDeferred, now: datetime) -> Ending:
    row = call.row
    if call.fetches and not problem.whole_target:
        return _not_fetched(call, problem, now)
    at = now + timedelta(seconds=delay(row.attempts + row.checks, random.random(), problem.retry_after))  # noqa: S311 - jitter
    settlement = Settlement(row=row, status="pending", next_at=at, problem=problem.reason)
    return Ending(settlement=settlement, rest_until=at if problem.whole_target else None)


def _look_up_failed(call: Call, problem: BaseException, now: datetime) -> Ending:
    """Not being able to look says nothing about the attempt: look again, and leave it to a person when that lasts."""
    row = call.row
    if isinstance(problem, CredentialsRejected):
        alarm("credentials refused", row.target, on=True)
    tried = row.attempted_at or now
    if row.kind == "SendText" and now - tried > timedelta(seconds=LOOK_UP_LIMIT_SECONDS):
        return _nobody_knows(row)
    asked = problem.retry_after if isinstance(problem, SendDeferred) else None
    at = now + timedelta(seconds=delay(row.checks, random.random(), asked))  # noqa: S311 - jitter
    return Ending(settlement=Settlement(row=row, status="checking", next_at=at, problem=_name(problem)))


def _nobody_knows(row: OutboxRow) -> Ending:
    event = SendSettled(external_id=f"{row.key}:unknown", message=row.message or "", outcome="unknown")
    return Ending(settlement=Settlement(row=row, status="unknown", event=event, problem="outcome unknown"))


def looked_up(call: Call, found: ChatRef | SendReceipt | None, now: datetime) -> Ending | None:
    """A look-up ended; None: it is certainly not there, so it may be tried again."""
    row = call.row
    if found is not None:
        return succeeded(call, found, now)
    steps = LOOK_UP_SEND if row.kind == "SendText" else LOOK_UP_POST
    after = next_look(steps, row.checks)
    if after is not None:
        at = max(now, (row.attempted_at or now) + timedelta(seconds=after))
        return Ending(settlement=Settlement(row=row, status="checking", next_at=at))
    if row.kind != "SendText":
        return None
    return _nobody_knows(row)


def _rejected(call: Call, problem: SendRejected, now: datetime) -> Ending:
    row, code = call.row, problem.code
    if row.kind == "SendText":
        event = SendSettled(
            external_id=f"{row.key}:rejected",
            message=row.message or "",
            outcome="rejected",
            code=code,
            reason=problem.reason,
            opted_out=problem.opted_out,
        )
        return Ending(settlement=Settlement(row=row, status="failed", event=event, problem=code))
    if problem.gone is not None and row.kind in _OF_A_MESSAGE:
        return Ending(settlement=Settlement(row=row, status="skipped", problem=code))
    if "thread" not in row.payload:
        return Ending(settlement=Settlement(row=row, status="failed", problem=code))
    if problem.gone == "room":
        return _room_unusable(row, code, now)
    event = _post_settled(call, problem)
    if problem.gone == "thread":
        # The row stays at the head of its lane: what waits behind it must not get into the next thread first.
        at = now + timedelta(seconds=delay(row.attempts, random.random()))  # noqa: S311 - jitter
        return Ending(settlement=Settlement(row=row, status="pending", next_at=at, problem=code, event=event))
    return Ending(settlement=Settlement(row=row, status="failed", problem=code, event=event))


def _room_unusable(row: OutboxRow, code: str, now: datetime) -> Ending:
    """The room may open again, so the row waits; all of a worker's rows rest with it only when they go there too."""
    at = now + timedelta(seconds=min(ROOM_SECONDS, delay(row.attempts, random.random())))  # noqa: S311 - jitter
    settlement = Settlement(row=row, status="pending", next_at=at, problem=code)
    if not row.target.startswith(f"{ROOM}:"):
        return Ending(settlement=settlement)
    alarm("room unusable", row.target, on=True)
    return Ending(settlement=settlement, rest_until=at)


def _post_settled(call: Call, problem: SendRejected) -> PostSettled:
    row, thread = call.row, call.thread or str(call.row.payload["thread"])
    return PostSettled(
        external_id=f"{row.key}:{thread}:refused",
        conversation=row.conversation,
        thread=thread,
        message=row.message if row.kind == "PostText" else None,
        gone=problem.gone == "thread",
        code=problem.code,
    )


def _media_refused(row: OutboxRow, problem: MediaRefused) -> Ending:
    event = PostSettled(
        external_id=f"{row.key}:refused",
        conversation=row.conversation,
        thread=str(row.payload["thread"]),
        message=row.message,
        gone=False,
        code="media_refused",
        reason=wording.MEDIA_FAILED.format(reason=problem),
    )
    refused = Fetched({int(str(row.payload["index"])): str(problem)})
    return Ending(
        settlement=Settlement(row=row, status="failed", event=event, problem="media refused"), fetched=refused
    )


def _not_fetched(call: Call, problem: SendDeferred, now: datetime) -> Ending:
    """A file may be late by some seconds; after minutes it will not come, and must not hold up what follows."""
    row = call.row
    age = (now - row.created_at).total_seconds()
    if age < FETCH_SECONDS:
        at = now + timedelta(seconds=max(1.0, age / 4, problem.retry_after or 0.0))
        return Ending(settlement=Settlement(row=row, status="pending", next_at=at, problem=problem.reason))
    if row.kind == "PostMedia":
        return _media_refused(row, MediaRefused(wording.MEDIA_GONE))
    given_up = Fetched(dict.fromkeys(call.fetches, wording.MEDIA_GONE))
    return Ending(settlement=Settlement(row=row, status="pending", next_at=now), fetched=given_up)


def _credentials(row: OutboxRow, now: datetime) -> Ending:
    alarm("credentials refused", row.target, on=True)
    at = now + timedelta(seconds=CREDENTIALS_SECONDS)
    event = None
    if row.kind == "SendText":
        event = SendSettled(external_id=f"{row.key}:credentials", message=row.message or "", outcome="credentials")
    settlement = Settlement(row=row, status="pending", next_at=at, problem="credentials refused", event=event)
    return Ending(settlement=settlement, rest_until=at)


def _unknown(call: Call, now: datetime, problem: BaseException) -> Ending:
    row = call.row
    if not isinstance(problem, SendOutcomeUnknown):
        log().error("call failed in an unforeseen way", kind=row.kind, key=row.key, error=_name(problem))
        alarm("unforeseen error", row.kind, on=True)
    if call.find is None:
        at = now + timedelta(seconds=delay(row.attempts, random.random()))  # noqa: S311 - jitter
        return Ending(settlement=Settlement(row=row, status="pending", next_at=at, problem=_name(problem)))
    steps = LOOK_UP_SEND if row.kind == "SendText" else LOOK_UP_POST
    at = now + timedelta(seconds=steps[0])
    return Ending(settlement=Settlement(row=row, status="checking", next_at=at, problem=_name(problem)))


def _name(problem: BaseException) -> str:
    return type(problem).__name__
