"""``textbridge doctor``: looks at everything, changes nothing, and says how to mend what is wrong."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from rich.text import Text

from bridge.cli.checks.section import Section, worst
from bridge.cli.failure import Failure
from bridge.cli.output import console, plain
from bridge.cli.settings import read_config
from bridge.config import Config, ConfigError
from bridge.observability import configure_logs
from bridge.ports.provider import Finding, Level

SIGNS: dict[Level, tuple[str, str]] = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}
CODES: dict[Level, int] = {"ok": 0, "warning": 1, "error": 2}
ALL_WELL = "All is well."
ALL_WELL_OFFLINE = "Nothing is wrong as far as --offline looks: what is on the network was not asked."
SHORTEST_SECRET = 8  # characters; what is shorter would be struck out of ordinary words


def examine(config_path: Path, *, offline: bool, as_json: bool) -> int:
    """Look at everything, print the findings, and return the exit code: 0 fine, 1 warnings, 2 errors."""
    configure_logs("warning", "console")  # to standard error: what is printed is the findings alone
    config, read = read_findings(config_path)
    sections = [Section("Configuration", read)]
    if config is not None:
        with console(stderr=True).status("Looking …"):
            sections += asyncio.run(_look(config, offline=offline))
        secrets = sorted(set(secrets_in(config.model_dump(include={"accounts", "platforms"}))), key=len, reverse=True)
        sections = [Section(one.title, [_without(secrets, found) for found in one.findings]) for one in sections]
    found = [finding for section in sections for finding in section.findings]
    if as_json:
        print(json.dumps({"findings": [asdict(finding) for finding in found]}, ensure_ascii=False, indent=2))
    else:
        _show(sections, found, ALL_WELL_OFFLINE if offline and config is not None else ALL_WELL)
    return CODES[worst(found)]


def read_findings(config_path: Path) -> tuple[Config | None, Sequence[Finding]]:
    """Return the configuration and that it can be used, or None and every mistake in it."""
    try:
        config = read_config(config_path)
    except Failure as failure:
        cause = failure.__cause__
        if not isinstance(cause, ConfigError):
            return None, [Finding("error", "configuration", failure.said, failure.remedy)]
        return None, [
            Finding("error", "configuration", str(replace(problem, hint="")), problem.hint)
            for problem in cause.problems
        ]
    counted = f"{len(config.accounts)} account(s), {len(config.platforms)} platform(s), {len(config.lines)} line(s)"
    return config, [Finding("ok", "configuration", f"{config_path} can be used: {counted}.")]


async def _look(config: Config, *, offline: bool) -> Sequence[Section]:
    # What needs no vendor's library must not wait for it to be imported when the file is wrong.
    from bridge.cli.checks import database, outside  # noqa: PLC0415 - see above

    own = database.examine(config, offline=offline)
    others = outside.examine(config, offline=offline)
    tables, rest = await asyncio.gather(own, others)
    return [tables, *rest]


def secrets_in(value: object) -> Iterator[str]:
    """Return every secret in a dump of settings."""
    if isinstance(value, SecretStr):
        if len(value.get_secret_value()) >= SHORTEST_SECRET:
            yield value.get_secret_value()
    elif isinstance(value, dict):
        for item in cast("dict[Any, Any]", value).values():
            yield from secrets_in(item)
    elif isinstance(value, list | tuple):
        for item in cast("list[Any]", value):
            yield from secrets_in(item)


def _without(secrets: Sequence[str], finding: Finding) -> Finding:
    """Strike out what a vendor may have repeated in its answer."""
    message, remedy = finding.message, finding.remedy
    for secret in secrets:
        message, remedy = message.replace(secret, "…"), remedy.replace(secret, "…")
    return replace(finding, message=message, remedy=remedy)


def _show(sections: Sequence[Section], found: Sequence[Finding], all_well: str) -> None:
    out = console()
    for section in sections:
        out.print(Text(section.title, style="bold"))
        for finding in section.findings:
            sign, colour = SIGNS[finding.level]
            line = Text.assemble("  ", (sign, colour), " ", (plain(finding.check), "dim"), "  ", plain(finding.message))
            out.print(line, soft_wrap=True)
            if finding.remedy:
                out.print(Text(f"      {plain(finding.remedy)}"), soft_wrap=True)
    errors = sum(finding.level == "error" for finding in found)
    warnings = sum(finding.level == "warning" for finding in found)
    out.print(f"{errors} error(s), {warnings} warning(s)." if errors or warnings else all_well)
