"""``textbridge rules``, and the signal that lets a changed configuration count."""

import json
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from bridge.domain.conversations import Conversation, ConversationStatus
from bridge.domain.decision import Decision
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.people import Contact
from tests.cli.conftest import Cli
from tests.cli.support import ask, config_text, write_config
from tests.cli.test_failures import serving
from tests.services.network import free_port

RULES = "rules:\n  - {name: prices, on: message_received, if: {keyword: price}, do: [{label: lead}]}\n"


def test_right_rules_are_counted_and_slips_are_named(cli: Cli, tmp_path: Path) -> None:
    asks = "  - {name: ask, on: message_received, if: {label: leed}, do: [{close: true}]}\n"
    write_config(tmp_path, config_text("sqlite:///textbridge.db") + RULES + asks)
    found = cli("rules", "check")
    assert (found.code, found.err) == (0, "")
    assert "2 rules, nothing wrong." in found.out
    assert 'ask: no rule sets the label "leed"; did you mean "lead"?' in found.out


def test_every_mistake_is_told_with_its_line(cli: Cli, tmp_path: Path) -> None:
    text = config_text("sqlite:///textbridge.db") + RULES.replace("keyword", "keywrd").replace("label: lead", "labl: x")
    write_config(tmp_path, text)
    found = cli("rules", "check")
    line = text.count("\n")
    assert found.code == 2
    assert found.err.count(f"line {line}:") == 2
    assert 'Did you mean "keyword"?' in found.err


def test_without_a_service_that_ran_the_rules_are_compared_with_none_or_with_another_file(
    cli: Cli, database: str, tmp_path: Path
) -> None:
    said = Message(
        id="m1",
        conversation=1001,
        kind=MessageKind.INBOUND,
        body="What is the price?",
        status=MessageStatus.RECEIVED,
        created_at=datetime.now(UTC),
    )
    begun = Conversation(
        number=1001, line="front-desk", contact="c1", status=ConversationStatus.OPEN, created_at=said.created_at
    )
    saved = Decision(conversation=begun, contact=Contact("c1", "+15550100200"), messages=(said,))
    ask(database, lambda unit: unit.save(saved, said.created_at))
    changed = tmp_path / "changed.yaml"
    changed.write_text(config_text(database) + RULES, encoding="utf-8")
    found = json.loads(cli("rules", "test", "--config", str(changed), "--json").out)
    assert [one["after"] for one in found["differences"]] == [[{"rule": "prices", "did": "changed labels: lead"}]]
    same = cli("rules", "test", "--config", str(changed), "--against", str(changed))
    assert "1 text in 1 conversation since 30d ago; 0 would go otherwise." in same.out
    wrong = cli("rules", "test", "--since", "lately")
    assert (wrong.code, "30d" in wrong.err) == (1, True)


def test_a_hangup_reads_the_file_again(tmp_path: Path) -> None:
    listen = f"127.0.0.1:{free_port()}"
    with serving(tmp_path, listen) as running:
        file = tmp_path / f"{listen.rpartition(':')[2]}.yaml"
        right = file.read_text(encoding="utf-8")
        file.write_text(right + RULES.replace("keyword", "keywrd"), encoding="utf-8")
        assert "keyword" in after_hangup(running, "refused")
        file.write_text(right.replace("127.0.0.1:9\n", "127.0.0.1:8\n") + RULES, encoding="utf-8")
        assert "public_url" in after_hangup(running, "read again")


def after_hangup(running: subprocess.Popen[str], words: str) -> str:
    """Send the signal; returns the line of the log that holds these words."""
    running.send_signal(signal.SIGHUP)
    assert running.stderr is not None
    return next(line for line in running.stderr if words in line)
