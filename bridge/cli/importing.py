"""``textbridge import contacts``: names that are known elsewhere."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic_core import PydanticCustomError

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import say
from bridge.cli.settings import read_config
from bridge.config import Config
from bridge.config.values import check_address, check_zone
from bridge.domain.decision import Decision
from bridge.domain.identity import identify
from bridge.domain.people import Contact
from bridge.outside import system_clock
from bridge.pipeline.remedies import on_record
from bridge.ports.store import Unit
from bridge.store.exporting import contact_at
from bridge.store.inspect import connection_of

ADDRESS, NAME, ZONE = "address", "name", "zone"
PORTION = 500
TOLD_AT_MOST = 20
NAME_AT_MOST = 80
"""Characters, as ``!name`` takes them."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the file. ``zone``: empty when it does not say."""

    address: str
    name: str
    zone: str


def contacts(config_path: Path, file: Path, *, replace_known: bool) -> None:
    """Take names and time zones in from a table, all of it or, where a line is wrong, nothing. Raises ``Failure``.

    It is written in portions; after a failure of the database the same file can be taken in once more.

    ``replace_known``: also where another name or zone is known already.
    """
    config = read_config(config_path)
    rows = _read(file)
    new = changed = 0
    for start in range(0, len(rows), PORTION):
        portion = rows[start : start + PORTION]
        fresh, others = _take_in(config, portion, replace_known=replace_known)
        new, changed = new + fresh, changed + others
    same = len(rows) - new - changed
    hint = "" if replace_known or not same else " --replace also changes names and zones that are known."
    say(f"Imported from {file}: {new} new, {changed} changed, {same} left as they were.{hint}")


def _read(file: Path) -> Sequence[Known]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            if not {ADDRESS, NAME} <= set(table.fieldnames or ()):
                raise Failure(
                    f"{file} needs a first line with the columns {ADDRESS} and {NAME}, and {ZONE} if you have it."
                )
            problems, rows = list[str](), dict[str, Known]()
            for number, row in _numbered(table):
                found = _known(row)
                if isinstance(found, Known):
                    rows[found.address] = found
                else:
                    problems.append(f"  line {number}: {found}")
    except (OSError, UnicodeError, csv.Error) as problem:
        said = problem.strerror if isinstance(problem, OSError) else "it is no table in UTF-8"
        raise Failure(f"{file} cannot be read: {said}.") from None
    if problems:
        more = [f"  and {len(problems) - TOLD_AT_MOST} more"] if len(problems) > TOLD_AT_MOST else []
        raise Failure("\n".join([f"{file}: nothing was imported.", *problems[:TOLD_AT_MOST], *more]))
    return tuple(rows.values())


def _numbered(table: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in table:
        yield table.line_num, {str(key): value or "" for key, value in row.items() if isinstance(value, str | None)}


def _known(row: Mapping[str, str]) -> Known | str:
    """What a row says, or what is wrong with it."""
    name, zone = " ".join(row[NAME].split()), row.get(ZONE, "").strip()
    if not name or len(name) > NAME_AT_MOST:
        return f"the name must have 1 to {NAME_AT_MOST} characters."
    what = "the address"
    try:
        address = check_address(row[ADDRESS])
        what = "the zone"
        return Known(address, name, check_zone(zone) if zone else "")
    except PydanticCustomError as problem:
        return f"{what} {problem.message()} {(problem.context or {}).get('hint', '')}".rstrip()


def _take_in(config: Config, portion: Sequence[Known], *, replace_known: bool) -> tuple[int, int]:
    """How many are new and how many changed."""

    def work(unit: Unit) -> tuple[int, int]:
        before = {row.address: contact_at(connection_of(unit), row.address) for row in portion}
        wanted = [_merged(before[row.address], row, replace_known=replace_known) for row in portion]
        fresh = sum(known is None for known in before.values())
        changed = [one for one, known in zip(wanted, before.values(), strict=True) if one != known]
        if changed:
            unit.save(Decision(contacts=tuple(changed)), system_clock())
            on_record(unit, "contacts_imported", system_clock(), detail=str(len(changed)))
        return fresh, len(changed) - fresh

    return in_database(config, work)


def _merged(known: Contact | None, row: Known, *, replace_known: bool) -> Contact:
    if known is None:
        return Contact(identify("contact", row.address), row.address, row.name, row.zone or None)
    if replace_known:
        return replace(known, name=row.name, zone=row.zone or known.zone)
    return replace(known, name=known.name or row.name, zone=known.zone or row.zone or None)
