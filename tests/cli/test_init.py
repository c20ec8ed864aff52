"""``textbridge init``."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bridge.adapters.platforms.matrix import crypto
from bridge.cli.init import HINTS, MANIFEST, SECRETS
from bridge.config import Config, example_config, parse
from bridge.outside import settings_models
from tests.cli.conftest import Cli
from tests.cli.support import command, environment

SID = "AC" + "0123456789abcdef" * 2
TWILIO = (SID, "+1 (555) 010-0200", "https://texts.example.net/")
ANSWERS = (*TWILIO, "slack", "C0AB12CD34E")
HOMESERVER, BOT, ROOM = "https://matrix.example.net", "@textbridge:example.net", "!aBc-12:example.net"
ON_MATRIX = (*TWILIO, "Matrix", f"{HOMESERVER}/", BOT, ROOM)
VALUES = {
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": "made up",
    "SLACK_BOT_TOKEN": "xoxb-made-up",
    "SLACK_APP_TOKEN": "xapp-made-up",
    "SLACK_SIGNING_SECRET": "made up as well",
    "MATRIX_PASSWORD": "made up",
    "MATRIX_ACCESS_TOKEN": "made up",
}


def read(folder: Path) -> Config:
    """The configuration that was written, with exactly the variables that the list of secrets names."""
    names = re.findall(r"^([A-Z_]+)=$", (folder / SECRETS).read_text(encoding="utf-8"), re.MULTILINE)
    providers, platforms = settings_models()
    text = (folder / "textbridge.yaml").read_text(encoding="utf-8")
    return parse(text, {name: VALUES[name] for name in names}, providers=providers, platforms=platforms)


def typed(*answers: str, socket_mode: str = "") -> str:
    return "\n".join([*answers, socket_mode, ""])


def test_answers_stand_in_the_file(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("init", typed=typed(*ANSWERS))
    assert outcome.code == 0
    config = read(tmp_path)
    line = config.lines["front-desk"]
    assert (line.address, line.rooms[0].room, line.team) == ("+15550100200", "C0AB12CD34E", None)
    assert config.public_url == "https://texts.example.net"
    assert config.accounts["main"].settings.model_dump()["account_sid"] == SID
    assert not config.teammates
    assert "# teammates:" in (tmp_path / "textbridge.yaml").read_text(encoding="utf-8")
    manifest = yaml.safe_load((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert [f"{step}. " in outcome.out for step in (1, 2, 3, 4)] == [True, True, True, False]


def test_http_mode(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", typed=typed(*ANSWERS, socket_mode="n")).code == 0
    settings = read(tmp_path).platforms["slack"].settings.model_dump()
    assert (settings["app_token"], bool(settings["signing_secret"])) == (None, True)
    manifest = yaml.safe_load((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    address = "https://texts.example.net/platforms/slack"
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address


@pytest.mark.parametrize(
    ("place", "wrong"),
    [(0, "SK123"), (1, "555-0100-0200"), (2, "http://texts.example.net"), (3, "teams"), (4, "#front-desk")],
)
def test_an_answer_that_cannot_be_right_is_asked_again(cli: Cli, tmp_path: Path, place: int, wrong: str) -> None:
    outcome = cli("init", typed=typed(*ANSWERS[:place], wrong, *ANSWERS[place:]))
    assert outcome.code == 0
    assert "Error" in outcome.out + outcome.err
    assert read(tmp_path).lines["front-desk"].address == "+15550100200"


@pytest.mark.parametrize(("encrypted", "login"), [("", ""), ("y", "token"), ("n", "password"), ("n", "token")])
def test_a_team_on_matrix(cli: Cli, tmp_path: Path, encrypted: str, login: str) -> None:
    outcome = cli("init", typed=typed(*ON_MATRIX, encrypted, socket_mode=login))
    assert outcome.code == 0
    config = read(tmp_path)
    settings = config.platforms["matrix"].settings.model_dump()
    assert (settings["homeserver"], settings["user_id"]) == (HOMESERVER, BOT)
    assert (settings["access_token"] is None) is (login != "token")
    line = config.lines["front-desk"]
    assert [(shown.platform, shown.room) for shown in line.rooms] == [("matrix", ROOM)]
    assert list(config.platforms) == ["matrix"]
    text = (tmp_path / "textbridge.yaml").read_text(encoding="utf-8")
    assert ("state_dir" in text) is (encrypted != "n" or login != "token")
    assert '#   ana: {matrix: "@ana:example.org", role: manager}' in text
    assert "slack" not in text.casefold()
    assert not (tmp_path / MANIFEST).exists()
    assert f"Invite {BOT} to the room" in outcome.out
    assert [f"{step}. " in outcome.out for step in (1, 2, 3, 4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("place", "wrong"), [(4, "example.net"), (5, "textbridge"), (6, "#desk:example.net"), (6, "desk")]
)
def test_an_answer_for_matrix_that_cannot_be_right_is_asked_again(
    cli: Cli, tmp_path: Path, place: int, wrong: str
) -> None:
    outcome = cli("init", typed=typed(*ON_MATRIX[:place], wrong, *ON_MATRIX[place:], "", ""))
    assert outcome.code == 0
    assert "Error: " in outcome.out + outcome.err
    assert read(tmp_path).lines["front-desk"].rooms[0].room == ROOM


def test_an_encrypted_room_without_the_extra_is_said_with_the_remedy(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "installed", lambda: False)
    assert 'pip install "textbridge[e2e]"' in cli("init", typed=typed(*ON_MATRIX, "y", "")).out
    assert "e2e" not in cli("init", "--force", typed=typed(*ON_MATRIX, "n", "")).out


BY_OPTION = ("--account-sid", SID, "--number", "+15550100200", "--public-url", "https://texts.example.net")
MATRIX_BY_OPTION = ("--platform", "matrix", "--homeserver", HOMESERVER, "--user-id", BOT, "--room", ROOM, "--encrypted")


def test_options_take_the_place_of_answers(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", *BY_OPTION, *MATRIX_BY_OPTION, "--login", "password").code == 0
    assert read(tmp_path).platforms["matrix"].settings.model_dump()["user_id"] == BOT
    slack = ("--platform", "slack", "--channel", "C0AB12CD34E", "--no-socket-mode")
    assert cli("init", "--force", *BY_OPTION, *slack).code == 0
    assert read(tmp_path).lines["front-desk"].rooms[0].room == "C0AB12CD34E"
    assert cli("init", "--force", *MATRIX_BY_OPTION, typed=typed(*TWILIO)).code == 0
    assert read(tmp_path).lines["front-desk"].rooms[0].room == ROOM


def test_whatever_stands_in_an_id_the_file_can_be_read(cli: Cli, tmp_path: Path) -> None:
    odd = ("--user-id", '@a"b:example.net', "--room", "!a\\bc:example.net")
    assert cli("init", *BY_OPTION, *MATRIX_BY_OPTION, *odd, "--login", "password").code == 0
    config = read(tmp_path)
    assert config.platforms["matrix"].settings.model_dump()["user_id"] == odd[1]
    assert config.lines["front-desk"].rooms[0].room == odd[3]


def test_a_secret_that_is_not_there_is_told_and_nothing_that_follows_from_it(cli: Cli) -> None:
    assert cli("init", *BY_OPTION, *MATRIX_BY_OPTION, "--login", "password").code == 0
    said = cli("rules", "check").err
    assert "the environment variable MATRIX_PASSWORD is not set" in said
    assert "two ways in" not in said


def test_without_a_terminal_what_is_missing_or_wrong_is_said_by_its_option(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("init", "--platform", "matrix", "--user-id", BOT)
    assert outcome.code == 1
    for option in ("--account-sid", "--number", "--public-url", "--homeserver", "--room", "--encrypted", "--login"):
        assert option in outcome.err
    assert "--user-id" not in outcome.err
    outcome = cli("init", *BY_OPTION, *MATRIX_BY_OPTION, "--user-id", "textbridge", "--login", "token")
    assert (outcome.code, "--user-id: It must be the bot's full id" in outcome.err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_off_conversation_writes_nothing(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("init", typed=SID)
    assert outcome.code == 1
    assert list(tmp_path.iterdir()) == []


def test_with_nobody_to_ask_it_writes_the_example(cli: Cli, tmp_path: Path) -> None:
    assert cli("init").code == 0
    assert (tmp_path / "textbridge.yaml").read_text(encoding="utf-8") == example_config()
    assert read(tmp_path).lines["front-desk"].team == "support"


def test_every_secret_of_the_example_has_a_hint() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)\}", example_config())) <= {*HINTS, "NAME"}
    assert set(VALUES) == set(HINTS)


@pytest.mark.parametrize("name", ["textbridge.yaml", MANIFEST, SECRETS])
def test_nothing_is_replaced_without_force(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    outcome = cli("init")
    assert outcome.code == 1
    assert name in outcome.err
    assert "--force" in outcome.err
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]
    assert cli("init", "--force").code == 0
    assert (tmp_path / name).read_text(encoding="utf-8") != "mine"


def test_a_folder_that_is_not_there(cli: Cli) -> None:
    outcome = cli("--config", "gone/textbridge.yaml", "init")
    assert outcome.code == 1
    assert "gone/textbridge.yaml cannot be written" in outcome.err


def test_a_real_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("init"), cwd=tmp_path, env=environment(), stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        os.write(ours, typed(*ANSWERS).encode())
        running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert running.returncode == 0
    assert read(tmp_path).lines["front-desk"].address == "+15550100200"
