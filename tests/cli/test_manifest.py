"""``textbridge manifest``."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.source import ROOT
from tests.cli.conftest import Cli
from tests.cli.support import process, write_config

# As it is while the app is being made: the secrets are not there yet.
UNFINISHED = """
public_url: https://sms.example.org/base/
platforms:
  matrix: {kind: matrix}
  work: {kind: slack, bot_token: "${NOT_SET_YET}"}
"""
ADDRESS = "https://sms.example.org/base/platforms/work"


def addresses(manifest: dict[str, Any]) -> list[str]:
    settings = manifest["settings"]
    commands = [command["url"] for command in manifest["features"]["slash_commands"]]
    return [settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"], *commands]


def test_the_manifest_is_printed_as_it_is_and_needs_no_configuration(cli: Cli) -> None:
    outcome = cli("manifest", "slack")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (ROOT / "manifests" / "slack.yaml").read_text(encoding="utf-8")


def test_the_http_variant_has_our_address_everywhere(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, UNFINISHED)
    manifest = yaml.safe_load(cli("manifest", "slack", "--http").out)
    assert set(addresses(manifest)) == {ADDRESS}
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_without_a_platform_its_name_is_slack(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, "public_url: https://sms.example.org\n")
    assert "https://sms.example.org/platforms/slack" in cli("manifest", "slack", "--http").out


@pytest.mark.parametrize("text", ["", "- a list\n", "public_url: http://sms.example.org\n", "public_url: [\n"])
def test_without_an_address_there_is_no_http_variant(cli: Cli, tmp_path: Path, text: str) -> None:
    write_config(tmp_path, text)
    outcome = cli("manifest", "slack", "--http")
    assert (outcome.code, outcome.out) == (1, "")
    assert "https://" in outcome.err


def test_without_a_configuration_there_is_no_http_variant(tmp_path: Path) -> None:
    outcome = process("manifest", "slack", "--http", cwd=tmp_path)
    assert outcome.code == 1
    assert "textbridge init" in outcome.err
    assert "Traceback" not in outcome.err


SERVICE = f"""
accounts:
  main: {{provider: twilio, account_sid: AC{"0" * 32}, auth_token: "{"0" * 32}"}}
lines:
  desk: {{account: main, address: "+15550001000", rooms: [{{platform: office, room: "!desk:example.org"}}]}}
public_url: https://sms.example.org/base/
platforms:
  office:
    kind: matrix
    homeserver: https://matrix.example.org
    user_id: "@textbridge:example.org"
    mode: appservice
    as_token: "${{AS}}"
    hs_token: "${{HS}}"
"""


def test_the_registration_for_a_homeserver_is_printed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AS", "first")
    monkeypatch.setenv("HS", "second")
    write_config(tmp_path, SERVICE)
    outcome = cli("manifest", "matrix")
    assert (outcome.code, outcome.err) == (0, "")
    made = yaml.safe_load(outcome.out)
    assert made["url"] == "https://sms.example.org/base/platforms/office"
    assert (made["as_token"], made["hs_token"]) == ("first", "second")


def test_an_account_needs_no_registration(cli: Cli, tmp_path: Path) -> None:
    account = SERVICE.replace("mode: appservice", "access_token: one").replace("as_token", "#").replace("hs_token", "#")
    write_config(tmp_path, account)
    outcome = cli("manifest", "matrix")
    assert outcome.code != 0
    assert "mode: appservice" in outcome.err
