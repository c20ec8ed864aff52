"""What is stored before "received" is said, and how it is read again."""

import json
import pickle
from collections.abc import Sequence
from datetime import timedelta
from typing import cast

import pytest

from bridge.domain.events import ProviderEvent, TimerFired
from bridge.domain.messages import Media
from bridge.observability import ALARMS, IGNORED
from bridge.pipeline.intake import REFUSING, Intake, UnknownAccount, decode_request, encode_request
from bridge.pipeline.readers import readers
from bridge.ports.errors import WebhookRejected
from bridge.ports.platform import Platform
from bridge.ports.provider import Provider, WebhookRequest
from bridge.ports.rows import InboxRow
from bridge.ports.store import StoreUnavailable
from tests.pipeline.doubles import Phones
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, deleted, posted, text


class StrictPhones(Phones):
    """A provider that signs with one header."""

    def verify(self, request: WebhookRequest) -> None:
        if request.headers.get("signature") != "ours":
            raise WebhookRejected("the signature does not match")


def request(*events: ProviderEvent, signature: str = "ours", body: bytes | None = None) -> WebhookRequest:
    headers = {"signature": signature, "content-type": "text/plain", "authorization": "secret"}
    return WebhookRequest("POST", "https://bridge/main", headers, pickle.dumps(events) if body is None else body)


def door(store: ScriptedStore) -> Intake:
    return Intake(store.port, {"main": cast("Provider", StrictPhones())})


def stored(kind: str, body: bytes, source: str = "provider:main", event: TimerFired | None = None) -> InboxRow:
    return InboxRow(
        id=5, source=source, external_id="x", kind=kind, received_at=NOW, attempts=0, body=body, event=event
    )


async def test_a_genuine_request_is_stored_without_its_credentials_and_answered() -> None:
    store = ScriptedStore()
    genuine = request(text(external_id="SM1"), text(external_id="SM2"))
    assert await door(store).webhook("main", genuine) == (204, "", "")
    draft = store.kept["provider:main", "SM1+SM2"]
    assert (draft.kind, draft.problem) == ("webhook", None)
    assert b"secret" not in draft.body
    read = decode_request(draft.body)
    assert (read.method, read.url, read.body) == (genuine.method, genuine.url, genuine.body)
    assert read.headers == {"content-type": "text/plain"}


async def test_nothing_is_stored_of_a_forged_request_or_for_an_unknown_account() -> None:
    store = ScriptedStore()
    with pytest.raises(WebhookRejected):
        await door(store).webhook("main", request(signature="theirs"))
    with pytest.raises(UnknownAccount):
        await door(store).webhook("other", request())
    assert store.kept == {}


async def test_a_request_that_cannot_be_read_is_kept_and_read_once_more_by_the_processor() -> None:
    store = ScriptedStore()
    await door(store).webhook("main", request(body=b"no events"))
    [draft] = store.kept.values()
    assert draft.problem is None
    assert decode_request(draft.body).body == b"no events"


async def test_a_genuine_request_that_means_nothing_is_counted_apart() -> None:
    store = ScriptedStore()
    counter = IGNORED.labels("provider:main")
    before = counter._value.get()
    await door(store).webhook("main", request(text(external_id="SM1")))
    assert counter._value.get() == before
    await door(store).webhook("main", request())
    assert counter._value.get() == before + 1


async def test_ids_too_long_for_the_column_and_requests_without_any_are_known_by_their_digest() -> None:
    store = ScriptedStore()
    await door(store).webhook("main", request(*(text(external_id=f"SM{n:030d}") for n in range(10))))
    await door(store).webhook("main", request())
    assert [len(external_id) for _, external_id in store.kept] == [64, 64]


async def test_a_store_that_cannot_take_anything_raises_an_alarm_until_it_can() -> None:
    store = ScriptedStore(down=1)
    intake = door(store)
    with pytest.raises(StoreUnavailable):
        await intake.webhook("main", request(text()))
    assert ALARMS.labels(REFUSING, "inbox")._value.get() == 1
    await intake.webhook("main", request(text()))
    assert ALARMS.labels(REFUSING, "inbox")._value.get() == 0


async def test_a_listed_text_is_read_back_as_it_was_and_stored_once() -> None:
    store = ScriptedStore()
    files = (Media("https://media/1", "image/jpeg", "a.jpg", 7),)
    for event in (text(media=files, sent_at=NOW - timedelta(hours=1), recovered=True), text(external_id="SM2")):
        assert await door(store).listed("main", event)
        assert not await door(store).listed("main", event)
        draft = store.kept["provider:main", event.external_id]
        assert readers({"main": Phones()}, {})["provider:main"](stored(draft.kind, draft.body)) == (event,)


async def test_each_source_is_read_by_who_wrote_it() -> None:
    read = readers({"main": Phones()}, {"slack": cast("Platform", AbleRooms())})
    fired = TimerFired(external_id="timer:1", kind="held", conversation=1, subject="m1")
    assert read["own"](stored("TimerFired", b"{}", "own", fired)) == (fired,)
    events: Sequence[ProviderEvent] = (text(),)
    assert read["provider:main"](stored("webhook", encode_request(request(*events)))) == events
    assert read["chat:slack"](stored("event", pickle.dumps((deleted(),)), "chat:slack")) == (deleted(),)
    came_late = stored("late", pickle.dumps((posted("Yes"), deleted())), "chat:slack")
    assert read["chat:slack"](came_late) == [posted("Yes", absent=True), deleted()]


def test_an_event_of_another_version_is_refused_in_words() -> None:
    with pytest.raises(LookupError, match="row 5 holds no event of this version"):
        readers({}, {})["own"](stored("TimerFired", json.dumps({}).encode(), "own"))
