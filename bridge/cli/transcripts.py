"""``textbridge export conversation``, ``contact`` and ``all``: what was said, for people and other programs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic_core import PydanticCustomError

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database, in_portions
from bridge.cli.output import say
from bridge.cli.settings import read_config
from bridge.cli.transcript_forms import FORMS, Names
from bridge.cli.writing import opened
from bridge.config import Config
from bridge.config.values import check_address
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.store import exporting
from bridge.store.exporting import Exported
from bridge.store.inspect import connection_of

LEDGER_MOST = 100_000
"""Lines of the ledger about one contact; nobody has so many."""
INSIDE = frozenset(
    [MessageStatus.KEPT, MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.CANCELLED]
)
"""Statuses of what never reached the contact; what may have reached them is theirs."""


def conversation(config_path: Path, number: str, *, form: str, out: Path | None, comments: bool) -> None:
    """Write one conversation. ``comments``: also what the team said among themselves. Raises ``Failure``."""
    digits = number.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal()):
        raise Failure("Name the conversation by the number its card shows: textbridge export conversation 1042")
    _known(form)
    config = read_config(config_path)
    wanted = int(digits)
    found = list(_read(config, [wanted]))
    if not found:
        raise Failure(f"There is no conversation #{wanted}.")
    _write(config, iter(found), form=form, out=out, comments=comments)


def contact(config_path: Path, address: str, *, form: str, out: Path | None, comments: bool) -> None:
    """Write all there is about one contact, as JSON with their consent. Raises ``Failure``.

    What they wrote or got where their conversation was merged into another's is in it, with that other conversation.
    """
    _known(form)
    config = read_config(config_path)
    wanted = address_of(address)
    found = in_database(config, lambda unit: exporting.contact_at(connection_of(unit), wanted))
    if found is None:
        raise Failure("There is no contact with this address.")
    numbers = in_database(config, lambda unit: exporting.numbers_of(connection_of(unit), found.id))
    _write(config, _read(config, numbers), form=form, out=out, comments=comments, about=found)


def address_of(given: str) -> str:
    """Return an address in its one form. Raises ``Failure``."""
    try:
        return check_address(given)
    except PydanticCustomError as problem:
        raise Failure(f"The address {problem.message()} {(problem.context or {}).get('hint', '')}".rstrip()) from None


def everything(config_path: Path, *, form: str, out: Path | None, comments: bool) -> None:
    """Write every conversation. Raises ``Failure``."""
    _known(form)
    config = read_config(config_path)
    _write(config, _read(config), form=form, out=out, comments=comments)


def _known(form: str) -> None:
    if form not in FORMS:
        raise Failure(f"--format takes {', '.join(FORMS)}.")


def _read(config: Config, only: Sequence[int] | None = None) -> Iterator[Exported]:
    return in_portions(
        config,
        lambda unit, after: exporting.portion(connection_of(unit), after, only),
        lambda one: one.conversation.number,
    )


def _write(
    config: Config,
    found: Iterator[Exported],
    *,
    form: str,
    out: Path | None,
    comments: bool,
    about: Contact | None = None,
) -> None:
    names = Names.of(config)
    ledger = in_database(config, lambda unit: unit.consent([about.id], LEDGER_MOST)) if about else ()
    with opened(out) as stream:
        count = FORMS[form](stream, found if comments else map(_said_to_the_contact, found), names, ledger)
        stream.flush()
    if out is not None:
        many = "1 conversation" if count == 1 else f"{count} conversations"
        say(f"Wrote {many} to {out}. It holds what people wrote: keep it safe.")


def _said_to_the_contact(one: Exported) -> Exported:
    said = (one for one in one.messages if one.kind is not MessageKind.COMMENT and one.status not in INSIDE)
    return replace(one, messages=tuple(said))
