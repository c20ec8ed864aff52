"""What a provider's tests hand to the contract suite, as ``CASE`` in ``tests/adapters/<name>/recorded.py``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bridge.domain.events import ProviderEvent
from bridge.ports.provider import WebhookRequest


@dataclass(frozen=True, slots=True)
class Recorded:
    """A whole request as the provider posts it, signed with the secret of ``settings``; None: of no kind we know."""

    name: str
    request: WebhookRequest
    event: ProviderEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCase:
    """One account, named ``main``, of one provider.

    ``settings``: as an operator writes them. ``rotated``: the same with a second secret beside the first.
    ``stranger``: the same with another secret only. ``secrets``: words that may never show. ``at``: the settings for
    another base address. ``sign``: makes the provider's signature of a changed request, whatever its body.
    ``line`` and ``contact``: addresses in ``recorded``.
    """

    settings: Mapping[str, object]
    rotated: Mapping[str, object]
    stranger: Mapping[str, object]
    secrets: tuple[str, ...]
    at: Callable[[str], Mapping[str, object]]
    signature_headers: tuple[str, ...]
    recorded: tuple[Recorded, ...]
    sign: Callable[[WebhookRequest], WebhookRequest]
    line: str
    contact: str
