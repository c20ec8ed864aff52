"""What people want to be told of a conversation."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from bridge.domain.conversations import Reminder
from bridge.domain.keeping import DropReminder, SaveReminder
from bridge.store.mapping import REMINDER, read, values_of
from bridge.store.side_schema import reminders
from bridge.store.statements import upsert

DROP = delete(reminders).where(reminders.c.id == bindparam("wanted"))
OF = select(reminders).where(reminders.c.conversation == bindparam("of")).order_by(reminders.c.due, reminders.c.id)


def change(connection: Connection, effect: SaveReminder | DropReminder) -> None:
    """Keep or forget one."""
    if isinstance(effect, DropReminder):
        connection.execute(DROP, {"wanted": effect.id})
        return
    upsert(connection, reminders, [values_of(effect.reminder, REMINDER)])


def of(connection: Connection, conversation: int) -> Sequence[Reminder]:
    """Those of a conversation, soonest first."""
    return [read(Reminder, REMINDER, row) for row in connection.execute(OF, {"of": conversation}).mappings()]
