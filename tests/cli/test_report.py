"""``textbridge report``."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bridge.domain.decision import Decision
from bridge.domain.messages import MessageKind, MessageStatus
from tests.cli.conftest import Cli
from tests.cli.support import ask
from tests.store.builders import contact, conversation, reply


@pytest.fixture
def answered(database: str) -> None:
    """A text that was answered within six minutes, two days ago."""
    came = datetime.now(UTC) - timedelta(days=2)
    six = came + timedelta(minutes=6)
    text = reply("a", kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, created_at=came)
    left = reply("b", status=MessageStatus.DELIVERED, author="slack:U1", segments=2, created_at=six)
    known = conversation(created_at=came, last_inbound_at=came)
    ask(database, lambda unit: unit.save(Decision(conversation=known, contact=contact(), messages=(text, left)), came))


def test_nothing_said_is_an_empty_report(cli: Cli, database: str) -> None:
    out = cli("report").out
    assert out.startswith("Last 7 days, front-desk. Times in business hours; 0 waiting")
    assert out.splitlines()[-1].split() == ["all", "0", "0", "0", "0", "-", "-", "-", "-"]


def test_a_table_of_who_answered_how_fast(cli: Cli, answered: None) -> None:
    rows = [line.split() for line in cli("report", "--line", "front-desk").out.splitlines()[2:]]
    assert rows[0] == ["slack:U1", "0", "1", "0", "2", "6", "min", "6", "min", "-", "-"]
    assert rows[1][:3] == ["all", "1", "1"]
    assert cli("report", "--since", "1d").out.splitlines()[-1].split()[:3] == ["all", "0", "0"]


def test_for_programs_in_seconds(cli: Cli, answered: None) -> None:
    found = json.loads(cli("report", "--by", "line", "--format", "json").out)
    assert (found["by"], found["lines"], found["waiting"], len(found["days"])) == ("line", ["front-desk"], 0, 8)
    counts = {"name": "front-desk", "texts": 1, "replies": 1, "failed": 0, "segments": 2}
    assert found["rows"][0] == counts | {"first": 360, "first_slow": 360, "further": None, "further_slow": None}
    rows = list(csv.DictReader(cli("report", "--format", "csv").out.splitlines()))
    assert [(row["name"], row["first"]) for row in rows] == [("slack:U1", "360"), ("all", "360")]


def test_drawn_as_well(cli: Cli, answered: None, tmp_path: Path) -> None:
    assert cli("report", "--picture", str(tmp_path / "report.png")).code == 0
    with Image.open(tmp_path / "report.png") as picture:
        assert (picture.format, picture.width) == ("PNG", 1200)
    wrong = cli("report", "--picture", str(tmp_path / "no" / "report.png"))
    assert (wrong.code, "cannot be written" in wrong.err) == (1, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--line", "nope"), "There is no line nope. Lines: front-desk."),
        (("--by", "team"), "--by takes person, line, day"),
        (("--format", "pdf"), "--format takes table, csv, json"),
        (("--since", "soon"), "--since must be a duration"),
    ],
)
def test_what_cannot_be_is_said_plainly(cli: Cli, database: str, options: tuple[str, ...], said: str) -> None:
    wrong = cli("report", *options)
    assert (wrong.code, said in wrong.err) == (1, True)
