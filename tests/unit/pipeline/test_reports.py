"""What became of texts whose callback never came is asked, once each and once more at start."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, cast

import pytest

from bridge.domain.events import DeliveryReported
from bridge.domain.messages import MessageStatus
from bridge.pipeline.calls import Outside
from bridge.pipeline.intake import Intake
from bridge.pipeline.readers import readers
from bridge.pipeline.reports import AGES, AT_MOST_AGO, AT_ONCE, EVERY, RETRY_SECONDS, Reports
from bridge.ports.errors import CredentialsRejected, SendDeferred
from bridge.ports.provider import Provider, ProviderCapabilities
from bridge.ports.rows import InboxRow, LeftText
from bridge.ports.store import StoreUnavailable
from tests.pipeline.doubles import Phones
from tests.unit.pipeline.able import AblePhones
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, policy

LINE = policy().lines["front-desk"]


def told(sid: str) -> DeliveryReported:
    return DeliveryReported(
        account="main", external_id=f"{sid}:failed", provider_id=sid, status=MessageStatus.FAILED, error_code="30003"
    )


class Silent(AblePhones):
    """A provider that can be asked and never knows more than that a text was taken."""

    capabilities: ClassVar[ProviderCapabilities] = ProviderCapabilities(delivery_reports=False)


def asking(store: ScriptedStore, around: Outside) -> Reports:
    """Somebody who asks what is around."""
    return Reports(store.port, Intake(store.port, around.providers), around, lambda: NOW)


def left(*sids: str) -> list[LeftText]:
    return [LeftText(f"of {sid}", sid, NOW - timedelta(hours=1)) for sid in sids]


async def test_what_the_provider_tells_is_stored_as_its_callback_would_be() -> None:
    store, phones = ScriptedStore(Script(unreported_=left("SM1", "SM2", "SM3"))), AblePhones()
    phones.ends = {"SM1": told("SM1"), "SM3": told("SM3")}
    since, until_then = NOW - timedelta(hours=2), NOW - timedelta(minutes=1)
    assert await asking(store, outside(phones)).line(phones, LINE, since, until_then) == until_then
    assert store.script.asked == [("front-desk", since, until_then, AT_ONCE)]
    assert sorted(phones.asked) == ["SM1", "SM2", "SM3"]
    drafts = list(store.kept.values())
    assert sorted(draft.external_id for draft in drafts) == ["SM1:failed", "SM3:failed"]
    assert {(draft.source, draft.kind) for draft in drafts} == {("provider:main", "reported")}
    expected = {replace(told(sid), message=f"of {sid}") for sid in ("SM1", "SM3")}
    read = readers({"main": cast("Provider", phones)}, {})["provider:main"]
    rows = [InboxRow(1, draft.source, draft.external_id, draft.kind, NOW, 1, draft.body) for draft in drafts]
    assert {event for row in rows for event in read(row)} == expected


async def test_of_many_the_oldest_are_asked_about_first_and_the_rest_at_once(start: Start, pauses: list[float]) -> None:
    store, phones = ScriptedStore(Script(unreported_=left(*(f"SM{n}" for n in range(AT_ONCE))))), AblePhones()
    start(asking(store, outside(phones)).run())
    await until(lambda: store.script.asked)
    store.script.unreported_ = []
    await until(lambda: len(pauses) > 1)
    assert pauses[0] == EVERY.total_seconds()
    minute, hour = (NOW - age for age in AGES)
    asked = [("front-desk", since, end, AT_ONCE) for since, end in ((NOW - AT_MOST_AGO, minute), (hour, hour))]
    again = [("front-desk", end, end, AT_ONCE) for end in (minute, hour)]
    first, *rest = store.script.asked
    assert first == asked[0]
    assert [since for _, since, _, _ in rest[:1]] == [hour], "what was left of the day"
    assert rest[1:4] == [asked[1], *again]


@pytest.mark.parametrize(
    ("problem", "pause"),
    [
        (SendDeferred("busy", 77.0), 77.0),
        (SendDeferred("busy"), RETRY_SECONDS),
        (CredentialsRejected("no"), RETRY_SECONDS),
        (StoreUnavailable("disk full"), RETRY_SECONDS),
    ],
)
async def test_who_cannot_tell_now_is_asked_again_later(
    start: Start, pauses: list[float], problem: Exception, pause: float
) -> None:
    store, phones = ScriptedStore(Script(unreported_=left("SM1"))), AblePhones()
    phones.ends = {"SM1": problem}
    start(asking(store, outside(phones)).run())
    await until(lambda: pauses)
    assert pauses[0] == pause
    phones.ends = {"SM1": told("SM1")}
    await until(lambda: store.kept)
    assert [since for _, since, _, _ in store.script.asked][:2] == [NOW - AT_MOST_AGO] * 2


async def test_who_reports_nothing_is_not_asked() -> None:
    store = ScriptedStore(Script(unreported_=left("SM1")))
    await asking(store, outside(cast("Provider", Phones()))).run()
    await asking(store, outside(Silent())).run()
    assert store.script.asked == []
