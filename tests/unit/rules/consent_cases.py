"""What tests of consent work with."""

from dataclasses import replace
from typing import Any

from bridge.domain.consent import Consent, ConsentEntry
from bridge.domain.conversations import Related
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately
from bridge.domain.keeping import NoteConsent
from bridge.domain.messages import Hold, MessageStatus, Purpose
from bridge.domain.people import Contact, Teammate
from bridge.domain.policy import ConsentPolicy, Policy
from tests.unit.rules.builders import (
    CONTACT,
    NOW,
    conversation,
    line,
    reply,
    thread,
)

STOPPED = Consent(since=NOW, by="contact", line="front-desk")

MANAGER = Teammate("bea", (("slack", "U7"),), "manager")

AUTOMATIC = reply(status=MessageStatus.QUEUED, hold=None, release_at=None, purpose=Purpose.AUTOMATIC)

WAITING = replace(AUTOMATIC, purpose=Purpose.SCHEDULED, status=MessageStatus.HELD, hold=Hold.CONSENT)


def entries(decision: Decision) -> list[ConsentEntry]:
    """What goes into the ledger."""
    return [effect.entry for effect in decision.effects if isinstance(effect, NoteConsent)]


def elsewhere(number: int, on: str = "sales", **changed: Any) -> Related:
    """Another conversation with Maria."""
    one = conversation(**{"number": number, "line": on, **changed})
    return Related(
        conversation=one,
        contact=Contact("c1", CONTACT, "Maria"),
        threads=(thread(id=f"t{number}", conversation=number),),
    )


def lines(**consent: Any) -> Policy:
    """A front desk and a sales line on one account, a branch on another."""
    desk = line()
    sales = replace(desk, name="sales", address="+15550002000")
    branch = replace(desk, name="branch", account="other", address="+15550003000")
    return Policy(lines={one.name: one for one in (desk, sales, branch)}, consent=ConsentPolicy(**consent))


def told(decision: Decision) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately)]
