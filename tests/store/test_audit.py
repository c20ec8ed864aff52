"""Every act is on record, and nobody can change the record unnoticed."""

import pytest
from sqlalchemy import text

from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.ports.store import Store, Unit
from bridge.store.inspect import connection_of, verify_audit
from tests.store.builders import NOW, known, later, save


def acts(*names: str) -> Decision:
    return known(effects=tuple(Record(name, "slack:U1", "thread", "m1", f"detail \0 {name}") for name in names))


ADDED = """
    INSERT INTO audit
    SELECT 6, at, act, actor, surface, conversation, message, detail, hash, 'x' FROM audit WHERE id = 5
"""


async def broken(store: Store, statement: str) -> str | None:
    await store.transact(lambda unit: connection_of(unit).execute(text(statement)) and None)
    return (await store.transact(verify_audit)).problem


async def test_an_untouched_record_is_in_order(store: Store) -> None:
    assert (await store.transact(verify_audit)).problem is None
    await save(store, acts("reply", "undo"), acts("reply"))
    await save(store, acts("close"))
    report = await store.transact(verify_audit)
    assert (report.entries, report.problem) == (4, None)


async def test_entries_hold_what_was_recorded(store: Store) -> None:
    await store.transact(lambda unit: unit.save(Decision(effects=acts("reply").effects), later(1), conversation=1042))
    columns = "id, act, actor, surface, conversation, message, detail"
    rows = await store.transact(lambda unit: connection_of(unit).execute(text(f"SELECT {columns} FROM audit")).all())
    assert [tuple(row) for row in rows] == [(1, "reply", "slack:U1", "thread", 1042, "m1", "detail \ufffd reply")]


async def test_acts_of_a_failed_row_are_not_recorded_and_leave_no_gap(store: Store) -> None:
    def fail(unit: Unit) -> None:
        unit.save(acts("undone"), NOW)
        raise LookupError

    def work(unit: Unit) -> None:
        unit.save(acts("a"), NOW)
        with pytest.raises(LookupError):
            unit.savepoint(lambda: fail(unit))
        unit.save(acts("b"), NOW)

    await store.transact(work)
    report = await store.transact(verify_audit)
    assert (report.entries, report.problem) == (2, None)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE audit SET detail = 'x' WHERE id = 3", "entry 3 was changed"),
        ("UPDATE audit SET conversation = 7 WHERE id = 5", "entry 5 was changed"),
        ("UPDATE audit SET hash = 'x' WHERE id = 5", "entry 5 was changed"),
        ("DELETE FROM audit WHERE id = 3", "entry 3 is missing"),
        ("DELETE FROM audit WHERE id = 1", "entry 1 is missing"),
        ("DELETE FROM audit WHERE id = 5", "entry 5 and later ones are missing"),
        ("DELETE FROM audit WHERE id >= 4", "entry 4 and later ones are missing"),
        ("DELETE FROM audit", "entry 1 and later ones are missing"),
        (ADDED, "entry 6 was changed"),
        (
            "UPDATE audit SET prev_hash = (SELECT hash FROM audit AS earlier WHERE id = 1) WHERE id = 3",
            "entry 3 does not follow the one before it",
        ),
    ],
)
async def test_tampering_shows(store: Store, statement: str, problem: str) -> None:
    await save(store, acts("a", "b", "c", "d", "e"))
    assert await broken(store, statement) == problem


async def test_swapped_entries_show(store: Store) -> None:
    await save(store, acts("a", "b", "c"))

    def swap(unit: Unit) -> None:
        for old, new in ((2, -1), (3, 2), (-1, 3)):
            connection_of(unit).execute(text(f"UPDATE audit SET id = {new} WHERE id = {old}"))

    await store.transact(swap)
    assert (await store.transact(verify_audit)).problem == "entry 2 does not follow the one before it"


async def test_a_last_entry_replaced_with_a_matching_hash_shows(store: Store) -> None:
    await save(store, acts("a"), acts("b"))

    def forge(unit: Unit) -> None:
        from bridge.store import audit
        from bridge.store.side_schema import audit as table

        connection = connection_of(unit)
        row = dict(connection.execute(table.select().where(table.c.id == 2)).mappings().one())
        row["detail"] = "nothing happened"
        forged = audit.sealed(row["prev_hash"], row)
        connection.execute(table.update().where(table.c.id == 2).values(detail=row["detail"], hash=forged))

    await store.transact(forge)
    assert (await store.transact(verify_audit)).problem == "entry 2 is not the one recorded as the last"
