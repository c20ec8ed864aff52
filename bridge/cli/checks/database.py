"""Whether the database can be used, and what is late or stuck in it."""

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bridge.cli.checks.section import Section, guarded
from bridge.cli.failure import Failure
from bridge.cli.opening import MISSING_REMEDY, STANDING_REMEDY, TOO_NEW, file_of, missing_folder, remedy_of, standing
from bridge.cli.output import age
from bridge.config import Config
from bridge.config.redaction import without_password
from bridge.outside import system_clock
from bridge.pipeline.catchup import THREADS_AT_MOST, THREADS_IN_USE
from bridge.pipeline.enqueue import is_configured
from bridge.ports.provider import Finding
from bridge.ports.store import StoreUnavailable, Unit
from bridge.store import inspect, migrate, open_store
from bridge.store.inspect import Overview

CHECK = "database"
LATE_SECONDS = 60.0
SCARCE_BYTES, SPENT_BYTES = 1_000_000_000, 100_000_000
RUNNING = "See that `textbridge run` is running, and what its log and /metrics say."


async def examine(config: Config, *, offline: bool) -> Section:
    """Look at the database; one on a server only when the network may be used."""
    url = config.database_url
    file = file_of(url)
    if file is None and offline:
        return Section("Database", [_ok("It is on a server, and was not looked at: --offline.")])
    findings = list(_file(file.absolute())) if file is not None else []
    if file is None or file.exists():
        findings += await guarded(CHECK, _contents(config))
        findings += _open_to_others(file.absolute()) if file is not None else ()
    elif missing_folder(url) is None:
        remedy = "`textbridge run` makes it at its start, and so does `textbridge db upgrade`."
        findings.append(Finding("warning", CHECK, f"{file} does not exist yet.", remedy))
    return Section("Database", findings)


def _file(file: Path) -> Iterator[Finding]:
    folder = file.parent
    if not folder.is_dir():
        yield Finding("error", CHECK, f"The folder {folder} does not exist.", "Make it, or change `database`.")
        return
    if not os.access(folder, os.W_OK):
        remedy = "SQLite keeps files of its own beside the database: let the service's user write there."
        yield Finding("error", CHECK, f"The folder {folder} cannot be written.", remedy)
    free = shutil.disk_usage(folder).free
    said = f"{free / 1_000_000_000:.1f} GB are free on the disk."
    if free >= SCARCE_BYTES:
        yield Finding("ok", "disk", said)
    else:
        remedy = "Make room: on a full disk no text can be taken in."
        yield Finding("error" if free < SPENT_BYTES else "warning", "disk", said, remedy)


def _open_to_others(file: Path) -> Iterator[Finding]:
    beside = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    if any(one.exists() and one.stat().st_mode & 0o044 for one in beside):
        message = f"Other users of this machine can read {file}, which holds what people wrote."
        yield Finding("warning", CHECK, message, f"The service's user alone should: chmod 600 {file}*")


async def _contents(config: Config) -> Sequence[Finding]:
    url = config.database_url
    try:
        revision = await asyncio.to_thread(migrate.current, url)
        said = standing(revision)
        if revision != migrate.head():
            return [Finding("warning", CHECK, said, STANDING_REMEDY)]
        shown = without_password(url)
        return [_ok(f"{shown} can be read and written."), _ok(said), *await _rows(config)]
    except StoreUnavailable as problem:
        return [Finding("error", CHECK, f"It cannot be used: {problem}.", remedy_of(url))]
    except Failure:
        message, remedy = TOO_NEW.split(". ", 1)
        return [Finding("error", CHECK, f"{message}.", remedy)]


async def _rows(config: Config) -> Sequence[Finding]:
    store = await open_store(config.database_url, system_clock)

    def work(unit: Unit) -> list[Finding]:
        if missing := inspect.missing_tables(unit):
            return [Finding("error", CHECK, f"It lacks {', '.join(missing)}.", MISSING_REMEDY)]
        inspect.try_writing(unit)
        unsafe = inspect.unsafe_settings(unit)
        remedy = "Switch it on: without it, acknowledged texts are lost at a power cut."
        return [
            *(Finding("error", CHECK, f"The server's setting {setting}.", remedy) for setting in unsafe),
            *_queues(inspect.overview(unit, system_clock())),
            *_lost(config, inspect.waiting_by_target(unit)),
            *_left_out(config, unit, system_clock()),
        ]

    try:
        return await store.transact(work)
    finally:
        await store.aclose()


def _queues(found: Overview) -> Iterator[Finding]:
    unhandled = f"{found.unhandled} row(s) to handle{_oldest(found.unhandled_age)}."
    if (found.unhandled_age or 0.0) > LATE_SECONDS:
        yield Finding("warning", "inbox", unhandled, RUNNING)
    else:
        yield Finding("ok", "inbox", unhandled)
    if found.set_aside:
        remedy = "`textbridge inbox list` says why; when that is mended: textbridge inbox replay"
        yield Finding("warning", "inbox", f"{found.set_aside} row(s) could not be handled and were set aside.", remedy)
    unsettled = f"{found.unsettled} call(s) to make{_oldest(found.unsettled_age)}"
    if (found.overdue or 0.0) > LATE_SECONDS:
        message = f"{unsettled}; one should have been made {age(found.overdue or 0.0)} ago."
        yield Finding("warning", "outbox", message, RUNNING)
    else:
        yield Finding("ok", "outbox", f"{unsettled}.")
    if found.failed or found.unknown:
        message = f"{found.failed} call(s) failed, and the outcome of {found.unknown} is unknown."
        remedy = "`textbridge outbox list` shows them; then textbridge outbox retry KEY or textbridge outbox drop KEY"
        yield Finding("warning", "outbox", message, remedy)


def _oldest(seconds: float | None) -> str:
    return "" if seconds is None else f", the oldest {age(seconds)} old"


def _lost(config: Config, waiting: dict[str, int]) -> Iterator[Finding]:
    for target, count in sorted(waiting.items()):
        if not is_configured(target, config.lines, config.platforms, config.webhooks):
            remedy = "Put it back into the configuration, or give the calls up: textbridge outbox list"
            message = f"{count} call(s) wait for {target}, which is not in the configuration any more."
            yield Finding("warning", "outbox", message, remedy)


def _left_out(config: Config, unit: Unit, now: datetime) -> Iterator[Finding]:
    for platform in config.platforms:
        since = now - THREADS_IN_USE
        reached = unit.open_threads(platform, since, THREADS_AT_MOST).since
        if reached > since:
            message = f"After an outage, only threads used in the last {age((now - reached).total_seconds())} are read."
            remedy = "Too many are in use to read them all: look for replies in the others yourself."
            yield Finding("warning", f"{platform}: catch-up", message, remedy)


def _ok(message: str) -> Finding:
    return Finding("ok", CHECK, message)
