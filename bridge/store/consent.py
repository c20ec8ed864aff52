"""The ledger of consent: who wanted texts or none, and how we know. Only ever added to."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from bridge.domain.consent import Consented, ConsentEntry
from bridge.store.mapping import ENTRY, values_of
from bridge.store.side_schema import consent_ledger

PAGE = 1000
OF_CONTACTS = (
    select(consent_ledger)
    .where(consent_ledger.c.contact.in_(bindparam("contacts", expanding=True)))
    .order_by(consent_ledger.c.id.desc())
    .limit(bindparam("most"))
)
ALL = select(consent_ledger).where(consent_ledger.c.id > bindparam("after")).order_by(consent_ledger.c.id).limit(PAGE)


def add(connection: Connection, entry: ConsentEntry, now: datetime) -> None:
    """Add a line."""
    connection.execute(insert(consent_ledger), values_of(entry, ENTRY) | {"at": now})


def newest(connection: Connection, contacts: Sequence[str], limit: int) -> list[Consented]:
    """The lines about these contacts, newest first."""
    rows = connection.execute(OF_CONTACTS, {"contacts": list(contacts), "most": limit}).mappings()
    return [_read(row) for row in rows]


def page(connection: Connection, after: int) -> Sequence[RowMapping]:
    """The next lines of the whole ledger, oldest first, with their ids."""
    return connection.execute(ALL, {"after": after}).mappings().all()


def _read(row: RowMapping) -> Consented:
    return Consented(row["at"], ConsentEntry(**{name: row[name] for name in ENTRY}))
