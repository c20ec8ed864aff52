"""What the operator's rules ask besides the conversation: whose turn it is, who has how much, what was said before."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select

from bridge.domain.automation import Facts, Wanted
from bridge.domain.conversations import ConversationStatus
from bridge.domain.keeping import SaveTurn
from bridge.store.schema import conversations, messages
from bridge.store.side_schema import turns
from bridge.store.statements import upsert

TURNS = select(turns.c.team, turns.c.teammate).order_by(turns.c.team)
LOADS = (
    select(conversations.c.assignee, func.count())
    .where(conversations.c.status == ConversationStatus.OPEN, conversations.c.assignee.is_not(None))
    .group_by(conversations.c.assignee)
)
OF_CONTACT = conversations.c.contact == bindparam("whose")
LAST_ASSIGNEE = (
    select(conversations.c.assignee)
    .where(OF_CONTACT, conversations.c.assignee.is_not(None))
    .order_by(conversations.c.number.desc())
    .limit(1)
)
EARLIER = select(exists().where(OF_CONTACT, conversations.c.number < bindparam("before")))
AUTOMATIC = (
    select(messages.c.automatic, messages.c.created_at)
    .where(
        messages.c.conversation.in_(select(conversations.c.number).where(OF_CONTACT)),
        messages.c.created_at > bindparam("since", type_=messages.c.created_at.type),
        messages.c.kind == "reply",
        messages.c.automatic.is_not(None),
    )
    .order_by(messages.c.created_at)
)
_OPENING = "rule:"


def facts(connection: Connection, wanted: Wanted, contact: str, before: int, now: datetime) -> Facts:
    """Return what is wanted; the rest is as if there were nothing."""
    whose: dict[str, object] = {"whose": contact}
    found = Facts()
    return Facts(
        turns=tuple((row[0], row[1]) for row in connection.execute(TURNS)) if wanted.turns else found.turns,
        loads=tuple((row[0], row[1]) for row in connection.execute(LOADS)) if wanted.loads else found.loads,
        last_assignee=connection.execute(LAST_ASSIGNEE, whose).scalar() if wanted.last_assignee else None,
        automatic=_automatic(connection, whose | {"since": now - wanted.automatic}) if wanted.automatic else (),
        first_time=not connection.execute(EARLIER, whose | {"before": before}).scalar() if wanted.first_time else True,
    )


def _automatic(connection: Connection, wanted: dict[str, object]) -> tuple[tuple[str, datetime], ...]:
    rows = connection.execute(AUTOMATIC, wanted)
    return tuple((row.automatic.removeprefix(_OPENING), row.created_at) for row in rows)


def save_turn(connection: Connection, effect: SaveTurn) -> None:
    """Note who of a team was last in turn."""
    upsert(connection, turns, [{"team": effect.team, "teammate": effect.teammate}])
