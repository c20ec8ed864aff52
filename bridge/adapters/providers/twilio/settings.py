"""What an operator writes about a Twilio account."""

from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

Secret = Annotated[SecretStr, Field(min_length=1)]


class TwilioSettings(BaseModel):
    """An account at Twilio.

    ``auth_token``: one, or several while it is rotated; each verifies webhooks and the first logs in, so the new one
    goes first. ``api_key`` with ``api_secret`` log in instead, but never verify. ``shared_keys``: secrets of webhook
    signing keys by key id. ``api_url``: another base address, for an edge or an emulator.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    account_sid: Annotated[str, Field(pattern=r"^AC[0-9a-fA-F]{32}$")]
    auth_token: Annotated[tuple[Secret, ...], Field(min_length=1)]
    api_key: Annotated[str, Field(pattern=r"^SK[0-9a-fA-F]{32}$")] | None = None
    api_secret: Secret | None = None
    shared_keys: dict[str, Secret] = {}
    api_url: str = "https://api.twilio.com"

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
            raise ValueError("api_key and api_secret go together")
        return self

    @property
    def login(self) -> tuple[str, str]:
        """User name and password for the REST API and media."""
        if self.api_key is not None and self.api_secret is not None:
            return self.api_key, self.api_secret.get_secret_value()
        return self.account_sid, self.auth_token[0].get_secret_value()
