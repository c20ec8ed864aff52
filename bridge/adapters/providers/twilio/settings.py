"""What an operator writes about a Twilio account."""

import re
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from bridge.ports.specs import unusable

_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
_API_KEY = re.compile(r"SK[0-9a-fA-F]{32}")
Secret = Annotated[SecretStr, Field(min_length=1)]


class TwilioSettings(BaseModel):
    """An account at Twilio.

    ``auth_token``: one, or several while it is rotated; each verifies webhooks and the first logs in, so the new one
    goes first. ``api_key`` with ``api_secret`` log in instead, but never verify. ``shared_keys``: secrets of webhook
    signing keys by key id. ``api_url``: another base address, for an edge or an emulator.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    account_sid: str
    auth_token: Annotated[tuple[Secret, ...], Field(min_length=1)]
    api_key: str | None = None
    api_secret: Secret | None = None
    shared_keys: dict[str, Secret] = {}
    api_url: str = "https://api.twilio.com"

    @field_validator("account_sid")
    @classmethod
    def _account(cls, value: str) -> str:
        if not _ACCOUNT_SID.fullmatch(value):
            raise unusable(
                "is not an account SID: AC and 32 characters (0-9, a-f).",
                "Copy it from the Twilio console's first page.",
            )
        return value

    @field_validator("api_key")
    @classmethod
    def _key(cls, value: str | None) -> str | None:
        if value is not None and not _API_KEY.fullmatch(value):
            raise unusable(
                "is not the SID of an API key: SK and 32 characters (0-9, a-f).",
                "Copy it from API keys in the Twilio console.",
            )
        return value

    @field_validator("auth_token", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str | SecretStr) else value

    @field_validator("api_url")
    @classmethod
    def _base_address(cls, value: str) -> str:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is no number
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http or https address, like https://api.twilio.com")
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("must be a plain base address without user, query or fragment")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _key_with_secret(self) -> Self:
        if (self.api_key is None) != (self.api_secret is None):
            raise unusable("api_key and api_secret go together.", "Give both, or neither.")
        return self

    @property
    def login(self) -> tuple[str, str]:
        """User name and password for the REST API and media."""
        if self.api_key is not None and self.api_secret is not None:
            return self.api_key, self.api_secret.get_secret_value()
        return self.account_sid, self.auth_token[0].get_secret_value()
