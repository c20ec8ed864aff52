"""Faults on order: the next calls to a pretend vendor fail the way the real one fails."""

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["lose_answer", "lose_request", "status", "rate_limited", "delay", "html", "hang"]


@dataclass(slots=True)
class Fault:
    """One fault that strikes ``times`` matching calls.

    ``where`` names an API method or ``*``. ``kind``: ``lose_answer`` carries the call out and cuts the connection;
    ``lose_request`` cuts it before anything is done; ``status`` answers HTTP ``value``; ``rate_limited`` answers 429
    with Retry-After ``value`` seconds; ``delay`` carries it out and answers ``value`` seconds late; ``html`` answers
    200 with a page instead of JSON; ``hang`` carries it out and never answers.
    """

    where: str
    kind: FaultKind
    value: float = 0.0
    times: int = 1


class Faults:
    """The faults still to come, struck in the order they were added."""

    def __init__(self) -> None:
        """Start without faults."""
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Queue a fault."""
        self._pending.append(fault)

    def clear(self) -> None:
        """Forget every queued fault."""
        self._pending.clear()

    def take(self, where: str) -> Fault | None:
        """Return the fault that strikes this call, counting it down; None when the call shall pass."""
        for fault in self._pending:
            if fault.where in (where, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._pending.remove(fault)
                return fault
        return None
