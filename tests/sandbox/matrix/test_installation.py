"""Where Synapse comes from when it is not there."""

import subprocess
import sys
from pathlib import Path

import pytest

from bridge.sandbox.matrix import installation
from bridge.sandbox.matrix.errors import MatrixFailed

NOWHERE = "http://127.0.0.1:9/simple"


def test_the_python_that_has_it_already_is_taken(tmp_path: Path) -> None:
    said: list[str] = []
    assert installation.python_with_synapse(tmp_path, said.append) == Path(sys.executable)
    assert (said, list(tmp_path.iterdir())) == ([], [])


def test_without_a_package_index_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.setenv(name, NOWHERE)
    for name in ("PIP_NO_CACHE_DIR", "UV_NO_CACHE", "PIP_RETRIES", "UV_HTTP_RETRIES"):
        monkeypatch.setenv(name, "1" if "CACHE" in name else "0")
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    said: list[str] = []
    with pytest.raises(MatrixFailed, match=r"could not be installed.*network.*pip install matrix-synapse=="):
        installation.installed(tmp_path / "synapse", said.append)
    assert len(said) == 1
    assert not (tmp_path / "synapse" / "installed").exists()


def test_it_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **how: object) -> None:
        asked.append(command)

    monkeypatch.setattr(subprocess, "run", run)
    said: list[str] = []
    python = installation.installed(tmp_path / "synapse", said.append)
    assert python == tmp_path / "synapse" / "bin" / "python"
    assert asked[-1][-3:] == ["--require-hashes", "--requirement", str(installation.LOCK)]
    assert "about a minute" in said[0]
    count = len(asked)
    assert installation.installed(tmp_path / "synapse", said.append) == python
    assert (len(asked), len(said)) == (count, 1)
