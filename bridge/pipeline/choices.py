"""Choices of a search field, read while somebody types: they cannot wait for the inbox."""

from collections.abc import Sequence

from bridge.domain.events import FormSubmitted
from bridge.domain.policy import Policy
from bridge.pipeline.in_force import InForce
from bridge.ports.platform import Asked, Choices
from bridge.ports.store import Store, Unit
from bridge.rules.canned import CHOSEN, FORM, matching
from bridge.rules.permission import refusal
from bridge.rules.threads import line_of

MOST = 100


def choices_of(store: Store, in_force: InForce) -> Choices:
    """Return the function a platform asks."""

    async def choices(asked: Asked) -> Sequence[tuple[str, str]]:
        if (asked.form, asked.field) != (FORM, CHOSEN):
            return ()
        return await store.transact(lambda unit: _canned(unit, in_force.policy, asked), urgent=True)

    return choices


def _canned(unit: Unit, policy: Policy, asked: Asked) -> list[tuple[str, str]]:
    """Canned responses for the conversation the form is about, to those who may text there."""
    about = FormSubmitted(
        external_id="", platform=asked.person.platform, author=asked.person, form=asked.form, context=asked.context
    )
    conversation = unit.load_conversation(about.number).conversation if about.number is not None else None
    line = line_of(conversation, policy) if conversation is not None else None
    if conversation is None or refusal(asked.person, line, policy) is not None:
        return []
    team = conversation.team or (line.team if line is not None else None)
    stored = unit.find_canned([team] if team else [], asked.typed, MOST)
    return matching(policy, stored, team, asked.typed)[:MOST]
