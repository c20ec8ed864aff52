"""From a stored row back to events; the same code reads a row the first time and when it is replayed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bridge.domain.events import ChatPosted, Event
from bridge.pipeline.intake import LATE, decode_report, decode_request, decode_text
from bridge.ports.platform import Platform
from bridge.ports.provider import Provider
from bridge.ports.rows import InboxRow

Reader = Callable[[InboxRow], Sequence[Event]]


def readers(providers: Mapping[str, Provider], platforms: Mapping[str, Platform]) -> dict[str, Reader]:
    """Return a reader for each source of inbox rows."""
    found: dict[str, Reader] = {"own": _own}
    for account, provider in providers.items():
        found[f"provider:{account}"] = _of_provider(provider)
    for name, platform in platforms.items():
        found[f"chat:{name}"] = _of_platform(platform)
    return found


def _own(row: InboxRow) -> Sequence[Event]:
    if row.event is None:
        msg = f"row {row.id} holds no event of this version"
        raise LookupError(msg)
    return (row.event,)


def _of_provider(provider: Provider) -> Reader:
    def read(row: InboxRow) -> Sequence[Event]:
        if row.kind == "listed":
            return (decode_text(row.body),)
        if row.kind == "reported":
            return (decode_report(row.body),)
        return provider.parse(decode_request(row.body))

    return read


def _of_platform(platform: Platform) -> Reader:
    def read(row: InboxRow) -> Sequence[Event]:
        events = platform.parse(row.body)
        return [_absent(event) for event in events] if row.kind == LATE else events

    return read


def _absent(event: Event) -> Event:
    return replace(event, absent=True) if isinstance(event, ChatPosted) else event
