"""``textbridge sandbox`` as a process: killed and started again in the same folder."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bridge.adapters.platforms.matrix import crypto
from tests.cli.conftest import Cli
from tests.cli.support import command, environment
from tests.services.network import free_port

PATIENCE = 90.0
LINE = "+15550004000"


@contextmanager
def sandbox(folder: Path, port: int, *more: str) -> Generator[subprocess.Popen[str]]:
    arguments = ["sandbox", "--platform", "matrix", "--data", str(folder), "--port", str(port), "--no-browser", *more]
    with subprocess.Popen(
        [*command(), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment(), "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    heard: list[str] = []
    for line in process.stdout:
        heard.append(line)
        if words in line:
            return line
    raise AssertionError("".join(heard))


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_killed_it_leaves_nothing_behind_and_goes_on_in_the_same_folder(tmp_path: Path) -> None:
    port = free_port()
    with sandbox(tmp_path, port, "--encrypted") as first:
        element = said(first, "In Element")
        assert LINE in said(first, "Encrypted desk is encrypted")
        assert LINE in (tmp_path / "textbridge.yaml").read_text(encoding="utf-8")
        [homeserver] = re.findall(r"http://[\d.:]+", element)
        [bridge] = re.findall(r"^listen: (\S+)$", (tmp_path / "textbridge.yaml").read_text(), re.MULTILINE)
        assert answers(f"{homeserver}/health")
        assert answers(f"http://{bridge}/health/ready")
        os.kill(first.pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while answers(f"{homeserver}/health") or answers(f"http://{bridge}/health/live"):
        assert time.monotonic() < deadline, "left behind"
        time.sleep(0.1)
    with sandbox(tmp_path, port, "--encrypted") as second:
        assert said(second, "In Element") == element
        second.send_signal(signal.SIGINT)
        assert second.wait(PATIENCE) == 0


def test_an_encrypted_room_takes_matrix_and_the_extra(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--platform matrix" in cli("sandbox", "--encrypted").err
    monkeypatch.setattr(crypto, "installed", lambda: False)
    assert 'pip install "textbridge[e2e]"' in cli("sandbox", "--encrypted", "--platform", "matrix").err


def test_a_port_that_is_taken_is_said_with_the_remedy(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with sandbox(tmp_path, port) as process:
            assert "--port" in said(process, f"Port {port} cannot be used")
            assert process.wait(PATIENCE) == 1
