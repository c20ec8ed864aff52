"""What the operator configures for Slack, and what Slack can do."""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from yarl import URL

from bridge.ports.platform import PlatformCapabilities
from bridge.ports.specs import unusable

_CHANNEL = re.compile(r"[CGD][A-Z0-9]+")
_MEMBER = re.compile(r"[UW][A-Z0-9]+")
CAPABILITIES = PlatformCapabilities(
    idempotent_post=False,
    findable=True,
    rate=1.0,  # chat.postMessage: about one message per second and channel, short bursts tolerated
    burst=4,
    edit_rate=0.8,  # chat.update, reactions.add: Tier 3, 50 a minute and workspace
    edit_burst=20,
    direct_rooms=True,
)


class SlackSettings(BaseModel):
    """Tokens of one Slack app. ``app_token`` chooses Socket Mode, ``signing_secret`` HTTP mode; one must be given."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    bot_token: SecretStr = Field(description="Bot User OAuth Token (xoxb-…), from OAuth & Permissions")
    app_token: SecretStr | None = Field(
        default=None, description="App-level token (xapp-…) with connections:write: Socket Mode"
    )
    signing_secret: SecretStr | None = Field(
        default=None, description="Signing Secret, from Basic Information: HTTP mode"
    )
    api_url: str = Field(default="https://slack.com/api/", description="Base address of the Web API")
    heed_status: bool = Field(
        default=True, description="Whether a status such as 🌴 or “out of office” counts as `!away`"
    )

    @field_validator("api_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        url = URL(value)
        if url.scheme not in {"http", "https"} or not url.host:
            raise ValueError("must be an http or https address, such as https://slack.com/api/")
        return value if value.endswith("/") else f"{value}/"

    @field_validator("bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith("xoxb-"):
            raise unusable(
                "must be the Bot User OAuth Token, which begins with xoxb-.",
                "Copy it from OAuth & Permissions of the app.",
            )
        return value

    @field_validator("app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("xapp-"):
            raise unusable(
                "must be an app-level token, which begins with xapp-.", "Make one under Basic Information of the app."
            )
        return value

    @field_validator("signing_secret")
    @classmethod
    def _signing_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("must not be empty")
        return value

    @model_validator(mode="after")
    def _one_mode(self) -> Self:
        if (self.app_token is None) == (self.signing_secret is None):
            raise unusable(
                "app_token and signing_secret choose the mode: one of the two.",
                "Keep app_token for Socket Mode, or signing_secret for HTTP mode.",
            )
        return self

    @staticmethod
    def room_remedy(room: str) -> str:
        """Say how to come by a channel's id; empty for what looks like one."""
        if _CHANNEL.fullmatch(room):
            return ""
        return "Slack's channels have ids such as C0123456789: copy it at the end of the channel's details."

    @staticmethod
    def person_remedy(person: str) -> str:
        """Say how to come by a member's id; empty for what looks like one."""
        if _MEMBER.fullmatch(person):
            return ""
        return "Slack's members have ids such as U0123456789: open the profile, then Copy member ID."
