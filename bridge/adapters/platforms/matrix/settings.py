"""What the operator configures for Matrix, and what Matrix can do."""

import re
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from yarl import URL

from bridge.ports.platform import PlatformCapabilities
from bridge.ports.specs import unusable

CAPABILITIES = PlatformCapabilities(
    idempotent_post=True,  # our outbox id is the transaction id: the server answers a repeat with the same event
    findable=False,
    direct_rooms=True,
    rate=None,  # the server says when it is too much, and how much that is differs from one to the next
    http_limit=16_000_000,  # a push holds up to 100 events of up to 64 KiB each, and what the server says of them
)
_USER_ID = re.compile(r"@[^:\s]+:\S+")


class MatrixSettings(BaseModel):
    """An account of its own for the bot, on any homeserver; or an application service, where one may register it.

    For an account one of ``access_token`` and ``password`` must be given, for a service ``as_token`` and ``hs_token``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    homeserver: str = Field(description="Base address of the homeserver, such as https://matrix.example.org")
    user_id: str = Field(description="The bot's full id, such as @textbridge:example.org")
    mode: Literal["account", "appservice"] = Field(
        default="account", description="account, or appservice: registered on the homeserver, which pushes events"
    )
    access_token: SecretStr | None = Field(default=None, description="Access token of the bot's account")
    password: SecretStr | None = Field(default=None, description="Its password instead, used for one log-in")
    as_token: SecretStr | None = Field(default=None, description="appservice: what we show the homeserver, made up")
    hs_token: SecretStr | None = Field(default=None, description="appservice: what the homeserver shows us, made up")
    state_dir: Path = Field(default=Path("matrix-state"), description="Where that log-in is kept")
    device: str = Field(default="TEXTBRIDGE", description="Id of the bot's device, made at the first start")
    require_cross_signed: bool = Field(
        default=False, description="Encrypted rooms: read and write to devices only that their owners signed"
    )
    private_answers: Literal["mention", "direct"] = Field(
        default="mention",
        description="Answers to one person: in the thread, notifying only them, or in a direct room with the bot",
    )

    @field_validator("homeserver")
    @classmethod
    def _absolute(cls, value: str) -> str:
        url = URL(value)
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("must be an http or https address, such as https://matrix.example.org")
        return value.rstrip("/")

    @field_validator("user_id")
    @classmethod
    def _full(cls, value: str) -> str:
        if not _USER_ID.fullmatch(value):
            raise ValueError("must be the bot's full id, such as @textbridge:example.org")
        return value

    @field_validator("access_token", "password", "as_token", "hs_token")
    @classmethod
    def _filled(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("must not be empty")
        return value

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        account, service = (self.access_token, self.password), (self.as_token, self.hs_token)
        if self.mode == "appservice":
            if None in service or any(account):
                raise unusable(
                    "mode: appservice needs as_token and hs_token, and neither access_token nor password.",
                    "Make up the two, for instance by `openssl rand -hex 32`, and see `textbridge manifest matrix`.",
                )
        elif any(service):
            raise unusable(
                "as_token and hs_token are for mode: appservice.", "Add mode: appservice, or give an access_token."
            )
        elif (self.access_token is None) == (self.password is None):
            raise unusable(
                "access_token and password are two ways in: one of the two.", "Keep access_token, or password."
            )
        return self
