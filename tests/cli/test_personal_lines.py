"""A personal line whose teammate cannot be written to is refused before anything runs."""

from pathlib import Path

import pytest

from bridge.cli.failure import Failure
from bridge.cli.settings import read_config
from bridge.config import Config

CONFIG = """
public_url: https://sms.example.org
accounts:
  main: {provider: twilio, account_sid: AC00000000000000000000000000000000, auth_token: "token"}
platforms:
  slack: {kind: slack, bot_token: xoxb-1, app_token: xapp-1}
  matrix: {kind: matrix, homeserver: "https://m.example.org", user_id: "@bot:m.example.org", access_token: "token"}
teammates:
  ana: {slack: U0000000001}
  zoe: {matrix: "@zoe:m.example.org"}
lines:
  desk: {account: main, address: "+15550001000", personal: WHO}
"""


def test_somebody_on_slack_may_have_a_line(tmp_path: Path) -> None:
    file = tmp_path / "textbridge.yaml"
    file.write_text(CONFIG.replace("WHO", "ana"), encoding="utf-8")
    assert read_config(file).lines["desk"].personal == "ana"


def test_somebody_on_matrix_may_have_one_too(tmp_path: Path) -> None:
    file = tmp_path / "textbridge.yaml"
    file.write_text(CONFIG.replace("WHO", "zoe"), encoding="utf-8")
    assert read_config(file).lines["desk"].personal == "zoe"


def _slack_alone(_config: Config) -> list[str]:
    return ["slack"]


def test_somebody_who_cannot_be_written_to_may_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.outside.direct_platforms", _slack_alone)
    file = tmp_path / "textbridge.yaml"
    file.write_text(CONFIG.replace("WHO", "zoe"), encoding="utf-8")
    with pytest.raises(Failure, match=r"lines\.desk\.personal: this teammate has no id on a platform"):
        read_config(file)
