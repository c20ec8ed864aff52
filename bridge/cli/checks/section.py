"""Findings under a heading, and checks that cannot break the others."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from bridge.ports.provider import Finding, Level

CHECK_SECONDS = 45.0
_ORDER: tuple[Level, ...] = ("ok", "warning", "error")


@dataclass(frozen=True, slots=True)
class Section:
    """Findings that belong together."""

    title: str
    findings: Sequence[Finding]


def worst(findings: Sequence[Finding]) -> Level:
    """Return the worst level among findings."""
    levels: list[Level] = ["ok", *(finding.level for finding in findings)]
    return max(levels, key=_ORDER.index)


async def guarded(check: str, work: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    """Return what a check finds; its own failure is a finding too, by name only: its words may hold a secret."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await work
    except TimeoutError:
        message = f"There was no result within {CHECK_SECONDS:.0f} seconds."
        return [Finding("error", check, message, "Look at the network and at api_url, then run doctor again.")]
    except Exception as problem:  # noqa: BLE001 - one broken check must not hide the others
        message = f"This check itself failed ({type(problem).__name__})."
        return [Finding("error", check, message, "Please report it, with what --debug shows of `textbridge run`.")]
