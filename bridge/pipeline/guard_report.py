"""How often each check of the send guard held a reply, and what people made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bridge.rules.guard import CHECKS, check_of

_SENT, _KEPT = "released", "kept_internal"


@dataclass(frozen=True, slots=True)
class CheckTally:
    """One check: how many replies were ``held`` for it, and how those ended.

    ``sent``: all the same; ``kept``: internal; ``stopped``: taken back. A reply held for two reasons counts for both.
    """

    check: str
    held: int
    sent: int
    kept: int
    stopped: int

    @property
    def undecided(self) -> int:
        """Held, and nobody decided yet."""
        return self.held - self.sent - self.kept - self.stopped


def tally(entries: Iterable[tuple[str, str, str]]) -> list[CheckTally]:
    """Return the tally of each check. ``entries``: (message, act, detail) from the record, oldest first."""
    checks: dict[str, set[str]] = {}
    decided: dict[str, str] = {}
    for message, act, detail in entries:
        if act != "held":
            decided[message] = act
            continue
        decided.pop(message, None)  # held anew after an edit
        found = {check for clause in detail.split("; ") if (check := check_of(clause)) is not None}
        checks[message] = checks.get(message, set()) | found
    return [_of(check, [decided.get(message) for message in checks if check in checks[message]]) for check in CHECKS]


def _of(check: str, ends: list[str | None]) -> CheckTally:
    sent, kept = ends.count(_SENT), ends.count(_KEPT)
    stopped = sum(end not in (None, _SENT, _KEPT) for end in ends)
    return CheckTally(check, len(ends), sent, kept, stopped)
