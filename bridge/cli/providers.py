"""``textbridge providers``: what can be connected, made from the adapters' own capabilities."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bridge.cli.output import say, table
from bridge.outside import capabilities
from bridge.ports.platform import PlatformCapabilities
from bridge.ports.provider import ProviderCapabilities

C = TypeVar("C", ProviderCapabilities, PlatformCapabilities)

PROVIDER_ROWS: Mapping[str, Callable[[ProviderCapabilities], str]] = {
    "characters in a text": lambda can: str(can.body_limit),
    "files in a text": lambda can: str(can.media_count) if can.media_count else "none",
    "size of its files": lambda can: f"{can.media_bytes / 1_000_000:g} MB" if can.media_bytes else "–",
    "kinds of file": lambda can: ", ".join(can.media_types) or "–",
    "reports delivery": lambda can: _yes(can.delivery_reports),
    "answers STOP itself": lambda can: _yes(can.handles_stop),
    "repeating a call is harmless": lambda can: _yes(can.idempotent_send),
    "lost sends can be looked up": lambda can: _yes(can.findable),
    "texts of an outage can be fetched": lambda can: _yes(can.lists_inbound),
    "pace": lambda can: rate(can.rate, can.burst, "line"),
    "answer to a webhook": lambda can: f"{can.webhook_reply[0]} {can.webhook_reply[1]}".strip(),
}
PLATFORM_ROWS: Mapping[str, Callable[[PlatformCapabilities], str]] = {
    "repeating a post is harmless": lambda can: _yes(can.idempotent_post),
    "lost posts can be looked up": lambda can: _yes(can.findable),
    "a line may be one person's": lambda can: _yes(can.direct_rooms),
    "largest request to us": lambda can: f"{can.http_limit / 1024**2:.0f} MiB",
    "pace of posts": lambda can: rate(can.rate, can.burst, "room"),
    "pace of other calls": lambda can: rate(can.edit_rate, can.edit_burst, "workspace"),
}


def table_of(title: str, kinds: Mapping[str, C], rows: Mapping[str, Callable[[C], str]]) -> None:
    """Print a column for each kind and a row for each fact."""
    cells = [(fact, *(show(can) for can in kinds.values())) for fact, show in rows.items()]
    table((title, *kinds), cells)


def show() -> None:
    """Print providers, then platforms."""
    providers, platforms = capabilities()
    table_of("provider", providers, PROVIDER_ROWS)
    say("")
    table_of("platform", platforms, PLATFORM_ROWS)


def rate(per_second: float | None, burst: int, where: str) -> str:
    """Write a pace: ``1 a second and room, 4 at once``."""
    if per_second is None:
        return "not paced by us"
    return f"{per_second:g} a second and {where}, {burst} at once"


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
