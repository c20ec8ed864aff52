"""Help comes at once because nothing that is slow to import is imported for it."""

import subprocess
import sys

import pytest

from tests.cli.support import ROOT, environment

SLOW = ("sqlalchemy", "aiohttp", "slack_sdk", "slack_bolt", "twilio", "pydantic", "alembic", "rich", "asyncio")
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


@pytest.mark.parametrize("name", ["db", "inbox", "outbox", "manifest", "guard"])
def test_a_group_alone_shows_its_help(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bridge", name], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert "Usage" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
