"""Own events and column types keep what they are given."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from bridge.domain.events import OwnEvent, PostSettled, SendSettled, TextReceived, TimerFired
from bridge.domain.people import ChatRef
from bridge.store.codec import decode, encode, kind_of
from bridge.store.types import EPOCH, Moment, Ref, clean

ANY_TEXT = st.text(st.characters(exclude_categories=()))
OWN = st.one_of(
    st.builds(
        SendSettled,
        external_id=ANY_TEXT,
        message=ANY_TEXT,
        provider_id=st.none() | ANY_TEXT,
        code=st.none() | ANY_TEXT,
        reason=ANY_TEXT,
    ),
    st.builds(PostSettled, external_id=ANY_TEXT, thread=ANY_TEXT, message=st.none() | ANY_TEXT, code=ANY_TEXT),
    st.builds(TimerFired, external_id=ANY_TEXT, kind=ANY_TEXT, subject=ANY_TEXT),
)
DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]


@given(OWN)
def test_own_events_survive(event: OwnEvent) -> None:
    assert decode(kind_of(event), encode(event)) == event


@given(st.sampled_from(["SendSettled", "TimerFired", "PostSettled", "Other"]), st.binary())
def test_any_bytes_are_read_or_refused(kind: str, body: bytes) -> None:
    decode(kind, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    decode("SendSettled", json.dumps(value).encode())


def test_fields_of_a_later_version_are_left_out_and_those_of_an_earlier_one_filled_in() -> None:
    event = SendSettled(external_id="x", message="m", outcome="accepted")
    body = json.loads(encode(event)) | {"later": 1}
    del body["reason"], body["segments"]
    assert decode("SendSettled", json.dumps(body).encode()) == event


def test_what_is_needed_must_be_there() -> None:
    assert decode("SendSettled", b'{"external_id": "x", "message": "m"}') is None


def test_only_events_of_our_own_have_this_form() -> None:
    text = TextReceived(account="a", external_id="x", provider_id="p", sender="+1", recipient="+2", body="")
    with pytest.raises(TypeError):
        encode(text)  # pyright: ignore[reportArgumentType] - the point of the test


ZONES = st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
AWARE = st.datetimes(EPOCH.replace(tzinfo=None), timezones=ZONES).filter(lambda value: 1 < value.year < 9998)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@given(value=AWARE)
def test_times_are_exact_and_come_back_in_utc(dialect: Dialect, value: datetime) -> None:
    found = Moment().process_result_value(Moment().process_bind_param(value, dialect), dialect)
    assert found == value
    assert found is not None
    assert found.tzinfo is UTC


@given(AWARE, AWARE)
def test_sqlite_sorts_times_as_python_does(one: datetime, two: datetime) -> None:
    first, second = (Moment().process_bind_param(value, DIALECTS[0]) for value in (one, two))
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert (first < second) == (one < two)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_time_without_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="zone"):
        Moment().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001 - the point of the test


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_references_survive_and_are_equal_when_their_texts_are(platform: str, room: str, name: str) -> None:
    ref = ChatRef(platform, room, name)
    stored = Ref().process_bind_param(ref, DIALECTS[0])
    assert Ref().process_result_value(stored, DIALECTS[0]) == ref


@given(ANY_TEXT)
def test_cleaned_text_is_what_a_database_takes(value: str) -> None:
    cleaned = clean(value)
    cleaned.encode()
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned
    assert len(cleaned) == len(value)
