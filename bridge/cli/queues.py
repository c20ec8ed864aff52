"""``textbridge inbox`` and ``textbridge outbox``: what is stuck, and the remedies. No body is ever shown."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typer

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import age, say, table
from bridge.cli.settings import read_config
from bridge.config import Config
from bridge.outside import system_clock
from bridge.pipeline import remedies
from bridge.ports.store import Unit
from bridge.store import inspect
from bridge.store.inspect import OutboxLine

TEXT = "SendText"
SOON = "A running service takes this up within seconds."


def list_inbox(config_path: Path, limit: int) -> None:
    """Show what could not be handled."""
    now = system_clock()
    rows = in_database(read_config(config_path), lambda unit: inspect.list_set_aside(unit, limit))
    if not rows:
        say("Nothing was set aside.")
        return
    cells = [(str(row.id), row.source, row.kind, _since(row.received_at, now), row.problem or "") for row in rows]
    table(("row", "source", "kind", "age", "problem"), cells)
    say("When the reason is gone: textbridge inbox replay [row …]")


def replay_inbox(config_path: Path, rows: Sequence[int]) -> None:
    """Have rows handled again, all of them without ``rows``."""

    def work(unit: Unit) -> int:
        done = inspect.replay(unit, rows or None)
        if done:
            remedies.on_record(unit, "inbox_replayed", system_clock(), detail=f"{done} rows")
        return done

    done = in_database(read_config(config_path), work)
    if done < len(set(rows)):
        raise Failure(
            f"{done} of {len(set(rows))} rows will be handled again; the others are not set aside. "
            "`textbridge inbox list` shows those that are."
        )
    say(f"{done} {'row' if done == 1 else 'rows'} will be handled again. {SOON}" if done else "Nothing was set aside.")


def list_outbox(config_path: Path, limit: int) -> None:
    """Show calls that failed, whose outcome is unknown, or that wait."""
    now = system_clock()

    def work(unit: Unit) -> list[OutboxLine]:
        stuck = inspect.list_stuck(unit, limit)
        return stuck + inspect.list_unsettled(unit, limit - len(stuck))

    rows = in_database(read_config(config_path), work)
    if not rows:
        say("No call waits, failed or is of unknown outcome.")
        return
    cells = [
        (row.key, row.kind, _number(row), row.status, _since(row.created_at, now), row.target, row.problem or "")
        for row in rows
    ]
    table(("key", "call", "for", "status", "age", "target", "problem"), cells)
    say("Failed or unknown: textbridge outbox retry KEY … or textbridge outbox drop KEY …")


def retry_outbox(config_path: Path, keys: Sequence[str], *, yes: bool) -> None:
    """Make calls again. Those of unknown outcome may happen twice, so a person must say yes."""
    config = read_config(config_path)
    found = _look_up(config, keys)
    if idle := [row.key for row in found if row.stuck_at is None]:
        raise Failure(f"Neither failed nor unknown (any more): {', '.join(idle)}. Nothing was changed.")
    unknown = [row for row in found if row.status == "unknown"]
    if unknown:
        texts = any(row.kind == TEXT for row in unknown)
        whom = "The contact may get it twice" if texts else "It may appear twice"
        _confirm(f"{_count(unknown)} may have been done already. {whom}. Make it again?", yes=yes)

    def work(unit: Unit) -> list[str]:
        now = system_clock()
        rows = [row for row in inspect.find_calls(unit, keys) if row.stuck_at is not None]
        refused: list[str] = []
        for row in rows:
            if row.kind != TEXT:
                inspect.retry(unit, [row.key], now)
                _note(unit, "call_retried", row, now)
            elif remedies.send_again(unit, row.message or "", now):
                inspect.dismiss(unit, [row.key])
            else:
                refused.append(row.key)
        return refused

    refused = in_database(config, work)
    if refused:
        raise Failure(
            f"Not sent again, because the text is on its way, was sent meanwhile, or its end is not written down yet: "
            f"{', '.join(refused)}. `textbridge outbox drop` takes them off the list."
            + (" The others will be made again." if len(refused) < len(found) else "")
        )
    say(f"{_count(found)} will be made again. {SOON}")


def drop_outbox(config_path: Path, keys: Sequence[str], *, yes: bool) -> None:
    """Give up calls: those that wait are never made, those that failed or are unknown leave the list."""
    config = read_config(config_path)
    found = [row for row in _look_up(config, keys) if row.stuck_at is not None or row.settled_at is None]
    if not found:
        raise Failure("These calls have ended already. Nothing was changed.")
    _confirm(f"{_count(found)} will never be made (again). Go on?", yes=yes)

    def work(unit: Unit) -> list[str]:
        now = system_clock()
        stopped = [row.key for row in found if _stop(unit, row, now)]
        inspect.drop(unit, [row.key for row in found], now)
        under_way: list[str] = []
        for row in inspect.find_calls(unit, [row.key for row in found]):
            if row.settled_at is None and row.key not in stopped:
                under_way.append(row.key)
            elif row.key not in stopped:
                _note(unit, "call_dropped", row, now)
        return under_way

    if under_way := in_database(config, work):
        raise Failure(f"Under way, so not dropped: {', '.join(under_way)}. Look again in a minute.")
    say(f"{_count(found)} dropped.")


def _stop(unit: Unit, row: OutboxLine, now: datetime) -> bool:
    ticket = inspect.text_ticket(unit, row.key)
    if row.kind != TEXT or row.settled_at is not None or ticket is None:
        return False
    return remedies.stop(unit, row.message or "", ticket, now)


def _note(unit: Unit, act: str, row: OutboxLine, now: datetime) -> None:
    remedies.on_record(
        unit, act, now, conversation=row.conversation or None, message=row.message, detail=f"{row.kind} {row.key}"
    )


def _look_up(config: Config, keys: Sequence[str]) -> list[OutboxLine]:
    found = in_database(config, lambda unit: inspect.find_calls(unit, keys))
    known = {row.key for row in found}
    if missing := [key for key in keys if key not in known]:
        raise Failure(f"There is no call {', '.join(missing)}. `textbridge outbox list` shows the keys.")
    return found


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failure(f"{question.rpartition('. ')[0]}. Say --yes if that is wanted; nothing was changed.")
    if not typer.confirm(question, err=True):
        raise Failure("Nothing was changed.")


def _count(rows: Sequence[OutboxLine]) -> str:
    return "1 call" if len(rows) == 1 else f"{len(rows)} calls"


def _number(row: OutboxLine) -> str:
    return f"#{row.conversation}" if row.conversation else ""


def _since(at: datetime, now: datetime) -> str:
    return age((now - at).total_seconds())
