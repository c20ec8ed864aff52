"""Help comes at once because nothing that is slow to import is imported for it."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from tests.cli.conftest import Cli
from tests.cli.support import ROOT, environment

SLOW = ("sqlalchemy", "aiohttp", "slack_sdk", "slack_bolt", "twilio", "pydantic", "alembic", "rich", "asyncio")
GROUPS = ("db", "inbox", "outbox", "manifest", "audit", "guard")
COMMANDS = ("run", "sandbox", "init", "doctor", "providers", "db", "inbox", "outbox", "manifest", "guard")


def test_the_command_line_imports_nothing_slow() -> None:
    code = (
        "import sys\n"
        "from bridge.cli.main import app\n"
        "try:\n"
        "    app(['--help'])\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print('imported:', *(set({SLOW!r}) & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1].strip() == "imported:"
    for name in COMMANDS:
        assert f" {name} " in done.stdout


def test_the_version_is_that_of_the_installed_package(cli: Cli) -> None:
    outcome = cli("--version")
    assert (outcome.code, outcome.out) == (0, f"textbridge {version('textbridge')}\n")


@pytest.mark.parametrize("arguments", [(), *((group,) for group in GROUPS)])
def test_no_line_of_help_is_cut_short_on_a_terminal_of_usual_width(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    outcome = cli(*arguments, "--help")
    assert "Commands:" in outcome.out
    assert [line for line in outcome.out.splitlines() if line.endswith("...") and not line.startswith("Usage")] == []


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_alone_shows_its_help(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bridge", name], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert "Usage" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
