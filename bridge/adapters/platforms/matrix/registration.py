"""The registration of an application service: what the homeserver's administrator loads, made from our settings."""

import re

import yaml

from bridge.adapters.platforms.matrix.settings import MatrixSettings


def localpart(user_id: str) -> str:
    """The name of an account on its server."""
    return user_id.removeprefix("@").partition(":")[0]


def service_id(user_id: str) -> str:
    """What the service is called on the homeserver."""
    return localpart(user_id)


def registration(settings: MatrixSettings, url: str) -> str:
    """The registration file, secrets included. ``url``: where the homeserver reaches us (``…/platforms/NAME``)."""
    assert settings.as_token is not None  # noqa: S101 - the settings' validator
    assert settings.hs_token is not None  # noqa: S101 - the same
    return yaml.safe_dump(
        {
            "id": service_id(settings.user_id),
            "url": url,
            "as_token": settings.as_token.get_secret_value(),
            "hs_token": settings.hs_token.get_secret_value(),
            "sender_localpart": localpart(settings.user_id),
            "rate_limited": False,
            "io.element.msc4190": True,  # lets us make the device that our posts are known by
            "namespaces": {"users": [{"exclusive": True, "regex": re.escape(settings.user_id)}]},
        },
        sort_keys=False,
    )
