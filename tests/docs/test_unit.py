"""The unit for systemd fits the package, and what the page about installing says."""

import configparser

import yaml

from bridge.cli.main import app
from bridge.pipeline.worker import CALL_SECONDS_LIMIT, TURN_SECONDS
from tests.architecture.source import ROOT

UNIT = ROOT / "manifests" / "textbridge.service"
PAGE = ROOT / "docs" / "installing.md"


def service() -> configparser.SectionProxy:
    """The section that says what runs and how."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] - as systemd reads names
    unit.read_string(UNIT.read_text(encoding="utf-8"))
    return unit["Service"]


def test_what_is_started_is_a_command_of_the_package() -> None:
    program, verb = service()["ExecStart"].split()
    assert program.endswith("/.venv/bin/textbridge")
    assert verb in {command.name for command in app.registered_commands}


def test_the_page_makes_what_the_unit_names() -> None:
    page, found = PAGE.read_text(encoding="utf-8"), service()
    assert found["EnvironmentFile"] == f"{found['WorkingDirectory']}/.env"
    assert found["ReadWritePaths"] == found["WorkingDirectory"]
    for made in (
        f"-d {found['WorkingDirectory']} -U {found['User']}",
        f"git clone https://git.example.org/textbridge.git {found['ExecStart'].split('/.venv')[0]}",
        f"cp {found['ExecStart'].split('/.venv')[0]}/manifests/{UNIT.name} /etc/systemd/system/",
    ):
        assert made in page


def test_the_calls_in_hand_are_waited_for() -> None:
    longest = CALL_SECONDS_LIMIT + TURN_SECONDS
    assert int(service()["TimeoutStopSec"]) > longest
    for file in (ROOT / "docker").glob("compose*.yaml"):
        services = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
        graces = [one["stop_grace_period"] for one in services.values() if "stop_grace_period" in one]
        assert all(int(grace.removesuffix("s")) > longest for grace in graces)
