"""``textbridge providers``: the table says what the capabilities say."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bridge.cli.providers import PLATFORM_ROWS, PROVIDER_ROWS
from bridge.outside import capabilities
from bridge.ports.platform import PlatformCapabilities
from bridge.ports.provider import ProviderCapabilities
from tests.cli.conftest import Cli

OTHERWISE: dict[str, object] = {
    "media_count": 7,
    "media_bytes": 1_500_000,
    "media_types": ("image/webp",),
    "body_limit": 918,
    "delivery_reports": False,
    "handles_stop": True,
    "idempotent_send": True,
    "findable": True,
    "lists_inbound": True,
    "rate": 2.5,
    "burst": 9,
    "webhook_reply": (200, "text/plain", "ok"),
}
OTHER_ROOMS: dict[str, Any] = {
    "idempotent_post": True,
    "findable": False,
    "rate": 3.0,
    "burst": 3,
    "edit_rate": 4.0,
    "edit_burst": 4,
    "direct_rooms": True,
    "http_limit": 9_000_000,
}


def shown(rows: Any, can: object) -> list[str]:
    return [show(can) for show in rows.values()]


def test_every_provider_and_platform_has_a_column(cli: Cli) -> None:
    outcome = cli("providers")
    providers, platforms = capabilities()
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert lines[0].split() == ["provider", *providers]
    assert lines[len(PROVIDER_ROWS) + 2].split() == ["platform", *platforms]
    assert "image/jpeg, image/png, image/gif" in outcome.out


@pytest.mark.parametrize("field", [field.name for field in fields(ProviderCapabilities)])
def test_every_fact_about_a_provider_can_be_seen(field: str) -> None:
    plain = ProviderCapabilities(rate=1.0)
    assert shown(PROVIDER_ROWS, plain) != shown(PROVIDER_ROWS, replace(plain, **{field: OTHERWISE[field]}))


@pytest.mark.parametrize("field", [field.name for field in fields(PlatformCapabilities)])
def test_every_fact_about_a_platform_can_be_seen(field: str) -> None:
    plain = PlatformCapabilities(rate=1.0, edit_rate=1.0)
    assert shown(PLATFORM_ROWS, plain) != shown(PLATFORM_ROWS, replace(plain, **{field: OTHER_ROOMS[field]}))
