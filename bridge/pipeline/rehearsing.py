"""Trying changed rules on stored traffic."""

from collections.abc import Sequence
from datetime import datetime

from bridge.domain.past import Past, Rehearsal
from bridge.domain.policy import Policy
from bridge.ports.languages import TellsLanguage
from bridge.ports.store import Unit
from bridge.rules.automation.replay import rehearsed

PAGE = 500


def read_pasts(unit: Unit, since: datetime) -> Sequence[Past]:
    """Return every conversation that something was texted in since then."""
    found: list[Past] = []
    while page := unit.pasts(since, after=found[-1].number if found else 0, limit=PAGE):
        found += page
    return found


def rehearse(
    pasts: Sequence[Past], before: Policy, after: Policy, until: datetime, language_of: TellsLanguage
) -> Rehearsal:
    """Return what the rules of two configurations would have done, and where they differ."""
    return rehearsed(pasts, before, after, until, language_of)
