"""``textbridge guard report``."""

from datetime import UTC, datetime, timedelta

from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from tests.cli.conftest import Cli
from tests.cli.support import ask


def on_record(url: str, *acts: tuple[str, str, str], ago: timedelta = timedelta()) -> None:
    records = tuple(Record(act, "slack:U1", "thread", message, detail) for message, act, detail in acts)
    ask(url, lambda unit: unit.save(Decision(effects=records), datetime.now(UTC) - ago, conversation=1001))


def row(out: str, check: str) -> list[str]:
    return next(line.split() for line in out.splitlines() if line.startswith(check))[1:6]


def test_an_empty_record_holds_nothing(cli: Cli, database: str) -> None:
    out = cli("guard", "report").out
    assert row(out, "secrets") == ["-"] * 5
    assert "lines.NAME.guard" not in out


def test_what_was_held_is_shown_by_check(cli: Cli, database: str) -> None:
    on_record(database, ("a", "held", "it mentions @Ana"), ("a", "released", ""), ago=timedelta(days=40))
    on_record(database, ("b", "held", "it mentions @Ben; it holds a private key"), ("b", "kept_internal", ""))
    out = cli("guard", "report").out
    assert row(out, "mentions") == ["2", "1", "1", "-", "-"]
    assert row(out, "secrets") == ["1", "-", "1", "-", "-"]
    assert "lines.NAME.guard" in out
    assert row(cli("guard", "report", "--since", "30d").out, "mentions") == ["1", "-", "1", "-", "-"]


def test_a_span_must_be_one(cli: Cli, database: str) -> None:
    wrong = cli("guard", "report", "--since", "soon")
    assert (wrong.code, "12h" in wrong.err) == (1, True)
