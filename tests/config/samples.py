"""A small file that is right, to be made wrong, and adapters' models to read it with."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from bridge.config import Config, ConfigError, Problem, parse


class TwilioLike(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str
    auth_token: SecretStr
    api_url: str = "https://api.twilio.com"

    @field_validator("account_sid")
    @classmethod
    def begins_with_ac(cls, value: str) -> str:
        if not value.startswith("AC"):
            raise ValueError(f"{value} is no account")
        return value


class SlackLike(BaseModel):
    """Does not forbid unknown keys itself."""

    bot_token: SecretStr
    app_token: SecretStr | None = None


PROVIDERS: Mapping[str, type[BaseModel]] = {"twilio": TwilioLike, "signalwire": TwilioLike}
PLATFORMS: Mapping[str, type[BaseModel]] = {"slack": SlackLike}
RIGHT = """\
public_url: https://sms.example.org
accounts:
  main: {provider: twilio, account_sid: AC1, auth_token: "tokentoken"}
platforms:
  slack: {kind: slack, bot_token: "xoxb-1"}
teammates:
  ana: {slack: U1, role: manager}
teams:
  support: {members: [ana]}
lines:
  desk:
    account: main
    address: "+15550001000"
    team: support
    rooms: [{platform: slack, room: C1}]
"""


def read_text(text: str, **environ: str) -> Config:
    """Read a text with the adapters' models above."""
    return parse(text, environ, providers=PROVIDERS, platforms=PLATFORMS)


def problems_of(text: str, **environ: str) -> list[Problem]:
    """Return what is wrong with a text."""
    with pytest.raises(ConfigError) as caught:
        read_text(text, **environ)
    return list(caught.value.problems)


def changed(path: str, value: Any) -> str:
    """Return the right file with one value changed; the path is dotted."""
    data: Any = yaml.safe_load(RIGHT)
    place = data
    *above, last = path.split(".")
    for key in above:
        place = place.setdefault(key, {})
    place[last] = value
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
