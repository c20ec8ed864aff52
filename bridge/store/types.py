"""Column types: what Python holds, exactly and alike on both databases."""

# ruff: noqa: ARG002 - SQLAlchemy says which arguments these methods take

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import TIMESTAMP, BigInteger, Dialect, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from bridge.domain.clocks import STOPPED, Clock, Clocks
from bridge.domain.consent import UNKNOWN, Consent
from bridge.domain.conversations import ConversationStatus, Merged
from bridge.domain.messages import Media
from bridge.domain.people import ChatRef

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def clean(text: str) -> str:
    """The text with what no database takes (NUL, halves of surrogate pairs) replaced by U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


class Words(TypeDecorator[str]):
    """Text of any origin, sorted by code point on both databases, so that locks taken in Python's order agree."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL would sort by the database's language."""
        return dialect.type_descriptor(Text(collation="C" if dialect.name == "postgresql" else None))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else clean(value)


class Moment(TypeDecorator[datetime]):
    """An aware time, exact to the microsecond: ``timestamptz``, or on SQLite microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no type of its own for it."""
        kind = TIMESTAMP(timezone=True) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Python to database; a naive time is a bug of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone cannot be stored")
        return value if dialect.name == "postgresql" else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Database to Python, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else EPOCH + value * MICROSECOND


class Choice(TypeDecorator[StrEnum]):
    """One of an enum's words."""

    impl = Words
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        """Say which."""
        super().__init__()
        self.enum = enum
        self.members = {member.value: member for member in enum}  # asking the enum takes ten times as long

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Database to Python."""
        return None if value is None else self.members[value]


# Made once: ``json.dumps`` with options of one's own makes an encoder for each call.
ENCODER = json.JSONEncoder(separators=(",", ":"), sort_keys=True, allow_nan=False)


def dump(value: object) -> str:
    """JSON in ASCII: any string survives it, NUL and lone surrogates included; always the same for the same value."""
    return ENCODER.encode(value)


class Json(TypeDecorator[Any]):
    """JSON values as text, since nothing inside is ever searched."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Database to Python."""
        return None if value is None else json.loads(value)


class WordList(Json):
    """A tuple of strings."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Database to Python."""
        return None if value is None else tuple(json.loads(value))


class NumberList(Json):
    """A tuple of whole numbers."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[int, ...] | None:
        """Database to Python."""
        return None if value is None else tuple(json.loads(value))


class MergedRow(TypeDecorator[Merged]):
    """What is kept about a merge."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Merged | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else dump({**asdict(value), "at": value.at.astimezone(UTC).isoformat()})

    def process_result_value(self, value: str | None, dialect: Dialect) -> Merged | None:
        """Database to Python."""
        if value is None:
            return None
        found = cast("dict[str, Any]", json.loads(value))
        found["at"], found["status"] = datetime.fromisoformat(found["at"]), ConversationStatus(found["status"])
        found["labels"], found["watchers"] = tuple(found["labels"]), tuple(found["watchers"])
        return Merged(**found)


class ClocksRow(TypeDecorator[Clocks]):
    """How long a conversation has waited: NULL where nothing is counted, else spans in microseconds."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Clocks | None, dialect: Dialect) -> str | None:
        """Python to database."""
        if value is None or value == STOPPED:
            return None
        since = None if value.running_since is None else (value.running_since - EPOCH) // MICROSECOND
        clocks = [[one.spent // MICROSECOND, one.told] for one in (value.response, value.resolution)]
        return dump([since, *clocks])

    def process_result_value(self, value: str | None, dialect: Dialect) -> Clocks:
        """Database to Python."""
        if value is None:
            return STOPPED
        since, *clocks = json.loads(value)
        response, resolution = (Clock(spent=spent * MICROSECOND, told=told) for spent, told in clocks)
        running = None if since is None else EPOCH + since * MICROSECOND
        return Clocks(running_since=running, response=response, resolution=resolution)


class ConsentRow(TypeDecorator[Consent]):
    """What is known of an address's consent; only what differs from knowing nothing is written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Consent | None, dialect: Dialect) -> str | None:
        """Python to database."""
        if value is None:
            return None
        known = {name: found for name, found in asdict(value).items() if found != getattr(UNKNOWN, name)}
        times = {name: at.astimezone(UTC).isoformat() for name, at in known.items() if isinstance(at, datetime)}
        return dump(known | times)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Consent | None:
        """Database to Python."""
        if value is None:
            return None
        if value == "{}":
            return UNKNOWN
        found = cast("dict[str, Any]", json.loads(value))
        if "since" in found:
            found["since"] = datetime.fromisoformat(found["since"])
        return Consent(**found)


class Ref(TypeDecorator[ChatRef]):
    """A chat message as ``["platform","room","id"]``: equal references are equal texts, so it can be looked up."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: ChatRef | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else dump([value.platform, value.room, value.id])

    def process_result_value(self, value: str | None, dialect: Dialect) -> ChatRef | None:
        """Database to Python."""
        return None if value is None else ChatRef(*json.loads(value))


MEDIA_FIELDS = ("source", "content_type", "name", "size", "stored", "refused")


def dump_media(media: tuple[Media, ...]) -> list[dict[str, object]]:
    """Media as JSON values."""
    return [{name: getattr(one, name) for name in MEDIA_FIELDS} for one in media]


def read_media(values: object) -> tuple[Media, ...]:
    """The opposite of ``dump_media``."""
    return tuple(Media(**one) for one in cast("list[dict[str, Any]]", values))


class MediaList(TypeDecorator[tuple[Media, ...]]):
    """The media of a message."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Media, ...] | None, dialect: Dialect) -> str | None:
        """Python to database."""
        return None if value is None else dump(dump_media(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Media, ...] | None:
        """Database to Python."""
        return None if value is None else read_media(json.loads(value))
