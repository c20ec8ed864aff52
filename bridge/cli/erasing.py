"""``textbridge erase contact``: empty what is known of a contact, have the copies in chat removed, give a receipt."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from secrets import token_hex

import typer

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database, in_portions
from bridge.cli.receipts import KEPT, OPTED_OUT, Receipt, show, write
from bridge.cli.settings import read_config
from bridge.cli.transcripts import address_of
from bridge.cli.writing import opened
from bridge.config import Config
from bridge.domain.people import ChatRef
from bridge.outside import build_platforms, system_clock
from bridge.pipeline import remedies
from bridge.pipeline.enqueue import erase_thread
from bridge.pipeline.links import permalink
from bridge.ports.errors import SendDeferred
from bridge.ports.platform import LinksMessages
from bridge.ports.store import Unit
from bridge.store import erasable, erasing
from bridge.store.erasable import Known
from bridge.store.erasing import Busy, Emptied

TRIES, PAUSE_SECONDS = 20, 0.5
"""How often to ask for a moment in which nothing is under way."""
PATIENCE_SECONDS = 5.0
"""How long to wait for a running service to go on removing posts."""
ENDS = 4
LINKS_MOST = 200
BUSY = (
    "A call for them is under way, or a request about them waits to be handled. Nothing was erased: let the service "
    "run until `textbridge outbox list` shows nothing of theirs, and try again."
)


def contact(config_path: Path, given: Sequence[str], *, reason: str, out: Path | None, yes: bool) -> None:
    """Erase the contact with these addresses. Raises ``Failure``, and then nothing was erased."""
    addresses = tuple(dict.fromkeys(address_of(one) for one in given))
    said = "".join(filter(str.isdigit, reason))
    if any(address.lstrip("+") in said for address in addresses):
        raise Failure("The reason goes on record for good: write it without the number.")
    config = read_config(config_path)
    _confirm(addresses, _known(config, addresses), yes=yes)
    with opened(out) if out is not None else nullcontext() as stream:
        known, emptied, receipt_id = _erase(config, addresses, reason)
        receipt = Receipt(
            id=receipt_id,
            at=system_clock().isoformat(timespec="seconds"),
            actor=remedies.OPERATOR,
            reason=reason,
            ends=tuple(address[-ENDS:] for address in addresses),
            conversations=known.numbers,
            erased=emptied.counts,
            copies=_followed(config, known),
            kept=(*KEPT, *((OPTED_OUT,) if known.opted_out else ())),
            for_people=asyncio.run(_links(config, known.left)),
        )
        if stream is not None:
            write(receipt, stream)
    show(receipt, out)


def _known(config: Config, addresses: Sequence[str]) -> Known:
    known = in_database(config, lambda unit: erasable.look(unit, addresses))
    if known.unknown:
        raise Failure(f"There is no contact with the address {', '.join(known.unknown)}. Nothing was erased.")
    if known.linked:
        raise Failure(
            f"Their conversations were merged with those of {', '.join(known.linked)}. Name all numbers of the person "
            "in one command, or take the conversations apart first. Nothing was erased."
        )
    return known


def _confirm(addresses: Sequence[str], known: Known, *, yes: bool) -> None:
    if yes:
        return
    many = len(known.numbers)
    what = f"{many} {'conversation' if many == 1 else 'conversations'} will be emptied, which cannot be undone."
    if not sys.stdin.isatty():
        raise Failure(f"{what} Say --yes if that is wanted; nothing was erased.")
    for address in addresses:
        if typer.prompt(f"{what} Type {address} to go on", err=True).strip() != address:
            raise Failure("That is another number. Nothing was erased.")


def _erase(config: Config, addresses: Sequence[str], reason: str) -> tuple[Known, Emptied, str]:
    """All of it or nothing in one transaction, with the rows that remove the copies, once nothing is under way."""
    for _ in in_portions(config, erasing.empty_requests, lambda last: last):
        pass  # the many, in portions, so that a service beside waits for none long
    receipt = token_hex(4)
    for _ in range(TRIES):
        known = _known(config, addresses)
        try:
            work = partial(_in_one, known, addresses, f"receipt {receipt} {reason}".strip())
            return known, in_database(config, work), receipt
        except Busy:
            time.sleep(PAUSE_SECONDS)
    raise Failure(BUSY)


def _in_one(known: Known, addresses: Sequence[str], detail: str, unit: Unit) -> Emptied:
    now = system_clock()
    emptied = erasing.erase(unit, known, addresses, now)
    unit.enqueue([erase_thread(number, root) for number, root in emptied.roots], now)
    for number in known.numbers:
        remedies.on_record(unit, "erased", now, conversation=number, detail=detail)
    return emptied


def _followed(config: Config, known: Known) -> Mapping[str, int]:
    """How the copies stand, once they are gone or nobody goes on removing them."""
    found = _removals(config, known)
    until = time.monotonic() + PATIENCE_SECONDS
    while found["waiting"] and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
        last, found = found, _removals(config, known)
        if found != last:
            until = time.monotonic() + PATIENCE_SECONDS
    return found


def _removals(config: Config, known: Known) -> dict[str, int]:
    return in_database(config, lambda unit: erasing.removals(unit, known.numbers))


async def _links(config: Config, posts: Sequence[ChatRef]) -> tuple[str, ...]:
    """Addresses that a browser opens; room and id where a platform tells none."""
    platforms = build_platforms(config, system_clock) if posts else {}
    found: list[str] = []
    silent: set[str] = set()
    try:
        for ref in posts:
            platform = platforms.get(ref.platform)
            link = None
            if isinstance(platform, LinksMessages) and ref.platform not in silent and len(found) < LINKS_MOST:
                try:
                    link = await permalink(platform, ref)
                except SendDeferred:
                    silent.add(ref.platform)  # or each of them would take as long
            found.append(link or f"{ref.platform}, room {ref.room}, message {ref.id}")
    finally:
        for platform in platforms.values():
            await platform.aclose()
    return tuple(found)
